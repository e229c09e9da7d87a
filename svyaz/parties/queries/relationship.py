"""Opening relationships, and which parties are one."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from svyaz.access.queries import Rights, Viewer, is_in_hand, rights_of
from svyaz.history.models import Event
from svyaz.history.queries import events_of_party
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import Party
from svyaz.parties.permissions import PartyPermission


def relationship_rights(viewer: Viewer, party_id: int, at: datetime) -> Rights | None:
    """Return the viewer's rights with this party in hand; None where it does not exist for him.

    It does if it lies in his area (or has none yet), or if an identifier or a contact opened it and still does.
    """
    rights = rights_of(viewer)
    if not rights.may(PartyPermission.READ):
        return None
    if rights.party_id is not None:
        return rights if party_id in rights.parties else None
    rows: Any = Party.objects.filter(pk=party_id).values_list("home_area_id", "canonical_id")
    for area_id, canonical_id in rows:
        areas = {party_id: area_id} if canonical_id is None else _areas_of_group(canonical_id)
        is_own = any(rights.may_in(PartyPermission.READ, area) for area in areas.values())
        if is_own or is_in_hand(rights, *areas, at=at):
            return rights.in_hand(*_survivor_first(areas, canonical_id or party_id))
    return None


def _areas_of_group(canonical_id: int) -> dict[int, int | None]:
    return dict(Party.objects.filter(canonical=canonical_id).order_by("pk").values_list("pk", "home_area_id"))


def _survivor_first(ids: Iterable[int], canonical_id: int) -> tuple[int, tuple[int, ...]]:
    return canonical_id, tuple(pk for pk in ids if pk != canonical_id)


def holding(viewer: Viewer, party: Party) -> Rights:
    """Return the viewer's rights with a party's whole relationship in hand: the survivor and all merged into it.

    Whether the viewer may see the party was decided when it was fetched. A party alone costs no query.
    """
    if party.is_alone:
        return rights_of(viewer).in_hand(party.pk)
    return rights_of(viewer).in_hand(*_survivor_first(group_of(party.pk), party.canonical_pk))


def is_own(rights: Rights, party: Party) -> bool:
    """Tell whether a relationship is the viewer's by area: the party itself, or one that counts as the same."""
    if rights.may_in(PartyPermission.READ, party.home_area_id):
        return True
    areas = {} if party.is_alone else _areas_of_group(party.canonical_pk)
    return any(rights.may_in(PartyPermission.READ, area) for area in areas.values())


def changes_of(party_id: int, viewer: Viewer) -> QuerySet[Event]:
    """Return what was changed in what is known of a party, newest first; nothing where it does not exist for him."""
    rights = rights_of(viewer)
    events = events_of_party(*(rights.parties or (party_id,))).filter(kind__in=PartyEvent).select_related("by")
    return events if may_for_party(rights, PartyPermission.READ, party_id) else events.none()


def may_for_party(rights: Rights, permission: str, party_id: int) -> bool:
    """Tell whether a permission reaches one party: of the relationship in hand, or one in the permission's areas."""
    if not rights.may(permission):
        return False
    if rights.party_id is not None:
        return party_id in rights.parties
    areas = rights.areas[str(permission)]
    found = Party.objects.filter(pk=party_id)
    return (found if areas is None else found.filter(Q(home_area__in=areas) | Q(home_area__isnull=True))).exists()


def canonical_party(party: Party) -> Party:
    """Return the party that this one counts as: itself, or the survivor of its merges."""
    if party.canonical_id in {None, party.pk}:
        return party
    assert party.canonical is not None
    return party.canonical


def canonical_id_of(party_id: int) -> int | None:
    """Return the id of the party that an id counts as; None if there is no such party."""
    row = Party.objects.filter(pk=party_id).values_list("canonical_id", "pk").first()
    return None if row is None else row[0] or row[1]


def group_of(party_id: int) -> list[int]:
    """Return the ids of all that are one party with this one, the survivor's first; of one alone its own."""
    canonical_id = canonical_id_of(party_id) or party_id
    others = Party.objects.filter(canonical=canonical_id).exclude(pk=canonical_id).order_by("pk")
    return [canonical_id, *others.values_list("pk", flat=True)]


def ids_of(party: Party) -> list[int]:
    """Return the ids of all that are one party with this one; a party alone costs no query."""
    return [party.pk] if party.is_alone else group_of(party.pk)


def is_one_party(one: Party, other: Party) -> bool:
    """Tell whether two are the same party: one and the same, or merged."""
    return one.canonical_pk == other.canonical_pk


def groups_of(ids: Iterable[int]) -> dict[int, int]:
    """Return, for some parties and all that are one with any of them, whom each counts as."""
    wanted = set(ids)
    found = dict(Party.objects.filter(pk__in=wanted, canonical__isnull=False).values_list("pk", "canonical_id"))
    if found:
        found |= dict(Party.objects.filter(canonical__in=set(found.values())).values_list("pk", "canonical_id"))
    return {pk: pk for pk in wanted} | found


def sees_personal(viewer: Viewer, party: Party) -> bool:
    """Tell whether birth date and documents show in clear to the viewer."""
    rights = rights_of(viewer)
    if party.pk in rights.parties:
        return rights.may(PartyPermission.READ_PERSONAL)
    return rights.may_in(PartyPermission.READ_PERSONAL, party.home_area_id)


def shown_birth_date(party: Party, viewer: Viewer) -> str:
    """Return a person's birth date as the viewer may see it: whole, or with only its year."""
    if party.birth_date is None:
        return ""
    return party.birth_date.isoformat() if sees_personal(viewer, party) else f"{party.birth_date.year}-••-••"


def parties_by_id(ids: Iterable[int]) -> dict[int, Party]:
    """Return parties with their roles and areas, for records about them (openings) that a reviewer may read."""
    found = Party.objects.filter(pk__in=set(ids)).select_related("home_area").prefetch_related("roles")
    return {party.pk: party for party in found}
