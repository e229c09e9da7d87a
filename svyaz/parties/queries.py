"""Opening relationships, finding a party by what identifies it, and warning of twins."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import Case, Q, QuerySet, Value, When

from svyaz.access.queries import Rights, Viewer, is_in_hand, rights_of
from svyaz.history.models import Event
from svyaz.history.queries import events_of_party
from svyaz.lib.crypto import fingerprint
from svyaz.lib.emails import InvalidEmail, normalize_email
from svyaz.lib.periods import holds_at
from svyaz.lib.phones import InvalidPhone, normalize_phone
from svyaz.lib.text import code_key, digits_of, name_key
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import AddressUse, Agreement, ContactMedium, Identification, Party, PartyRole
from svyaz.parties.permissions import PartyPermission
from svyaz.places.models import Address

PHONE_KINDS = (ContactMedium.Kind.MOBILE, ContactMedium.Kind.PHONE, ContactMedium.Kind.FAX)

# How alike two names must be (share of common trigrams) where something else agrees too, and where nothing does.
LIKE_ENOUGH, VERY_LIKE = 0.4, 0.7
MOST_TWINS = 10


def relationship_rights(viewer: Viewer, party_id: int, at: datetime) -> Rights | None:
    """Return the viewer's rights with this party in hand; None where it does not exist for him.

    It does if it lies in his area (or has none yet), or if an identifier or a contact opened it and still does.
    """
    rights = rights_of(viewer)
    if not rights.may(PartyPermission.READ):
        return None
    if rights.party_id is not None:
        return rights if rights.party_id == party_id else None
    areas = Party.objects.filter(pk=party_id).values_list("home_area_id", flat=True)
    for area_id in areas:
        if rights.may_in(PartyPermission.READ, area_id) or is_in_hand(rights, party_id, at=at):
            return rights.in_hand(party_id)
    return None


def changes_of(party_id: int, viewer: Viewer) -> QuerySet[Event]:
    """Return what was changed in what is known of a party, newest first; nothing where it does not exist for him."""
    rights = rights_of(viewer)
    events = events_of_party(party_id).filter(kind__in=PartyEvent).select_related("by")
    return events if may_for_party(rights, PartyPermission.READ, party_id) else events.none()


def may_for_party(rights: Rights, permission: str, party_id: int) -> bool:
    """Tell whether a permission reaches one party: the one in hand, or one in the permission's areas."""
    if not rights.may(permission):
        return False
    if rights.party_id is not None:
        return rights.party_id == party_id
    areas = rights.areas[str(permission)]
    found = Party.objects.filter(pk=party_id)
    return (found if areas is None else found.filter(Q(home_area__in=areas) | Q(home_area__isnull=True))).exists()


def canonical_party(party: Party) -> Party:
    """Return the party that this one counts as: itself, or the survivor of its merges."""
    return party.canonical if party.canonical is not None else party


def canonical_id_of(party_id: int) -> int | None:
    """Return the id of the party that an id counts as; None if there is no such party."""
    row = Party.objects.filter(pk=party_id).values_list("canonical_id", "pk").first()
    return None if row is None else row[0] or row[1]


def group_of(party_id: int) -> list[int]:
    """Return the ids of a canonical party and of all that were merged into it."""
    return [party_id, *Party.objects.filter(merged_into__isnull=False, canonical=party_id).values_list("pk", flat=True)]


def sees_personal(viewer: Viewer, party: Party) -> bool:
    """Tell whether birth date and documents show in clear to the viewer."""
    rights = rights_of(viewer)
    if rights.party_id == party.pk:
        return rights.may(PartyPermission.READ_PERSONAL)
    return rights.may_in(PartyPermission.READ_PERSONAL, party.home_area_id)


def shown_birth_date(party: Party, viewer: Viewer) -> str:
    """Return a person's birth date as the viewer may see it: whole, or with only its year."""
    if party.birth_date is None:
        return ""
    return party.birth_date.isoformat() if sees_personal(viewer, party) else f"{party.birth_date.year}-••-••"


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
        return _read_email(text)
    return (*_read_phone(text), *_read_numbers(text), *_read_registers(text))


def _read_email(text: str) -> tuple[Identifier, ...]:
    try:
        return (Identifier("email", normalize_email(text)),)
    except InvalidEmail:
        return ()


def _read_phone(text: str) -> tuple[Identifier, ...]:
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


def _hits(identifier: Identifier, day: date) -> QuerySet[Party]:
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
        _hits(reading, at.date()).order_by().values_list("pk", "canonical_id", Value(reading.kind))
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


@dataclass(frozen=True)
class Twin:
    """A party that may be the one about to be created, and what they have in common."""

    party: Party
    reasons: tuple[str, ...]  # phone, email, inn, ogrn, document, name_and_birth_date, name_and_address, name


@dataclass(frozen=True)
class Newcomer:
    """What is known of a party before it is created."""

    kind: str = Party.Kind.INDIVIDUAL
    name: str = ""
    birth_date: date | None = None
    phones: Iterable[str] = ()
    emails: Iterable[str] = ()
    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    documents: Iterable[str] = ()
    street: str = ""
    house: str = ""
    flat: str = ""

    def identifiers(self) -> Iterator[Identifier]:
        """Return its exact identifiers; what cannot be read identifies nobody."""
        for phone in self.phones:
            yield from _read_phone(phone)
        for email in self.emails:
            yield from _read_email(email)
        for number in self.documents:
            yield Identifier("document", fingerprint(code_key(number)))
        # Branches of one company share its INN and are no twins.
        if self.inn and not self.kpp:
            yield Identifier("inn", self.inn)
        if self.ogrn and not self.kpp:
            yield Identifier("ogrn", self.ogrn)


def likely_twins(newcomer: Newcomer, *, viewer: Viewer, at: datetime) -> list[Twin]:
    """Return the parties that the newcomer may already be, the likeliest first: a warning, never a refusal.

    Exact identifiers find twins everywhere; likeness of names only within the viewer's areas.
    """
    if not rights_of(viewer).may(PartyPermission.READ):
        return []
    reasons: dict[int, list[str]] = {}
    for identifier in newcomer.identifiers():
        for pk, canonical_id in _hits(identifier, at.date()).values_list("pk", "canonical_id")[:MOST_TWINS]:
            reasons.setdefault(canonical_id or pk, []).append(identifier.kind)
    for pk, reason in _alike(newcomer, viewer):
        reasons.setdefault(pk, []).append(reason)
    parties = Party.objects.in_bulk(list(reasons))
    twins = [Twin(parties[pk], tuple(dict.fromkeys(found))) for pk, found in reasons.items()]
    return sorted(twins, key=lambda twin: (-len(twin.reasons), twin.party.name_key, twin.party.pk))[:MOST_TWINS]


def _alike(newcomer: Newcomer, viewer: Viewer) -> Iterator[tuple[int, str]]:
    """Find parties of a like name that share the birth date or the address; of companies a very like name is enough."""
    key = name_key(newcomer.name)
    if not key:
        return
    seen = Party.objects.visible_to(viewer).canonical().filter(kind=newcomer.kind)
    if newcomer.birth_date is not None:
        born = _like(seen.filter(birth_date=newcomer.birth_date), key, LIKE_ENOUGH)
        yield from ((pk, "name_and_birth_date") for pk in born)
    if newcomer.street and newcomer.house:
        homes = Address.objects.filter(street=newcomer.street, house=newcomer.house, flat=newcomer.flat)
        living = seen.filter(pk__in=AddressUse.objects.filter(address__in=homes).values("party"))
        yield from ((pk, "name_and_address") for pk in _like(living, key, LIKE_ENOUGH))
    if newcomer.kind == Party.Kind.ORGANIZATION:
        yield from ((pk, "name") for pk in _namesakes(seen, key))


def _like(parties: QuerySet[Party], key: str, least: float) -> QuerySet[Party, int]:
    likeness = TrigramSimilarity("name_key", key)
    return parties.annotate(likeness=likeness).filter(likeness__gte=least).values_list("pk", flat=True)[:MOST_TWINS]


def _namesakes(companies: QuerySet[Party], key: str) -> list[int]:
    """Return companies of nearly the same name, by the trigram index with a threshold of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(VERY_LIKE)])
        return list(companies.filter(name_key__trigram_similar=key).values_list("pk", flat=True)[:MOST_TWINS])


def parties_by_id(ids: Iterable[int]) -> dict[int, Party]:
    """Return parties with their roles and areas, for records about them (openings) that a reviewer may read."""
    found = Party.objects.filter(pk__in=set(ids)).select_related("home_area").prefetch_related("roles")
    return {party.pk: party for party in found}
