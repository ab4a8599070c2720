"""Recordings of AWS's answers: reading them, learning from them, making one. No AWS in here."""
