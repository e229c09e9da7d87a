"""What happens to contacts."""

from enum import StrEnum


class InteractionEvent(StrEnum):
    """Changes of contacts."""

    RECORDED = "interaction.recorded"
    OWN_CHANGED = "interaction.own_changed"
    MATCHED = "interaction.matched"
    CLOSED = "interaction.closed"
    TOPIC_SAVED = "topic.saved"
