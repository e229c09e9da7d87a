"""What happened: one append-only event row per change, read by timeline, audit and subscribers."""
