"""Frozen values and enums: what AWS shows, a program declares, a state holds. Imports nothing else of ours."""
