"""What the base has already of a file that comes in."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection

Claim = tuple[str, str]

# Each finds, among the wanted values, those that somebody holds, with the number of that customer. That they are not
# empty is said again for the partial indexes: PostgreSQL does not look through long lists for it.
_NUMBER_OF_PARTY = """coalesce((SELECT role.number FROM parties_partyrole role
    WHERE role.party_id = {party} AND role.kind = 'customer' ORDER BY role.id DESC LIMIT 1), '#' || {party})"""

_HOLDERS = {
    "number": """
        SELECT number, number FROM parties_partyrole WHERE kind = 'customer' AND number = ANY(%s) AND number <> ''""",
    "inn": f"""
        SELECT inn || '/' || kpp, {_NUMBER_OF_PARTY.format(party="party.id")} FROM parties_party party
        WHERE inn = ANY(SELECT split_part(pair, '/', 1) FROM unnest(%s::text[]) pair)
          AND inn <> '' AND merged_into_id IS NULL""",
    "agreement": f"""
        SELECT agreement.number, {_NUMBER_OF_PARTY.format(party="agreement.party_id")}
        FROM parties_agreement agreement WHERE number = ANY(%s) AND number <> ''""",
    "account": f"""
        SELECT account.number, {_NUMBER_OF_PARTY.format(party="account.party_id")}
        FROM billing_billingaccount account WHERE number = ANY(%s)""",
}

_KNOWN_ROWS = f"""
    SELECT external_id, digest, {_NUMBER_OF_PARTY.format(party="imported.party_id")}
    FROM exchange_importedrow imported WHERE source = %s AND external_id = ANY(%s)"""


def holders(claims: Iterable[Claim]) -> dict[Claim, str]:
    """Return which of these identifiers (number, inn, agreement, account) are taken, and by which customer."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for what, value in claims:
        wanted[what].append(value)
    return {
        (what, value): number
        for what, values in wanted.items()
        for value, number in _rows(_HOLDERS[what], [values])
    }  # fmt: skip


def known_rows(source: str, external_ids: list[str]) -> dict[str, tuple[bytes, str]]:
    """Return the rows of a source that came in before: their digest and the number of the customer they became."""
    return {
        external_id: (bytes(digest), number)
        for external_id, digest, number in _rows(_KNOWN_ROWS, [source, external_ids])
    }


def _rows(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
