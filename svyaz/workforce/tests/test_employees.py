"""Hiring, moving and leaving."""

from datetime import timedelta
from typing import Any

import pytest

from svyaz.access.events import AccessEvent
from svyaz.history.models import Event
from svyaz.parties.actions import InvalidField
from svyaz.users.models import User
from svyaz.workforce.actions import (
    DepartmentCodeTaken,
    EmployeeHasLeft,
    StaffNumberTaken,
    UserIsAnotherEmployee,
    appoint_head,
    assign_account_manager,
    create_department,
    hire_employee,
    leave,
    move_employee,
)
from svyaz.workforce.events import WorkforceEvent
from svyaz.workforce.models import AccountAssignment, Employee, Membership, Presence
from svyaz.workforce.queries import account_manager_of, head_of, membership_at
from tests.cast import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=30)


@pytest.fixture
def pavel(retention, vera, admin):
    return hire_employee(
        number="T-77", name="Павел Ёлкин", department=retention, position="Оператор", by=admin, at=NOON
    )


def test_an_employee_is_hired_into_a_department(pavel, retention):
    assert (pavel.name_key, pavel.hired_date) == ("павел елкин", NOON.date())
    membership = Membership.objects.get(employee=pavel)
    assert (membership.department, membership.position, membership.valid_to) == (retention, "Оператор", None)
    assert Event.objects.latest("pk").kind == WorkforceEvent.EMPLOYEE_HIRED


def test_a_staff_number_is_given_once(pavel, retention, admin):
    with pytest.raises(StaffNumberTaken):
        hire_employee(number="T-77", name="Ли", department=retention, position="Стажёр", by=admin, at=NOON)


def test_a_user_is_one_employee(anna, retention, admin):
    with pytest.raises(UserIsAnotherEmployee):
        hire_employee(number="T-78", name="Анна", user=anna, department=retention, position="О", by=admin, at=NOON)


def test_an_employee_has_a_name_and_a_position(retention, admin):
    for blank in ("name", "position", "number"):
        known: dict[str, Any] = {"number": "T-1", "name": "Ли", "position": "Стажёр", blank: " "}
        with pytest.raises(InvalidField):
            hire_employee(**known, department=retention, by=admin, at=NOON)


def test_who_moves_keeps_what_he_was(pavel, far_shops, retention, admin):
    move_employee(employee=pavel, department=far_shops, position="Специалист", by=admin, at=LATER)

    then, now = membership_at(pavel, NOON.date()), membership_at(pavel, LATER.date())
    assert then is not None
    assert now is not None
    assert (then.department, then.position, then.valid_to) == (retention, "Оператор", LATER.date())
    assert (now.department, now.position) == (far_shops, "Специалист")
    pavel.refresh_from_db()
    assert pavel.department == far_shops


def test_a_move_to_the_same_place_is_no_change(pavel, retention, admin):
    before = Event.objects.count()

    move_employee(employee=pavel, department=retention, position="Оператор", by=admin, at=LATER)

    assert Event.objects.count() == before


def test_a_leaver_logs_in_no_more_and_his_customers_pass_to_his_head(anna, anna_employee, vera_employee, olga, admin):
    assign_account_manager(party=olga, employee=anna_employee, by=admin, at=NOON)
    Presence.objects.create(employee=anna_employee, state="available", since=NOON)

    leave(employee=anna_employee, by=admin, at=LATER)

    assert not User.objects.get(pk=anna.pk).is_active
    assert Employee.objects.get(pk=anna_employee.pk).left_date == LATER.date()
    assert not Presence.objects.filter(employee=anna_employee).exists()
    assert Membership.objects.get(employee=anna_employee).valid_to == LATER.date()
    assert account_manager_of(olga.pk, NOON.date()) == anna_employee
    assert account_manager_of(olga.pk, LATER.date()) == vera_employee
    kinds = list(Event.objects.order_by("-pk").values_list("kind", flat=True)[:2])
    assert kinds == [WorkforceEvent.EMPLOYEE_LEFT, AccessEvent.USER_DEACTIVATED]
    left = Event.objects.latest("pk")
    assert (left.details["head"], left.details["accounts"]) == (vera_employee.pk, [olga.pk])


def test_without_a_head_the_customers_have_nobody(gleb_employee, olga, admin):
    assign_account_manager(party=olga, employee=gleb_employee, by=admin, at=NOON)

    leave(employee=gleb_employee, by=admin, at=LATER)

    assert account_manager_of(olga.pk, LATER.date()) is None
    assert AccountAssignment.objects.get().valid_to == LATER.date()


def test_who_left_neither_leaves_nor_moves_nor_heads(pavel, far_shops, admin):
    leave(employee=pavel, by=admin, at=LATER)

    with pytest.raises(EmployeeHasLeft):
        leave(employee=pavel, by=admin, at=LATER)
    with pytest.raises(EmployeeHasLeft):
        move_employee(employee=pavel, department=far_shops, by=admin, at=LATER)
    with pytest.raises(EmployeeHasLeft):
        appoint_head(department=far_shops, head=pavel, by=admin, at=LATER)


def test_a_department_code_is_given_once(retention, admin):
    with pytest.raises(DepartmentCodeTaken):
        create_department(code="retention", name="Ещё одно", by=admin, at=NOON)


def test_a_heads_head_is_the_one_above(retention, vera_employee, anna_employee, boris_employee, admin):
    above = create_department(code="service", name="Обслуживание", by=admin, at=NOON)
    retention.parent = above
    retention.save()
    chief = hire_employee(number="T-1", name="Главный", department=above, position="Директор", by=admin, at=NOON)
    appoint_head(department=above, head=chief, by=admin, at=NOON)

    anna_employee, vera_employee = (Employee.objects.get(pk=e.pk) for e in (anna_employee, vera_employee))
    assert head_of(anna_employee) == vera_employee
    assert head_of(vera_employee) == chief
    assert head_of(chief) is None


def test_a_department_without_a_head_answers_to_the_one_above(far_shops, gleb_employee, vera_employee, retention):
    far_shops.parent = retention
    far_shops.save()

    assert head_of(Employee.objects.get(pk=gleb_employee.pk)) == vera_employee
