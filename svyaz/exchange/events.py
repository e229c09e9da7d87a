"""What happens to imports."""

from enum import StrEnum


class ExchangeEvent(StrEnum):
    """An import's way from the file to its end; each customer taken over is a `party.imported`."""

    RECEIVED = "import.received"
    STARTED = "import.started"
    FINISHED = "import.finished"
    STOPPED = "import.stopped"
    FAILED = "import.failed"
    UNDOING = "import.undo_started"
    UNDONE = "import.undone"
    DISCARDED = "import.discarded"
    MAPPING_SAVED = "import.mapping_saved"
    MAPPING_REMOVED = "import.mapping_removed"


class ExportEvent(StrEnum):
    """What is taken out: recorded before the first row leaves, and again with how many did."""

    STARTED = "export.started"
    FINISHED = "export.finished"
    FETCHED = "export.fetched"
    EXPIRED = "export.expired"
