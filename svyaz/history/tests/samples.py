"""What the tests of history share: events of no package, and a second connection."""

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from enum import StrEnum

import psycopg
from django.db import connection

from svyaz.history.models import Event
from svyaz.users.models import User
from tests.database import address

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Sample(StrEnum):
    """Events of no package that stands above this one."""

    CAME = "sample.came"
    WENT = "sample.went"


@contextmanager
def another_connection(*, owner: bool = False) -> Iterator[psycopg.Connection]:
    """Connect to the test's data base a second time, as the application's role or as the tables' owner."""
    url = os.environ["DATABASE_OWNER_URL" if owner else "DATABASE_URL"]
    with closing(psycopg.connect(address(url, connection.settings_dict["NAME"]))) as second:
        yield second


def write_event(second: psycopg.Connection, user: User, kind: str = Sample.CAME) -> int:
    """Write an event over another connection, in its open transaction; return its id."""
    row = second.execute(
        "INSERT INTO history_event (kind, subject_type, subject_id, by_id, at, details)"
        " VALUES (%s, 'users.user', %s, %s, %s, '{}') RETURNING id",
        [kind, user.pk, user.pk, NOON],
    ).fetchone()
    assert row
    return int(row[0])


def settled() -> None:
    """Wait until whoever else works on this server has ended what began before our last event: drains wait for it."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT history_horizon() > max(xid) FROM history_event")
            row = cursor.fetchone()
        if row is None or row[0] is not False:
            return
        time.sleep(0.05)


def ids(events: list[Event]) -> list[int]:
    """Return the ids of events."""
    return [event.pk for event in events]
