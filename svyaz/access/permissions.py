"""Permissions of access itself, and how a view declares the permission that it needs."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import rights_of

P = ParamSpec("P")
R = TypeVar("R")
View = Callable[Concatenate[Any, P], R]


class AccessPermission(StrEnum):
    """What may be done with rights themselves."""

    MANAGE = "access:manage"
    MANAGE_ROLES = "role:manage"
    REVIEW = "access:review"


# What the page of roles says: this part of the business, and each permission in plain words.
GROUP = _("Rights")
WORDS: Mapping[StrEnum, str | Promise] = {
    AccessPermission.MANAGE: _("give and take roles, let people in, issue tokens"),
    AccessPermission.MANAGE_ROLES: _("decide what each role may"),
    AccessPermission.REVIEW: _("review cards opened beyond the area"),
}


def needs(permission: StrEnum) -> Callable[[View[P, R]], View[P, R]]:
    """Declare the permission of a view: without it a logged-in user gets 403, anyone else is asked to log in."""

    def decorate(view: View[P, R]) -> View[P, R]:
        @wraps(view)
        def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> R:
            if not rights_of(request.user).may(permission):
                raise PermissionDenied(str(permission))
            return view(request, *args, **kwargs)

        guarded.svyaz_permission = permission  # type: ignore[attr-defined]
        return cast(View[P, R], guarded)

    return decorate


def authenticated(view: View[P, R]) -> View[P, R]:
    """Declare that a view is open to everyone who logged in: his own settings."""

    @wraps(view)
    def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> R:
        if not request.user.is_authenticated:
            raise PermissionDenied("authenticated")
        return view(request, *args, **kwargs)

    guarded.svyaz_permission = "authenticated"  # type: ignore[attr-defined]
    return cast(View[P, R], guarded)


def public(view: View[P, R]) -> View[P, R]:
    """Declare that a view is open to everyone: log-in, health."""
    view.svyaz_permission = "public"  # type: ignore[attr-defined]
    return view
