"""Warning of twins before a party is created a second time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import QuerySet

from svyaz.access.queries import Viewer, rights_of
from svyaz.lib.crypto import fingerprint
from svyaz.lib.text import code_key, name_key
from svyaz.parties.models import AddressUse, Party
from svyaz.parties.permissions import PartyPermission
from svyaz.parties.queries.identifiers import Identifier, hits, read_email, read_phone
from svyaz.places.models import Address

# How alike two names must be (share of common trigrams) where something else agrees too, and where nothing does.
LIKE_ENOUGH, VERY_LIKE = 0.4, 0.7
MOST_TWINS = 10


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
            yield from read_phone(phone)
        for email in self.emails:
            yield from read_email(email)
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
        for pk, canonical_id in hits(identifier, at.date()).values_list("pk", "canonical_id")[:MOST_TWINS]:
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
