"""Shared by all parts: errors, ids, sanitizing, logs, pieces of text, and whose a handshake is."""
