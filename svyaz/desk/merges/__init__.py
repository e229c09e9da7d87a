"""Two cards of one person or company: compared, merged, parted again."""
