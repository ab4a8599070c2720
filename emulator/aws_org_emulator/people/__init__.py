"""What people do to an organization, in whose shoes."""
