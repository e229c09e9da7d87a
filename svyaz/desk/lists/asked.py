"""What is asked of a list, as its address says: ?status=active&area=12&since.before=2020-01-01&sort=-created."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.http import urlencode

from svyaz.desk.lists.columns import Column, Look
from svyaz.desk.lists.definition import Condition, Group, ListOf

# Words of the address that are no filters.
OWN = frozenset({"q", "sort", "group", "columns", "after", "view", "edit", "find", "removed", "run"})
FLAT = "flat"
MOST_ASKED = 4_000


@dataclass(frozen=True)
class Asked:
    """Filters, words, order, group and columns; the whole state of a list."""

    listed: ListOf
    conditions: tuple[Condition, ...] = ()
    text: str = ""
    sort: str = ""
    group: Group | None = None
    columns: tuple[Column, ...] = ()
    after: str = ""

    @property
    def sort_column(self) -> Column:
        """Return the column that orders the list."""
        column = self.listed.column(self.sort.removeprefix("-"))
        assert column is not None
        return column

    @property
    def is_backwards(self) -> bool:
        """Tell whether the order runs from the greatest down."""
        return self.sort.startswith("-")

    def gathered(self, on: str, look: Look) -> Q:
        """Return the conditions that the list applies itself, as one on the rows that they speak of."""
        found = Q()
        for one in self.conditions:
            if one.filter.on == on:
                found &= one.filter.where(one.operator, one.values, look)
        return found

    def values(self, key: str) -> tuple[str, ...]:
        """Return what a filter is set to; nothing if it is not set."""
        return next((one.values for one in self.conditions if one.filter.key == key), ())

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything limits what is shown."""
        return bool(self.conditions or self.text)

    def set(self, condition: Condition) -> "Asked":
        """Return the same with one filter set anew, in its place."""
        keys = [one.filter.key for one in self.conditions]
        if condition.filter.key not in keys:
            return replace(self, conditions=(*self.conditions, condition), after="")
        swapped = (condition if one.filter.key == condition.filter.key else one for one in self.conditions)
        return replace(self, conditions=tuple(swapped), after="")

    def without(self, key: str) -> "Asked":
        """Return the same with one filter taken away."""
        kept = tuple(condition for condition in self.conditions if condition.filter.key != key)
        return replace(self, conditions=kept, after="")

    def params(self) -> dict[str, str]:
        """Return the state as the parameters of an address; what is as always is left out."""
        found = {_name(one): ",".join(one.values) for one in self.conditions}
        if self.text:
            found["q"] = self.text
        if self.sort != self.listed.sort:
            found["sort"] = self.sort
        if (self.group.key if self.group else "") != self.listed.group:
            found["group"] = self.group.key if self.group else FLAT
        if [column.key for column in self.columns] != default_columns(self.listed):
            found["columns"] = ",".join(column.key for column in self.columns)
        return found

    def query(self, **more: str) -> str:
        """Return the address's query of this state; commas stay commas, so that people can read it."""
        return urlencode({**self.params(), **{key: value for key, value in more.items() if value}}).replace("%2C", ",")

    def address(self, page: str, **more: str) -> str:
        """Return the address of the list in this state."""
        query = self.query(**more)
        return f"{page}?{query}" if query else page


def _name(condition: Condition) -> str:
    return f"{condition.filter.key}.{condition.operator}" if condition.operator else condition.filter.key


def default_columns(listed: ListOf) -> list[str]:
    """Return the columns that a list shows when nothing is chosen."""
    return [column.key for column in listed.columns if column.is_shown]


def read(listed: ListOf, query: QueryDict | str, look: Look) -> Asked:
    """Read the state out of an address; what means nothing asks for nothing."""
    params = QueryDict(query[:MOST_ASKED]) if isinstance(query, str) else query
    one = {name: str(value).replace("\x00", "") for name, value in params.items()}
    return Asked(
        listed,
        conditions=tuple(_conditions(listed, params, look)),
        text=one.get("q", "").strip()[:200],
        sort=_sort(listed, one.get("sort", "")),
        group=_group(listed, one.get("group", "")),
        columns=_columns(listed, one.get("columns", "")),
        after=one.get("after", "")[:1000],
    )


def _conditions(listed: ListOf, params: Mapping[str, Any], look: Look) -> list[Condition]:
    found: dict[str, Condition] = {}
    for name, value in params.items():
        if name in OWN or not value:
            continue
        if listed.aliases and (other := listed.aliases(name, str(value))):
            name, value = other
        condition = condition_of(listed, name, str(value).split(","), look)
        if condition is not None:
            found.setdefault(condition.filter.key, condition)
    return list(found.values())


def condition_of(listed: ListOf, name: str, values: list[str], look: Look) -> Condition | None:
    """Return the filter that a parameter sets, or None if it means nothing."""
    key, _dot, operator = name.partition(".")
    wanted = listed.filter(key)
    if wanted is None or operator not in wanted.operators:
        return None
    clean = wanted.clean(operator, values, look)
    return Condition(wanted, operator, clean) if clean else None


def _sort(listed: ListOf, wanted: str) -> str:
    column = listed.column(wanted.removeprefix("-"))
    return wanted if column is not None and column.order is not None else listed.sort


def _group(listed: ListOf, wanted: str) -> Group | None:
    return None if wanted == FLAT else listed.group_by(wanted or listed.group) or listed.group_by(listed.group)


def _columns(listed: ListOf, wanted: str) -> tuple[Column, ...]:
    if wanted == "all":
        return listed.columns
    keys = list(dict.fromkeys(wanted.split(","))) if wanted else []
    chosen = tuple(column for key in keys if (column := listed.column(key)))
    if not chosen:
        return tuple(column for column in listed.columns if column.is_shown)
    # The first column names the row and opens it.
    first = listed.columns[0]
    return chosen if first in chosen else (first, *chosen)
