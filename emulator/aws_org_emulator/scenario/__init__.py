"""How an organization is like before anything happens to it: values, files, switches."""
