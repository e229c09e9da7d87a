"""A list as it is declared, and what a viewer may see of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from svyaz.desk.lists.columns import Column, Look
from svyaz.desk.lists.filters import Filter

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Condition:
    """One filter that is set: how, and to what."""

    filter: Filter
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Rows under heads: by a field that an index answers, or (`of_sort`) by what the order itself runs through."""

    key: str
    label: Any
    name: Callable[[Any, Look], str]
    mark: Callable[[Any, Look], Any]
    path: str = ""
    is_nullable: bool = False
    of_sort: str = ""


@dataclass(frozen=True)
class Preset:
    """A view that comes with the product."""

    key: str
    label: Any
    query: str
    needs: str = ""


@dataclass(frozen=True)
class Empty:
    """What an empty list says: a picture, that there is nothing, and where it will come from."""

    icon: str
    title: Any
    words: Any


@dataclass(frozen=True)
class Extras:
    """Columns and filters that a list gets for one viewer: an installation's own fields."""

    columns: tuple[Column, ...] = ()
    filters: tuple[Filter, ...] = ()


Provider = Callable[[Look], Extras]


@dataclass(frozen=True)
class ListOf:
    """One list. `rows` returns what the viewer may see, with the conditions it gathers itself applied (Filter.on).

    `page` is the name of its address; `aliases` reads what older links say in other words; `prepare` looks up what all
    rows share; `search` narrows the rows to those that words mean.
    """

    name: str
    title: Any
    label: Any
    permission: StrEnum
    page: str
    rows: Callable[[Look, Any], Rows]
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    sort: str
    empty: Empty
    groups: tuple[Group, ...] = ()
    group: str = ""
    presets: tuple[Preset, ...] = ()
    joins: tuple[str, ...] = ()
    fetches: tuple[Any, ...] = ()
    search: Callable[[Rows, str, Look], Rows] | None = None
    prepare: Callable[[list[Any], Look], None] | None = None
    aliases: Callable[[str, str], tuple[str, str] | None] | None = None
    acts: tuple[Any, ...] = field(default=())

    def column(self, key: str) -> Column | None:
        """Return a column by its key."""
        return next((column for column in self.columns if column.key == key), None)

    def filter(self, key: str) -> Filter | None:
        """Return a filter by its key."""
        return next((each for each in self.filters if each.key == key), None)

    def group_by(self, key: str) -> Group | None:
        """Return a grouping by its key."""
        return next((group for group in self.groups if group.key == key), None)

    @property
    def has_search(self) -> bool:
        """Tell whether words can be looked for (a template would call `search` itself)."""
        return self.search is not None

    @property
    def sorts(self) -> list[Column]:
        """Return the columns by which the list may be ordered."""
        return [column for column in self.columns if column.order is not None]


_LISTS: dict[str, ListOf] = {}
_PROVIDERS: dict[str, list[Provider]] = {}


def declare(declared: ListOf) -> ListOf:
    """Make a list known by its name: to its page, to saved views, to export and to bulk work."""
    _LISTS[declared.name] = declared
    return declared


def provide(name: str, provider: Provider) -> None:
    """Let a function add columns and filters to a list, asked anew for each viewer."""
    _PROVIDERS.setdefault(name, []).append(provider)


def names() -> list[str]:
    """Return the names of all lists."""
    return list(_LISTS)


def list_for(name: str, look: Look) -> ListOf | None:
    """Return a list as this viewer has it: without what he may not see, with what providers add; None if not his."""
    declared = _LISTS.get(name)
    if declared is None or not look.rights.may(declared.permission):
        return None
    extras = [provider(look) for provider in _PROVIDERS.get(name, ())]
    return replace(
        declared,
        columns=_allowed([*declared.columns, *(one for extra in extras for one in extra.columns)], look),
        filters=_allowed([*declared.filters, *(one for extra in extras for one in extra.filters)], look),
        presets=_allowed(declared.presets, look),
        acts=_allowed(declared.acts, look),
    )


def _allowed(parts: Iterable[Any], look: Look) -> tuple[Any, ...]:
    return tuple(part for part in parts if not part.needs or look.rights.may(part.needs))
