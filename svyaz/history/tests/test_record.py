"""Recording what happened."""

import pytest
from django.db import DataError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from svyaz.history import actions
from svyaz.history.actions import PastEvent, record, record_many, record_new
from svyaz.history.models import Event
from svyaz.history.queries import events_of, events_of_party
from svyaz.history.tests.samples import NOON, Sample
from svyaz.users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return User.objects.create(username="writer", name="Writer")


@pytest.fixture(autouse=True)
def _nobody_woken_lately(monkeypatch):
    monkeypatch.setattr(actions, "_woken_at", 0.0)


def test_an_event_tells_what_happened_to_whom_by_whom_and_when(user):
    record(Sample.CAME, subject=user, party_id=7, by=user, at=NOON, name="Ольга", kind="guest")

    event = Event.objects.get()
    assert (event.kind, event.subject_type, event.subject_id) == ("sample.came", "users.user", user.pk)
    assert (event.party_id, event.by, event.at, event.details) == (7, user, NOON, {"name": "Ольга", "kind": "guest"})
    assert event.xid > 0
    assert list(events_of(user)) == list(events_of_party(7)) == [event]


def test_a_new_subject_and_its_event_are_written_together(user):
    guest = User(username="guest", name="Гость", created_at=NOON)
    event = record_new(Sample.CAME, subject=guest, party_id=None, by=user, at=NOON, name="Гость")

    assert User.objects.get(username="guest") == guest
    assert Event.objects.get() == event
    assert (event.subject_type, event.subject_id, event.party_id, event.by) == ("users.user", guest.pk, None, user)
    assert event.details == {"name": "Гость"}
    assert list(events_of(guest)) == [event]


def test_a_new_subject_that_does_not_fit_is_refused_whole(user):
    with pytest.raises(DataError), transaction.atomic():
        record_new(Sample.CAME, subject=User(username="x" * 1000, name="X", created_at=NOON), by=user, at=NOON)

    assert not Event.objects.exists()
    assert list(User.objects.all()) == [user]


def test_an_event_goes_with_the_change_that_is_undone(user):
    with transaction.atomic():
        record(Sample.CAME, subject=user, by=user, at=NOON)
        transaction.set_rollback(True)

    assert not Event.objects.exists()


def test_subscribers_are_woken_after_the_commit_and_not_for_every_event(user, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(5):
            record(Sample.CAME, subject=user, by=user, at=NOON)
        assert not ProcrastinateJob.objects.exists()

    assert ProcrastinateJob.objects.get().task_name == "history:drain"


def test_a_wake_up_that_fails_does_not_fail_the_change(user, monkeypatch, django_capture_on_commit_callbacks, caplog):
    def fail(*args, **kwargs):
        raise OSError("no queue")

    monkeypatch.setattr(actions, "defer_once", fail)
    with django_capture_on_commit_callbacks(execute=True):
        record(Sample.CAME, subject=user, by=user, at=NOON)

    assert Event.objects.count() == 1
    assert "no queue" in caplog.text


NASTY = {"text": "таб\t строка\n \\ обратная \\N «кавычки» \" 'и' 🙂", "list": [1, None, True]}


def test_many_events_are_written_as_they_are(user):
    past = PastEvent(Sample.CAME, "users.user", user.pk, None, user.pk, NOON, NASTY)

    assert record_many(past for _ in range(2500)) == 2500

    assert Event.objects.filter(details=NASTY, by=user, party_id=None).count() == 2500
    assert record_many([]) == 0
