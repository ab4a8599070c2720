"""Findings in recordings: a module for related questions, a function for each question."""
