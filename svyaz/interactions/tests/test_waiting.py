"""Contacts that wait for an answer: letters, calls nobody took, calls that reached nobody."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from svyaz.interactions.actions import InteractionDraft, record_interaction
from svyaz.interactions.models import Interaction
from svyaz.interactions.queries import contacts_waiting, contacts_waiting_counted
from svyaz.parties.models import Party
from svyaz.users.models import User
from svyaz.workforce.models import Employee
from tests.cast import NOON

HOUR = timedelta(hours=1)


@pytest.fixture
def contact(anna: User, anna_employee: Employee, olga: Party):
    def record(channel: str, direction: str = "inbound", *, employee: Employee | None = anna_employee, ago: int = 5,
               is_reached: bool = True, party: Party | None = olga) -> Interaction:  # fmt: skip
        draft = InteractionDraft(channel=channel, direction=direction, text="x", is_reached=is_reached)
        return record_interaction(party=party, draft=draft, employee=employee, by=anna, at=NOON - ago * HOUR)

    return record


def waiting() -> list[int]:
    return list(Interaction.objects.unanswered(NOON).order_by("pk").values_list("pk", flat=True))


@pytest.mark.parametrize("channel", ["email", "web", "post", "fax"])
def test_what_comes_in_writing_waits_for_an_answer(contact, channel: str) -> None:
    letter = contact(channel)
    assert waiting() == [letter.pk]
    contact(channel, "outbound", ago=1)
    assert waiting() == []


@pytest.mark.parametrize("channel", ["phone", "meeting", "note"])
def test_what_was_spoken_was_answered(contact, channel: str) -> None:
    contact(channel)
    assert waiting() == []


def test_a_call_that_nobody_took_waits(contact) -> None:
    missed = contact("phone", employee=None)
    assert waiting() == [missed.pk]
    contact("phone", ago=2)
    assert waiting() == []


def test_a_call_that_reached_nobody_waits_for_the_next_one(contact) -> None:
    first = contact("phone", "outbound", is_reached=False)
    second = contact("phone", "outbound", is_reached=False, ago=3)
    assert waiting() == [first.pk, second.pk]
    contact("phone", "outbound", ago=1)
    assert waiting() == []


def test_another_letter_or_a_note_is_no_answer(contact) -> None:
    letters = [contact("email", ago=5).pk, contact("email", ago=4).pk]
    contact("note", "outbound", ago=1, employee=None)
    assert waiting() == letters


def test_the_answer_to_another_party_is_none(contact, sever: Party) -> None:
    letter = contact("email")
    contact("email", "outbound", party=sever, ago=1)
    assert waiting() == [letter.pk]


def test_an_unknown_callers_contact_waits_until_it_is_matched(contact) -> None:
    unknown = contact("phone", employee=None, party=None)
    contact("phone", ago=1)
    assert waiting() == [unknown.pk]


def test_after_thirty_days_nobody_waits_any_more(contact) -> None:
    contact("email", ago=31 * 24)
    assert waiting() == []


def test_only_an_outgoing_contact_reaches_nobody(contact) -> None:
    with pytest.raises(IntegrityError, match="interaction_unreached_is_outbound"), transaction.atomic():
        contact("phone", "inbound", is_reached=False)


def test_mine_and_nobodys_are_mine_to_answer(
    contact, anna: User, anna_employee: Employee, boris_employee: Employee
) -> None:
    mine, nobodys = contact("email"), contact("phone", employee=None)
    contact("email", employee=boris_employee)
    found = contacts_waiting(anna, employees=[anna_employee.pk], with_nobodys=True, at=NOON)
    assert {row.pk for row in found} == {mine.pk, nobodys.pk}


def test_a_stranger_sees_none(contact, gleb: User, anna_employee: Employee) -> None:
    contact("email")
    assert contacts_waiting_counted(gleb, employees=[anna_employee.pk], at=NOON) == {}
