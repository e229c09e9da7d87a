"""What a command says to the person who started it instead of a traceback."""


class CannotGoOn(Exception):
    """The command cannot go on; its text says why and what to do."""
