"""The list of customers (and of suppliers, dealers …) by name, page by key."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet

from svyaz.access.queries import Viewer, rights_of
from svyaz.parties.models import ContactMedium, Party, PartyRole
from svyaz.places.models import Area

PAGE = 50
# Past so many a count says "more than": nobody reads further, and counting a million takes time.
MOST_COUNTED = 10_000


@dataclass(frozen=True)
class ListFilter:
    """What is to be listed: parties in a role, in a state, of a kind, in an area with all below it, or these alone."""

    role: str = PartyRole.Kind.CUSTOMER
    status: str = ""
    kind: str = ""
    area_id: int | None = None
    ids: Collection[int] | None = field(default=None)


@dataclass(frozen=True)
class ListKey:
    """The last row that was seen: the next page begins after it."""

    name_key: str
    party_id: int


def listed(viewer: Viewer, wanted: ListFilter) -> "QuerySet[Party]":
    """Return the parties of the viewer's areas that fit, by name."""
    roles = PartyRole.objects.filter(party=OuterRef("pk"))
    if wanted.role:
        roles = roles.filter(kind=wanted.role)
    if wanted.status:
        roles = roles.filter(status=wanted.status)
    elif wanted.role != PartyRole.Kind.CUSTOMER:
        roles = roles.current()
    found: QuerySet[Party] = Party.objects.visible_to(viewer).canonical().filter(Exists(roles))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.area_id is not None:
        found = found.filter(home_area__in=Area.objects.below(wanted.area_id))
    if wanted.ids is not None:
        found = found.filter(pk__in=wanted.ids)
    return found.order_by("name_key", "pk")


def page_of(found: "QuerySet[Party]", after: ListKey | None, *, size: int = PAGE) -> tuple[list[Party], ListKey | None]:
    """Return one page with roles, area and ways to reach them, and the key of the next page (None: there is none)."""
    if after is not None:
        # A row comparison is what the index by name answers at once; two conditions joined by OR it does not.
        found = found.extra(
            where=["(parties_party.name_key, parties_party.id) > (%s, %s)"], params=[after.name_key, after.party_id]
        )
    media: Any = ContactMedium.objects.current().exclude(kind=ContactMedium.Kind.FAX).order_by("-is_preferred", "pk")
    roles: Any = PartyRole.objects.order_by(F("valid_to").desc(nulls_first=True), "kind", "pk")
    rows: list[Any] = list(
        found.select_related("home_area").prefetch_related(
            Prefetch("roles", roles, to_attr="listed_roles"), Prefetch("media", media, to_attr="listed_media")
        )[: size + 1]
    )
    shown = rows[:size]
    return shown, ListKey(shown[-1].name_key, shown[-1].pk) if len(rows) > size else None


def count_of(found: "QuerySet[Party]") -> int:
    """Return how many there are, at the most one more than `MOST_COUNTED`."""
    few: Any = found.order_by().values("pk")[: MOST_COUNTED + 1]
    return int(few.count())


def areas_of_parties(viewer: Viewer, permission: str) -> "QuerySet[Area]":
    """Return the areas in which the viewer holds a permission, down to districts, each after the one it lies in."""
    rights = rights_of(viewer)
    areas = Area.objects.exclude(kind=Area.Kind.COUNTRY).order_by("path", "name")
    if not rights.may(permission):
        return areas.none()
    own = rights.areas[str(permission)]
    return areas if own is None else areas.filter(pk__in=own)
