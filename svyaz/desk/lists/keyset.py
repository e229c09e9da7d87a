"""Pages by key on whichever order: the last row's values stand in the address, so page 1 000 costs as much as page 1.

An order is walked in parts that an index answers each: where every field runs the same way and is never empty, one
row comparison; else first what shares the last row's leading values, then what lies beyond them, then the empty ones.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Field, IntegerField, Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import (  # type: ignore[import-not-found,unused-ignore]
    Tuple,
    TupleGreaterThan,
    TupleLessThan,
)

# A whole number that a list computes for its order: the place of a choice among its kind.
ANNOTATED = frozenset({"place"})


@dataclass(frozen=True)
class Step:
    """One field of an order."""

    path: str
    is_backwards: bool = False
    is_nullable: bool = False

    def by(self) -> Any:
        """Return it as the ORM orders: empty values come last either way."""
        if not self.is_nullable:
            return F(self.path).desc() if self.is_backwards else F(self.path).asc()
        return F(self.path).desc(nulls_last=True) if self.is_backwards else F(self.path).asc(nulls_last=True)

    def beyond(self, value: Any) -> Q:
        """Return the condition of lying beyond a value in this direction."""
        return Q(**{f"{self.path}__{'lt' if self.is_backwards else 'gt'}": value})

    def is_value(self, value: Any) -> Q:
        """Return the condition of having a value, or none."""
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})


Key = list[Any]


def page(found: "QuerySet[Any]", steps: Sequence[Step], key: Key | None, *, size: int) -> tuple[list[Any], Key | None]:
    """Return one page of rows, and the key of the next page (None: there is none)."""
    rows: list[Any] = []
    for part, order in _parts(found, steps, key):
        rows += part.order_by(*order)[: size + 1 - len(rows)]
        if len(rows) > size:
            break
    shown = rows[:size]
    return shown, [_value(shown[-1], step.path) for step in steps] if len(rows) > size else None


def ordered(found: "QuerySet[Any]", steps: Sequence[Step]) -> "QuerySet[Any]":
    """Return all rows in order, for reading through."""
    return found.order_by(*(step.by() for step in steps))


Part = tuple["QuerySet[Any]", list[Any]]


def _parts(found: "QuerySet[Any]", steps: Sequence[Step], key: Key | None) -> Iterator[Part]:
    if key is None:
        yield from _whole(found, steps)
        return
    if not any(step.is_nullable for step in steps) and len({step.is_backwards for step in steps}) == 1:
        yield _row_after(found, steps, key)
        return
    # From the innermost field outwards: what shares more with the last row stands nearer to it.
    for depth in range(len(steps) - 1, -1, -1):
        same = found.filter(*(step.is_value(value) for step, value in zip(steps[:depth], key[:depth], strict=True)))
        step, value, rest = steps[depth], key[depth], steps[depth + 1 :]
        if value is not None:
            yield same.filter(step.beyond(value)), [_plain(step), *(each.by() for each in rest)]
            if step.is_nullable:
                yield same.filter(**{f"{step.path}__isnull": True}), [each.by() for each in rest]


def _whole(found: "QuerySet[Any]", steps: Sequence[Step]) -> Iterator[Part]:
    first, rest = steps[0], [step.by() for step in steps[1:]]
    if not first.is_nullable:
        yield found, [first.by(), *rest]
        return
    yield found.filter(**{f"{first.path}__isnull": False}), [_plain(first), *rest]
    yield found.filter(**{f"{first.path}__isnull": True}), rest


def _plain(step: Step) -> Any:
    """Return the order of a field among rows that have it: an index knows it without a word about empty ones."""
    return F(step.path).desc() if step.is_backwards else F(step.path).asc()


def _row_after(found: "QuerySet[Any]", steps: Sequence[Step], key: Key) -> Part:
    beyond = TupleLessThan if steps[0].is_backwards else TupleGreaterThan
    fields = Tuple(*(F(step.path) for step in steps))
    return found.filter(beyond(fields, tuple(key))), [step.by() for step in steps]


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        # A value of an own field stands in a dictionary, or nowhere.
        row = row.get(name) if isinstance(row, dict) else getattr(row, name)
    return row.pk if isinstance(row, Model) else row


def written(key: Key | None) -> str:
    """Return a key as it stands in the address."""
    if key is None:
        return ""
    return json.dumps([_text(value) for value in key], ensure_ascii=False, separators=(",", ":"))


def _text(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def read(text: str, model: type[Model], steps: Sequence[Step]) -> Key | None:
    """Read a key out of the address; what is none begins at the first page."""
    try:
        values = json.loads(text) if text.startswith("[") else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, list) or len(values) != len(steps):
        return None
    try:
        return [_typed(model, step, value) for step, value in zip(steps, values, strict=True)]
    except (ValidationError, ValueError, TypeError, OverflowError, FieldDoesNotExist):
        return None


def _typed(model: type[Model], step: Step, value: Any) -> Any:
    if value is None:
        if not step.is_nullable:
            raise ValueError(step.path)
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError(value)
    if isinstance(value, str) and "\x00" in value:
        raise ValueError(step.path)
    if step.path.startswith("own__"):
        return value
    typed = _field(model, step.path).to_python(value)
    if isinstance(typed, int) and abs(typed) >= 2**63:
        raise ValueError(step.path)
    if isinstance(typed, datetime) and typed.tzinfo is None:
        raise ValueError(step.path)
    return typed


def _field(model: type[Model], path: str) -> "Field[Any, Any]":
    *names, last = path.split("__")
    for name in names:
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]
    if last in ANNOTATED:
        return IntegerField()
    found: Any = model._meta.pk if last == "pk" else model._meta.get_field(last)
    return found.target_field if found.is_relation else found  # type: ignore[no-any-return]
