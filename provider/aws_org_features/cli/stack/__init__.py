"""The stacks of the Pulumi project that a command is run in, and their configuration."""
