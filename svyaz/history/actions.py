"""Writing what happened, and letting subscribers read it, each exactly once in effect."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

from svyaz.history.models import Cursor, Event, FailedDelivery
from svyaz.jobs.actions import defer_once
from svyaz.lib.sql import insert, insert_both
from svyaz.users.models import User

logger = logging.getLogger(__name__)

Handler = Callable[[Sequence[Event]], None]

BATCH = 1000
WAKE_EVERY_SECONDS = 0.25
# Listeners (the live process) hear on it that something was written; what, they read for themselves.
CHANNEL = "svyaz_history"
LONGEST_WAIT = timedelta(hours=6)

# A row comparison walks the index event_commit_order; the ORM has no words for it.
NEXT_EVENTS = """
SELECT * FROM history_event
WHERE kind = ANY(%(kinds)s) AND (xid, id) > (%(xid)s::text::xid8, %(id)s) AND xid < %(horizon)s::text::xid8
ORDER BY xid, id LIMIT %(batch)s
"""


@dataclass(frozen=True)
class Subscriber:
    """One reader of events: its name, the kinds it wants and the function that takes a batch."""

    name: str
    kinds: frozenset[str]
    handler: Handler


SUBSCRIBERS: dict[str, Subscriber] = {}


def subscribe(name: str, kinds: Iterable[StrEnum]) -> Callable[[Handler], Handler]:
    """Register a function as the reader `name` of these kinds of events.

    It gets batches in commit order inside the transaction that moves its cursor, so its own writes count once.
    """

    def register(handler: Handler) -> Handler:
        SUBSCRIBERS[name] = Subscriber(name, frozenset(str(kind) for kind in kinds), handler)
        return handler

    return register


def record(
    kind: StrEnum,
    /,
    *,
    subject: models.Model,
    by: User | None,
    at: datetime,
    party_id: int | None = None,
    **details: Any,
) -> Event:
    """Write one event in the current transaction; the only writer of Event, beside `record_many` for imports.

    `by` is empty only for what nobody did (a term that passed). `details` is JSON: names, numbers, texts.
    """
    event = insert(_event(kind, subject, by, at, party_id, details))
    # The change is made: a wake-up that fails must not make it look otherwise; the sweep wakes later.
    transaction.on_commit(wake_subscribers, robust=True)
    return event


def record_new(
    kind: StrEnum,
    /,
    *,
    subject: models.Model,
    by: User | None,
    at: datetime,
    party_id: int | None = None,
    **details: Any,
) -> Event:
    """Insert a new subject and write its event, as `record` does, in one round trip: for what comes by the thousand."""
    event = _event(kind, subject, by, at, party_id, details)
    insert_both(subject, event, link="subject_id")
    transaction.on_commit(wake_subscribers, robust=True)
    return event


def _event(
    kind: StrEnum, subject: models.Model, by: User | None, at: datetime, party_id: int | None, details: dict[str, Any]
) -> Event:  # fmt: skip
    return Event(
        kind=str(kind), subject_type=subject._meta.label_lower, subject_id=subject.pk, party_id=party_id, by=by,
        at=at, details=details,
    )  # fmt: skip


@dataclass(slots=True)
class PastEvent:
    """An event on its way in by `record_many`: as light as possible, because imports bring hundreds of thousands."""

    kind: str
    subject_type: str
    subject_id: int
    party_id: int | None
    by_id: int | None
    at: datetime
    details: dict[str, Any]


def record_many(events: Iterable[Event | PastEvent]) -> int:
    """Write many prepared events (an import's) by COPY in the current transaction; return how many."""
    written = 0
    columns = "kind, subject_type, subject_id, party_id, by_id, at, details"
    with connection.cursor() as cursor, cursor.copy(f"COPY history_event ({columns}) FROM STDIN") as copy:
        for batch in _batched(events, BATCH):
            copy.write("".join(map(_copy_line, batch)))
            written += len(batch)
    # The change is made: a wake-up that fails must not make it look otherwise; the sweep wakes later.
    transaction.on_commit(wake_subscribers, robust=True)
    return written


def _batched(events: Iterable[Event | PastEvent], size: int) -> Iterator[list[Event | PastEvent]]:
    rest = iter(events)
    while batch := list(islice(rest, size)):
        yield batch


def _copy_line(event: Event | PastEvent) -> str:
    """Return one event as COPY's text format reads it; JSON escapes every character but the backslash by itself."""
    details = json.dumps(event.details, ensure_ascii=False).replace("\\", "\\\\") if event.details else "{}"
    party = "\\N" if event.party_id is None else event.party_id
    by = "\\N" if event.by_id is None else event.by_id
    return f"{event.kind}\t{event.subject_type}\t{event.subject_id}\t{party}\t{by}\t{event.at}\t{details}\n"


_wake = threading.Lock()
_woken_at = 0.0


def wake_subscribers() -> None:
    """Ask the worker to drain and tell the listeners, at most once per quarter of a second from this process.

    A job per event would cost more than the event. Who is woken reads at once or after the quarter, so that he sees
    what was written in it; a wake-up lost with a process is made good by the periodic drain.
    """
    global _woken_at
    with _wake:
        if time.monotonic() - _woken_at < WAKE_EVERY_SECONDS:
            return
        _woken_at = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")
    defer_once("history:drain", lock="history:drain")


def drain(subscriber: Subscriber, *, at: datetime) -> int:
    """Give a subscriber everything committed since its cursor, batch by batch; return the number of its events."""
    taken = 0
    while True:
        with transaction.atomic():
            events, is_last = _take_batch(subscriber, at=at)
            if events:
                _deliver(subscriber, events, at=at)
        taken += len(events)
        if is_last:
            return taken


def skip_what_is_written(subscriber: str, *, at: datetime) -> None:
    """Let a subscriber begin after this transaction's events: for a load that did the subscriber's work itself."""
    with connection.cursor() as sql:
        sql.execute("SELECT history_transaction()::text")
        xid = int(sql.fetchone()[0])
    after = {"xid": xid, "event_id": models.BigIntegerField.MAX_BIGINT, "moved_at": at}
    Cursor.objects.update_or_create(subscriber=subscriber, defaults=after)


def _take_batch(subscriber: Subscriber, *, at: datetime) -> tuple[list[Event], bool]:
    """Lock the cursor, read the next events in commit order and move the cursor past them."""
    Cursor.objects.get_or_create(subscriber=subscriber.name)
    cursor = Cursor.objects.select_for_update().get(subscriber=subscriber.name)
    with connection.cursor() as sql:
        # Only transactions older than every open one: nothing can still commit before them.
        sql.execute("SELECT history_horizon()::text")
        horizon = int(sql.fetchone()[0])
    place = {"xid": str(cursor.xid), "id": cursor.event_id, "horizon": str(horizon)}
    events = list(Event.objects.raw(NEXT_EVENTS, {"kinds": list(subscriber.kinds), "batch": BATCH, **place}))
    is_last = len(events) < BATCH
    cursor.xid, cursor.event_id = (horizon, 0) if is_last else (events[-1].xid, events[-1].pk)
    cursor.moved_at = at
    cursor.save(update_fields=["xid", "event_id", "moved_at"])
    return events, is_last


def _deliver(subscriber: Subscriber, events: Sequence[Event], *, at: datetime) -> None:
    """Hand over a batch; when it fails, hand over one by one and keep aside the events that fail alone."""
    try:
        with transaction.atomic():
            subscriber.handler(events)
        return
    except Exception:
        logger.exception("Subscriber %s failed on a batch; trying its events one by one.", subscriber.name)
    for event in events:
        _deliver_one(subscriber, event, at=at)


def _deliver_one(subscriber: Subscriber, event: Event, *, at: datetime) -> None:
    try:
        with transaction.atomic():
            subscriber.handler([event])
    except Exception as error:
        FailedDelivery.objects.create(
            subscriber=subscriber.name,
            event=event,
            reason=repr(error),
            failed_at=at,
            retry_at=at + timedelta(minutes=1),
        )


def retry_failed_deliveries(*, at: datetime) -> int:
    """Try again what subscribers could not take and is due, waiting twice as long each time; return the successes."""
    succeeded = 0
    for pk in list(FailedDelivery.objects.filter(retry_at__lte=at).values_list("pk", flat=True)):
        with transaction.atomic():
            succeeded += _retry(pk, at=at)
    return succeeded


def _retry(pk: int, *, at: datetime) -> bool:
    failed = FailedDelivery.objects.select_for_update(skip_locked=True).filter(pk=pk).select_related("event").first()
    if failed is None or failed.subscriber not in SUBSCRIBERS:
        return False
    try:
        with transaction.atomic():
            SUBSCRIBERS[failed.subscriber].handler([failed.event])
    except Exception as error:
        failed.attempts += 1
        failed.reason, failed.failed_at = repr(error), at
        # Beyond ten tries the longest wait holds anyway, and the power would outgrow what a time can hold.
        failed.retry_at = at + min(timedelta(minutes=2 ** min(failed.attempts, 10)), LONGEST_WAIT)
        failed.save(update_fields=["attempts", "reason", "failed_at", "retry_at"])
        return False
    failed.delete()
    return True
