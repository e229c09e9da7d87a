"""What happens to notices."""

from enum import StrEnum


class NoticeEvent(StrEnum):
    """Changes of notices and of what a user wants to hear."""

    GIVEN = "notice.given"
    READ = "notice.read"
    UNREAD = "notice.unread"
    SETTINGS_SAVED = "notice.settings_saved"
