"""Results of commands: on a screen, in a log, as JSON."""
