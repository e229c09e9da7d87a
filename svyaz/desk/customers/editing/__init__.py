"""Correcting what is known of a customer, where it stands on the page."""
