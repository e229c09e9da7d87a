"""Opening a relationship: every look is recorded, and beyond the area it needs a ground."""

from datetime import datetime

from django.db import transaction

from svyaz.access.actions import record_opening
from svyaz.access.events import AccessEvent
from svyaz.access.models import Opening
from svyaz.access.queries import rights_of
from svyaz.history.actions import record
from svyaz.parties.models import Party
from svyaz.parties.permissions import PartyPermission
from svyaz.parties.queries import is_own
from svyaz.users.models import User


class OpeningNeedsReason(Exception):
    """Beyond one's area a relationship opens only with a reason: the identifier named, the contact in hand."""


class MayNotOpen(Exception):
    """The user may read no parties, or has no ground to open this one."""


@transaction.atomic
def open_relationship(
    *, party: Party, by: User, at: datetime, basis: str, reason: str = "", door: str = Opening.Door.DESK
) -> Opening:
    """Record that a card was opened: in one's area, or by an exact identifier or a contact in hand for twelve hours.

    Only an opening beyond the area changes what the user may see, so only that one is an event.
    Raises MayNotOpen, OpeningNeedsReason.
    """
    rights = rights_of(by)
    if not rights.may(PartyPermission.READ) or basis == Opening.Basis.UNMASKING:
        raise MayNotOpen(by, party.pk)
    if basis == Opening.Basis.AREA and not is_own(rights, party):
        raise MayNotOpen(by, party.pk)
    reason = " ".join(reason.split())[:200]
    if basis != Opening.Basis.AREA and not reason:
        raise OpeningNeedsReason(party.pk)
    opening = record_opening(party_id=party.pk, basis=basis, by=by, at=at, reason=reason, door=door)
    if basis != Opening.Basis.AREA:
        record(AccessEvent.CARD_OPENED, subject=opening, party_id=party.pk, by=by, at=at, basis=basis, reason=reason)
    return opening
