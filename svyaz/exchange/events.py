"""What happens to imports."""

from enum import StrEnum


class ExchangeEvent(StrEnum):
    """An import's beginning and its end; each customer taken over is a `party.imported`."""

    STARTED = "import.started"
    FINISHED = "import.finished"
    STOPPED = "import.stopped"
