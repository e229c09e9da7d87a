"""The review of relationships that were opened beyond the area."""
