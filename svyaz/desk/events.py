"""What happens to what the desk keeps."""

from enum import StrEnum


class DeskEvent(StrEnum):
    """Saved views, and work given to many rows."""

    VIEW_SAVED = "saved_view.saved"
    VIEW_CHANGED = "saved_view.changed"
    VIEW_REMOVED = "saved_view.removed"
    VIEW_RESTORED = "saved_view.restored"
    BULK_STARTED = "bulk.started"
    BULK_ENDED = "bulk.ended"
    BULK_UNDONE = "bulk.undone"
