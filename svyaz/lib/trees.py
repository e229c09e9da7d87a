"""Trees that rows make by naming the row they belong to."""

from collections.abc import Iterable
from typing import Any, TypeVar

RowT = TypeVar("RowT", bound=Any)


def in_tree_order(rows: Iterable[RowT]) -> list[tuple[int, RowT]]:
    """Return rows with `parent_id`, each below its parent with how deep it stands; neighbours keep their order.

    A row whose parent is not among them stands at the top; what is in a ring is left out.
    """
    rows = list(rows)
    known = {row.pk for row in rows}
    children: dict[int | None, list[RowT]] = {}
    for row in rows:
        children.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    found: list[tuple[int, RowT]] = []
    waiting = [(0, row) for row in reversed(children.get(None, []))]
    while waiting:
        depth, row = waiting.pop()
        found.append((depth, row))
        waiting += [(depth + 1, child) for child in reversed(children.get(row.pk, []))]
    return found
