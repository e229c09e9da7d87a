"""Who opened which card, and the review of what was opened beyond the area."""

from datetime import timedelta

import pytest

from svyaz.access.actions import (
    OpeningAlreadyReviewed,
    OwnOpening,
    record_opening,
    record_openings,
    review_opening,
)
from svyaz.access.events import AccessEvent
from svyaz.access.models import Opening
from svyaz.access.queries import is_in_hand, rights_of
from svyaz.history.models import Event
from tests.cast import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def opening(anna):
    return record_opening(party_id=77, basis="identifier", reason="Телефон", by=anna, at=NOON)


def test_an_identifier_puts_the_relationship_in_hand_for_twelve_hours(opening, anna, boris):
    assert is_in_hand(rights_of(anna), 77, at=NOON + timedelta(hours=11, minutes=59))
    assert not is_in_hand(rights_of(anna), 77, at=NOON + timedelta(hours=12))
    assert not is_in_hand(rights_of(boris), 77, at=NOON)
    assert not is_in_hand(rights_of(anna), 78, at=NOON)


def test_neither_the_area_nor_an_unmasking_puts_it_in_hand(anna):
    record_opening(party_id=5, basis="area", by=anna, at=NOON)
    record_opening(party_id=5, basis="unmasking", reason="Сверка", by=anna, at=NOON)

    assert not is_in_hand(rights_of(anna), 5, at=NOON)


def test_a_door_records_openings_in_batches(anna, django_assert_num_queries):
    openings = [Opening(party_id=n, by=anna, at=NOON, basis="area", door="api") for n in range(50)]

    with django_assert_num_queries(1):
        record_openings(openings)
    assert Opening.objects.count() == 50


def test_an_opening_beyond_the_area_is_reviewed_once(opening, vera, anna, admin):
    record_opening(party_id=5, basis="area", by=anna, at=NOON)
    assert list(Opening.objects.beyond_area().unreviewed()) == [opening]

    reviewed = review_opening(opening=opening, is_justified=True, note="Звонок был", by=vera, at=NOON)

    assert (reviewed.reviewed_by, reviewed.reviewed_at, reviewed.is_justified) == (vera, NOON, True)
    assert not Opening.objects.beyond_area().unreviewed().exists()
    assert Event.objects.latest("pk").kind == AccessEvent.OPENING_REVIEWED
    with pytest.raises(OpeningAlreadyReviewed):
        review_opening(opening=opening, is_justified=False, by=admin, at=NOON)


def test_nobody_reviews_himself(vera):
    own = record_opening(party_id=5, basis="contact", reason="Звонок", by=vera, at=NOON)

    with pytest.raises(OwnOpening):
        review_opening(opening=own, is_justified=True, by=vera, at=NOON)
