"""Finding parties by part of a name or by an exact identifier, in one round trip."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from svyaz.access.queries import Viewer, rights_of
from svyaz.lib.crypto import fingerprint
from svyaz.lib.emails import InvalidEmail, normalize_email
from svyaz.lib.phones import InvalidPhone, normalize_phone
from svyaz.lib.sql import fetch_all
from svyaz.lib.text import digits_of, like_literal, name_key
from svyaz.parties.permissions import PartyPermission

MOST_WORDS = 5
# Among so many that fit, the best are chosen; a name that fits more is no help to anyone before another word is typed.
CANDIDATES = 200


@dataclass(frozen=True)
class Found:
    """A party as a search shows it. `matched` names the exact identifier ("phone", "inn" …), empty for a name."""

    party_id: int
    name: str
    kind: str
    customer_id: int | None
    number: str
    status: str
    area: str
    area_en: str
    phone: str
    matched: str
    is_own_area: bool

    @property
    def title(self) -> str:
        """Return what to call the party: its name, or its number where the name is not known."""
        return self.name or self.number


_COLUMNS = """
p.id, p.name, p.kind, r.id, coalesce(r.number, ''), coalesce(r.status, ''),
coalesce(a.name, ''), coalesce(a.name_en, ''),
coalesce((SELECT m.value FROM parties_contactmedium m
          WHERE m.party_id = p.id AND m.valid_to IS NULL AND m.kind IN ('mobile', 'phone')
          ORDER BY m.is_preferred DESC, m.id LIMIT 1), '')
"""

_JOINS = """
LEFT JOIN LATERAL (SELECT id, number, status FROM parties_partyrole
                   WHERE party_id = p.id AND kind = 'customer'
                   ORDER BY valid_to DESC NULLS FIRST, id DESC LIMIT 1) r ON true
LEFT JOIN places_area a ON a.id = p.home_area_id
"""

_OWN = "(p.home_area_id IS NULL OR $1::boolean OR p.home_area_id = ANY($2::bigint[]))"
# Who sees one of those that are one sees the survivor.
_OWN_GROUP = f"""({_OWN} OR p.canonical_id IS NOT NULL
    AND EXISTS (SELECT FROM parties_party m WHERE m.canonical_id = p.id AND {_OWN.replace("p.", "m.")}))"""


@lru_cache(maxsize=64)
def name_search_sql(lengths: tuple[bool, ...]) -> str:
    """Return the search by part of a name for words that are long (True) or too short for a trigram (False).

    Parameters: $1 sees all areas, $2 areas, $3 limit, then a pattern a word (two for a short one: it must begin a
    word of the name), then the pattern by which those whose first word begins so stand first.
    Planned once without knowing the patterns: the trigram index is then always taken, while a planner that counts
    on frequent patterns now and then reads the whole table.
    """
    conditions, position = [], 4
    for is_long in lengths:
        if is_long:
            conditions.append(f"p.name_key LIKE ${position}::text")
            position += 1
        else:
            conditions.append(f"(p.name_key LIKE ${position}::text OR p.name_key LIKE ${position + 1}::text)")
            position += 2
    return f"""
SELECT {_COLUMNS}, '', true, p.canonical_id FROM (
    SELECT * FROM (
        SELECT p.id, p.canonical_id, p.name, p.name_key, p.kind, p.home_area_id FROM parties_party p
        WHERE {" AND ".join(conditions)} AND {_OWN} LIMIT {CANDIDATES}
    ) c ORDER BY (c.name_key LIKE ${position}::text) DESC, c.name_key, c.id LIMIT $3::int
) p {_JOINS}
ORDER BY (p.name_key LIKE ${position}::text) DESC, p.name_key, p.id
"""


def name_search_params(text: str) -> tuple[tuple[bool, ...], list[str]]:
    """Return, for the words of a text, which are long and the patterns that `name_search_sql` takes."""
    words = name_key(text).split()[:MOST_WORDS]
    patterns: list[str] = []
    for word in words:
        literal = like_literal(word)
        patterns += [f"%{literal}%"] if len(word) > 2 else [f"{literal}%", f"% {literal}%"]
    first = like_literal(words[0]) if words else ""
    return tuple(len(word) > 2 for word in words), [*patterns, f"{first}%"]


def _scope(viewer: Viewer) -> tuple[bool, list[int]] | None:
    rights = rights_of(viewer)
    if not rights.may(PartyPermission.READ):
        return None
    areas = rights.areas[str(PartyPermission.READ)]
    return areas is None, sorted(areas or ())


def find_by_name(viewer: Viewer, text: str, *, limit: int = 20) -> list[Found]:
    """Return the parties of the viewer's areas whose name holds every word of the text, in any order.

    The name of one that was merged finds the survivor.
    """
    scope = _scope(viewer)
    lengths, patterns = name_search_params(text)
    if scope is None or not lengths:
        return []
    rows = fetch_all(name_search_sql(lengths), [*scope, limit, *patterns])
    merged = {row[0]: row[-1] for row in rows if row[-1] not in (None, row[0])}
    found = {row[0]: Found(*row[:-1]) for row in rows if row[0] not in merged}
    if merged:
        # An old name leads to the survivor: only those few are looked up once more.
        survivors = fetch_all(_BY_ID, [sorted({*merged.values()} - found.keys())])
        found |= {row[0]: Found(*row) for row in survivors}
    ids = dict.fromkeys(merged.get(row[0], row[0]) for row in rows)
    return [found[pk] for pk in ids]


_BY_ID = f"SELECT {_COLUMNS}, '', true FROM parties_party p {_JOINS} WHERE p.id = ANY($1::bigint[])"


IDENTIFIER_SQL = f"""
WITH hits AS (
    SELECT party_id, kind AS matched FROM parties_contactmedium WHERE value = $4::text AND valid_to IS NULL
    UNION SELECT party_id, kind FROM parties_contactmedium WHERE value = $5::text AND valid_to IS NULL
    UNION SELECT party_id, 'number' FROM parties_partyrole
        WHERE number = $6::text AND kind = 'customer' AND number <> ''
    UNION SELECT party_id, 'agreement' FROM parties_agreement WHERE number = $6::text AND number <> ''
    UNION SELECT party_id, 'account' FROM billing_billingaccount WHERE number = $6::text
    UNION SELECT id, 'inn' FROM parties_party WHERE inn = $7::text AND inn <> ''
    UNION SELECT id, 'ogrn' FROM parties_party WHERE ogrn = $7::text AND ogrn <> ''
    UNION SELECT party_id, 'document' FROM parties_identification WHERE number_fingerprint = $8::text
    UNION SELECT pr.party_id, 'service_number' FROM services_numberassignment n
        JOIN services_product pr ON pr.id = n.product_id WHERE n.number = $4::text AND n.valid_to IS NULL
)
SELECT {_COLUMNS}, h.matched, {_OWN_GROUP}
FROM (SELECT coalesce(hit.canonical_id, hit.id) AS party_id, min(matched) AS matched
      FROM hits JOIN parties_party hit ON hit.id = hits.party_id GROUP BY 1) h
JOIN parties_party p ON p.id = h.party_id
{_JOINS}
ORDER BY {_OWN_GROUP} DESC, p.name_key, p.id LIMIT $3::int
"""


def identifier_params(text: str, *, may_match_documents: bool) -> list[str]:
    """Return what `IDENTIFIER_SQL` takes from $4 on: the text as phone, e-mail, number, digits, document."""
    stripped = text.strip()
    digits = digits_of(stripped)
    is_document = may_match_documents and 6 <= len(digits) <= 12
    return [
        _phone(stripped),
        _email(stripped),
        stripped.replace(" ", ""),
        digits if len(digits) in (10, 12, 13, 15) else "",
        fingerprint(digits) if is_document else "",
    ]


def _phone(text: str) -> str:
    if len(digits_of(text)) < 7 or any(char.isalpha() for char in text):
        return ""
    try:
        return normalize_phone(text)
    except InvalidPhone:
        return ""


def _email(text: str) -> str:
    try:
        return normalize_email(text)
    except InvalidEmail:
        return ""


def find_by_identifier(viewer: Viewer, text: str, *, limit: int = 20) -> list[Found]:
    """Return the parties of any area that an exact phone, e-mail, number, contract, account, INN or document names.

    Those beyond the viewer's areas are not his to see before `svyaz.search.actions.search` has recorded the reason.
    """
    scope = _scope(viewer)
    if scope is None:
        return []
    may_match_documents = rights_of(viewer).may(PartyPermission.READ_PERSONAL)
    params: Sequence[Any] = identifier_params(text, may_match_documents=may_match_documents)
    return [Found(*row) for row in fetch_all(IDENTIFIER_SQL, [*scope, limit, *params])]


def looks_exact(text: str) -> bool:
    """Tell whether a text may be an identifier: it holds a digit or an @."""
    return "@" in text or any(char.isdigit() for char in text)
