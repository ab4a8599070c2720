"""The migration to all features: assess and decide (pure), observe, reconcile, state, messages."""
