"""Policy types on an organization's root: what is seen, decided, done, recorded and said."""
