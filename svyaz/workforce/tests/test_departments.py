"""Departments are changed, moved, closed."""

from datetime import date

import pytest

from svyaz.history.models import Event
from svyaz.workforce.actions import (
    DepartmentInUse,
    DepartmentWithinItself,
    appoint_head,
    change_department,
    close_department,
    create_department,
    reopen_department,
)
from svyaz.workforce.queries import changes_of_department, department_tree
from tests.cast import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def night(retention, admin):
    return create_department(code="night", name="Ночная смена", parent=retention, by=admin, at=NOON)


def test_a_department_is_renamed_and_moved(night, retention, far_shops, spb, admin):
    change_department(department=night, name="Ночь", parent=far_shops, area=spb, by=admin, at=NOON)
    event = changes_of_department(night)[0]
    assert event.details["former"] == {"name": "Ночная смена", "parent": retention.name, "area": None}
    assert event.details["new"] == {"name": "Ночь", "parent": far_shops.name, "area": spb.name}


def test_no_department_belongs_to_itself(night, retention, admin):
    with pytest.raises(DepartmentWithinItself):
        change_department(department=retention, name="Удержание", parent=night, by=admin, at=NOON)


def test_a_head_is_appointed_once(retention, anna_employee, admin):
    appoint_head(department=retention, head=anna_employee, by=admin, at=NOON)
    before = Event.objects.count()
    appoint_head(department=retention, head=anna_employee, by=admin, at=NOON)
    assert Event.objects.count() == before
    assert changes_of_department(retention)[0].details["new"] == {"head": anna_employee.name}


def test_only_an_empty_department_is_closed_and_it_opens_again(night, retention, anna_employee, admin):
    with pytest.raises(DepartmentInUse):
        close_department(department=retention, by=admin, at=NOON)
    assert close_department(department=night, by=admin, at=NOON).valid_to == NOON.date()
    with pytest.raises(DepartmentInUse):
        close_department(department=retention, by=admin, at=NOON)
    assert reopen_department(department=night, by=admin, at=NOON).valid_to is None


def test_the_tree_says_how_many_work_there(night, retention, anna_employee, boris_employee):
    assert [(depth, one.code, vars(one)["staff"]) for depth, one in department_tree()] == [
        (0, "retention", 2), (1, "night", 0),
    ]  # fmt: skip
    assert retention.valid_from == date(2020, 1, 1)
