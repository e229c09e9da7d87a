"""Logging in and out, and how the desk looks to one user."""
