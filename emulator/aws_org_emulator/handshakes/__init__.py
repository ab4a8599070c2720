"""Handshakes: their values, life cycle and store, and the migration that they make up."""
