"""What happens to imports."""

from enum import StrEnum


class ExchangeEvent(StrEnum):
    """An import's beginning and its end; each customer taken over is a `party.imported`."""

    STARTED = "import.started"
    FINISHED = "import.finished"
    STOPPED = "import.stopped"


class ExportEvent(StrEnum):
    """What is taken out: recorded before the first row leaves, and again with how many did."""

    STARTED = "export.started"
    FINISHED = "export.finished"
    FETCHED = "export.fetched"
    EXPIRED = "export.expired"
