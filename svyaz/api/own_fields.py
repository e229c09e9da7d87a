"""Own fields as TM Forum's characteristics: name, value, valueType; and rows found by them."""

import json
from typing import Any

from django.db.models import BooleanField, Case, F, Func, JSONField, OuterRef, Q, TextField, When

from svyaz.access.queries import Rights
from svyaz.api.resources.attributes import Filter
from svyaz.api.resources.statement import exists
from svyaz.api.resources.values import constant
from svyaz.customer360.queries.compile import JsonRows
from svyaz.fields.actions import InvalidOwnValue, normal
from svyaz.fields.models import OwnField
from svyaz.fields.queries import field_named, seen_fields

NUMBERS = (OwnField.Kind.NUMBER, OwnField.Kind.MONEY, OwnField.Kind.PARTY)


def with_own(noun: str, own: str, others: Any, rights: Rights, *, has_others: Q) -> Any:
    """Return the characteristics of a row: its own fields that the viewer may see after `others` (a JSON object).

    `own` is the path to the values. A row without any costs one comparison.
    """
    value = Func(OuterRef(own), F("code"), template="(%(expressions)s)", arg_joiner=" -> ", output_field=JSONField())
    has_value = Func(OuterRef(own), F("code"), function="jsonb_exists", output_field=BooleanField())
    kinds = Case(
        When(kind__in=NUMBERS, then=constant("number")), When(kind=OwnField.Kind.BOOLEAN, then=constant("boolean")),
        When(kind=OwnField.Kind.CHOICES, then=constant("array")), default=constant("string"),
    )  # fmt: skip
    rows = seen_fields(noun, rights).filter(has_value).order_by("position", "pk")
    mine = JsonRows(rows, name=F("code"), value=value, valueType=kinds)
    first = Func(others, template="ARRAY[%(expressions)s]", output_field=TextField())
    both = Func(first, mine, function="array_cat", output_field=TextField())
    return Case(
        When(~Q(**{own: {}}) & has_others, then=_as_json(both)), When(~Q(**{own: {}}), then=_as_json(mine)),
        When(has_others, then=_as_json(first)),
    )  # fmt: skip


def _as_json(array: Any) -> Func:
    return Func(array, function="array_to_json", output_field=TextField())


def own_filter(noun: str, own: str) -> Filter:
    """Return the filter `….own=code:value`: any field that the viewer may see has this value, or holds this option."""

    def read(text: str) -> str:
        code, _colon, value = text.partition(":")
        field = field_named(noun, code.strip())
        if field is None:
            raise ValueError("names no own field: write code:value")
        try:
            wanted = normal(field, value)
        except InvalidOwnValue as error:
            raise ValueError(f"is no value of {field.code} ({error.reason})") from error
        if wanted is None:
            raise ValueError("names no value: write code:value")
        return json.dumps({field.code: wanted}, ensure_ascii=False)

    def through(rights: Rights, condition: Q) -> Any:
        found = Q()
        for value in _parameters(condition):
            is_seen = Func(value, F("code"), function="jsonb_exists", output_field=BooleanField())
            found |= Q(**{f"{own}__contains": value}) & Q(exists(seen_fields(noun, rights).filter(is_seen)))
        return found & ~Q(**{own: {}})

    return Filter(own, "jsonb", read, "own", through=through)


def _parameters(condition: Q) -> list[Any]:
    """Return the values that a condition compares with, one for each that the request names."""
    found = []
    for child in condition.children:
        found += _parameters(child) if isinstance(child, Q) else [child[1]]  # type: ignore[index]
    return found
