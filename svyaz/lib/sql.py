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
    model = type(row)
    values = [
        (field.column, field.get_db_prep_save(value, connection))
        for field in model._meta.local_concrete_fields
        if not field.primary_key and not isinstance(value := getattr(row, field.attname), DatabaseDefault)
    ]
    sql = _insert_statement(model, tuple(str(column) for column, _ in values))
    # One type for all whole numbers: each mixture of types would be a statement of its own.
    found = fetch_one(sql, [Int8(value) if type(value) is int else value for _, value in values])
    assert found is not None
    row.pk = found[0]
    row._state.adding, row._state.db = False, connection.alias
    return row


@lru_cache(maxsize=64)
def _insert_statement(model: type[models.Model], columns: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    pk = model._meta.pk
    assert pk is not None
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places}) RETURNING {quote(str(pk.column))}"
