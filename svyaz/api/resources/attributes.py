"""What a resource declares: its attributes, what each can be filtered and sorted by, and who may see it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime

from svyaz.access.queries import Rights
from svyaz.lib.emails import InvalidEmail, normalize_email
from svyaz.lib.phones import InvalidPhone, normalize_phone
from svyaz.lib.text import name_key

Schema = dict[str, Any]
COMPARISONS = frozenset({"eq", "gt", "gte", "lt", "lte"})
BIGGEST = 2**63 - 1
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _as_it_is(rights: Rights, condition: Q) -> Any:
    return condition


@dataclass(frozen=True)
class Filter:
    """How an attribute, or what lies at a dotted path below it, is filtered.

    `lookup` is Django's path to the column, `kind` its PostgreSQL type; `read` turns the text of a request into a
    value and raises ValueError with the reason. `through` wraps the condition where the column belongs to other rows.
    With `identifies` an exact value names a customer: it is found in every area, and the reason is recorded.
    """

    lookup: str
    kind: str
    read: Callable[[str], Any]
    path: str = ""
    operators: frozenset[str] = frozenset({"eq"})
    through: Callable[[Rights, Q], Any] = _as_it_is
    identifies: str = ""


@dataclass(frozen=True)
class Key:
    """A column that a list is sorted by, never NULL, with its PostgreSQL type."""

    lookup: str
    kind: str


@dataclass(frozen=True)
class Attribute:
    """One attribute: its JSON schema, the expression that gives its value, and what it needs beyond the resource.

    What is NULL is absent: say so with `is_optional`, and with `is_sparse` where values inside it may be NULL. An
    attribute that is not `is_listed` costs too much for a page of rows and comes there only if `fields` names it.
    """

    name: str
    schema: Schema
    value: Callable[[Rights], Any]
    permission: str = ""
    filters: tuple[Filter, ...] = ()
    sort: tuple[Key, ...] = ()
    is_always_given: bool = False
    is_optional: bool = False
    is_sparse: bool = False
    is_listed: bool = True


@dataclass(frozen=True, eq=False)
class Resource:
    """A TM Forum resource: where it is, which rows it shows, and its attributes.

    `rows` begins with visible_to; `listed` leaves out of lists what only its id still finds. `party` is the path to
    the party that a row belongs to. A resource that is a card of a party names with `canonical` the path to whom the
    party counts as; `survivor_row` then returns, with that relationship in hand, the row that answers for it.
    """

    name: str
    path: str
    permission: str
    rows: Callable[[Rights], "QuerySet[Any]"]
    attributes: tuple[Attribute, ...]
    default_sort: str = "id"
    party: str = "party_id"
    listed: Callable[["QuerySet[Any]"], "QuerySet[Any]"] = field(default=lambda rows: rows)
    canonical: str = ""
    survivor_row: Callable[[Rights, int], int] = field(default=lambda rights, pk: pk)

    @cached_property
    def by_name(self) -> dict[str, Attribute]:
        """Return the attributes by name."""
        return {attribute.name: attribute for attribute in self.attributes}

    @cached_property
    def absences(self) -> tuple[str, ...]:
        """Return how PostgreSQL writes optional attributes that are NULL; inside of a text a quote has a backslash."""
        return tuple(f', "{attribute.name}" : null' for attribute in self.attributes if attribute.is_optional)

    @cached_property
    def filters(self) -> dict[str, Filter]:
        """Return the filters by the dotted path that a request names."""
        return {
            f"{attribute.name}.{each.path}" if each.path else attribute.name: each
            for attribute in self.attributes
            for each in attribute.filters
        }

    @cached_property
    def sorts(self) -> dict[str, tuple[Key, ...]]:
        """Return what a list can be sorted by."""
        return {attribute.name: attribute.sort for attribute in self.attributes if attribute.sort}

    def keys(self, sort: tuple[tuple[str, bool], ...]) -> list[tuple[Key, bool]]:
        """Return the columns that a list is sorted by; the id stands last, so that no two rows share a place."""
        keys = [(key, is_down) for name, is_down in sort for key in self.sorts[name]]
        return keys if keys[-1][0].lookup == "pk" else [*keys, (Key("pk", "bigint"), keys[-1][1])]


def read_id(text: str) -> int:
    """Return an id; what cannot be one is the id of nothing."""
    if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= BIGGEST:
        return int(text)
    return -1


def read_text(text: str) -> str:
    """Return a text as it is."""
    return text


def read_name(text: str) -> str:
    """Return the key of a name: case and ё aside."""
    return name_key(text)


def read_phone(text: str) -> str:
    """Return a telephone number as it is kept."""
    # A plus sign that was not escaped arrives as a blank.
    try:
        return normalize_phone("+" + text.strip() if text.startswith(" ") else text)
    except InvalidPhone as error:
        raise ValueError("is no telephone number") from error


def read_email(text: str) -> str:
    """Return an e-mail address as it is kept."""
    try:
        return normalize_email(text)
    except InvalidEmail as error:
        raise ValueError("is no e-mail address") from error


def read_moment(text: str) -> datetime:
    """Return a moment: RFC 3339, or a day (its beginning)."""
    written = text.strip().replace(" ", "+")  # a plus sign that was not escaped
    try:
        moment = parse_datetime(written)
        day = parse_date(written) if moment is None else None
    except ValueError as error:
        raise ValueError("is no date-time (RFC 3339)") from error
    if moment is None and isinstance(day, date):
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if moment is None:
        raise ValueError("is no date-time (RFC 3339)")
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not EARLIEST <= moment <= LATEST:
        raise ValueError("lies outside of 1900 to 2200")
    return moment


def read_choice(*choices: str) -> Callable[[str], str]:
    """Return a reader of one of these words; another one is the value of nothing, but it is told."""

    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"is none of {', '.join(choices)}")
        return text

    return read
