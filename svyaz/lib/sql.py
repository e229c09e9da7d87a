"""Hot reads: a statement prepared once per connection, run in one round trip."""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection


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
