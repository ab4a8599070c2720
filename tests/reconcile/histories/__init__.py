"""Histories of an organization and of the program that declares it, and what is promised of all of them."""
