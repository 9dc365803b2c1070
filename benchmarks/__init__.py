"""Runners that print the figures the project claims."""
