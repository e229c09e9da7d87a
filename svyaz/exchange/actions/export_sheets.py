"""What can be exported: tables that higher packages make known by name, each read for one viewer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from svyaz.users.models import User

TEXT, NUMBER, MONEY, DATE, MOMENT = "text", "number", "money", "date", "moment"


class UnknownTable(Exception):
    """There is nothing of this name to export, or the user may not see it."""


@dataclass(frozen=True)
class Heading:
    """A column of a file: its key, what it is called, and what its values are (text, number, money, date, moment)."""

    key: str
    name: str
    kind: str


@dataclass(frozen=True)
class Sheet:
    """A table for one viewer: `query` and `words` say what was asked; `chunks` yields its rows by the thousand."""

    name: str
    title: str
    query: str
    words: tuple[str, ...]
    headings: tuple[Heading, ...]
    expected: int
    chunks: Callable[[], Iterator[list[list[Any]]]]


Source = Callable[[str, User, datetime], Sheet]
_SOURCES: dict[str, Source] = {}


def register_table(name: str, source: Source) -> None:
    """Make a table known: `source` reads a query for a user, and raises UnknownTable if he may not see the table."""
    _SOURCES[name] = source


def table_names() -> list[str]:
    """Return the names of all tables."""
    return list(_SOURCES)


def sheet_of(name: str, *, query: str, viewer: User, at: datetime) -> Sheet:
    """Return a table as a viewer sees it; raise UnknownTable."""
    if name not in _SOURCES:
        raise UnknownTable(name)
    return _SOURCES[name](query, viewer, at)
