"""Everything about one relationship, in one round trip."""

import json
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
from svyaz.parties.permissions import PartyPermission


@dataclass(frozen=True)
class Relationship:
    """The 360° view of a party as JSON text, and on which basis it may be seen."""

    party_id: int
    basis: str
    json: str

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
SELECT p.id, CASE
    WHEN p.home_area_id IS NULL OR $5::boolean OR p.home_area_id = ANY($6::bigint[]) THEN 'area'
    WHEN EXISTS (SELECT FROM access_opening o
                 WHERE o.by_id = $2::bigint AND o.party_id = p.id AND o.opens_until > $3::timestamptz) THEN 'contact'
    END AS basis
FROM parties_party p WHERE p.id = $1::bigint
"""

_BY_CUSTOMER = """
SELECT p.id, CASE
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


@lru_cache(maxsize=256)
def statement(profile: frozenset[str], is_by_customer: bool, naming: Naming) -> str:
    """Return the statement of a rights profile: one row (party id, basis, JSON) or none.

    Parameters: $1 party id or customer id, $2 user, $3 now, $4 today, $5 sees all areas, $6 areas, $7 first month
    of the solvency's history, $8 customer number.
    """
    rights = Rights(0, dict.fromkeys(profile)).in_hand(PARTY)
    header, panels = (shape_of(chosen, rights, naming) for chosen in ([HEADER], PANELS))
    columns, pairs = [*header.columns, *panels.columns], header.pairs
    if rights.may(BillingPermission.READ):
        columns.append(f"{_solvency()} AS solvency")
        pairs.append("'solvency', s.solvency")
    json = f"json_build_object({', '.join(pairs)}, 'panels', json_build_object({', '.join(panels.pairs)}))"
    rows = f"SELECT subject.id AS subject_id, subject.basis, {', '.join(columns)} FROM subject WHERE basis IS NOT NULL"
    return (
        f"WITH subject AS MATERIALIZED ({_BY_CUSTOMER if is_by_customer else _BY_PARTY}) "
        f"SELECT s.subject_id, s.basis, {json.replace('$1::bigint', 's.subject_id')}::text "
        # OFFSET keeps the planner from reading a panel's rows as often as they are named.
        f"FROM ({rows.replace('$1::bigint', 'subject.id')} OFFSET 0) AS s"
    )


def _solvency() -> str:
    text = solvency_sql().replace("%(party)s", "$1::bigint")
    return text.replace("%(day)s", "$4::date").replace("%(oldest)s", "$7::date")


def relationship(
    viewer: Viewer, *, at: datetime, party_id: int | None = None, customer: str = "", naming: Naming = snake
) -> Relationship | None:
    """Return the 360° view of a party by its id, or of a customer by number or id; None if it may not be seen.

    One round trip. Whoever shows it records the opening (`open_card`).
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
    return None if row is None else Relationship(*row)


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
