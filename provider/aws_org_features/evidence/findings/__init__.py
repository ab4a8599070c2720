"""What recordings tell: a module for what is alike, a function for a question."""
