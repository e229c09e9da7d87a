"""How a party is reached, and where it is."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from svyaz.history.actions import record
from svyaz.lib.emails import InvalidEmail, normalize_email
from svyaz.lib.phones import InvalidPhone, normalize_phone
from svyaz.parties.actions.checks import InvalidField, fits, one_of, required
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import AddressUse, ContactMedium, Party
from svyaz.places.models import Address
from svyaz.users.models import User

Kind = ContactMedium.Kind


class MediumAlreadyKnown(Exception):
    """The party has this number or address already."""


class MediumAlreadyEnded(Exception):
    """The number or address was ended before."""


class AddressAlreadyEnded(Exception):
    """The address was ended before."""


class EndsBeforeItBegan(Exception):
    """A period cannot end before it begins."""


def normalized(kind: str, value: str) -> str:
    """Return a phone as E.164, an e-mail in lower case, a messenger's name as it is; raise InvalidField."""
    text = required("value", value)
    try:
        if kind == Kind.EMAIL:
            return normalize_email(text)
        return text if kind == Kind.MESSENGER else normalize_phone(text)
    except InvalidEmail as error:
        raise InvalidField("value", value, "not_an_email") from error
    except InvalidPhone as error:
        raise InvalidField("value", value, "not_a_phone") from error


@transaction.atomic
def add_medium(
    *, party: Party, kind: str, value: str, by: User | None, at: datetime, is_preferred: bool = False,
    is_verified: bool = False, valid_from: date | None = None,
) -> ContactMedium:  # fmt: skip
    """Add a phone, fax, e-mail or messenger in one spelling; others may have it too.

    Raises InvalidField, MediumAlreadyKnown.
    """
    one_of("kind", kind, Kind.values)
    medium = ContactMedium(
        party=party, kind=kind, value=normalized(kind, value), is_preferred=is_preferred,
        verified_at=at if is_verified else None, valid_from=valid_from or at.date(),
    )  # fmt: skip
    fits(medium, "value")
    try:
        with transaction.atomic():
            medium.save()
    except IntegrityError as error:
        if "contact_medium_once_per_party" in str(error):
            raise MediumAlreadyKnown(medium.value) from error
        raise
    if is_preferred:
        _leave_one_preferred(medium)
    record(PartyEvent.MEDIUM_ADDED, subject=medium, party_id=party.pk, by=by, at=at, medium=kind, value=medium.value)
    return medium


def _leave_one_preferred(medium: ContactMedium) -> None:
    others = ContactMedium.objects.current().filter(party=medium.party_id, is_preferred=True).exclude(pk=medium.pk)
    others.update(is_preferred=False)


def _locked(medium: ContactMedium) -> ContactMedium:
    medium = ContactMedium.objects.select_for_update().get(pk=medium.pk)
    if medium.valid_to is not None:
        raise MediumAlreadyEnded(medium)
    return medium


@transaction.atomic
def change_medium(
    *, medium: ContactMedium, by: User | None, at: datetime, is_preferred: bool | None = None, is_verified: bool = False
) -> ContactMedium:
    """Mark a medium as the preferred one (the only one of its party) or not, and as verified now."""
    medium = _locked(medium)
    if is_preferred is not None:
        medium.is_preferred = is_preferred
    if is_verified:
        medium.verified_at = at
    medium.save(update_fields=["is_preferred", "verified_at"])
    if is_preferred:
        _leave_one_preferred(medium)
    record(
        PartyEvent.MEDIUM_CHANGED, subject=medium, party_id=medium.party_id, by=by, at=at,
        value=medium.value, is_preferred=medium.is_preferred, is_verified=medium.verified_at is not None,
    )  # fmt: skip
    return medium


@transaction.atomic
def end_medium(
    *, medium: ContactMedium, by: User | None, at: datetime, valid_to: date | None = None, reason: str = ""
) -> ContactMedium:
    """End a medium: from that day on it no longer finds this party. Raises MediumAlreadyEnded."""
    medium = _locked(medium)
    medium.valid_to = valid_to or at.date()
    if medium.valid_to < medium.valid_from:
        raise EndsBeforeItBegan(medium)
    medium.is_preferred = False
    medium.save(update_fields=["valid_to", "is_preferred"])
    record(
        PartyEvent.MEDIUM_ENDED, subject=medium, party_id=medium.party_id, by=by, at=at,
        medium=medium.kind, value=medium.value, reason=reason,
    )  # fmt: skip
    return medium


@transaction.atomic
def add_address(
    *, party: Party, address: Address, role: str, by: User | None, at: datetime, valid_from: date | None = None
) -> AddressUse:
    """Give a party an address in a role from a day on; the one it had in that role ends that day.

    Installation addresses stand side by side: each service has its own.
    """
    one_of("role", role, AddressUse.Role.values)
    since = valid_from or at.date()
    if role != AddressUse.Role.INSTALLATION:
        former = AddressUse.objects.filter(party=party, role=role, valid_to__isnull=True)
        former.filter(valid_from__lte=since).update(valid_to=since)
    use = AddressUse.objects.create(party=party, address=address, role=role, valid_from=since)
    record(PartyEvent.ADDRESS_ADDED, subject=use, party_id=party.pk, by=by, at=at, role=role, address=str(address))
    return use


@transaction.atomic
def end_address(*, use: AddressUse, by: User | None, at: datetime, valid_to: date | None = None) -> AddressUse:
    """End a party's address in a role. Raises AddressAlreadyEnded, EndsBeforeItBegan."""
    use = AddressUse.objects.select_for_update(of=("self",)).select_related("address").get(pk=use.pk)
    if use.valid_to is not None:
        raise AddressAlreadyEnded(use)
    use.valid_to = valid_to or at.date()
    if use.valid_to < use.valid_from:
        raise EndsBeforeItBegan(use)
    use.save(update_fields=["valid_to"])
    record(PartyEvent.ADDRESS_ENDED, subject=use, party_id=use.party_id, by=by, at=at, role=use.role)
    return use
