"""What a customer's page says of merges: who was merged into it, and that an old address led here."""

from typing import Any

from svyaz.customer360.queries import Relationship
from svyaz.desk.merges.comparison import named
from svyaz.parties.queries import merges_of

Row = dict[str, Any]


def merges_on_card(found: Relationship, came_from: str) -> Row | None:
    """Return the merges that stand on a card, and the one whose old address was asked for; nothing of a party alone."""
    if not found.merged:
        return None
    rows = [{"merge": merge, **named(merge.merged)} for merge in merges_of(found.merged)]
    return {"rows": rows, "asked": next((row for row in rows if str(row["id"]) == came_from), None)}
