"""Which parties may be merged, what was merged, and what has come since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, QuerySet

from svyaz.access.queries import Viewer
from svyaz.history.queries import events_of_party
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import Merge, Party, PartyRole
from svyaz.parties.permissions import PartyPermission
from svyaz.parties.queries.relationship import groups_of
from svyaz.places.models import Area


def parties_to_merge(ids: Iterable[int], *, viewer: Viewer) -> list[Party] | None:
    """Return the parties that some ids count as, each once, in the order given; None where one may not be merged."""
    wanted = list(ids)
    canonical = groups_of(wanted)
    found = mergeable_parties(wanted, viewer=viewer)
    parties = [found.get(pk) for pk in dict.fromkeys(canonical[pk] for pk in wanted)]
    return None if None in parties else [party for party in parties if party is not None]


def mergeable_parties(ids: Iterable[int], *, viewer: Viewer) -> dict[int, Party]:
    """Return by id those parties, or whom they count as, that the viewer may merge.

    He must hold the right in the area of each: that a card is open to him for twelve hours is not enough, because a
    merge shows each area's customer to the other for good.
    """
    seen = Party.objects.within(viewer, PartyPermission.READ).within(viewer, PartyPermission.MERGE)
    wanted = set(groups_of(ids).values())
    found: dict[int, Party] = seen.select_related("home_area").prefetch_related("roles", "media").in_bulk(wanted)
    return found


def merges_of(parties: Iterable[int]) -> QuerySet[Merge]:
    """Return the standing merges among parties that are one, the newest first."""
    found: QuerySet[Merge] = Merge.objects.standing().filter(merged__in=list(parties))
    return found.select_related("merged", "survivor", "by").prefetch_related("merged__roles").order_by("-at", "-pk")


def merges_listed(viewer: Viewer) -> QuerySet[Merge]:
    """Return all merges that the viewer may see, undone ones too, the newest first."""
    found: QuerySet[Merge] = Merge.objects.visible_to(viewer)
    people = found.select_related("survivor", "merged", "by", "undone_by")
    return people.prefetch_related("survivor__roles", "merged__roles").order_by("-at", "-pk")


def merges_to_undo(viewer: Viewer) -> QuerySet[Merge]:
    """Return the merges that the viewer may undo: he holds the right in the areas of both parties."""
    allowed = Party.objects.within(viewer, PartyPermission.UNMERGE).values("pk")
    return merges_listed(viewer).filter(survivor__in=allowed, merged__in=allowed)


@dataclass(frozen=True)
class Takeover:
    """A value that the survivor took over: what it was, what was chosen, what it is now (as JSON keeps them)."""

    field: str
    former: Any
    chosen: Any
    now: Any

    @property
    def was_changed(self) -> bool:
        """Tell whether it is no longer the value that was chosen, so that undoing leaves it as it is."""
        return bool(self.now != self.chosen)


def takeovers(merge: Merge) -> list[Takeover]:
    """Return the values that the survivor took over in a merge, with what they are now."""
    return [
        Takeover(name, each["former"], each["chosen"], merge.survivor.as_json(name))
        for name, each in sorted(merge.chosen.items())
    ]


def areas_of_takeovers(found: Iterable[Takeover]) -> dict[int, Area]:
    """Return by id the areas among values that were taken over."""
    ids = {pk for one in found if one.field == "home_area" for pk in (one.former, one.chosen, one.now) if pk}
    return Area.objects.in_bulk(ids)


def came_since(merge: Merge) -> Any:
    """Count what was written between a merge and its undoing (or now), by kind of row and the party it is of."""
    events = events_of_party(merge.survivor_id, merge.merged_id).filter(at__gt=merge.at)
    if merge.undone_at is not None:
        events = events.filter(at__lt=merge.undone_at)
    events = events.exclude(kind__in=[PartyEvent.MERGED, PartyEvent.UNMERGED]).order_by()
    rows = events.values("subject_type", "party_id").annotate(count=Count("subject_id", distinct=True), last=Max("at"))
    return rows.order_by(F("last").desc())


def likeliest_survivor(parties: Sequence[Party]) -> Party:
    """Return which of some parties the others should count as: a customer before others, then the one known longest."""
    return min(parties, key=lambda party: (not _is_customer(party), party.created_at, party.pk))


def _is_customer(party: Party) -> bool:
    return any(role.kind == PartyRole.Kind.CUSTOMER and role.valid_to is None for role in party.roles.all())
