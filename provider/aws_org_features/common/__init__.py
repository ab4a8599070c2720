"""What all parts use: errors, ids, sanitizing, logs, pieces of text, and whose a handshake is."""
