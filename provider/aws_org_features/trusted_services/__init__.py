"""Services that the organization trusts: decide, observe, reconcile, state, messages."""
