"""A subscriber that never read before."""

import pytest

from svyaz.history.actions import Subscriber, drain, record
from svyaz.history.models import Cursor, Event
from svyaz.history.tests.samples import NOON, Sample, settled
from svyaz.users.models import User


@pytest.mark.django_db(transaction=True)
def test_a_new_subscriber_gets_what_is_there_and_each_event_once():
    user = User.objects.create(username="reader", name="Reader")
    record(Sample.CAME, subject=user, by=user, at=NOON)
    taken: list[Event] = []
    subscriber = Subscriber("new", frozenset({Sample.CAME}), taken.extend)

    settled()
    drain(subscriber, at=NOON)
    drain(subscriber, at=NOON)

    assert [event.subject_id for event in taken] == [user.pk]
    assert Cursor.objects.get(subscriber="new").xid > 0
