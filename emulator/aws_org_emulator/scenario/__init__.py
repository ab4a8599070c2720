"""What an organization is like at first: values, files, switches."""
