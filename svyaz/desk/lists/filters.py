"""Filters of a list: what may be asked of a column, how it stands in the address, and how it is said in words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from svyaz.desk.lists.columns import Look

Choice = tuple[str, Any]
NONE = "none"
TODAY = "today"
MOST_VALUES = 50
MOST_OFFERED = 200


@dataclass(frozen=True)
class Filter:
    """Something that rows are chosen by. `field` is its path from the row; `on` names what the list gathers itself."""

    key: str
    label: Any
    field: str = ""
    on: str = ""
    needs: str = ""
    custom: Callable[[str, tuple[str, ...], Look], Q] | None = None

    operators: ClassVar[dict[str, Any]] = {"": _("is")}
    control: ClassVar[str] = "text"

    def clean(self, operator: str, values: Sequence[str], look: Look) -> tuple[str, ...]:
        """Return those of the values that mean something; none: the filter is not set."""
        return tuple(value for value in values if self.means(operator, value, look))[:MOST_VALUES]

    def means(self, operator: str, value: str, look: Look) -> bool:
        """Tell whether a value means something to this filter."""
        return bool(value.strip()) and "\x00" not in value

    def where(self, operator: str, values: tuple[str, ...], look: Look) -> Q:
        """Return the condition on the row."""
        return self.custom(operator, values, look) if self.custom else self.condition(operator, values, look)

    def condition(self, operator: str, values: tuple[str, ...], look: Look) -> Q:
        """Return the condition that the kind of filter gives by itself."""
        return Q(**{f"{self.field}__in": values})

    def said(self, operator: str, values: tuple[str, ...], look: Look) -> str:
        """Return the values in words."""
        return ", ".join(values)

    def offered(self, look: Look, find: str = "") -> list[Choice]:
        """Return what can be chosen, as (value, words); nothing where one types."""
        return []


@dataclass(frozen=True)
class ChoiceFilter(Filter):
    """One of a few fixed values, or none of them."""

    choices: Sequence[Choice] = ()
    operators: ClassVar[dict[str, Any]] = {"": _("is"), "not": _("is not")}
    control: ClassVar[str] = "choices"

    def means(self, operator: str, value: str, look: Look) -> bool:
        return any(value == known for known, _words in self.choices)

    def condition(self, operator: str, values: tuple[str, ...], look: Look) -> Q:
        found = Q(**{f"{self.field}__in": values})
        return ~found if operator == "not" else found

    def said(self, operator: str, values: tuple[str, ...], look: Look) -> str:
        return _or([str(dict(self.choices).get(value, value)) for value in values])

    def offered(self, look: Look, find: str = "") -> list[Choice]:
        return [(value, words) for value, words in self.choices if find.casefold() in str(words).casefold()]


@dataclass(frozen=True)
class OneChoice(ChoiceFilter):
    """One of a few fixed values, which the list itself knows how to ask for: due today, waiting for my approval."""

    operators: ClassVar[dict[str, Any]] = {"": _("is")}
    control: ClassVar[str] = "choice"

    def clean(self, operator: str, values: Sequence[str], look: Look) -> tuple[str, ...]:
        return super().clean(operator, values, look)[:1]


@dataclass(frozen=True)
class RowFilter(Filter):
    """One of the rows of another table: an area, an employee, a service; `none` where there is none."""

    rows: Callable[[Look], Any] = lambda look: []
    special: Sequence[Choice] = ()
    resolve: Callable[[str, Look], int | None] | None = None
    beneath: Callable[[int], Iterable[int]] | None = None
    name: Callable[[Any], str] = str
    search: str = "name"
    operators: ClassVar[dict[str, Any]] = {"": _("is"), "not": _("is not")}
    control: ClassVar[str] = "choices"

    def means(self, operator: str, value: str, look: Look) -> bool:
        return value in dict(self.special) or (value.isascii() and value.isdigit() and len(value) < 19)

    def clean(self, operator: str, values: Sequence[str], look: Look) -> tuple[str, ...]:
        """What the viewer may not see, or what is not there, means nothing."""
        kept = super().clean(operator, values, look)
        numbers = [int(value) for value in kept if value.isdigit()]
        known = set(self.rows(look).filter(pk__in=numbers).values_list("pk", flat=True)) if numbers else set()
        return tuple(value for value in kept if not value.isdigit() or int(value) in known)

    def ids(self, values: tuple[str, ...], look: Look) -> list[int]:
        """Return the rows that the values mean, with those beneath them."""
        resolved = [self.resolve(value, look) if self.resolve and not value.isdigit() else value for value in values]
        ids = [int(value) for value in resolved if value is not None and str(value).isdigit()]
        return sorted({each for one in ids for each in self.beneath(one)}) if self.beneath else ids

    def condition(self, operator: str, values: tuple[str, ...], look: Look) -> Q:
        found = Q(**{f"{self.field}__in": self.ids(values, look)})
        if NONE in values:
            found |= Q(**{f"{self.field}__isnull": True})
        if operator != "not":
            return found
        return ~found if NONE in values else ~found | Q(**{f"{self.field}__isnull": True})

    def said(self, operator: str, values: tuple[str, ...], look: Look) -> str:
        numbers = [int(value) for value in values if value.isdigit()]
        names = {str(row.pk): self.name(row) for row in self.rows(look).filter(pk__in=numbers)} if numbers else {}
        return _or([str(dict(self.special).get(value) or names.get(value, value)) for value in values])

    def offered(self, look: Look, find: str = "") -> list[Choice]:
        found = self.rows(look)
        for word in find.split():
            found = found.filter(**{f"{self.search}__icontains": word})
        rows = [(str(row.pk), self.name(row)) for row in found[:MOST_OFFERED]]
        return [*(() if find else self.special), *rows]


@dataclass(frozen=True)
class TextFilter(Filter):
    """A text that holds certain words, or is exactly so."""

    operators: ClassVar[dict[str, Any]] = {"has": _("contains"), "": _("is")}

    def clean(self, operator: str, values: Sequence[str], look: Look) -> tuple[str, ...]:
        text = ",".join(values).strip()[:200]
        return (text,) if text and "\x00" not in text else ()

    def condition(self, operator: str, values: tuple[str, ...], look: Look) -> Q:
        return Q(**{f"{self.field}__{'icontains' if operator == 'has' else 'iexact'}": values[0]})

    def said(self, operator: str, values: tuple[str, ...], look: Look) -> str:
        return f"“{values[0]}”"


@dataclass(frozen=True)
class NumberFilter(Filter):
    """A number within bounds."""

    operators: ClassVar[dict[str, Any]] = {"from": _("is at least"), "to": _("is at most"), "": _("is")}
    control: ClassVar[str] = "number"

    def means(self, operator: str, value: str, look: Look) -> bool:
        return number_of(value) is not None

    def clean(self, operator: str, values: Sequence[str], look: Look) -> tuple[str, ...]:
        return super().clean(operator, values, look)[:1]

    def condition(self, operator: str, values: tuple[str, ...], look: Look) -> Q:
        lookup = {"from": "gte", "to": "lte"}.get(operator, "exact")
        return Q(**{f"{self.field}__{lookup}": number_of(values[0])})

    def said(self, operator: str, values: tuple[str, ...], look: Look) -> str:
        return number_format(number_of(values[0]) or 0, use_l10n=True)


@dataclass(frozen=True)
class DayFilter(Filter):
    """A day: since, before, on it, or within the last so many days."""

    operators: ClassVar[dict[str, Any]] = {
        "from": _("since"), "before": _("before"), "": _("is on"), "last": _("within the last days"),
    }  # fmt: skip
    control: ClassVar[str] = "date"

    def means(self, operator: str, value: str, look: Look) -> bool:
        if operator == "last":
            return value.isascii() and value.isdigit() and 0 < int(value) <= 36500
        return day_of(value, look) is not None

    def clean(self, operator: str, values: Sequence[str], look: Look) -> tuple[str, ...]:
        return super().clean(operator, values, look)[:1]

    def bounds(self, operator: str, value: str, look: Look) -> tuple[date | None, date | None]:
        """Return the days [first, end) that are meant."""
        if operator == "last":
            return timezone.localdate(look.at) - timedelta(days=int(value) - 1), None
        day = day_of(value, look)
        assert day is not None
        if operator == "from":
            return day, None
        return (None, day) if operator == "before" else (day, day + timedelta(days=1))

    def edge(self, day: date) -> Any:
        """Return where a day begins, as the field keeps it."""
        return day

    def condition(self, operator: str, values: tuple[str, ...], look: Look) -> Q:
        first, end = self.bounds(operator, values[0], look)
        found = Q(**{f"{self.field}__gte": self.edge(first)}) if first else Q()
        return found & Q(**{f"{self.field}__lt": self.edge(end)}) if end else found

    def said(self, operator: str, values: tuple[str, ...], look: Look) -> str:
        if operator == "last":
            return ngettext("%(count)s day", "%(count)s days", int(values[0])) % {"count": int(values[0])}
        if values[0] == TODAY:
            return str(_("today"))
        day = day_of(values[0], look)
        return date_format(day, "j E Y") if day else values[0]


@dataclass(frozen=True)
class MomentFilter(DayFilter):
    """A moment, asked for by its day on the reader's clock."""

    def edge(self, day: date) -> Any:
        return datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())


def day_of(value: str, look: Look) -> date | None:
    """Read a day: 2026-05-19, or today."""
    if value == TODAY:
        return timezone.localdate(look.at)
    try:
        day = parse_date(value)
    except ValueError:
        return None
    # Around the calendar's ends the day's edges cannot be told in another time zone.
    return day if day is not None and 1 < day.year < 9999 else None


def number_of(value: str) -> Decimal | None:
    """Read a number that a base can hold; a comma may stand for the point."""
    try:
        number = Decimal(value.replace(",", ".").replace(" ", "").replace("\u00a0", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**12 else None


def _or(words: list[str]) -> str:
    return str(_("{first} or {last}")).format(first=", ".join(words[:-1]), last=words[-1]) if len(words) > 1 else (
        words[0] if words else ""
    )  # fmt: skip
