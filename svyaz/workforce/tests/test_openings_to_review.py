"""Whose openings of cards a head reviews."""

import pytest

from svyaz.access.actions import record_opening, review_opening
from svyaz.workforce.queries import openings_to_review
from tests.cast import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def opening(anna):
    return record_opening(party_id=77, basis="identifier", reason="Телефон", by=anna, at=NOON)


def test_a_head_reviews_what_her_people_opened_beyond_the_area(opening, vera, anna):
    record_opening(party_id=5, basis="area", by=anna, at=NOON)
    assert list(openings_to_review(vera)) == [opening]

    review_opening(opening=opening, is_justified=True, by=vera, at=NOON)

    assert not openings_to_review(vera).exists()


def test_who_may_review_everywhere_sees_everyones(opening, admin):
    assert list(openings_to_review(admin)) == [opening]


def test_strangers_and_agents_review_nothing(opening, gleb, anna, boris, reader):
    for user in (gleb, anna, boris, reader):
        assert not openings_to_review(user).exists()


def test_nobody_reviews_himself(vera):
    own = record_opening(party_id=5, basis="contact", reason="Звонок", by=vera, at=NOON)

    assert own not in openings_to_review(vera)
