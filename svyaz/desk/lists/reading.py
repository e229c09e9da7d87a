"""Reading a list: its rows page by page or all through, what was fetched for them, counts and totals."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet, prefetch_related_objects

from svyaz.desk.lists import keyset
from svyaz.desk.lists.asked import Asked
from svyaz.desk.lists.columns import Column, Look
from svyaz.desk.lists.keyset import Step
from svyaz.desk.paging import MOST_COUNTED, PAGE

Rows = QuerySet[Any]
CHUNK = 1_000


def found(asked: Asked, look: Look) -> Rows:
    """Return the rows that are asked for and that the viewer may see, in no order."""
    rows = asked.listed.rows(look, asked)
    for condition in asked.conditions:
        if not condition.filter.on:
            rows = rows.filter(condition.filter.where(condition.operator, condition.values, look))
    if asked.text and asked.listed.search:
        rows = asked.listed.search(rows, asked.text, look)
    return rows


def steps(asked: Asked) -> list[Step]:
    """Return the fields that order the list: its group, the sort and the row's id."""
    order = asked.sort_column.order
    assert order is not None
    by = [Step(order.path, asked.is_backwards, order.is_nullable), Step("pk", asked.is_backwards)]
    group = asked.group
    return [Step(group.path, is_nullable=group.is_nullable), *by] if group and group.path else by


def page(asked: Asked, look: Look, *, size: int = PAGE) -> tuple[list[Any], str]:
    """Return one page of rows with all that its columns need, and the key of the next page ("": there is none)."""
    rows = found(asked, look)
    order = steps(asked)
    key = keyset.read(asked.after, rows.model, order) if asked.after else None
    shown, following = keyset.page(_joined(rows, asked), order, key, size=size)
    fetch(shown, asked, look)
    return shown, keyset.written(following)


def all_through(asked: Asked, look: Look) -> Iterator[list[Any]]:
    """Yield every row in order, a chunk at a time with what its columns need: memory stays the same however many.

    One cursor reads all of one moment; what is fetched beside it costs a few queries a chunk and none a row.
    """
    with transaction.atomic():
        chunk: list[Any] = []
        for row in keyset.ordered(_joined(found(asked, look), asked), steps(asked)).iterator(chunk_size=CHUNK):
            chunk.append(row)
            if len(chunk) == CHUNK:
                fetch(chunk, asked, look)
                yield chunk
                chunk = []
        if chunk:
            fetch(chunk, asked, look)
            yield chunk


def _joined(rows: Rows, asked: Asked) -> Rows:
    joins = {*asked.listed.joins, *(join for column in asked.columns for join in column.joins)}
    return rows.select_related(*sorted(joins)) if joins else rows


def fetch(rows: Sequence[Any], asked: Asked, look: Look) -> None:
    """Fetch what the columns and the list need beside the rows themselves: a constant number of queries."""
    wanted = [*asked.listed.fetches, *(each for column in asked.columns for each in column.fetches)]
    lookups = list({_name(each): each() if callable(each) else each for each in wanted}.values())
    if rows and lookups:
        prefetch_related_objects(list(rows), *lookups)
    if asked.listed.prepare:
        asked.listed.prepare(list(rows), look)
    ids = [row.pk for row in rows]
    for column in asked.columns:
        if column.load is not None:
            look.loaded[column.key] = column.load(ids, look)


def _name(fetched: Any) -> str:
    return fetched if isinstance(fetched, str) else str(fetched.__name__)


@dataclass(frozen=True)
class Counted:
    """How many rows there are: exactly, or past ten thousand as the planner estimates."""

    rows: int
    is_exact: bool


def counted(rows: Rows) -> Counted:
    """Count up to ten thousand; past that ask the planner, which takes a millisecond."""
    few: Any = rows.order_by().values("pk")[: MOST_COUNTED + 1]
    exact = int(few.count())
    if exact <= MOST_COUNTED:
        return Counted(exact, is_exact=True)
    return Counted(max(MOST_COUNTED + 1, estimated(rows)), is_exact=False)


def estimated(rows: Rows) -> int:
    """Return how many rows the planner expects."""
    plan = json.loads(rows.order_by().values("pk").explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])


def totals(asked: Asked, look: Look, count: Counted) -> dict[str, Any]:
    """Return the totals of the columns that have one; none where counting every row would take its time."""
    summed = [column for column in asked.columns if column.total is not None]
    if not summed or not count.is_exact or count.rows == 0:
        return {}
    rows = found(asked, look).order_by()
    return {column.key: column.total(rows, look) for column in summed if column.total is not None}


def group_counts(asked: Asked, look: Look, count: Counted) -> dict[Any, int]:
    """Return how many rows stand under each head, where all of them are few enough to be counted."""
    group = asked.group
    if group is None or not group.path or not count.is_exact:
        return {}
    rows: Iterable[tuple[Any, int]] = (
        found(asked, look).order_by().values_list(group.path).annotate(rows=Count("pk", distinct=True))
    )
    return dict(rows)


def values_of(row: Any, columns: Sequence[Column], look: Look) -> list[Any]:
    """Return the bare values of a row, as files keep them."""
    return [column.read(row, look) for column in columns]
