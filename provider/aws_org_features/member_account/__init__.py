"""The member account's side of a migration: look at what it is asked, approve, record, and tell."""
