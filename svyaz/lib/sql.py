"""Hot reads: a statement prepared once per connection, run in one round trip."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

import psycopg
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from psycopg.types.numeric import Int8

RowT = TypeVar("RowT", bound=models.Model)


def fetch_one(sql: str, params: Sequence[Any]) -> tuple[Any, ...] | None:
    """Run a statement written with $1, $2 … as a prepared one and return its first row.

    The server keeps the plan for the connection; Django's own cursors would send and plan the text anew each time.
    """
    connection.ensure_connection()
    assert connection.connection is not None
    # Django's errors, and its note of a broken connection, which is then opened anew.
    with connection.wrap_database_errors, psycopg.RawCursor(connection.connection) as cursor:
        return cursor.execute(sql, params, prepare=True).fetchone()


def fetch_all(sql: str, params: Sequence[Any], *, prepare: bool = True) -> list[tuple[Any, ...]]:
    """Run a statement as `fetch_one` does and return all its rows.

    With prepare=False the statement is planned for these very parameters: for searches whose best plan hangs on them.
    """
    connection.ensure_connection()
    assert connection.connection is not None
    with connection.wrap_database_errors, psycopg.RawCursor(connection.connection) as cursor:
        return cursor.execute(sql, params, prepare=prepare).fetchall()


def insert(row: RowT) -> RowT:
    """Insert a new row as `save(force_insert=True)` would, as a prepared statement: a third of the time.

    For rows that are written with every contact. What the data base fills by default stays unread.
    """
    columns, values = _written(row)
    found = fetch_one(_insert_statement(type(row), columns), values)
    assert found is not None
    _is_stored(row, found[0])
    return row


def insert_both(row: RowT, follower: models.Model, *, link: str) -> RowT:
    """Insert a row, and a second one whose field `link` is to hold the first one's id, in one round trip."""
    columns, values = _written(row)
    more_columns, more_values = _written(follower)
    chosen = [place for place, (name, _kind) in enumerate(more_columns) if name != link]
    sql = _insert_both_statement(
        type(row), columns, type(follower), tuple(more_columns[place] for place in chosen), link
    )
    found = fetch_one(sql, [*values, *(more_values[place] for place in chosen)])
    assert found is not None
    _is_stored(row, found[0])
    _is_stored(follower, found[1])
    setattr(follower, link, found[0])
    return row


# A column with the type that a parameter for it is to be read as.
Columns = tuple[tuple[str, str], ...]


def _written(row: models.Model) -> tuple[Columns, list[Any]]:
    """Return the columns that the row itself fills, and their values."""
    columns, values = [], []
    for field in type(row)._meta.local_concrete_fields:
        value = getattr(row, field.attname)
        if field.primary_key or isinstance(value, DatabaseDefault):
            continue
        value = field.get_db_prep_save(value, connection)
        columns.append((str(field.column), _parameter_type(field)))
        # One type for all whole numbers: each mixture of types would be a statement of its own.
        values.append(Int8(value) if type(value) is int else value)
    return tuple(columns), values


def _parameter_type(field: "models.Field[Any, Any]") -> str:
    # A cast to varchar(40) would cut a longer text off without a word; the column itself refuses it.
    kind = field.db_type(connection) or "text"
    return "text" if kind.startswith("varchar") else kind


def _is_stored(row: models.Model, key: int) -> None:
    row.pk = key
    row._state.adding, row._state.db = False, connection.alias


@lru_cache(maxsize=64)
def _insert_statement(model: type[models.Model], columns: Columns) -> str:
    into, key = _into(model, columns)
    places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    return f"INSERT INTO {into} VALUES ({places}) RETURNING {key}"


@lru_cache(maxsize=64)
def _insert_both_statement(
    model: type[models.Model], columns: Columns, other: type[models.Model], more: Columns, link: str
) -> str:
    _, key = _into(model, columns)
    into, other_key = _into(other, (*more, (link, "")))
    first = len(columns) + 1
    places = "".join(f"${place}::{kind}, " for place, (_, kind) in enumerate(more, first))
    return (
        f"WITH one AS ({_insert_statement(model, columns)}),"
        f" other AS (INSERT INTO {into} SELECT {places}one.{key} FROM one RETURNING {other_key})"
        f" SELECT one.{key}, other.{other_key} FROM one, other"
    )


def _into(model: type[models.Model], columns: Columns) -> tuple[str, str]:
    quote = connection.ops.quote_name
    pk = model._meta.pk
    assert pk is not None
    names = ", ".join(quote(name) for name, _ in columns)
    return f"{quote(model._meta.db_table)} ({names})", quote(str(pk.column))
