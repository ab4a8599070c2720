"""Policy types on an organization's root: decide, observe, reconcile, state, messages."""
