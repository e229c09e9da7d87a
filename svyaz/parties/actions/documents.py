"""A person's documents: kept encrypted, found by fingerprint, shown in clear only for a reason."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from svyaz.access.actions import record_opening
from svyaz.access.models import Opening
from svyaz.history.actions import record
from svyaz.lib.crypto import decrypt, encrypt, fingerprint
from svyaz.lib.text import code_key
from svyaz.parties.actions.checks import InvalidField, fits, one_of, required
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import Identification, Party
from svyaz.parties.queries import ids_of
from svyaz.users.models import User

# Of a short number the tail must not give most of it away.
LONGEST_TAIL = 4
SHORTEST_NUMBER, LONGEST_NUMBER = 4, 32


class DocumentAlreadyKnown(Exception):
    """The person has this document already."""


class UnmaskingNeedsReason(Exception):
    """A document's number is shown in clear only for a reason, which is recorded."""


@transaction.atomic
def add_identification(
    *, party: Party, kind: str, number: str, by: User | None, at: datetime, issued_by: str = "",
    issued_date: date | None = None, expires_date: date | None = None,
) -> Identification:  # fmt: skip
    """Keep a person's document; its number never lies in clear, nor does the event tell it.

    Raises InvalidField, DocumentAlreadyKnown.
    """
    one_of("kind", kind, Identification.Kind.values)
    key = _checked_number(party, number)
    _check_dates(issued_date, expires_date, at.date())
    document = Identification(
        party=party, kind=kind, number_encrypted=encrypt(" ".join(number.split())),
        number_fingerprint=fingerprint(key), number_tail=number_tail(key),
        issued_by=issued_by.strip(), issued_date=issued_date, expires_date=expires_date,
    )  # fmt: skip
    fits(document, "issued_by")
    known = Identification.objects.filter(party__in=ids_of(party), kind=kind)
    if not party.is_alone and known.filter(number_fingerprint=document.number_fingerprint).exists():
        raise DocumentAlreadyKnown(document.masked)
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError as error:
        if "identification_once_per_party" in str(error):
            raise DocumentAlreadyKnown(document.masked) from error
        raise
    record(
        PartyEvent.IDENTIFICATION_ADDED, subject=document, party_id=party.pk, by=by, at=at,
        document=kind, masked=document.masked,
    )  # fmt: skip
    return document


def number_tail(key: str) -> str:
    """Return the last characters of a document's number, which are shown without unmasking."""
    return key[-min(LONGEST_TAIL, len(key) // 2) :]


def _checked_number(party: Party, number: str) -> str:
    if not party.is_person:
        raise InvalidField("party", party.name, "unknown")
    key = code_key(required("number", number))
    if not SHORTEST_NUMBER <= len(key) <= LONGEST_NUMBER:
        raise InvalidField("number", "", "wrong_length")
    return key


def _check_dates(issued: date | None, expires: date | None, today: date) -> None:
    if issued is not None and issued > today:
        raise InvalidField("issued_date", issued.isoformat(), "out_of_range")
    if issued is not None and expires is not None and expires < issued:
        raise InvalidField("expires_date", expires.isoformat(), "out_of_range")


@transaction.atomic
def unmask_identification(
    *, identification: Identification, reason: str, by: User, at: datetime, door: str = Opening.Door.DESK
) -> str:
    """Return a document's number in clear, and record who saw it and why. Raises UnmaskingNeedsReason."""
    if not reason.strip():
        raise UnmaskingNeedsReason(identification)
    reason = " ".join(reason.split())[:200]
    party_id = identification.party_id
    record_opening(party_id=party_id, basis=Opening.Basis.UNMASKING, by=by, at=at, reason=reason, door=door)
    record(
        PartyEvent.IDENTIFICATION_UNMASKED, subject=identification, party_id=party_id, by=by, at=at,
        reason=reason, masked=identification.masked,
    )  # fmt: skip
    return decrypt(identification.number_encrypted)
