"""What is recorded of drafts: who gave one to whom. Typing itself is nobody's history."""

from enum import StrEnum


class DraftEvent(StrEnum):
    """What happened to a draft."""

    HANDED_OVER = "draft.handed_over"
