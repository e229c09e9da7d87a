"""Where a party is."""

from datetime import date, datetime

from django.db import transaction

from svyaz.history.actions import record
from svyaz.parties.actions.checks import one_of
from svyaz.parties.actions.media import EndsBeforeItBegan
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import AddressUse, Party
from svyaz.parties.queries import ids_of
from svyaz.places.models import Address
from svyaz.users.models import User


class AddressAlreadyEnded(Exception):
    """The address was ended before."""


class AddressStillInUse(Exception):
    """The address was not ended: there is nothing to restore."""


@transaction.atomic
def add_address(
    *, party: Party, address: Address, role: str, by: User | None, at: datetime, valid_from: date | None = None
) -> AddressUse:
    """Give a party an address in a role from a day on; the one it had in that role ends that day.

    Installation addresses stand side by side: each service has its own.
    """
    one_of("role", role, AddressUse.Role.values)
    since = valid_from or at.date()
    ended = [] if role == AddressUse.Role.INSTALLATION else _ended_in_role(party, role, since)
    use = AddressUse.objects.create(party=party, address=address, role=role, valid_from=since)
    former = {"ended": ended} if ended else {}
    record(
        PartyEvent.ADDRESS_ADDED, subject=use, party_id=party.pk, by=by, at=at,
        role=role, address=str(address), **former,
    )  # fmt: skip
    return use


def _ended_in_role(party: Party, role: str, since: date) -> list[int]:
    """End the addresses that a party has in a role; return their ids."""
    former = AddressUse.objects.filter(party__in=ids_of(party), role=role, valid_to__isnull=True, valid_from__lte=since)
    ended = list(former.values_list("pk", flat=True))
    former.update(valid_to=since)
    return ended


@transaction.atomic
def replace_address(*, use: AddressUse, address: Address, by: User | None, at: datetime) -> AddressUse:
    """Put another address in the place of one, in its role, from today. Raises AddressAlreadyEnded."""
    use = _locked(use)
    use.valid_to = max(at.date(), use.valid_from)
    use.save(update_fields=["valid_to"])
    new = AddressUse.objects.create(party_id=use.party_id, address=address, role=use.role, valid_from=use.valid_to)
    record(
        PartyEvent.ADDRESS_ADDED, subject=new, party_id=use.party_id, by=by, at=at,
        role=use.role, address=str(address), ended=[use.pk],
    )  # fmt: skip
    return new


@transaction.atomic
def restore_address(*, use: AddressUse, by: User | None, at: datetime) -> AddressUse:
    """Bring back an address that was ended by mistake. Raises AddressStillInUse."""
    use = AddressUse.objects.select_for_update(of=("self",)).get(pk=use.pk)
    if use.valid_to is None:
        raise AddressStillInUse(use)
    use.valid_to = None
    use.save(update_fields=["valid_to"])
    record(PartyEvent.ADDRESS_RESTORED, subject=use, party_id=use.party_id, by=by, at=at, role=use.role)
    return use


def _locked(use: AddressUse) -> AddressUse:
    use = AddressUse.objects.select_for_update(of=("self",)).select_related("address").get(pk=use.pk)
    if use.valid_to is not None:
        raise AddressAlreadyEnded(use)
    return use


@transaction.atomic
def end_address(*, use: AddressUse, by: User | None, at: datetime, valid_to: date | None = None) -> AddressUse:
    """End a party's address in a role. Raises AddressAlreadyEnded, EndsBeforeItBegan."""
    use = _locked(use)
    use.valid_to = valid_to or at.date()
    if use.valid_to < use.valid_from:
        raise EndsBeforeItBegan(use)
    use.save(update_fields=["valid_to"])
    record(PartyEvent.ADDRESS_ENDED, subject=use, party_id=use.party_id, by=by, at=at, role=use.role)
    return use
