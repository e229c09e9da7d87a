"""Who may grant what: the three rules that keep rights from growing by themselves, and from getting lost.

1. Nobody grants, in an area, what he does not hold there himself, unless he manages roles everywhere.
2. Nobody widens his own rights, not even who manages roles: a colleague who manages roles does it.
3. One active employee at the least always manages roles everywhere, without an end.

What nobody does (the command line) and the system itself may grant anything; the third rule binds them too.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db.models import QuerySet

from svyaz.access.models import Assignment, Role
from svyaz.access.permissions import AccessPermission
from svyaz.access.queries import rights_of
from svyaz.users.models import User


class BeyondOwnRights(Exception):
    """Nobody grants what he does not hold himself, unless he manages roles."""


class OwnRightsWidened(Exception):
    """Nobody widens his own rights: a colleague who manages roles does it."""


class LastAdministrator(Exception):
    """After this nobody could manage roles any more."""


def administrators(*, at: datetime) -> "QuerySet[User]":
    """Return the active employees who manage roles everywhere, without an end."""
    held = Assignment.objects.in_force(at).filter(
        area__isnull=True, valid_to__isnull=True, role__permissions__contains=[str(AccessPermission.MANAGE_ROLES)]
    )
    return User.objects.filter(pk__in=held.values("user"), is_active=True, kind=User.Kind.PERSON)


def is_the_system(by: User | None) -> bool:
    """Tell whether the command line or the system itself acts."""
    return by is None or by.kind == User.Kind.SYSTEM


def refuse_grant(*, by: User | None, to: User | None, permissions: Iterable[str], area_id: int | None) -> None:
    """Let `by` grant permissions in an area (None: everywhere) to a user (None: to others unnamed).

    Raises OwnRightsWidened, BeyondOwnRights.
    """
    if by is None or is_the_system(by):
        return
    rights = rights_of(by)
    if all(rights.holds_throughout(permission, area_id) for permission in permissions):
        return
    if to is not None and to.pk == by.pk:
        raise OwnRightsWidened(by)
    if not rights.holds_throughout(AccessPermission.MANAGE_ROLES, None):
        raise BeyondOwnRights(by)


def refuse_power_over(*, by: User | None, user: User) -> None:
    """Let `by` act where he could come to act as `user` (his password, his tokens); raise BeyondOwnRights."""
    if by is None or is_the_system(by) or by.pk == user.pk:
        return
    for permission, areas in rights_of(user).areas.items():
        for area_id in [None] if areas is None else areas:
            refuse_grant(by=by, to=None, permissions=[permission], area_id=area_id)


@contextmanager
def keeping_an_administrator(*, at: datetime) -> Iterator[None]:
    """Undo what happens within, by LastAdministrator, if nobody could manage roles any more after it."""
    # Two administrators who take each other's right away at once wait here for one another.
    list(Role.objects.select_for_update().filter(permissions__contains=[str(AccessPermission.MANAGE_ROLES)]))
    was_managed = administrators(at=at).exists()
    yield
    if was_managed and not administrators(at=at).exists():
        raise LastAdministrator
