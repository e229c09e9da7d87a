"""Turns what is asked into one statement in which PostgreSQL builds the JSON.

A statement is compiled once per shape (rights, filters, order, fields) with the values as parameters, and kept: Django
would take longer to build the query anew than PostgreSQL takes to answer it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any, cast

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast
from psycopg.types.numeric import Int8

from svyaz.access.queries import Rights
from svyaz.api.resources.attributes import Attribute, Key, Resource
from svyaz.api.resources.question import Question
from svyaz.customer360.queries.compile import JsonObject, Parameter, compiled

Scope = frozenset[tuple[str, frozenset[int] | None]]
LOOKUPS = {"eq": "exact", "gt": "gt", "gte": "gte", "lt": "lt", "lte": "lte", "regex": "regex"}
MOST_COUNTED = 10_000


class WithoutNulls(Func):
    """json_strip_nulls(value): what is not there is absent."""

    template = "json_strip_nulls(to_json(%(expressions)s))"
    output_field = JSONField()


class Beyond(Func):
    """(a, b, c) > (1, 2, 3): rows after a place in an order that goes one way; an index answers it at once."""

    output_field = BooleanField()

    def __init__(self, *expressions: Any, sign: str) -> None:
        super().__init__(*expressions)
        self.sign = sign

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> Any:
        """Return the comparison of the first half of the expressions with the second."""
        parts = [compiler.compile(each) for each in self.source_expressions]
        texts, half = [text for text, _ in parts], len(parts) // 2
        params = [param for _, given in parts for param in given]
        return f"({', '.join(texts[:half])}) {self.sign} ({', '.join(texts[half:])})", params


@dataclass(frozen=True)
class Shape:
    """What of a question decides its statement; the values are parameters."""

    conditions: tuple[tuple[str, str, int], ...]
    sort: tuple[tuple[str, bool], ...]
    fields: frozenset[str] | None
    limit: int
    offset: int
    has_after: bool
    in_hand: int

    @classmethod
    def of(cls, question: Question, *, in_hand: int) -> "Shape":
        """Return the shape of a question."""
        return cls(
            conditions=tuple((each.name, each.operator, len(each.values)) for each in question.conditions),
            sort=question.sort,
            fields=first_level(question.fields),
            limit=question.limit + 1,
            offset=question.offset,
            has_after=question.after is not None,
            in_hand=in_hand,
        )


def first_level(fields: tuple[str, ...] | None) -> frozenset[str] | None:
    """Return the attributes that some fields need."""
    return None if fields is None else frozenset(name.partition(".")[0] for name in fields)


def scope_of(rights: Rights) -> Scope:
    """Return the permissions with their areas: what decides which rows and attributes are seen."""
    return frozenset(rights.areas.items())


def parameters(resource: Resource, question: Question, parties: Sequence[int]) -> list[Any]:
    """Return the values of a question in the order of its statement's parameters."""
    values: list[Any] = list(parties)
    values += [value for condition in question.conditions for value in condition.values]
    values += question.after or ()
    # One type for all whole numbers: each mixture of types would be a prepared statement of its own.
    return [Int8(value) if type(value) is int else value for value in values]


@lru_cache(maxsize=1024)
def get_statement(resource: Resource, scope: Scope, fields: frozenset[str] | None, in_hand: int) -> str:
    """Return the statement of one row by its id: party, JSON, whom the party counts as where it is one with others.

    The first parameters are the parties in hand, if a relationship is: the survivor and all merged into it.
    """
    rights, numbers = _rights(scope, in_hand)
    rows = resource.rows(rights).filter(pk=Parameter(next(numbers), "bigint"))
    columns = [F(resource.canonical)] if resource.canonical else []
    return _compiled(rows.order_by(), F(resource.party), document(resource, rights, fields), *columns)


@lru_cache(maxsize=1024)
def list_statement(resource: Resource, scope: Scope, shape: Shape) -> str:
    """Return the statement of a page: party, whether it is of the viewer's own area, JSON, the columns of the order."""
    rows, rights, own, numbers = _filtered(resource, scope, shape)
    keys = resource.keys(shape.sort)
    if shape.has_after:
        rows = rows.filter(_after(keys, numbers))
    rows = rows.order_by(*(("-" if is_down else "") + key.lookup for key, is_down in keys))
    columns = [F(key.lookup) for key, _ in keys]
    body = document(resource, rights, shape.fields, in_list=True)
    text = _compiled(rows, F(resource.party), own, body, *columns)
    return f"{text} LIMIT {shape.limit}" + (f" OFFSET {shape.offset}" if shape.offset else "")


@lru_cache(maxsize=1024)
def count_statement(resource: Resource, scope: Scope, shape: Shape) -> str:
    """Return the statement that counts the rows of all pages, one more than MOST_COUNTED at the most."""
    rows, _, _, _ = _filtered(resource, scope, shape)
    text = _compiled(rows.order_by(), F("pk"))
    return f"SELECT count(*) FROM ({text} LIMIT {MOST_COUNTED + 1}) AS counted"


@lru_cache(maxsize=1024)
def estimate_statement(resource: Resource, scope: Scope, shape: Shape) -> str:
    """Return the statement in which the planner says how many rows it expects."""
    rows, _, _, _ = _filtered(resource, scope, shape)
    return f"EXPLAIN (FORMAT JSON) {_compiled(rows.order_by(), F('pk'))}"


def document(resource: Resource, rights: Rights, fields: frozenset[str] | None, *, in_list: bool = False) -> Any:
    """Return the expression of a row's JSON: the attributes that are asked for and that the rights allow."""
    given = {}
    for each in resource.attributes:
        if _is_given(each, rights, fields, in_list=in_list):
            value = each.value(rights)
            given[each.name] = WithoutNulls(value) if each.is_sparse else value
    return Cast(JsonObject(**given), TextField())


def without_absent(resource: Resource, text: str) -> str:
    """Return JSON text without the optional attributes that are NULL: cheaper here than json_strip_nulls over all."""
    for absence in resource.absences:
        text = text.replace(absence, "")
    return text


def _is_given(attribute: Attribute, rights: Rights, fields: frozenset[str] | None, *, in_list: bool) -> bool:
    if attribute.permission and not rights.may(attribute.permission):
        return False
    if fields is None:
        return attribute.is_listed or not in_list
    return attribute.is_always_given or attribute.name in fields


def _rights(scope: Scope, in_hand: int) -> tuple[Rights, "count[int]"]:
    numbers, rights = count(1), Rights(0, dict(scope))
    if in_hand:
        party, *merged = (cast(int, Parameter(next(numbers), "bigint")) for _ in range(in_hand))
        rights = rights.in_hand(party, merged)
    return rights, numbers


def identifiers(resource: Resource, shape: Shape) -> list[str]:
    """Return what of a question names a customer exactly: "phone", "email" …"""
    return [
        resource.filters[name].identifies
        for name, operator, values in shape.conditions
        if operator == "eq" and values == 1 and resource.filters[name].identifies
    ]


def _filtered(
    resource: Resource, scope: Scope, shape: Shape
) -> tuple["QuerySet[Any]", Rights, Any, "count[int]"]:  # fmt: skip
    rights, numbers = _rights(scope, shape.in_hand)
    areas = rights.areas[resource.permission]
    own: Any = Value(True)  # noqa: FBT003 — the value itself
    if areas is not None and not shape.in_hand and identifiers(resource, shape):
        own = ExpressionWrapper(
            Q(party__home_area__in=areas) | Q(party__home_area__isnull=True), output_field=BooleanField()
        )
        rights = rights.beyond_areas()
    rows = resource.listed(resource.rows(rights))
    for name, operator, values in shape.conditions:
        rows = rows.filter(_condition(resource, rights, name, operator, [next(numbers) for _ in range(values)]))
    return rows, rights, own, numbers


def _condition(resource: Resource, rights: Rights, name: str, operator: str, positions: Sequence[int]) -> Any:
    declared = resource.filters[name]
    condition = Q()
    for position in positions:
        condition |= Q(**{f"{declared.lookup}__{LOOKUPS[operator]}": Parameter(position, declared.kind)})
    return declared.through(rights, condition)


def _after(keys: Sequence[tuple[Key, bool]], numbers: Iterator[int]) -> Any:
    """Return the condition of the rows after a place."""
    values: list[Any] = [Parameter(next(numbers), key.kind) for key, _ in keys]
    ways = {is_down for _, is_down in keys}
    if len(ways) == 1:
        is_down = ways.pop()
        # Where the keys lie in two tables no index answers the whole comparison; from its first key on one does.
        start = Q(**{f"{keys[0][0].lookup}__{'lte' if is_down else 'gte'}": values[0]})
        return start & Q(Beyond(*(F(key.lookup) for key, _ in keys), *values, sign="<" if is_down else ">"))
    condition, before = Q(), Q()
    for (key, is_down), value in zip(keys, values, strict=True):
        condition |= before & Q(**{f"{key.lookup}__{'lt' if is_down else 'gt'}": value})
        before &= Q(**{key.lookup: value})
    return condition


def _compiled(rows: "QuerySet[Any]", *columns: Any) -> str:
    return compiled(rows.values_list(*columns), str)


def exists(rows: "QuerySet[Any]", **link: str) -> Exists:
    """Return the condition that a row has such others: `party="party"` links their party with the row's."""
    return Exists(rows.filter(**{theirs: OuterRef(mine) for theirs, mine in link.items()}))
