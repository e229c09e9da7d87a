"""What may go out to an open page: pointers to what happened, each checked against the rights of whoever gets it.

A pointer names a kind, a party and a row, and tells nothing of them: the page fetches what it shows by its own views.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from svyaz.access.models import Assignment
from svyaz.access.queries import rights_of
from svyaz.decisions.events import DecisionEvent
from svyaz.decisions.permissions import DecisionPermission
from svyaz.history.models import Event
from svyaz.history.queries import Position
from svyaz.interactions.events import InteractionEvent
from svyaz.interactions.models import Channel, Interaction
from svyaz.interactions.permissions import InteractionPermission
from svyaz.notices.events import NoticeEvent
from svyaz.notices.models import Notice
from svyaz.parties.queries import relationship_rights
from svyaz.users.models import User

OF_CONTACTS = frozenset({InteractionEvent.RECORDED, InteractionEvent.MATCHED})
OF_DECISIONS = frozenset(set(DecisionEvent) - {DecisionEvent.KIND_SAVED, DecisionEvent.OUTCOME_MEASURED})
OF_NOTICES = frozenset({NoticeEvent.GIVEN, NoticeEvent.READ, NoticeEvent.UNREAD})
KINDS = tuple(str(kind) for kind in (*OF_CONTACTS, *OF_DECISIONS, *OF_NOTICES))
# A contact that nobody has taken rings at every desk for so long.
RINGS = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Pointer:
    """Something happened: where it stands in the order of commits, and whom it may concern.

    To one user (`to`), to whoever has the party's card open, or to every desk that takes contacts (`is_ringing`).
    """

    position: Position
    kind: str
    party_id: int | None
    subject_id: int
    to: int | None
    at: datetime
    is_ringing: bool = False

    @property
    def message(self) -> dict[str, Any]:
        """Return what is sent: nothing that would have to be hidden from anybody."""
        kind = "incoming" if self.is_ringing else self.kind
        return {"kind": kind, "party": self.party_id, "subject": self.subject_id, "position": str(self.position)}


def pointers(events: Sequence[Event]) -> list[Pointer]:
    """Return pointers to events; a contact that nobody has taken has one more, for every desk."""
    ringing = _ringing({event.subject_id for event in events if event.kind in OF_CONTACTS})
    found = []
    for event in events:
        place = Position(event.xid, event.pk)
        to = event.details.get("to") if event.kind in OF_NOTICES else None
        found.append(Pointer(place, event.kind, event.party_id, event.subject_id, to, event.at))
        if event.kind in OF_CONTACTS and event.subject_id in ringing:
            found.append(Pointer(place, event.kind, event.party_id, event.subject_id, None, event.at, is_ringing=True))
    return found


def _ringing(ids: Collection[int]) -> set[int]:
    """Return which of these contacts wait for somebody: spoken, incoming, just now, and in nobody's hands."""
    if not ids:
        return set()
    rows = Interaction.objects.filter(
        pk__in=ids, employee__isnull=True, direction=Interaction.Direction.INBOUND,
        channel__in=[Channel.PHONE, Channel.MEETING],
    )  # fmt: skip
    return {pk for pk, at, recorded_at in rows.values_list("pk", "at", "recorded_at") if recorded_at - at < RINGS}


def is_about(pointer: Pointer, user_id: int, party_id: int | None) -> bool:
    """Tell whether a pointer concerns a page: of this user, with this card open; rights are another question."""
    if pointer.to is not None:
        return pointer.to == user_id
    return pointer.is_ringing or (party_id is not None and pointer.party_id == party_id)


def allowed(found: Sequence[Pointer], pages: Iterable[tuple[int, int | None]], *, at: datetime) -> "Allowed":
    """Return which of these pointers may go to which of these pages (user, open party), by their rights of now."""
    parties: dict[int, set[int]] = defaultdict(set)
    wanted = {pointer.party_id for pointer in found}
    users: set[int] = set()
    for user_id, party_id in pages:
        users.add(user_id)
        if party_id in wanted and party_id is not None:
            parties[user_id].add(party_id)
    return Allowed(
        notices=_own_notices([one for one in found if one.to in users]),
        cards=_open_cards(parties, at=at),
        ringing=_heard([one.subject_id for one in found if one.is_ringing], users, at=at),
    )


@dataclass(frozen=True)
class Allowed:
    """What may go out: to whom his notices, what kinds of which card, which ringing contacts."""

    notices: Mapping[int, Collection[int]]
    cards: Mapping[tuple[int, int], Collection[str]]
    ringing: Mapping[int, Collection[int]]

    def may(self, pointer: Pointer, user_id: int, party_id: int | None) -> bool:
        """Tell whether a pointer may go to a page."""
        if not is_about(pointer, user_id, party_id):
            return False
        if pointer.is_ringing:
            return pointer.subject_id in self.ringing.get(user_id, ())
        if pointer.to is not None:
            # That something was read tells of no party.
            return pointer.kind != NoticeEvent.GIVEN or pointer.subject_id in self.notices.get(user_id, ())
        return party_id is not None and pointer.kind in self.cards.get((user_id, party_id), ())


def _own_notices(found: Sequence[Pointer]) -> dict[int, set[int]]:
    given: dict[int, list[int]] = defaultdict(list)
    for pointer in found:
        if pointer.to is not None and pointer.kind == NoticeEvent.GIVEN:
            given[pointer.to].append(pointer.subject_id)
    users = User.objects.filter(is_active=True).in_bulk(given)
    return {
        pk: set(Notice.objects.visible_to(user).filter(pk__in=given[pk]).values_list("pk", flat=True))
        for pk, user in users.items()
    }


def _open_cards(parties: Mapping[int, Collection[int]], *, at: datetime) -> dict[tuple[int, int], frozenset[str]]:
    found = {}
    for pk, user in User.objects.filter(is_active=True).in_bulk(list(parties)).items():
        for party_id in parties[pk]:
            found[pk, party_id] = kinds_of_card(user, party_id, at=at)
    return found


def kinds_of_card(user: User, party_id: int, *, at: datetime) -> frozenset[str]:
    """Return which kinds of events of a party a user may hear of; none, where the party does not exist for him."""
    rights = relationship_rights(user, party_id, at)
    if rights is None:
        return frozenset()
    contacts = OF_CONTACTS if rights.may(InteractionPermission.READ) else frozenset()
    decisions = OF_DECISIONS if rights.may(DecisionPermission.READ) else frozenset()
    return frozenset(str(kind) for kind in (*contacts, *decisions))


def _heard(ids: Sequence[int], users: set[int], *, at: datetime) -> dict[int, set[int]]:
    """Return who hears of which ringing contact: read once for all users of the same roles in the same areas."""
    if not ids:
        return {}
    alike: dict[frozenset[tuple[int, int | None]], list[int]] = defaultdict(list)
    held: dict[int, set[tuple[int, int | None]]] = defaultdict(set)
    rows = Assignment.objects.in_force(at).filter(user__in=users, user__is_active=True)
    for user_id, role_id, area_id in rows.values_list("user_id", "role_id", "area_id"):
        held[user_id].add((role_id, area_id))
    for user_id, roles in held.items():
        alike[frozenset(roles)].append(user_id)
    found: dict[int, set[int]] = {}
    for group in alike.values():
        rights = rights_of(User.objects.get(pk=group[0]))
        if rights.may(InteractionPermission.RECORD):
            seen = set(Interaction.objects.visible_to(rights).filter(pk__in=ids).values_list("pk", flat=True))
            found |= dict.fromkeys(group, seen)
    return found
