"""svyaz token."""
