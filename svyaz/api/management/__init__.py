"""Commands of the API door."""
