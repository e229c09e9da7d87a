"""A reviewer asks who opened a card; the employee answers once; the opening goes on waiting for its review."""

from datetime import timedelta

import pytest

from svyaz.access.actions import (
    AlreadyAnswered,
    NotAsked,
    OpeningAlreadyReviewed,
    OwnOpening,
    QuestionIsEmpty,
    QuestionWaits,
    ask_about_opening,
    explain_opening,
    record_opening,
    review_opening,
)
from svyaz.access.events import AccessEvent
from svyaz.access.models import Opening
from svyaz.access.queries import done_while_open, opening_in_force, questions_about, questions_to
from svyaz.history.actions import record
from svyaz.history.models import Event
from tests.cast import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def opening(anna):
    return record_opening(party_id=77, basis="identifier", reason="phone", by=anna, at=NOON)


def test_a_question_and_its_answer(opening, anna, vera):
    asked = ask_about_opening(opening=opening, question="  Зачем   открывали? ", by=vera, at=NOON)
    assert asked.question == "Зачем открывали?"
    assert list(questions_to(anna)) == [asked]
    assert Event.objects.latest("pk").kind == AccessEvent.OPENING_ASKED_ABOUT

    explain_opening(question=asked, answer="Клиент звонил", by=anna, at=NOON)

    assert not questions_to(anna).exists()
    assert questions_about([opening])[opening.pk][0].answer == "Клиент звонил"
    assert list(Opening.objects.acts().unreviewed()) == [opening]
    review_opening(opening=opening, is_justified=True, by=vera, at=NOON)


def test_one_question_at_a_time(opening, anna, vera):
    first = ask_about_opening(opening=opening, question="Зачем?", by=vera, at=NOON)
    with pytest.raises(QuestionWaits):
        ask_about_opening(opening=opening, question="А всё же?", by=vera, at=NOON)
    explain_opening(question=first, answer="Звонок", by=anna, at=NOON)
    ask_about_opening(opening=opening, question="Какой?", by=vera, at=NOON)


def test_what_cannot_be_asked(opening, anna, vera):
    with pytest.raises(OwnOpening):
        ask_about_opening(opening=opening, question="Зачем?", by=anna, at=NOON)
    with pytest.raises(QuestionIsEmpty):
        ask_about_opening(opening=opening, question=" \x00 ", by=vera, at=NOON)
    review_opening(opening=opening, is_justified=True, by=vera, at=NOON)
    with pytest.raises(OpeningAlreadyReviewed):
        ask_about_opening(opening=opening, question="Зачем?", by=vera, at=NOON)


def test_only_who_was_asked_answers_and_once(opening, anna, boris, vera):
    asked = ask_about_opening(opening=opening, question="Зачем?", by=vera, at=NOON)
    with pytest.raises(NotAsked):
        explain_opening(question=asked, answer="Не я", by=boris, at=NOON)
    explain_opening(question=asked, answer="Звонок", by=anna, at=NOON)
    with pytest.raises(AlreadyAnswered):
        explain_opening(question=asked, answer="Ещё раз", by=anna, at=NOON)


def test_what_opens_a_card_now(opening, anna, boris):
    record_opening(party_id=77, basis="contact", reason="phone 5", by=anna, at=NOON + timedelta(hours=1))

    now_open = opening_in_force(anna, 77, at=NOON + timedelta(hours=2))
    assert now_open is not None
    assert now_open.basis == "contact"
    assert opening_in_force(boris, 77, at=NOON) is None
    assert opening_in_force(anna, 77, at=NOON + timedelta(hours=14)) is None


def test_what_was_done_while_it_was_open(opening, anna, boris, spb):
    def happened(by, hours, party_id=77):
        record(AccessEvent.ROLE_SAVED, subject=spb, party_id=party_id, by=by, at=NOON + timedelta(hours=hours))

    happened(anna, 1)
    happened(anna, 11)
    for by, hours, party_id in ((boris, 1, 77), (anna, -1, 77), (anna, 13, 77), (anna, 1, 78)):
        happened(by, hours, party_id)

    assert done_while_open([opening]) == {opening.pk: {AccessEvent.ROLE_SAVED: 2}}
    assert done_while_open([]) == {}
