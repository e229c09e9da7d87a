"""The `svyaz` command: Django's commands and our own, each with its data base running while it needs it."""
