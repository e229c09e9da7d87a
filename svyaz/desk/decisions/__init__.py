"""The list of decisions."""
