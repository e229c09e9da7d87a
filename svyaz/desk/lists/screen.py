"""What the page of a list shows: tabs, bar, heads, rows under their groups, totals, pages."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from svyaz.desk.lists import bar, reading
from svyaz.desk.lists.asked import Asked
from svyaz.desk.lists.columns import Look, shown
from svyaz.desk.lists.tabs import tabs_of
from svyaz.desk.lists.watching import acts_of, run_in_hand
from svyaz.desk.paging import MOST_COUNTED

Row = dict[str, Any]


def context_of(request: HttpRequest, asked: Asked, look: Look) -> dict[str, Any]:
    """Return all that the page of a list shows."""
    page, view = reverse(asked.listed.page), bar.view_of(request)
    rows, following = reading.page(asked, look)
    acts = acts_of(asked, look)
    count = reading.counted(reading.found(asked, look))
    return {
        "listed": asked.listed,
        "page": page,
        "view": view,
        "asked": asked,
        "groups": list(_grouped(rows, asked, look, reading.group_counts(asked, look, count))),
        "rows": rows,
        "count": count.rows,
        "is_exact": count.is_exact,
        "most": MOST_COUNTED,
        "totals": _totals(asked, look, count),
        "wide": len(asked.columns) + bool(acts),
        "next": asked.address(page, view=view, after=following) if following else "",
        "first": replace(asked, after="").address(page, view=view) if asked.after else "",
        "query": asked.query(),
        "acts": acts,
        "work": run_in_hand(request, look),
        **_bar(request, asked, look, page, view),
        **tabs_of(asked, look, page, view),
    }


def _bar(request: HttpRequest, asked: Asked, look: Look, page: str, view: str) -> dict[str, Any]:
    editing = request.GET.get("edit", "")
    return {
        "chips": bar.chips(asked, look, page, view),
        "addable": bar.addable(asked, view),
        "editor": bar.editor(asked, look, editing, view, request.GET.get("find", "")) if editing else None,
        "heads": bar.heads(asked, page, view),
        "orders": bar.orders(asked, page, view),
        "groupings": bar.groups(asked, page, view) if asked.listed.groups else [],
        "column_choices": bar.column_choices(asked, page, view),
        "usual_columns": bar.usual_columns(asked, page, view),
        "clear": replace(asked, conditions=(), text="", after="").address(page, view=view),
    }


def _grouped(rows: Sequence[Any], asked: Asked, look: Look, counts: dict[Any, int]) -> Iterator[Row]:
    """Yield the rows under their heads; without groups there is one, which has none."""
    group = asked.group
    if group is None:
        yield {"name": "", "rows": [_row(row, asked, look) for row in rows]}
        return
    for mark, same in groupby(rows, key=lambda row: group.mark(row, look)):
        own = list(same)
        name = group.name(own[0], look)
        yield {"name": name, "count": counts.get(mark), "rows": [_row(row, asked, look) for row in own]}


def _row(row: Any, asked: Asked, look: Look) -> Row:
    cells = [
        {"html": column.cell(row, look), "label": column.label, "is_numeric": column.is_numeric, "is_first": not place}
        for place, column in enumerate(asked.columns)
    ]
    return {"id": row.pk, "cells": cells}


def _totals(asked: Asked, look: Look, count: reading.Counted) -> list[Row]:
    """Return the foot of the table, a cell for each column after the first; none where there is nothing to total."""
    found = reading.totals(asked, look, count)
    if not any(value is not None for value in found.values()):
        return []
    return [
        {"words": shown(found.get(column.key), column.kind), "label": column.label, "is_numeric": column.is_numeric}
        for column in asked.columns[1:]
    ]
