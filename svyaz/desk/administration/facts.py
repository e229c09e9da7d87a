"""What an action refused, in words."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from svyaz.access import actions as access
from svyaz.fields import actions as fields
from svyaz.interactions.actions import TopicWithinItself
from svyaz.parties import actions as parties
from svyaz.places.actions import AreaCodeTaken, NoSuchTimeZone
from svyaz.services.actions import BundleHoldsItself
from svyaz.workforce import actions as workforce

FACTS: Mapping[type[Exception], Any] = {
    access.BeyondOwnRights: _("You can only pass on rights that you hold yourself. Ask who manages roles."),
    access.OwnRightsWidened: _("Nobody widens his own rights. Ask a colleague who manages roles."),
    access.LastAdministrator: _("Somebody has to manage roles everywhere: appoint another administrator first."),
    access.UserNameTaken: _("Another user has this name."),
    access.AssignmentAlreadyEnded: _("This role was taken away before."),
    access.AssignmentEndsBeforeItBegins: _("The end lies before the beginning."),
    access.TokenAlreadyRevoked: _("This token was revoked before."),
    access.TokenExpiresInThePast: _("The day lies in the past."),
    access.NotAPerson: _("Only people log in with a password."),
    access.AreaWithinItself: _("A territory cannot lie in itself, nor in one of its parts."),
    AreaCodeTaken: _("Another territory has this code."),
    NoSuchTimeZone: _("There is no such time zone."),
    TopicWithinItself: _("A topic cannot belong to itself, nor to one that belongs to it."),
    BundleHoldsItself: _("A bundle cannot hold itself."),
    workforce.DepartmentCodeTaken: _("Another department has this code."),
    workforce.DepartmentWithinItself: _("A department cannot belong to itself, nor to one that belongs to it."),
    workforce.DepartmentInUse: _("Somebody works here, or another department belongs here: move them first."),
    workforce.StaffNumberTaken: _("Another employee has this staff number."),
    workforce.UserIsAnotherEmployee: _("This employee has a log-in already."),
    workforce.EmployeeHasLeft: _("This employee does not work here any more."),
    fields.FieldCodeTaken: _("There is a field of this code already, perhaps an archived one."),
    fields.TooManyFields: _("There are a hundred fields already: archive one first."),
    parties.RoleAlreadyGiven: _("This company is on the list already."),
    parties.RoleAlreadyEnded: _("This was ended before."),
    parties.PartyAlreadyExists: _("A company with this INN is known already."),
}
REASONS: Mapping[str, Any] = {
    "empty": _("This is needed."),
    "too_long": _("This is too long."),
    "out_of_range": _("This lies out of range."),
    "not_digits": _("Digits alone, please."),
    "wrong_length": _("The number of digits is wrong."),
    "wrong_checksum": _("The check digits do not agree: a digit is wrong."),
}
REFUSALS: tuple[type[Exception], ...] = (*FACTS, parties.InvalidField, fields.FieldIsWrong, ValidationError)


def words_of(fact: Exception) -> str:
    """Say why nothing was done."""
    if isinstance(fact, (parties.InvalidField, fields.FieldIsWrong)):
        return str(REASONS.get(fact.reason, _("This cannot be.")))
    if isinstance(fact, ValidationError):
        return " ".join(fact.messages)
    return str(FACTS[type(fact)])


def field_of(fact: Exception) -> str | None:
    """Return the field that a refusal is about, if it names one."""
    return fact.field if isinstance(fact, (parties.InvalidField, fields.FieldIsWrong)) else None
