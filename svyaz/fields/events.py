"""What happens to own fields; what happens to their values, the packages of the nouns tell."""

from enum import StrEnum


class FieldEvent(StrEnum):
    """Changes of own fields."""

    SAVED = "field.saved"
    ARCHIVED = "field.archived"
    RESTORED = "field.restored"
