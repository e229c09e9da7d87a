"""Own fields in lists: a column and a filter for each that the viewer may see; files get the same columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import JSONField, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from svyaz.desk.lists.columns import Column, Kind, Look, Order
from svyaz.desk.lists.definition import Extras, Provider
from svyaz.desk.lists.filters import NONE, ChoiceFilter, DayFilter, Filter, NumberFilter, TextFilter, number_of
from svyaz.fields.models import OwnField
from svyaz.fields.queries import fields_of, holding_text, in_range, with_any_of, with_value, words_of

NUMERIC = {OwnField.Kind.NUMBER: Kind.NUMBER, OwnField.Kind.MONEY: Kind.MONEY}
# What an order's path would take for a question instead of a code.
LOOKUPS = frozenset(JSONField().get_lookups())
YES_NO = (("yes", pgettext_lazy("a value", "yes")), ("no", pgettext_lazy("a value", "no")))


@dataclass(frozen=True)
class OwnChoice(ChoiceFilter):
    """One of a field's options, yes or no, or no value."""

    own: Any = None

    def condition(self, operator: str, values: tuple[str, ...], look: Look) -> Q:
        wanted: list[Any] = [value for value in values if value != NONE]
        if self.own.kind == OwnField.Kind.BOOLEAN:
            wanted = [value == "yes" for value in wanted]
        found = with_any_of(self.own, wanted)
        if NONE in values:
            found |= ~with_value(self.own)
        return ~found if operator == "not" else found


@dataclass(frozen=True)
class OwnText(TextFilter):
    """A text that holds certain words, or is exactly so."""

    own: Any = None

    def condition(self, operator: str, values: tuple[str, ...], look: Look) -> Q:
        return holding_text(self.own, values[0]) if operator == "has" else with_any_of(self.own, values[:1])


@dataclass(frozen=True)
class OwnNumber(NumberFilter):
    """A number within bounds."""

    own: Any = None

    def condition(self, operator: str, values: tuple[str, ...], look: Look) -> Q:
        number = number_of(values[0]) or Decimal(0)
        value = int(number) if number == number.to_integral_value() else float(number)
        if operator in {"from", "to"}:
            return in_range(self.own, {"from": "gte", "to": "lte"}[operator], value)
        return with_any_of(self.own, [value])


@dataclass(frozen=True)
class OwnDay(DayFilter):
    """A day: since, before, on it, or within the last so many days."""

    own: Any = None

    def condition(self, operator: str, values: tuple[str, ...], look: Look) -> Q:
        first, end = self.bounds(operator, values[0], look)
        found = in_range(self.own, "gte", first.isoformat()) if first else Q()
        return found & in_range(self.own, "lt", end.isoformat()) if end else found


def filter_of(field: OwnField) -> Filter:
    """Return the filter of a field."""
    key, label = f"own_{field.code}", str(field)
    if field.kind in {OwnField.Kind.CHOICE, OwnField.Kind.CHOICES}:
        return OwnChoice(key, label, own=field, choices=(*field.option_names().items(), (NONE, _("none"))))
    if field.kind == OwnField.Kind.BOOLEAN:
        return OwnChoice(key, label, own=field, choices=(*YES_NO, (NONE, _("none"))))
    if field.kind in {*NUMERIC, OwnField.Kind.PARTY}:
        return OwnNumber(key, label, own=field)
    if field.kind == OwnField.Kind.DATE:
        return OwnDay(key, label, own=field)
    return OwnText(key, label, own=field)


def column_of(field: OwnField) -> Column:
    """Return the column of a field: files keep numbers as numbers, the screen shows words."""

    def read(row: Any, look: Look) -> Any:
        value = row.own.get(field.code)
        if field.kind in NUMERIC:
            return None if value is None else Decimal(str(value))
        return words_of(field, value)

    def show(row: Any, value: Any, look: Look) -> str:
        return words_of(field, row.own.get(field.code))

    order = None if field.code in LOOKUPS else Order(f"own__{field.code}", is_nullable=True)
    kind = NUMERIC.get(OwnField.Kind(field.kind), Kind.TEXT)
    return Column(f"own_{field.code}", str(field), read, kind, show=show, order=order, is_shown=False)


def extras(noun: str) -> Provider:
    """Return what adds a noun's own fields to a list of its rows."""

    def provided(look: Look) -> Extras:
        fields: Sequence[OwnField] = [field for field in fields_of(noun, look.user) if field.in_lists]
        return Extras(tuple(column_of(field) for field in fields), tuple(filter_of(field) for field in fields))

    return provided
