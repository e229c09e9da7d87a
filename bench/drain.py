"""How fast one subscriber reads on: every event of the customers' import, each with a row of effect."""

import time
from collections.abc import Sequence

import psycopg
from django.db import connection
from django.utils.timezone import now

from svyaz.history.actions import Subscriber, drain
from svyaz.history.models import Event
from svyaz.parties.events import PartyEvent

NAME = "bench"


def measure(owner: str) -> dict[str, float]:
    """Drain every imported customer's event into a table, and return events, seconds and events a second."""
    with psycopg.connect(owner, autocommit=True) as tables:
        tables.execute("DROP TABLE IF EXISTS bench_seen")
        tables.execute("CREATE TABLE bench_seen (event_id bigint PRIMARY KEY, party_id bigint)")
    started = time.perf_counter()
    taken = drain(Subscriber(NAME, frozenset({str(PartyEvent.IMPORTED)}), _take), at=now())
    seconds = time.perf_counter() - started
    with psycopg.connect(owner, autocommit=True) as tables:
        row = tables.execute("SELECT count(*) FROM bench_seen").fetchone()
        tables.execute("DROP TABLE bench_seen")
        tables.execute("DELETE FROM history_cursor WHERE subscriber = %s", [NAME])
    if row is None or row[0] != taken:
        raise RuntimeError(f"{taken} events were taken, {row} had effect")
    return {"events": taken, "seconds": round(seconds, 2), "per_second": round(taken / seconds)}


def _take(events: Sequence[Event]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO bench_seen VALUES (%s, %s)", [(event.pk, event.party_id) for event in events])
