"""Permissions about contacts."""

from enum import StrEnum


class InteractionPermission(StrEnum):
    """Seeing and recording contacts."""

    READ = "interaction:read"
    RECORD = "interaction:record"
    RECORD_FOR_OTHERS = "interaction:record_for_others"
    MANAGE_TOPICS = "topic:manage"
