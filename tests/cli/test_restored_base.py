"""A data base restored on another server, whose transactions are counted from a lower number."""

from collections.abc import Iterator

import psycopg
import pytest

from svyaz.cli.schema import count_transactions_on
from tests.database import TestDatabase

EVENT = """
INSERT INTO history_event (kind, subject_type, subject_id, at, details) VALUES ('sample.came', 'x.y', 1, now(), '{}')
RETURNING xid::text::bigint"""
LATER = 5_000_000_000


@pytest.fixture
def base(django_db_setup: None) -> Iterator[TestDatabase]:
    made = TestDatabase.for_this_run("restored")
    made.create()
    yield made
    made.drop()


def event_of(base: TestDatabase) -> tuple[int, bool]:
    """Write an event; return its transaction's number, and whether readers would take it at once."""
    with psycopg.connect(base.application, autocommit=True) as connection:
        (xid,) = connection.execute(EVENT).fetchone() or (0,)
        (is_read,) = connection.execute("SELECT history_horizon()::text::bigint > %s", [xid]).fetchone() or (False,)
    return xid, is_read


def test_what_is_new_comes_after_what_was_restored(base: TestDatabase) -> None:
    before, is_read = event_of(base)
    assert is_read
    with psycopg.connect(base.application, autocommit=True) as connection:
        connection.execute(EVENT.replace("details)", "details, xid)").replace("'{}')", f"'{{}}', '{LATER}'::xid8)"))
    unseen, _ = event_of(base)
    assert before < unseen < LATER

    with psycopg.connect(base.owner) as connection:
        count_transactions_on(connection)

    assert event_of(base) > (LATER, True)
    assert event_of(base)[1]


def test_a_base_at_home_counts_as_its_server_does(base: TestDatabase) -> None:
    first, _ = event_of(base)
    with psycopg.connect(base.owner) as connection:
        count_transactions_on(connection)
        shift = connection.execute("SELECT history_shift()").fetchone()

    assert shift == (0,)
    assert event_of(base)[0] - first < 1000
