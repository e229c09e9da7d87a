"""Drafts of contacts: task tabs, keeping what is typed, handing over to a colleague."""
