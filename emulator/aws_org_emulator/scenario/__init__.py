"""An organization at its start: values, files, switches."""
