"""Subscribers read every event, in commit order, each once in effect."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from svyaz.history import actions
from svyaz.history.actions import SUBSCRIBERS, Subscriber, drain, record, retry_failed_deliveries
from svyaz.history.models import Event, FailedDelivery
from svyaz.history.queries import subscribers_state
from svyaz.history.tests.samples import NOON, Sample, another_connection, ids, settled, write_event
from svyaz.users.models import User

LATER = NOON + timedelta(hours=12)


class Reader:
    """Takes events; refuses those it was told to, as a handler that fails does."""

    def __init__(self) -> None:
        self.taken: list[Event] = []
        self.refused: set[int] = set()
        self.calls = 0

    def __call__(self, events):
        self.calls += 1
        for event in events:
            # An effect in the data base, so that it is undone with the batch.
            User.objects.create(username=f"effect-{event.pk}", name="Effect")
            if event.pk in self.refused:
                raise ValueError(event.pk)
        self.taken.extend(events)


@pytest.fixture
def user(transactional_db):
    return User.objects.create(username="writer", name="Writer")


@pytest.fixture
def reader():
    return Reader()


@pytest.fixture
def subscriber(reader, monkeypatch):
    subscriber = Subscriber("reader", frozenset({Sample.CAME}), reader)
    monkeypatch.setitem(SUBSCRIBERS, "reader", subscriber)
    return subscriber


def came(user):
    return record(Sample.CAME, subject=user, by=user, at=NOON).pk


def drained(subscriber):
    """Drain, after others on this server have ended what they began before."""
    settled()
    return drain(subscriber, at=NOON)


def effects():
    return User.objects.filter(username__startswith="effect-").count()


def test_what_commits_late_is_read_in_its_turn_and_nothing_is_lost(user, reader, subscriber):
    with another_connection() as early, another_connection() as late:
        first, second = write_event(early, user), write_event(late, user)
        late.commit()
        # The earlier transaction is still open: what came after it waits, so that the cursor never jumps over it.
        assert drain(subscriber, at=NOON) == 0
        early.commit()

    assert drained(subscriber) == 2
    assert drained(subscriber) == 0
    assert ids(reader.taken) == [first, second]


def test_what_is_rolled_back_never_happened(user, reader, subscriber):
    with another_connection() as other:
        write_event(other, user)
        other.rollback()
    kept = came(user)

    drained(subscriber)
    assert ids(reader.taken) == [kept]


def test_batches_follow_each_other_without_gap_or_overlap(user, reader, subscriber, monkeypatch):
    monkeypatch.setattr(actions, "BATCH", 3)
    with another_connection() as other:
        written = [write_event(other, user) for _ in range(7)]
        other.commit()
    written.append(came(user))

    assert drained(subscriber) == 8
    assert ids(reader.taken) == written
    assert reader.calls == 3


def test_a_subscriber_gets_only_the_kinds_it_asked_for(user, reader, subscriber):
    record(Sample.WENT, subject=user, by=user, at=NOON)
    wanted = came(user)

    assert drained(subscriber) == 1
    assert ids(reader.taken) == [wanted]


def test_one_bad_event_does_not_hold_up_the_others_and_is_retried(user, reader, subscriber, caplog):
    good, bad, better = came(user), came(user), came(user)
    reader.refused = {bad}

    drained(subscriber)

    assert ids(reader.taken) == [good, better]
    assert effects() == 2
    failed = FailedDelivery.objects.get()
    assert (failed.event_id, failed.attempts, failed.reason) == (bad, 1, f"ValueError({bad})")
    assert subscribers_state()[0]["failed"] == 1

    assert retry_failed_deliveries(at=NOON) == 0  # it is not due yet
    assert retry_failed_deliveries(at=LATER) == 0
    failed.refresh_from_db()
    assert (failed.attempts, failed.retry_at) == (2, LATER + timedelta(minutes=4))

    reader.refused = set()
    assert retry_failed_deliveries(at=LATER + timedelta(minutes=4)) == 1
    assert not FailedDelivery.objects.exists()
    assert ids(reader.taken) == [good, better, bad]
    assert effects() == 3


def test_the_wait_between_retries_has_a_limit(user, reader, subscriber):
    reader.refused = {came(user)}
    drained(subscriber)
    FailedDelivery.objects.update(attempts=5000, retry_at=NOON)

    retry_failed_deliveries(at=NOON)

    assert FailedDelivery.objects.get().retry_at == NOON + timedelta(hours=6)


def test_a_drain_that_dies_leaves_no_effect_and_is_done_again(user, reader, subscriber, monkeypatch):
    event = came(user)

    def die(*args, **kwargs):
        raise SystemExit

    deliver = actions._deliver
    monkeypatch.setattr(actions, "_deliver", lambda *args, **kwargs: (deliver(*args, **kwargs), die()))
    with pytest.raises(SystemExit):
        drained(subscriber)
    assert effects() == 0

    monkeypatch.setattr(actions, "_deliver", deliver)
    drained(subscriber)
    assert effects() == 1
    assert ids(reader.taken) == [event, event]  # handed over twice, in effect once


def test_two_drains_at_once_deliver_once(user, reader, monkeypatch):
    written = [came(user) for _ in range(3)]

    def slow(events):
        time.sleep(0.2)
        reader(events)

    def drain_here(_number):
        try:
            return drain(Subscriber("reader", frozenset({Sample.CAME}), slow), at=NOON)
        finally:
            connection.close()

    settled()
    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(drain_here, range(2)))

    assert sorted(counts) == [0, 3]
    assert ids(reader.taken) == written
    assert effects() == 3
