"""Everything about one relationship, in one round trip."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from svyaz.access.actions import OPEN_FOR
from svyaz.access.models import Opening
from svyaz.access.queries import Rights, Viewer, rights_of
from svyaz.billing.permissions import BillingPermission
from svyaz.billing.queries import oldest_month, solvency_sql
from svyaz.customer360.queries.compile import PARTY, Naming, shape_of
from svyaz.customer360.queries.panels import HEADER, PANELS
from svyaz.lib.sql import fetch_one
from svyaz.parties.models import Consent
from svyaz.parties.permissions import PartyPermission


@dataclass(frozen=True)
class Relationship:
    """The 360° view of a party as JSON text, on which basis it may be seen, and who else was merged into the party."""

    party_id: int
    basis: str
    json: str
    merged: tuple[int, ...] = ()

    def rights(self, viewer: Viewer) -> Rights:
        """Return the viewer's rights with this relationship in hand."""
        return rights_of(viewer).in_hand(self.party_id, self.merged)

    @property
    def data(self) -> dict[str, Any]:
        """Return the panels as Python values, decisions parted by how they stand now."""
        loaded: dict[str, Any] = json.loads(self.json)
        panels = loaded["panels"]
        for name, standing in (("decisions_in_force", "1_in_force"), ("proposals", "2_proposed")):
            items = [item for item in panels.get("decisions", {}).get("items", ()) if item["standing"] == standing]
            if "decisions" in panels:
                panels[name] = {"items": items, "count": len(items)}
        return loaded


def snake(name: str) -> str:
    """Name keys as the desk does."""
    return name


def camel(name: str) -> str:
    """Name keys as TM Forum does."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


# Who is meant, and whether the viewer may see him: by area, or with the relationship in hand, or (by number) because
# he who names the exact number has the customer before him.
_BY_PARTY = """
SELECT p.id, p.canonical_id, CASE
    WHEN p.home_area_id IS NULL OR $5::boolean OR p.home_area_id = ANY($6::bigint[]) THEN 'area'
    WHEN EXISTS (SELECT FROM access_opening o
                 WHERE o.by_id = $2::bigint AND o.party_id = p.id AND o.opens_until > $3::timestamptz) THEN 'contact'
    END AS basis
FROM parties_party p WHERE p.id = $1::bigint
"""

_BY_CUSTOMER = """
SELECT p.id, p.canonical_id, CASE
    WHEN p.home_area_id IS NULL OR $5::boolean OR p.home_area_id = ANY($6::bigint[]) THEN 'area'
    WHEN c.is_exact THEN 'identifier'
    WHEN EXISTS (SELECT FROM access_opening o
                 WHERE o.by_id = $2::bigint AND o.party_id = p.id AND o.opens_until > $3::timestamptz) THEN 'contact'
    END AS basis
FROM (
    SELECT party_id, true AS is_exact FROM parties_partyrole
    WHERE kind = 'customer' AND number = $8::text AND number <> ''
    UNION ALL
    SELECT party_id, false FROM parties_partyrole WHERE kind = 'customer' AND id = $1::bigint
    LIMIT 1
) c JOIN parties_party p ON p.id = c.party_id
"""


# Of those that are one ($1: the survivor) whoever may see any may see all; $8: one of them was named exactly.
_BY_GROUP = """
SELECT $1::bigint AS id, array_agg(p.id) AS parties, CASE
    WHEN bool_or(p.home_area_id IS NULL OR $5::boolean OR p.home_area_id = ANY($6::bigint[])) THEN 'area'
    WHEN $8::boolean THEN 'identifier'
    WHEN bool_or(EXISTS (SELECT FROM access_opening o
                 WHERE o.by_id = $2::bigint AND o.party_id = p.id AND o.opens_until > $3::timestamptz)) THEN 'contact'
    END AS basis
FROM parties_party p WHERE p.canonical_id = $1::bigint
"""


@lru_cache(maxsize=256)
def statement(profile: frozenset[str], is_by_customer: bool, naming: Naming) -> str:
    """Return the statement of a rights profile: one row (party id, basis, JSON, survivor) or none.

    A survivor says that the party is one with others: what it shows alone is then not the whole of it.

    Parameters: $1 party id or customer id, $2 user, $3 now, $4 today, $5 sees all areas, $6 areas, $7 first month
    of the solvency's history, $8 customer number.
    """
    columns, json = _columns_and_json(profile, naming)
    rows = f"SELECT subject.id AS subject_id, subject.basis, subject.canonical_id, {columns} FROM subject"
    return (
        f"WITH subject AS MATERIALIZED ({_BY_CUSTOMER if is_by_customer else _BY_PARTY}) "
        f"SELECT s.subject_id, s.basis, {json.replace('$1::bigint', 's.subject_id')}::text, s.canonical_id "
        # OFFSET keeps the planner from reading a panel's rows as often as they are named.
        f"FROM ({rows.replace('$1::bigint', 'subject.id')} "
        "WHERE basis IS NOT NULL OR canonical_id IS NOT NULL OFFSET 0) AS s"
    )


@lru_cache(maxsize=256)
def group_statement(profile: frozenset[str], naming: Naming) -> str:
    """Return the statement over all that are one party: one row (survivor, basis, JSON, their ids) or none.

    The same panels; only what was compared with one party is compared with each of them.
    """
    columns, json = (_OF_PARTY.sub(r"\1 = ANY({0}.parties)", text) for text in _columns_and_json(profile, naming))
    columns, json = columns.replace("{0}", "subject"), json.replace("{0}", "s")
    rows = f"SELECT subject.id AS subject_id, subject.basis, subject.parties, {columns} FROM subject"
    return (
        f"WITH subject AS MATERIALIZED ({_BY_GROUP}) "
        f"SELECT s.subject_id, s.basis, {json}::text, s.parties "
        f"FROM ({rows} WHERE basis IS NOT NULL OFFSET 0) AS s"
    )


_OF_PARTY = re.compile(r'(party_id"?) = \$1::bigint')


def _columns_and_json(profile: frozenset[str], naming: Naming) -> tuple[str, str]:
    """Return the columns that read the panels of the party $1, and the JSON made of them in a subquery s."""
    rights = Rights(0, dict.fromkeys(profile)).in_hand(PARTY)
    header, panels = (shape_of(chosen, rights, naming) for chosen in ([HEADER], PANELS))
    columns, pairs = [*header.columns, *panels.columns], header.pairs
    if rights.may(BillingPermission.READ):
        columns.append(f"{_solvency()} AS solvency")
        pairs.append("'solvency', s.solvency")
    json = f"json_build_object({', '.join(pairs)}, 'panels', json_build_object({', '.join(panels.pairs)}))"
    return ", ".join(columns), json


def _solvency() -> str:
    text = solvency_sql().replace("%(party)s", "$1::bigint")
    return text.replace("%(day)s", "$4::date").replace("%(oldest)s", "$7::date")


def relationship(
    viewer: Viewer, *, at: datetime, party_id: int | None = None, customer: str = "", naming: Naming = snake
) -> Relationship | None:
    """Return the 360° view of a party by its id, or of a customer by number or id; None if it may not be seen.

    One round trip; a second where the party is one with others, whose relationship is then read as a whole and under
    the survivor's id. Whoever shows it records the opening (`open_card`).
    """
    rights = rights_of(viewer)
    if not rights.may(PartyPermission.READ):
        return None
    areas = rights.areas[str(PartyPermission.READ)]
    is_by_customer = party_id is None
    key = party_id if party_id is not None else _id_in(customer)
    day = at.date()
    params: list[Any] = [key, rights.user_id, at, day, areas is None, sorted(areas or ()), oldest_month(day)]
    if is_by_customer:
        params.append(customer)
    row = fetch_one(statement(rights.profile, is_by_customer, naming), params)
    if row is None or row[3] is None:
        return None if row is None else Relationship(*row[:3])
    return _of_group(rights, naming, [row[3], *params[1:7], row[1] == Opening.Basis.IDENTIFIER])


def _of_group(rights: Rights, naming: Naming, params: list[Any]) -> Relationship | None:
    row = fetch_one(group_statement(rights.profile, naming), params)
    if row is None:
        return None
    survivor, basis, text, parties = row
    view = json.loads(text)
    _read_as_one(view["panels"], set(parties), naming)
    merged = tuple(sorted(set(parties) - {survivor}))
    return Relationship(survivor, basis, json.dumps(view, ensure_ascii=False), merged)


def _read_as_one(panels: dict[str, Any], parties: set[int], naming: Naming) -> None:
    """Leave out what is no news among those that are one: that they know each other, and consents that do not count."""
    if relations := panels.get("relationships"):
        others = naming("other_id")
        relations["items"] = [row for row in relations["items"] if row[others] not in parties]
        relations["count"] = len(relations["items"])
    if consents := panels.get("consents"):
        counting = set(Consent.objects.filter(party__in=parties).in_force().values_list("pk", flat=True))
        withdrawn = naming("withdrawn_at")
        consents["items"] = [row for row in consents["items"] if row[withdrawn] or row["id"] in counting]
        consents["items"].sort(key=lambda row: row["id"] not in counting)
        consents["count"] = len(consents["items"])


def _id_in(customer: str) -> int:
    """Return the customer id that a text may be; -1 for what can only be a number."""
    return int(customer) if customer.isascii() and customer.isdigit() and len(customer) < 19 else -1


def opening_of(found: Relationship, *, viewer: Viewer, at: datetime, door: str, reason: str = "") -> Opening:
    """Return the record that a card was opened, to be written at once (desk) or in a batch (API)."""
    is_new_ground = found.basis == Opening.Basis.IDENTIFIER
    return Opening(
        party_id=found.party_id, by_id=rights_of(viewer).user_id, at=at, basis=found.basis, door=door,
        reason=reason or ("" if found.basis == Opening.Basis.AREA else f"{found.basis}"),
        opens_until=at + OPEN_FOR if is_new_ground else None,
    )  # fmt: skip
