"""Recording who opened which card, and reviewing it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from svyaz.access.events import AccessEvent
from svyaz.access.models import Opening
from svyaz.history.actions import record
from svyaz.users.models import User

OPEN_FOR = timedelta(hours=12)


class OpeningAlreadyReviewed(Exception):
    """The opening was reviewed before."""


class OwnOpening(Exception):
    """Nobody reviews the cards that he opened himself."""


def record_opening(
    *, party_id: int, basis: str, by: User, at: datetime, reason: str = "", door: str = Opening.Door.DESK
) -> Opening:
    """Record that a card was opened; an identifier or a contact by that opens the relationship for twelve hours."""
    opens = basis in {Opening.Basis.IDENTIFIER, Opening.Basis.CONTACT}
    opens_until = at + OPEN_FOR if opens else None
    return Opening.objects.create(
        party_id=party_id, basis=basis, by=by, at=at, reason=reason, door=door, opens_until=opens_until
    )


def record_openings(openings: Iterable[Opening]) -> None:
    """Record a batch of openings that a door has gathered."""
    Opening.objects.bulk_create(openings)


@transaction.atomic
def review_opening(*, opening: Opening, is_justified: bool, by: User, at: datetime, note: str = "") -> Opening:
    """Say whether a card was rightly opened beyond the area; raise OwnOpening or OpeningAlreadyReviewed."""
    opening = Opening.objects.select_for_update().get(pk=opening.pk)
    if opening.by_id == by.pk:
        raise OwnOpening(opening)
    if opening.reviewed_at is not None:
        raise OpeningAlreadyReviewed(opening)
    opening.reviewed_by, opening.reviewed_at = by, at
    opening.is_justified, opening.review_note = is_justified, note
    opening.save(update_fields=["reviewed_by", "reviewed_at", "is_justified", "review_note"])
    record(
        AccessEvent.OPENING_REVIEWED, subject=opening, party_id=opening.party_id, by=by, at=at,
        is_justified=is_justified, note=note,
    )  # fmt: skip
    return opening
