"""Searching as an act: an exact identifier opens the relationship, recorded with its reason."""

from datetime import datetime

from django.db import transaction

from svyaz.access.actions import OPEN_FOR, record_openings
from svyaz.access.models import Opening
from svyaz.access.queries import parties_in_hand
from svyaz.search.queries import Found, find_by_identifier, find_by_name, looks_exact
from svyaz.users.models import User


@transaction.atomic
def search(*, text: str, by: User, at: datetime, door: str = Opening.Door.DESK, limit: int = 20) -> list[Found]:
    """Return parties by exact identifier or part of a name, the exact ones first.

    An exact identifier of a customer beyond one's areas opens that relationship; the record says which identifier.
    One that is open already is not opened again by every further look.
    """
    exact = find_by_identifier(by, text, limit=limit) if looks_exact(text) else []
    foreign = [found for found in exact if not found.is_own_area]
    in_hand = parties_in_hand(by, at=at) if foreign else frozenset()
    record_openings(
        Opening(
            party_id=found.party_id, by=by, at=at, basis=Opening.Basis.IDENTIFIER, reason=found.matched, door=door,
            opens_until=at + OPEN_FOR,
        )
        for found in foreign
        if found.party_id not in in_hand
    )  # fmt: skip
    seen = {found.party_id for found in exact}
    named = [] if len(exact) >= limit or "@" in text else find_by_name(by, text, limit=limit)
    return [*exact, *(found for found in named if found.party_id not in seen)][:limit]
