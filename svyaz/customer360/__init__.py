"""Everything about one relationship in one query, and the one composite write of a contact."""
