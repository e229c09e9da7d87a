"""Who works with whom, skills and presence, account managers."""

from datetime import timedelta

import pytest

from svyaz.history.models import Event
from svyaz.parties.actions import InvalidField
from svyaz.workforce.actions import (
    AlreadyAccountManager,
    assign_account_manager,
    change_presence,
    create_department,
    hire_employee,
    save_skill,
)
from svyaz.workforce.models import AccountAssignment, Employee, EmployeeSkill, Presence
from svyaz.workforce.queries import (
    account_manager_of,
    colleagues,
    department_of,
    employee_of,
    serves_account,
    staff_of,
    working_employees,
)
from tests.cast import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=30)


def test_an_employee_stands_behind_a_user(anna, anna_employee, retention, reader):
    assert employee_of(anna) == anna_employee
    assert department_of(anna) == retention
    assert employee_of(reader) is None
    assert department_of(reader) is None


def test_colleagues_work_in_the_same_department(anna, boris, vera, gleb, reader):
    assert {employee.user for employee in colleagues(anna)} == {boris, vera}
    assert not colleagues(gleb).exists()
    assert not colleagues(reader).exists()


def test_a_head_has_the_departments_below_his_own(vera, anna, boris, retention, admin):
    below = create_department(code="night", name="Ночная смена", parent=retention, by=admin, at=NOON)
    night = hire_employee(number="T-5", name="Ночной", department=below, position="Оператор", by=admin, at=NOON)

    assert set(staff_of(vera)) == {employee_of(anna), employee_of(boris), night}
    assert not staff_of(anna).exists()


def test_the_ladder_of_seeing_employees(anna_employee, boris, gleb, reader, django_assert_num_queries):
    assert anna_employee in Employee.objects.visible_to(gleb)
    assert not Employee.objects.visible_to(reader).exists()
    working_employees(boris)
    with django_assert_num_queries(1):
        assert {employee.department.code for employee in working_employees(boris)} == {"retention", "shops-nvs"}


def test_a_skill_is_saved_changed_and_taken_away(anna_employee, vera):
    for level in (3, 5):
        save_skill(employee=anna_employee, code="tv", name="ТВ", level=level, by=vera, at=NOON)
    assert EmployeeSkill.objects.get().level == 5

    assert save_skill(employee=anna_employee, code="tv", name="ТВ", level=0, by=vera, at=NOON) is None
    assert not EmployeeSkill.objects.exists()
    with pytest.raises(InvalidField):
        save_skill(employee=anna_employee, code="tv", name="ТВ", level=6, by=vera, at=NOON)


def test_presence_changes_with_one_event_a_change(anna_employee, anna):
    before = Event.objects.count()
    change_presence(employee=anna_employee, state="available", by=anna, at=NOON)
    change_presence(employee=anna_employee, state="available", by=anna, at=LATER)
    change_presence(employee=anna_employee, state="busy", by=anna, at=LATER)

    assert Event.objects.count() == before + 2
    assert (Presence.objects.get().state, Presence.objects.get().since) == ("busy", LATER)
    with pytest.raises(InvalidField):
        change_presence(employee=anna_employee, state="asleep", by=anna, at=NOON)


def test_account_managers_follow_each_other(olga, anna_employee, boris_employee, vera):
    assign_account_manager(party=olga, employee=anna_employee, by=vera, at=NOON)
    with pytest.raises(AlreadyAccountManager):
        assign_account_manager(party=olga, employee=anna_employee, by=vera, at=LATER)
    assign_account_manager(party=olga, employee=boris_employee, by=vera, at=LATER)

    assert account_manager_of(olga.pk, NOON.date()) == anna_employee
    assert account_manager_of(olga.pk, LATER.date()) == boris_employee
    assert serves_account(boris_employee, olga.pk, LATER)
    assert Event.objects.latest("pk").details == {"employee": "Борис Новиков", "former": "Анна Козлова"}


def test_a_customer_may_be_left_without_a_manager(olga, anna_employee, vera, gleb):
    assign_account_manager(party=olga, employee=anna_employee, by=vera, at=NOON)
    assert AccountAssignment.objects.visible_to(vera).exists()
    assert not AccountAssignment.objects.visible_to(gleb).exists()

    assert assign_account_manager(party=olga, employee=None, by=vera, at=LATER) is None

    assert account_manager_of(olga.pk, LATER.date()) is None
