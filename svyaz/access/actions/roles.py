"""Roles: what they hold, and who holds them where, for how long."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from svyaz.access.actions.grants import OwnRightsWidened, is_the_system, keeping_an_administrator, refuse_grant
from svyaz.access.events import AccessEvent
from svyaz.access.models import Assignment, Role
from svyaz.history.actions import record
from svyaz.lib.changes import difference
from svyaz.places.models import Area
from svyaz.users.models import User


class AssignmentAlreadyEnded(Exception):
    """The role was taken away before."""


class AssignmentEndsBeforeItBegins(Exception):
    """A role cannot end before it begins."""


@transaction.atomic
def save_role(
    *, code: str, name: str, permissions: Iterable[str], by: User | None, at: datetime, name_en: str = ""
) -> Role:
    """Create a role or replace its names and permissions; nothing changes: no event.

    Raises BeyondOwnRights, OwnRightsWidened, LastAdministrator (see `grants`).
    """
    with keeping_an_administrator(at=at):
        role = Role.objects.select_for_update().filter(code=code).first() or Role(code=code)
        former = _values(role) if role.pk else {}
        role.name, role.name_en = name, name_en or role.name_en
        role.permissions = sorted({str(permission) for permission in permissions})
        _refuse_widening(role, set(role.permissions) - set(former.get("permissions", ())), by=by, at=at)
        before, after = difference(former, _values(role))
        if not after:
            return role
        role.save()
    record(AccessEvent.ROLE_SAVED, subject=role, by=by, at=at, code=role.code, former=before, new=after)
    return role


def _values(role: Role) -> dict[str, Any]:
    return {"name": role.name, "name_en": role.name_en, "permissions": role.permissions}


def _refuse_widening(role: Role, added: set[str], *, by: User | None, at: datetime) -> None:
    """Refuse to add to a role what its editor lacks, more so where he holds that role himself."""
    refuse_grant(by=by, to=None, permissions=added, area_id=None)
    if by is None or not role.pk:
        return
    for own in Assignment.objects.not_over(at).filter(role=role, user=by):
        refuse_grant(by=by, to=by, permissions=added, area_id=own.area_id)


@transaction.atomic
def grant_permission(*, role: Role, permission: str, by: User | None, at: datetime) -> Role:
    """Add one permission to a role. Raises what `save_role` raises."""
    role = Role.objects.select_for_update().get(pk=role.pk)
    return save_role(code=role.code, name=role.name, permissions={*role.permissions, str(permission)}, by=by, at=at)


@transaction.atomic
def withdraw_permission(*, role: Role, permission: str, by: User | None, at: datetime) -> Role:
    """Take one permission out of a role. Raises LastAdministrator."""
    role = Role.objects.select_for_update().get(pk=role.pk)
    left = set(role.permissions) - {str(permission)}
    return save_role(code=role.code, name=role.name, permissions=left, by=by, at=at)


@transaction.atomic
def assign_role(
    *, user: User, role: Role, area: Area | None, by: User | None, at: datetime,
    valid_from: datetime | None = None, valid_to: datetime | None = None,
) -> Assignment:  # fmt: skip
    """Give a user a role in an area (everywhere without one) from now or a moment on, for good or until another.

    What he holds already stays as it is. Raises BeyondOwnRights, OwnRightsWidened, AssignmentEndsBeforeItBegins.
    """
    start = valid_from or at
    if valid_to is not None and valid_to <= start:
        raise AssignmentEndsBeforeItBegins(valid_to)
    _refuse_own(user, role, area, by=by, at=at)
    refuse_grant(by=by, to=user, permissions=role.permissions, area_id=area.pk if area else None)
    assignment, is_new = Assignment.objects.get_or_create(
        user=user, role=role, area=area, valid_to=valid_to, defaults={"valid_from": start}
    )
    if is_new:
        record(
            AccessEvent.ROLE_ASSIGNED, subject=assignment, by=by, at=at, user=user.username, role=role.code,
            area=area.code if area else None, role_name=role.name, area_name=area.name if area else "",
            valid_from=start.isoformat(),            valid_to=valid_to.isoformat() if valid_to else None,
        )  # fmt: skip
    return assignment


def _refuse_own(user: User, role: Role, area: Area | None, *, by: User | None, at: datetime) -> None:
    """Refuse to give oneself a role that one does not hold there: more than permissions may hang on it, as limits."""
    if by is None or is_the_system(by) or by.pk != user.pk:
        return
    above = Q(area__isnull=True) | Q(area__in=area.path if area else ())
    if not Assignment.objects.in_force(at).filter(above, user=user, role=role).exists():
        raise OwnRightsWidened(by)


@transaction.atomic
def end_assignment(*, assignment: Assignment, by: User, at: datetime) -> Assignment:
    """Take a role away from now on; raise AssignmentAlreadyEnded, LastAdministrator."""
    with keeping_an_administrator(at=at):
        assignment = (
            Assignment.objects.select_for_update(of=("self",))
            .select_related("user", "role", "area")
            .get(pk=assignment.pk)
        )
        if assignment.valid_to is not None and assignment.valid_to <= at:
            raise AssignmentAlreadyEnded(assignment)
        assignment.valid_to = max(at, assignment.valid_from)
        assignment.save(update_fields=["valid_to"])
    record(
        AccessEvent.ASSIGNMENT_ENDED, subject=assignment, by=by, at=at, user=assignment.user.username,
        role=assignment.role.code, area=assignment.area.code if assignment.area else None,
        role_name=assignment.role.name, area_name=assignment.area.name if assignment.area else "",
    )  # fmt: skip
    return assignment
