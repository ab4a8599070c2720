"""What people do to an organization, with whose credentials."""
