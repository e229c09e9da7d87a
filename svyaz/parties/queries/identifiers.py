"""Finding a party by what identifies it exactly."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, QuerySet, Value, When

from svyaz.access.queries import Viewer, rights_of
from svyaz.lib.crypto import fingerprint
from svyaz.lib.emails import InvalidEmail, normalize_email
from svyaz.lib.periods import holds_at
from svyaz.lib.phones import InvalidPhone, normalize_phone
from svyaz.lib.text import code_key, digits_of
from svyaz.parties.models import Agreement, ContactMedium, Identification, Party, PartyRole
from svyaz.parties.permissions import PartyPermission

PHONE_KINDS = (ContactMedium.Kind.MOBILE, ContactMedium.Kind.PHONE, ContactMedium.Kind.FAX)


@dataclass(frozen=True)
class Identifier:
    """One reading of a text as an exact identifier, in the spelling that the base keeps."""

    kind: str  # phone, email, customer, contract, inn, ogrn, document
    value: str


def identifiers_in(text: str) -> tuple[Identifier, ...]:
    """Return every way to read a text as an exact identifier: ten digits may be a phone, an INN or a contract."""
    text = text.strip()
    if not text or len(text) > 254 or "\x00" in text:
        return ()
    if "@" in text:
        return read_email(text)
    return (*read_phone(text), *_read_numbers(text), *_read_registers(text))


def read_email(text: str) -> tuple[Identifier, ...]:
    """Return a text as an e-mail address, if it is one."""
    try:
        return (Identifier("email", normalize_email(text)),)
    except InvalidEmail:
        return ()


def read_phone(text: str) -> tuple[Identifier, ...]:
    """Return a text as a telephone number, if it is one."""
    if len(digits_of(text)) < 5 or any(char.isalpha() for char in text):
        return ()
    try:
        return (Identifier("phone", normalize_phone(text)),)
    except InvalidPhone:
        return ()


def _read_numbers(text: str) -> Iterator[Identifier]:
    for spelling in dict.fromkeys((text, text.upper())):
        yield Identifier("customer", spelling)
        yield Identifier("contract", spelling)


def _read_registers(text: str) -> Iterator[Identifier]:
    digits = digits_of(text)
    if digits == text and len(digits) in {10, 12}:
        yield Identifier("inn", digits)
    if digits == text and len(digits) in {13, 15}:
        yield Identifier("ogrn", digits)
    if len(digits) >= 6:
        yield Identifier("document", fingerprint(code_key(text)))


def hits(identifier: Identifier, day: date) -> QuerySet[Party]:
    """Return the parties that an identifier means on a day."""
    kind, value = identifier.kind, identifier.value
    if kind in {"phone", "email"}:
        kinds = PHONE_KINDS if kind == "phone" else (ContactMedium.Kind.EMAIL,)
        media = ContactMedium.objects.filter(holds_at(day), value=value, kind__in=kinds)
        return Party.objects.filter(pk__in=media.values("party"))
    if kind == "customer":
        roles = PartyRole.objects.customers().filter(number=value)
        return Party.objects.filter(pk__in=roles.values("party"))
    if kind == "contract":
        return Party.objects.filter(pk__in=Agreement.objects.filter(number=value).values("party"))
    if kind == "document":
        documents = Identification.objects.filter(number_fingerprint=value)
        return Party.objects.filter(pk__in=documents.values("party"))
    return Party.objects.filter(**{kind: value})


def matches_of(text: str, at: datetime) -> dict[int, str]:
    """Return the canonical parties that a text identifies exactly, each with the kind of identifier that matched."""
    readings = identifiers_in(text)
    if not readings:
        return {}
    rows = [
        hits(reading, at.date()).order_by().values_list("pk", "canonical_id", Value(reading.kind))
        for reading in readings
    ]
    found: dict[int, str] = {}
    for pk, canonical_id, kind in rows[0].union(*rows[1:], all=True):
        found.setdefault(canonical_id or pk, kind)
    return found


def find_by_identifier(text: str, viewer: Viewer, at: datetime) -> QuerySet[Party]:
    """Return the parties that a phone, e-mail, contract, customer number, INN, OGRN or document means exactly.

    Each carries `matched_by`. The area does not limit them: who names the number has the customer before him; the
    door records the opening. Names come from lists, which the area does limit.
    """
    if not rights_of(viewer).may(PartyPermission.READ):
        return Party.objects.none()
    found = matches_of(text, at)
    if not found:
        return Party.objects.none()
    kinds = Case(*(When(pk=pk, then=Value(kind)) for pk, kind in found.items()))
    return Party.objects.filter(pk__in=found).annotate(matched_by=kinds).order_by("name_key", "pk")
