"""What the base has already of a file that comes in."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from svyaz.access.queries import Viewer, rights_of
from svyaz.exchange.permissions import ExchangePermission
from svyaz.places.models import Area

Claim = tuple[str, str]


class Holder(NamedTuple):
    """The canonical party that holds a value, and the number by which people know it."""

    party_id: int
    number: str


# Each finds, among the wanted values, those that somebody holds, with the party. That they are not
# empty is said again for the partial indexes: PostgreSQL does not look through long lists for it.
_HOLDERS = {
    "number": """
        SELECT number, party_id FROM parties_partyrole WHERE kind = 'customer' AND number = ANY(%s) AND number <> ''""",
    "inn": """
        SELECT inn || '/' || kpp, id FROM parties_party
        WHERE inn = ANY(SELECT split_part(pair, '/', 1) FROM unnest(%s::text[]) pair)
          AND inn <> '' AND merged_into_id IS NULL""",
    "agreement": """
        SELECT number, party_id FROM parties_agreement WHERE number = ANY(%s) AND number <> ''""",
    "account": """
        SELECT number, party_id FROM billing_billingaccount WHERE number = ANY(%s)""",
}
# Beyond what one party alone may hold: what several may share, and what finds them all the same.
_MATCHES = _HOLDERS | {
    "phone": """
        SELECT value, party_id FROM parties_contactmedium
        WHERE value = ANY(%s) AND kind IN ('mobile', 'phone') AND valid_to IS NULL""",
    "email": """
        SELECT value, party_id FROM parties_contactmedium
        WHERE value = ANY(%s) AND kind = 'email' AND valid_to IS NULL""",
    "document": """
        SELECT number_fingerprint, party_id FROM parties_identification WHERE number_fingerprint = ANY(%s)""",
    "name_birth": """
        SELECT birth_date || ' ' || name_key, id FROM parties_party
        WHERE birth_date = ANY(SELECT left(both_, 10)::date FROM unnest(%s::text[]) both_)
          AND birth_date IS NOT NULL""",
}
_NUMBERS = """
    SELECT DISTINCT ON (party_id) party_id, number FROM parties_partyrole
    WHERE party_id = ANY(%s) AND kind = 'customer' ORDER BY party_id, id DESC"""
_CANONICAL = """
    SELECT id, canonical_id FROM parties_party WHERE id = ANY(%s) AND canonical_id IS NOT NULL"""
_KNOWN_ROWS = """
    SELECT external_id, digest, party_id FROM exchange_importedrow WHERE source = %s AND external_id = ANY(%s)"""
_AREAS = "SELECT id, home_area_id FROM parties_party WHERE id = ANY(%s)"
_TOUCHED = """
    SELECT DISTINCT party_id FROM history_event event
    WHERE party_id = ANY(%(parties)s) AND kind <> ALL(%(passive)s)
      AND NOT (kind = ANY(%(ours)s) AND (details ->> 'import')::bigint = %(batch)s)
      AND NOT EXISTS (
          SELECT FROM exchange_importchange change
          WHERE change.party_id = event.party_id AND event.id BETWEEN change.first_event AND change.last_event
            AND (change.undone_at IS NOT NULL OR change.taken_in_id = %(batch)s))"""


def holders(claims: Iterable[Claim]) -> dict[Claim, Holder]:
    """Return which of these identifiers (number, inn, agreement, account) are taken, and by which customer."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for what, value in claims:
        wanted[what].append(value)
    found = {
        (what, value): party_id
        for what, values in wanted.items()
        for value, party_id in _rows(_HOLDERS[what], [values])
    }
    known = as_holders(set(found.values()))
    return {claim: known[party_id] for claim, party_id in found.items()}


def parties_by(key: str, values: Iterable[str]) -> dict[str, set[int]]:
    """Return the canonical parties that each value finds: by number, inn, phone, email, document …"""
    wanted = list(values)
    if not wanted:
        return {}
    rows = [(value, party_id) for value, party_id in _rows(_MATCHES[key], [wanted])]
    canonical = dict(_rows(_CANONICAL, [list({party_id for _value, party_id in rows})]))
    found: dict[str, set[int]] = defaultdict(set)
    for value, party_id in rows:
        found[value].add(canonical.get(party_id, party_id))
    return found


def as_holders(party_ids: Iterable[int]) -> dict[int, Holder]:
    """Return for each party the one that it counts as, with its customer number ("#7" where it has none)."""
    ids = list(party_ids)
    if not ids:
        return {}
    canonical = dict(_rows(_CANONICAL, [ids]))
    survivors = {canonical.get(party_id, party_id) for party_id in ids}
    numbers = dict(_rows(_NUMBERS, [list(survivors | set(ids))]))
    return {
        party_id: Holder(survivor, numbers.get(survivor) or numbers.get(party_id) or f"#{survivor}")
        for party_id in ids
        for survivor in [canonical.get(party_id, party_id)]
    }


def known_rows(source: str, external_ids: list[str]) -> dict[str, tuple[bytes, Holder]]:
    """Return the rows of a source that came in before: their digest and the customer they became."""
    rows = _rows(_KNOWN_ROWS, [source, external_ids])
    known = as_holders({party_id for _key, _digest, party_id in rows})
    return {external_id: (bytes(digest), known[party_id]) for external_id, digest, party_id in rows}


def areas_of(party_ids: Iterable[int]) -> dict[int, int | None]:
    """Return the home area of each party."""
    ids = list(party_ids)
    return dict(_rows(_AREAS, [ids])) if ids else {}


def touched_since(party_ids: list[int], import_id: int, *, passive: list[str], ours: list[str]) -> set[int]:
    """Return which of the parties that an import made have been worked on since.

    Neither the import's own events count, nor `passive` ones, nor those of changes that were undone.
    """
    parameters = {"parties": party_ids, "batch": import_id, "passive": passive, "ours": ours}
    return {row[0] for row in _rows(_TOUCHED, parameters)}


def _rows(sql: str, parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def importable_areas(viewer: Viewer) -> "QuerySet[Area]":
    """Return the areas into which somebody may import customers."""
    rights = rights_of(viewer)
    if not rights.may(ExchangePermission.IMPORT):
        return Area.objects.none()
    areas = rights.areas[ExchangePermission.IMPORT]
    found: QuerySet[Area] = Area.objects.all() if areas is None else Area.objects.filter(pk__in=areas)
    return found.order_by("name")
