"""Files that come in and go out: customers taken over from other systems, each row once."""
