"""Giving and taking rights, and recording who opened which card."""

from svyaz.access.actions.areas import AreaWithinItself, move_area
from svyaz.access.actions.grants import BeyondOwnRights, LastAdministrator, OwnRightsWidened
from svyaz.access.actions.openings import (
    OPEN_FOR,
    OpeningAlreadyReviewed,
    OwnOpening,
    record_opening,
    record_openings,
    review_opening,
)
from svyaz.access.actions.roles import (
    AssignmentAlreadyEnded,
    AssignmentEndsBeforeItBegins,
    assign_role,
    end_assignment,
    grant_permission,
    save_role,
    withdraw_permission,
)
from svyaz.access.actions.tokens import (
    TokenAlreadyRevoked,
    TokenExpiresInThePast,
    issue_token,
    revoke_token,
    token_digest,
)
from svyaz.access.actions.users import (
    LinkIsSpent,
    NotAPerson,
    UserNameTaken,
    change_password,
    choose_password,
    create_user,
    deactivate_user,
    reactivate_user,
    reset_password,
    save_preferences,
    unlock_user,
)

__all__ = [
    "OPEN_FOR",
    "AreaWithinItself",
    "AssignmentAlreadyEnded",
    "AssignmentEndsBeforeItBegins",
    "BeyondOwnRights",
    "LastAdministrator",
    "LinkIsSpent",
    "NotAPerson",
    "OpeningAlreadyReviewed",
    "OwnOpening",
    "OwnRightsWidened",
    "TokenAlreadyRevoked",
    "TokenExpiresInThePast",
    "UserNameTaken",
    "assign_role",
    "change_password",
    "choose_password",
    "create_user",
    "deactivate_user",
    "end_assignment",
    "grant_permission",
    "issue_token",
    "move_area",
    "reactivate_user",
    "record_opening",
    "record_openings",
    "reset_password",
    "review_opening",
    "revoke_token",
    "save_preferences",
    "save_role",
    "token_digest",
    "unlock_user",
    "withdraw_permission",
]
