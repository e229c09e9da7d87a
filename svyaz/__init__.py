"""Svyaz: one memory of every customer, in every contact, for every department of a telecom operator."""
