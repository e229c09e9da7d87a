"""Whom an event concerns, what a user has not read, and what may go out to an open page."""
