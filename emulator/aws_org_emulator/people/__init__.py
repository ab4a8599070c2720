"""People's actions in an organization, and the credentials that they act with."""
