"""Stories across packages, in a real browser."""
