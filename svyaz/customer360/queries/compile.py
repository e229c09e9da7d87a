"""Turns panels (querysets that begin with visible_to) into one statement that lets PostgreSQL build the JSON.

Querysets are compiled once per rights profile with marks in the place of party, user, moment and day; the text is
kept and run with parameters. Compiling a dozen of them anew would cost more than running them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import CharField, Expression, F, Func, JSONField, QuerySet, Value
from psycopg import sql as psycopg_sql

from svyaz.access.queries import Rights

# Marks: values that nothing else can have; each becomes a parameter of the statement.
PARTY = 7_000_000_000_000_001
USER = 7_000_000_000_000_002
NOW = datetime(9999, 12, 31, 1, 2, 3, tzinfo=UTC)
TODAY = date(9999, 12, 30)
A_YEAR_AGO = date(9998, 12, 30)
PARAMETERS = {
    PARTY: "$1::bigint",
    USER: "$2::bigint",
    NOW: "$3::timestamptz",
    TODAY: "$4::date",
    A_YEAR_AGO: "($4::date - 366)",
}

Naming = Callable[[str], str]


class Key(str):
    """A key of a JSON object inside a panel; spelled by the door's naming."""


@dataclass(frozen=True)
class Mark:
    """The place of a statement's parameter, with its type: $3::text."""

    text: str


class Parameter(Expression):
    """A value that is named only when the compiled statement runs: its position and PostgreSQL type."""

    def __init__(self, position: int, kind: str) -> None:
        super().__init__(output_field=CharField())
        self.mark = Mark(f"${position}::{kind}")

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Return a placeholder for the mark."""
        return "%s", [self.mark]


class JsonObject(Func):
    """json_build_object('key', expression, …)."""

    function = "json_build_object"
    output_field = JSONField()

    def __init__(self, *names: str, **expressions: Any) -> None:
        pairs: list[Any] = []
        for key, expression in {**{name: F(name) for name in names}, **expressions}.items():
            pairs += [Value(Key(key), output_field=CharField()), expression]
        super().__init__(*pairs)


class JsonRows(ArraySubquery):
    """Rows of a queryset as an array of JSON objects with these fields."""

    def __init__(self, rows: QuerySet[Any], *names: str, **expressions: Any) -> None:
        super().__init__(rows.values_list(JsonObject(*names, **expressions), flat=True))


@dataclass(frozen=True)
class Panel:
    """One part of the 360° view: who may see it, which rows, which fields, and how many at the most.

    `rows` takes the rights with the party in hand. A panel that is no list (`is_single`) gives its one row or null.
    With `is_counted` all rows are counted where there are more than shown (up to 1001: "1000+"); without it, for
    what nobody has many of, the count is of the rows shown: every counting is a part of the plan that is set up for
    each reading, needed or not.
    """

    name: str
    permission: str
    rows: Callable[[Rights], QuerySet[Any]]
    fields: tuple[str, ...] = ()
    expressions: Callable[[Rights], dict[str, Any]] = field(default=lambda rights: {})
    cap: int = 50
    is_single: bool = False
    is_counted: bool = False

    def select(self, rights: Rights, naming: Naming) -> str:
        """Return the panel's rows: an array of JSON objects, or one object where the panel is no list."""
        expressions = self.expressions(rights)
        rows = self.rows(rights)
        limit = 1 if self.is_single else self.cap
        if rows.query.annotations:
            text = self._read_once(rows, expressions, limit, naming)
        else:
            shape = JsonObject(*self.fields, **expressions)
            text = compiled(rows.values_list(shape, flat=True)[:limit], naming)
        return f"({text})" if self.is_single else f"ARRAY({text})"

    def _read_once(self, rows: QuerySet[Any], expressions: dict[str, Any], limit: int, naming: Naming) -> str:
        """Return rows whose annotations are sorted by as well as shown: each is to be computed once."""
        columns = ", ".join(f'"{naming(name)}"' for name in (*self.fields, *expressions))
        # Under names of their own: an annotation may not be called as a field or relation of the model is.
        named = {f"panel_{name}": expression for name, expression in expressions.items()}
        inner = compiled(rows.values(*self.fields, **named)[:limit], naming)
        return f"SELECT row_to_json(r) FROM ({inner}) AS r({columns})"

    def shown(self, items: str, rights: Rights, naming: Naming) -> str:
        """Return the panel as JSON, made from its rows: {items, count}, or the one object."""
        if self.is_single:
            return items
        count = f"cardinality({items})"
        if self.is_counted:
            counted = compiled(self.rows(rights).order_by().values("pk")[: MOST_COUNTED + 1], naming)
            count = f"CASE WHEN {count} < {self.cap} THEN {count} ELSE (SELECT count(*) FROM ({counted}) AS c) END"
        return f"json_build_object('items', array_to_json({items}), 'count', {count})"


# Counts stop here: "1000+" says enough, and a party with a hundred thousand contacts must not wait for them.
MOST_COUNTED = 1000


def compiled(rows: QuerySet[Any], naming: Naming) -> str:
    """Return a queryset's SQL with its marks as parameters and its constants written out."""
    text, params = rows.query.sql_with_params()
    parts = text.split("%s")
    written = [parts[0]]
    for param, part in zip(params, parts[1:], strict=True):
        written += [_written(param, naming), part]
    return "".join(written).replace("%%", "%")


def _written(param: Any, naming: Naming) -> str:
    if isinstance(param, Mark):
        return param.text
    if isinstance(param, Key):
        return _literal(naming(param))
    for mark, parameter in PARAMETERS.items():
        if type(param) is not bool and param == mark:
            return parameter
    return _literal(param)


def _literal(value: Any) -> str:
    connection.ensure_connection()
    return psycopg_sql.Literal(value).as_string(connection.connection)


@dataclass(frozen=True)
class Shape:
    """Panels in SQL: `columns` read each one's rows, `pairs` make keys and JSON from these columns of a subquery s."""

    columns: list[str]
    pairs: list[str]


def shape_of(panels: Iterable[Panel], rights: Rights, naming: Naming) -> Shape:
    """Return the panels that the rights allow: the others are absent, not empty.

    Rows come as arrays in one row of a subquery: an aggregate for each panel would take as long to set up as it
    takes to read the rows.
    """
    shape = Shape([], [])
    for panel in panels:
        if rights.may(panel.permission):
            shape.columns.append(f"{panel.select(rights, naming)} AS {panel.name}")
            shape.pairs.append(f"{_literal(naming(panel.name))}, {panel.shown(f's.{panel.name}', rights, naming)}")
    return shape
