"""How a command shows its results: on a screen, in a log, as JSON."""
