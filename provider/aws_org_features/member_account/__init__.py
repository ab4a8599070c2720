"""A member account's own approval: decide, observe, reconcile, state, messages."""
