"""Who is told of what, and why: each once, nobody of his own doing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from svyaz.decisions.actions import (
    approve_decision,
    note_past_due_promises,
    override_decision,
    refuse_decision,
    transfer_promise,
)
from svyaz.decisions.models import DecisionKind
from svyaz.history.models import Event
from svyaz.notices.actions import save_setting
from svyaz.notices.events import NoticeEvent
from svyaz.notices.models import Notice, NoticeSetting
from svyaz.notices.tests.scene import DUE, contact, decision, promise, tell
from svyaz.parties.models import Party
from svyaz.users.models import User
from svyaz.workforce.actions import assign_account_manager
from svyaz.workforce.models import Employee
from tests.cast import NOON


@pytest.fixture
def program(reader: User) -> User:
    """Who records contacts for others, as an exchange for telephone calls does."""
    return reader


def test_who_promised_something_hears_of_the_customers_contact(
    olga: Party, boris: User, anna: User, anna_employee: Employee, boris_employee: Employee
) -> None:
    promise(olga, anna, anna_employee)
    contact(olga, boris, boris_employee)

    assert tell() == [("anna", "call", "owes")]


def test_a_letter_is_a_message(olga: Party, anna: User, anna_employee: Employee, program: User) -> None:
    promise(olga, anna, anna_employee)
    contact(olga, program, channel="email")

    assert tell() == [("anna", "message", "owes")]


def test_whoever_is_named_on_a_contact_hears_of_it_once_and_for_that_reason(
    olga: Party, anna: User, anna_employee: Employee, program: User
) -> None:
    promise(olga, anna, anna_employee)
    contact(olga, program, anna_employee)

    assert tell() == [("anna", "call", "named")]


def test_the_account_manager_hears_of_it(
    sever: Party, vera: User, vera_employee: Employee, boris: User, boris_employee: Employee
) -> None:
    assign_account_manager(party=sever, employee=vera_employee, by=boris, at=NOON)
    contact(sever, boris, boris_employee)

    assert tell() == [("vera", "handed", "manager"), ("vera", "call", "manager")]


def test_whose_decision_is_in_force_hears_of_it(
    olga: Party, discount: DecisionKind, anna: User, anna_employee: Employee, boris: User, boris_employee: Employee
) -> None:
    decision(olga, discount, anna, anna_employee, 10)
    contact(olga, boris, boris_employee, at=NOON + timedelta(minutes=1))

    assert tell() == [("anna", "call", "in_force")]


def test_own_contacts_notes_outgoing_and_old_ones_are_no_news(
    olga: Party, anna: User, anna_employee: Employee, boris: User, boris_employee: Employee
) -> None:
    promise(olga, anna, anna_employee)
    contact(olga, anna, anna_employee)
    contact(olga, boris, boris_employee, channel="note")
    contact(olga, boris, boris_employee, direction="outbound")
    contact(olga, boris, boris_employee, at=NOON - timedelta(days=30))

    assert tell() == []


def test_a_proposal_waits_for_whoever_may_approve_it_his_head_first_of_all(
    olga: Party, discount: DecisionKind, anna: User, anna_employee: Employee, vera: User, gleb: User
) -> None:
    decision(olga, discount, anna, anna_employee, 20)

    assert tell() == [("vera", "approval", "head")]
    assert Notice.objects.get().department == anna_employee.department


@pytest.mark.parametrize("is_approved", [True, False])
def test_who_proposed_hears_how_it_was_judged(
    olga: Party, discount: DecisionKind, anna: User, anna_employee: Employee, vera: User, vera_employee: Employee,
    is_approved: bool,
) -> None:  # fmt: skip
    proposal = decision(olga, discount, anna, anna_employee, 20)
    judge = approve_decision if is_approved else refuse_decision
    judge(decision=proposal, approver=vera_employee, by=vera, at=NOON, reason="Подумали")

    assert ("anna", "judged", "decided") in tell()


def test_who_decided_hears_that_it_was_overridden(
    olga: Party, discount: DecisionKind, anna: User, anna_employee: Employee, boris: User, boris_employee: Employee
) -> None:
    made = decision(olga, discount, anna, anna_employee, 10)
    later = contact(olga, boris, boris_employee, direction="outbound")
    override_decision(decision=made, interaction=later, reason="Ошибка", by=boris, at=NOON)

    assert tell() == [("anna", "overturned", "decided")]


def test_a_promise_past_due_comes_before_its_owner_and_his_head(
    olga: Party, anna: User, anna_employee: Employee, vera: User
) -> None:
    promise(olga, anna, anna_employee)
    note_past_due_promises(at=DUE + timedelta(minutes=1))

    assert tell() == [("anna", "late", "promised"), ("vera", "late", "head")]


def test_whoever_gets_a_promise_hears_from_whom(
    olga: Party, anna: User, anna_employee: Employee, boris: User, boris_employee: Employee
) -> None:
    given = promise(olga, anna, anna_employee)
    transfer_promise(promise=given, to=boris_employee, reason="Отпуск", by=anna, at=NOON)

    assert tell() == [("boris", "handed", "received")]
    assert Notice.objects.get().by == anna


def test_a_promise_in_somebodys_name_reaches_him(
    olga: Party, anna: User, boris: User, boris_employee: Employee
) -> None:
    promise(olga, anna, boris_employee)

    assert tell() == [("boris", "handed", "in_name")]


def test_telling_twice_tells_once(olga: Party, anna: User, boris_employee: Employee) -> None:
    promise(olga, anna, boris_employee)

    assert tell() == tell()
    assert Event.objects.filter(kind=NoticeEvent.GIVEN).count() == 1


def test_who_wants_to_hear_nothing_of_it_gets_none(
    olga: Party, anna: User, boris: User, boris_employee: Employee
) -> None:
    save_setting(user=boris, kind="handed", level=NoticeSetting.Level.OFF, by=boris, at=NOON)
    promise(olga, anna, boris_employee)

    assert tell() == []


def test_quietly_means_counted_and_not_told(olga: Party, anna: User, boris: User, boris_employee: Employee) -> None:
    save_setting(user=boris, kind="handed", level=NoticeSetting.Level.QUIET, by=boris, at=NOON)
    promise(olga, anna, boris_employee)
    tell()

    assert not Notice.objects.get().is_loud
    assert Notice.objects.visible_to(boris).unread().count() == 1


def test_a_contact_of_nobody_known_reaches_whom_it_names(anna: User, anna_employee: Employee, program: User) -> None:
    contact(None, program, anna_employee, medium="+79990000000")

    assert tell() == [("anna", "call", "named")]


def test_as_many_queries_for_three_contacts_as_for_one(
    olga: Party, anna: User, anna_employee: Employee, program: User
) -> None:
    promise(olga, anna, anna_employee)
    counts = []
    for times in (1, 3):
        for _ in range(times):
            contact(olga, program, channel="email")
        with CaptureQueriesContext(connection) as queries:
            tell()
        counts.append(len(queries))
    # Two more for each contact: whose decision is in force at its moment, and who manages the party on its day.
    assert counts[1] - counts[0] <= 2 * 3
