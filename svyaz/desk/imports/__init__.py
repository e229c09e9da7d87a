"""Importing customers: a file, what its columns are, a check, the import with its progress, its result and its undo."""
