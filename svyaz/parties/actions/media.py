"""How a party is reached."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from svyaz.history.actions import record
from svyaz.lib.emails import InvalidEmail, normalize_email
from svyaz.lib.phones import InvalidPhone, normalize_phone
from svyaz.lib.text import digits_of
from svyaz.parties.actions.checks import InvalidField, fits, one_of, required
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import ContactMedium, Party
from svyaz.parties.queries import ids_of
from svyaz.users.models import User

Kind = ContactMedium.Kind


class MediumAlreadyKnown(Exception):
    """The party has this number or address already."""


class MediumAlreadyEnded(Exception):
    """The number or address was ended before."""


class MediumStillInUse(Exception):
    """The number or address was not ended: there is nothing to restore."""


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


def phone_kind(phone: str) -> str:
    """Tell a Russian mobile number from any other telephone."""
    digits = digits_of(phone)
    is_mobile = len(digits) in {10, 11} and digits[-10] == "9"
    return Kind.MOBILE if is_mobile else Kind.PHONE


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
    if not party.is_alone and _current(party).filter(kind=kind, value=medium.value).exists():
        raise MediumAlreadyKnown(medium.value)
    _save(medium)
    former = _leave_one_preferred(medium) if is_preferred else {}
    record(
        PartyEvent.MEDIUM_ADDED, subject=medium, party_id=party.pk, by=by, at=at,
        medium=kind, value=medium.value, **former,
    )  # fmt: skip
    return medium


def _current(party: Party) -> "QuerySet[ContactMedium]":
    """Return the media in use of a party and of all that are one with it."""
    found: QuerySet[ContactMedium] = ContactMedium.objects.current().filter(party__in=ids_of(party))
    return found


def _leave_one_preferred(medium: ContactMedium) -> dict[str, int]:
    """Take the preference from the other media; return which one had it, as the event keeps it."""
    others = _current(medium.party).filter(is_preferred=True).exclude(pk=medium.pk)
    former = others.values_list("pk", flat=True).first()
    others.update(is_preferred=False)
    return {} if former is None else {"former_preferred": former}


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
    was_preferred = medium.is_preferred
    if is_preferred is not None:
        medium.is_preferred = is_preferred
    if is_verified:
        medium.verified_at = at
    medium.save(update_fields=["is_preferred", "verified_at"])
    former = _leave_one_preferred(medium) if is_preferred else {}
    record(
        PartyEvent.MEDIUM_CHANGED, subject=medium, party_id=medium.party_id, by=by, at=at,
        value=medium.value, is_preferred=medium.is_preferred, is_verified=medium.verified_at is not None,
        was_preferred=was_preferred, **former,
    )  # fmt: skip
    return medium


@transaction.atomic
def replace_medium(
    *, medium: ContactMedium, value: str, by: User | None, at: datetime, is_preferred: bool | None = None
) -> ContactMedium:
    """Put another number or address in the place of one that changed or was written wrong: the former ends today.

    The new one is preferred if the former was, unless said otherwise. The same value changes the preference alone.
    Raises InvalidField, MediumAlreadyEnded, MediumAlreadyKnown.
    """
    medium = _locked(medium)
    wanted = medium.is_preferred if is_preferred is None else is_preferred
    if normalized(medium.kind, value) == medium.value:
        return medium if wanted == medium.is_preferred else change_medium(
            medium=medium, is_preferred=wanted, by=by, at=at
        )  # fmt: skip
    was_preferred = medium.is_preferred
    medium.is_preferred, medium.valid_to = False, max(at.date(), medium.valid_from)
    medium.save(update_fields=["is_preferred", "valid_to"])
    new = ContactMedium(
        party_id=medium.party_id, kind=medium.kind, value=normalized(medium.kind, value), is_preferred=wanted,
        valid_from=at.date(),
    )  # fmt: skip
    fits(new, "value")
    _save(new)
    former = _leave_one_preferred(new) if wanted else {}
    record(
        PartyEvent.MEDIUM_REPLACED, subject=new, party_id=new.party_id, by=by, at=at, medium=new.kind, value=new.value,
        former=medium.pk, former_value=medium.value, was_preferred=was_preferred, **former,
    )  # fmt: skip
    return new


def _save(medium: ContactMedium) -> None:
    try:
        with transaction.atomic():
            medium.save()
    except IntegrityError as error:
        if "contact_medium_once_per_party" in str(error):
            raise MediumAlreadyKnown(medium.value) from error
        raise


@transaction.atomic
def restore_medium(
    *, medium: ContactMedium, by: User | None, at: datetime, is_preferred: bool = False
) -> ContactMedium:
    """Bring back a medium that was ended by mistake. Raises MediumStillInUse, MediumAlreadyKnown."""
    medium = ContactMedium.objects.select_for_update().get(pk=medium.pk)
    if medium.valid_to is None:
        raise MediumStillInUse(medium)
    medium.valid_to, medium.is_preferred = None, is_preferred
    _save(medium)
    former = _leave_one_preferred(medium) if is_preferred else {}
    record(
        PartyEvent.MEDIUM_RESTORED, subject=medium, party_id=medium.party_id, by=by, at=at,
        medium=medium.kind, value=medium.value, **former,
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
    was_preferred, medium.is_preferred = medium.is_preferred, False
    medium.save(update_fields=["valid_to", "is_preferred"])
    record(
        PartyEvent.MEDIUM_ENDED, subject=medium, party_id=medium.party_id, by=by, at=at,
        medium=medium.kind, value=medium.value, reason=reason, was_preferred=was_preferred,
    )  # fmt: skip
    return medium
