"""Contacts on any channel: where customer, employee and service meet."""
