"""Permissions of access itself, and how a view declares the permission that it needs."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.core.exceptions import PermissionDenied

from svyaz.access.queries import rights_of

P = ParamSpec("P")
R = TypeVar("R")
View = Callable[Concatenate[Any, P], R]


class AccessPermission(StrEnum):
    """What may be done with rights themselves."""

    MANAGE = "access:manage"
    REVIEW = "access:review"


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
