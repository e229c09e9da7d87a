"""Promises: kept, broken, handed over, past due; what a leaver promised."""

from datetime import timedelta

import pytest

from svyaz.decisions.actions import (
    PromiseAlreadyResolved,
    PromiseDraft,
    hand_over_promises_of_leaver,
    make_promise,
    note_past_due_promises,
    resolve_promise,
    transfer_promise,
)
from svyaz.decisions.models import Promise
from svyaz.decisions.queries import promises_of_department, promises_of_employee
from svyaz.history.models import Event
from svyaz.parties.models import Party
from svyaz.users.models import User
from svyaz.workforce.models import Department, Employee
from tests.cast import NOON

DUE = NOON + timedelta(hours=6)
LATER = DUE + timedelta(minutes=1)


@pytest.fixture
def promise(olga: Party, anna: User, anna_employee: Employee) -> Promise:
    draft = PromiseDraft("Перезвонить", DUE)
    return make_promise(
        party=olga, draft=draft, decision=None, interaction=None, employee=anna_employee, by=anna, at=NOON
    )


def test_it_is_resolved_only_once(promise: Promise, anna: User) -> None:
    resolve_promise(promise=promise, result="kept", by=anna, at=DUE)

    with pytest.raises(PromiseAlreadyResolved):
        resolve_promise(promise=promise, result="broken", by=anna, at=DUE)
    assert not Promise.objects.open().exists()
    assert Event.objects.filter(kind="promise.resolved").count() == 1


def test_it_stands_in_its_owners_day(
    promise: Promise, anna: User, anna_employee: Employee, boris_employee: Employee
) -> None:
    assert list(promises_of_employee(anna_employee, viewer=anna)) == [promise]

    transfer_promise(promise=promise, to=boris_employee, reason="Отпуск", by=anna, at=NOON)

    assert list(promises_of_employee(anna_employee, viewer=anna)) == []
    assert list(promises_of_employee(boris_employee, viewer=anna)) == [promise]


def test_strangers_do_not_see_it(promise: Promise, gleb: User, anna_employee: Employee) -> None:
    assert not promises_of_employee(anna_employee, viewer=gleb).exists()


def test_past_due_is_told_once_and_comes_to_the_head(promise: Promise, vera: User, retention: Department) -> None:
    assert note_past_due_promises(at=DUE) == 0
    assert note_past_due_promises(at=LATER) == 1
    assert note_past_due_promises(at=LATER) == 0

    event = Event.objects.get(kind="promise.past_due")
    assert (event.subject_id, event.by, event.details["what"]) == (promise.pk, None, "Перезвонить")
    assert list(promises_of_department(retention, viewer=vera, at=LATER)) == [promise]


def test_a_leavers_open_promises_go_to_the_head(
    promise: Promise, anna_employee: Employee, vera: User, vera_employee: Employee
) -> None:
    assert hand_over_promises_of_leaver(employee=anna_employee, to=vera_employee, by=None, at=NOON) == 1
    assert list(promises_of_employee(vera_employee, viewer=vera)) == [promise]
