"""What a viewer may see: his permissions, each with the areas in which he holds it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from svyaz.access.models import Assignment, Opening
from svyaz.places.models import Area
from svyaz.users.models import ApiToken, User


@dataclass(frozen=True)
class Rights:
    """The rights of one viewer: for each permission the areas it holds in (None: everywhere).

    With `party_id` the relationship with one party is in hand: everything of that party and of no other.
    """

    user_id: int
    areas: Mapping[str, frozenset[int] | None]
    party_id: int | None = None

    def may(self, permission: str) -> bool:
        """Tell whether the viewer holds a permission anywhere."""
        return str(permission) in self.areas

    def may_in(self, permission: str, area_id: int | None) -> bool:
        """Tell whether the viewer holds a permission in an area; what has no area yet is everyone's."""
        if not self.may(permission):
            return False
        areas = self.areas[str(permission)]
        return areas is None or area_id is None or area_id in areas

    def in_hand(self, party_id: int) -> "Rights":
        """Return the same rights with one relationship in hand."""
        return replace(self, party_id=party_id)

    def within(self, scopes: Iterable[str]) -> "Rights":
        """Return the rights cut down to some permissions (a token's scopes); no scopes cut nothing."""
        kept = frozenset(scopes)
        return replace(self, areas={name: self.areas[name] for name in self.areas if name in kept}) if kept else self

    def granting(self, permission: str) -> "Rights":
        """Return the rights with one more, where they lack it: for reading back what one has just written."""
        return self if self.may(permission) else replace(self, areas={**self.areas, str(permission): None})

    def beyond_areas(self) -> "Rights":
        """Return the same permissions without their areas, for who names a customer by an exact identifier."""
        return replace(self, areas=dict.fromkeys(self.areas))

    @cached_property
    def profile(self) -> frozenset[str]:
        """Return the permissions alone: viewers of one profile see the same panels."""
        return frozenset(self.areas)


Viewer = Any  # User, AnonymousUser or Rights
ModelT = TypeVar("ModelT", bound=models.Model)


def rights_of(viewer: Viewer) -> Rights:
    """Return the rights of a user as of now, read once and kept on the user; Rights come back as they are."""
    if isinstance(viewer, Rights):
        return viewer
    kept: Rights | None = getattr(viewer, "_rights", None)
    if kept is None:
        kept = _read_rights(viewer, at=now()) if getattr(viewer, "is_active", False) else Rights(viewer.pk or 0, {})
        viewer._rights = kept
    return kept


def token_in_use(digest: str, *, at: datetime) -> ApiToken | None:
    """Return the good token with this digest, if its user may log in; what the user may do is cut to its scopes."""
    token = ApiToken.objects.select_related("user").filter(digest=digest).first()
    if token is None or not token.is_good(at) or not token.user.is_active:
        return None
    token.user._rights = rights_of(token.user).within(token.scopes)  # type: ignore[attr-defined]
    return token


def user_named(username: str) -> User | None:
    """Return the user of this name, case aside."""
    return User.objects.filter(username=username.lower()).first()


def tokens(username: str = "") -> "models.QuerySet[ApiToken]":
    """Return all tokens, or one user's, the newest first."""
    found = ApiToken.objects.select_related("user").order_by("-pk")
    return found.filter(user__username=username.lower()) if username else found


def all_permissions() -> frozenset[str]:
    """Return every permission that a package declares."""
    found: set[str] = set()
    for app in apps.get_app_configs():
        if app.name.startswith("svyaz.") and find_spec(f"{app.name}.permissions"):
            module = import_module(f"{app.name}.permissions")
            enums = (value for value in vars(module).values() if isinstance(value, type) and issubclass(value, StrEnum))
            found.update(str(permission) for enum in enums for permission in enum)
    return frozenset(found)


def _read_rights(user: User, *, at: datetime) -> Rights:
    rows = Assignment.objects.in_force(at).filter(user=user).values_list("role__permissions", "area_id")
    roots: dict[str, set[int | None]] = defaultdict(set)
    for permissions, area_id in rows:
        for permission in permissions:
            roots[permission].add(area_id)
    below = {root: Area.objects.below(root) for root in {area for held in roots.values() for area in held if area}}
    return Rights(user.pk, {name: _areas(held, below) for name, held in roots.items()})


def _areas(held: set[int | None], below: Mapping[int, frozenset[int]]) -> frozenset[int] | None:
    if None in held:
        return None
    return frozenset().union(*(below[area] for area in held if area is not None))


class PartyScopedQuerySet(models.QuerySet[ModelT]):
    """Rows of a party: seen with the permission where the party's area is one's own, or with that party in hand."""

    permission: str
    party_lookup = "party"

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the rows that the viewer may see; none without the permission."""
        rights = rights_of(viewer)
        if not rights.may(self.permission):
            return self.none()
        if rights.party_id is not None:
            return self.filter(**{f"{self.party_lookup}_id": rights.party_id})
        areas = rights.areas[str(self.permission)]
        if areas is None:
            return self
        area = f"{self.party_lookup}__home_area"
        return self.filter(Q(**{f"{area}__in": areas}) | Q(**{f"{area}__isnull": True}))


def is_in_hand(rights: Rights, party_id: int, *, at: datetime) -> bool:
    """Tell whether an exact identifier or a contact still opens this party to the viewer."""
    return Opening.objects.filter(by=rights.user_id, party_id=party_id, opens_until__gt=at).exists()


def parties_in_hand(viewer: Viewer, *, at: datetime) -> frozenset[int]:
    """Return the parties beyond the viewer's areas that an identifier or a contact still opens to him."""
    opened = Opening.objects.filter(by=rights_of(viewer).user_id, opens_until__gt=at)
    return frozenset(opened.values_list("party_id", flat=True))
