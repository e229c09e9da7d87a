"""What a column of a list is: how its value is read from a row, shown, ordered and totalled."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from svyaz.access.queries import Rights, rights_of
from svyaz.desk.templatetags.desk import moment, money
from svyaz.users.models import User


class Kind(StrEnum):
    """What the values of a column are; files keep the type, the screen shows it as people write it."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    MOMENT = "moment"


@dataclass
class Look:
    """One look at a list: who looks, when, and what was fetched for the rows in hand (by the column's key)."""

    user: User
    at: datetime
    loaded: dict[str, Mapping[int, Any]] = field(default_factory=dict)

    @property
    def rights(self) -> Rights:
        """Return the viewer's rights."""
        return rights_of(self.user)


Read = Callable[[Any, Look], Any]
Show = Callable[[Any, Any, Look], str]
Load = Callable[[Sequence[int], Look], Mapping[int, Any]]
Total = Callable[[Any, Look], Any]


@dataclass(frozen=True)
class Order:
    """By which field of the row a list may be ordered; an index answers it, or the table is small."""

    path: str
    is_nullable: bool = False
    newest_first: bool = False


@dataclass(frozen=True)
class Column:
    """One column. `read` returns the bare value (for files), `show` how it looks; `load` fetches for a page at once."""

    key: str
    label: Any
    read: Read
    kind: Kind = Kind.TEXT
    show: Show | None = None
    load: Load | None = None
    order: Order | None = None
    joins: tuple[str, ...] = ()
    fetches: tuple[Any, ...] = ()
    is_shown: bool = True
    needs: str = ""
    total: Total | None = None

    def cell(self, row: Any, look: Look) -> str:
        """Return what stands in the row's cell: escaped, or HTML of our own."""
        value = self.read(row, look)
        if self.show is not None:
            return self.show(row, value, look)
        return shown(value, self.kind)

    @property
    def is_numeric(self) -> bool:
        """Tell whether figures stand under one another."""
        return self.kind in {Kind.NUMBER, Kind.MONEY}


def shown(value: Any, kind: Kind) -> str:
    """Return a value as people write it; nothing for an empty one."""
    if value is None or value == "":
        return ""
    if kind is Kind.MONEY:
        return money(value)
    if kind is Kind.NUMBER:
        return money(value, "XXX")
    if kind is Kind.DATE and isinstance(value, date):
        return moment(value)
    if kind is Kind.MOMENT and isinstance(value, datetime):
        return moment(value)
    return str(value)


def loaded(key: str, empty: Any = None) -> Read:
    """Return a reader of what the column's `load` fetched for the row."""

    def read(row: Any, look: Look) -> Any:
        return look.loaded.get(key, {}).get(row.pk, empty)

    return read


def attribute(path: str) -> Read:
    """Return a reader of an attribute of the row, dotted through what it refers to."""
    names = path.split(".")

    def read(row: Any, look: Look) -> Any:
        value = row
        for name in names:
            value = getattr(value, name, None)
            if value is None:
                return None
        return value

    return read


def words(path: str) -> Read:
    """Return a reader of what an attribute is called on the screen: a row's name."""
    read_value = attribute(path)

    def read(row: Any, look: Look) -> str:
        value = read_value(row, look)
        return "" if value is None else str(value)

    return read


def choice(name: str) -> Read:
    """Return a reader of the words of a choice."""

    def read(row: Any, look: Look) -> str:
        said = str(getattr(row, f"get_{name}_display")() or "")
        return said[:1].upper() + said[1:]

    return read


def badge(tones: Mapping[str, str], name: str, *, quiet: str = "") -> Show:
    """Return what shows a choice as a badge whose tone says what it means; the usual one stays plain text."""

    def show(row: Any, value: Any, look: Look) -> str:
        code = str(getattr(row, name) or "")
        if not value:
            return ""
        if code == quiet:
            return format_html('<span class="dim">{}</span>', value)
        return format_html('<span class="badge {}">{}</span>', tones.get(code, ""), value)

    return show


def linked(address: Callable[[Any], str | None]) -> Show:
    """Return what shows a value as a link to what it names, where there is an address."""

    def show(row: Any, value: Any, look: Look) -> str:
        if not value:
            return ""
        href = address(row)
        return format_html('<a class="dim" href="{}">{}</a>', href, value) if href else str(value)

    return show


def dim(row: Any, value: Any, look: Look) -> SafeString | str:
    """Show a value that stands back behind the name."""
    return format_html('<span class="dim">{}</span>', value) if value not in {None, ""} else ""
