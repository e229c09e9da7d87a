"""What runs later: work put off in the transaction that asks for it, retried, and visible when it fails."""
