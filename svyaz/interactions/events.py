"""What happens to contacts."""

from enum import StrEnum


class InteractionEvent(StrEnum):
    """Changes of contacts."""

    RECORDED = "interaction.recorded"
    MATCHED = "interaction.matched"
    CLOSED = "interaction.closed"
    TOPIC_SAVED = "topic.saved"
