"""A subscriber that never read before."""

from datetime import UTC, datetime

import pytest

from svyaz.history.actions import Subscriber, drain, record
from svyaz.history.models import Cursor, Event
from svyaz.places.events import PlaceEvent
from svyaz.users.models import User

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_a_new_subscriber_gets_what_is_there_and_each_event_once():
    user = User.objects.create(username="reader", name="Reader")
    record(PlaceEvent.AREA_CREATED, subject=user, by=user, at=NOON)
    taken: list[Event] = []
    subscriber = Subscriber("new", frozenset({PlaceEvent.AREA_CREATED}), taken.extend)

    drain(subscriber, at=NOON)
    drain(subscriber, at=NOON)

    assert [event.subject_id for event in taken] == [user.pk]
    assert Cursor.objects.get(subscriber="new").xid > 0
