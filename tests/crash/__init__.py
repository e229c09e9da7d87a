"""What stays of the work when processes are killed in the middle of it."""
