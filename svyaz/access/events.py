"""What happens to rights."""

from enum import StrEnum


class AccessEvent(StrEnum):
    """Changes of users, roles and rights."""

    USER_CREATED = "user.created"
    USER_DEACTIVATED = "user.deactivated"
    USER_REACTIVATED = "user.reactivated"
    USER_UNLOCKED = "user.unlocked"
    PASSWORD_RESET = "user.password_reset"
    PASSWORD_CHANGED = "user.password_changed"
    PREFERENCES_SAVED = "user.preferences_saved"
    TOKEN_ISSUED = "token.issued"
    TOKEN_REVOKED = "token.revoked"
    ROLE_SAVED = "role.saved"
    ROLE_ASSIGNED = "role.assigned"
    ASSIGNMENT_ENDED = "role.assignment_ended"
    CARD_OPENED = "card.opened"
    OPENING_REVIEWED = "card.opening_reviewed"
