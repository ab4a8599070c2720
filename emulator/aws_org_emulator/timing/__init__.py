"""Time: the clock, what happens by itself, and how often calls may come."""
