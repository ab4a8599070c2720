"""Frozen values and enums: what AWS shows, what is declared, what a state holds. Imports nothing of ours."""
