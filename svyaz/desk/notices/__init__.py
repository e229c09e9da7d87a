"""The notification centre: what one should know of, why, and when one wants to hear it."""
