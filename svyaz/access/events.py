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
    SECOND_FACTOR_ADDED = "user.second_factor_added"
    SECOND_FACTOR_RENAMED = "user.second_factor_renamed"
    SECOND_FACTOR_REMOVED = "user.second_factor_removed"
    RECOVERY_CODES_ISSUED = "user.recovery_codes_issued"
    IDENTITY_LINKED = "user.identity_linked"
    IDENTITY_UNLINKED = "user.identity_unlinked"
    SESSIONS_ENDED = "user.sessions_ended"
    TOKEN_ISSUED = "token.issued"
    TOKEN_REVOKED = "token.revoked"
    ROLE_SAVED = "role.saved"
    SECOND_FACTOR_REQUIRED = "role.second_factor_required"
    ROLE_ASSIGNED = "role.assigned"
    ASSIGNMENT_ENDED = "role.assignment_ended"
    CARD_OPENED = "card.opened"
    OPENING_REVIEWED = "card.opening_reviewed"
    OPENING_ASKED_ABOUT = "card.opening_asked_about"
    OPENING_EXPLAINED = "card.opening_explained"
