"""Decision memory: what was decided, on which grounds, what was promised, how it ended."""
