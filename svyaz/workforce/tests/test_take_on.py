"""A newcomer gets all he needs at once, or nothing."""

import pytest

from svyaz.access.actions import BeyondOwnRights, UserNameTaken, choose_password
from svyaz.access.queries import rights_of
from svyaz.users.models import User
from svyaz.workforce.actions import (
    NewEmployee,
    StaffNumberTaken,
    UserIsAnotherEmployee,
    change_employee,
    open_login,
    save_skill,
    take_on,
)
from svyaz.workforce.models import Employee, Skill
from svyaz.workforce.queries import changes_of_employee, staff_named
from tests.cast import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(retention, roles, spb):
    skill = Skill.objects.create(code="tv", name="Телевидение")
    return NewEmployee(
        number="T-90", name="Пётр Новый", department=retention, position="Оператор", username="petr", language="en",
        role=roles["agent"], area=spb, skills={skill: 3},
    )  # fmt: skip


def test_a_newcomer_can_begin(draft, admin, spb):
    employee, key = take_on(draft=draft, by=admin, at=NOON)
    assert employee.user is not None
    user = choose_password(user=employee.user, key=key, password="совсем новое слово", at=NOON)

    assert (user.username, user.name, user.language) == ("petr", "Пётр Новый", "en")
    assert rights_of(User.objects.get(pk=user.pk)).holds_throughout("party:read", spb.pk)
    assert employee.skills.get().level == 3


def test_all_or_nothing(draft, admin, anna, vera, roles):
    with pytest.raises(UserNameTaken):
        take_on(draft=NewEmployee(**{**vars(draft), "username": "anna"}), by=admin, at=NOON)
    with pytest.raises(BeyondOwnRights):
        take_on(draft=NewEmployee(**{**vars(draft), "role": roles["clerk"]}), by=vera, at=NOON)
    assert not Employee.objects.filter(number="T-90").exists()
    assert not User.objects.filter(username="petr").exists()


def test_without_a_user_name_nobody_logs_in(draft, admin):
    employee, key = take_on(draft=NewEmployee(**{**vars(draft), "username": ""}), by=admin, at=NOON)
    assert (employee.user, key) == (None, "")
    assert open_login(employee=employee, username="later", by=admin, at=NOON)
    with pytest.raises(UserIsAnotherEmployee):
        open_login(employee=employee, username="twice", by=admin, at=NOON)


def test_a_name_is_corrected_everywhere(anna_employee, boris_employee, admin):
    change_employee(employee=anna_employee, number="E-anna", name="Анна Белова", by=admin, at=NOON)
    assert User.objects.get(username="anna").name == "Анна Белова"
    assert staff_named(admin, "белова").get() == anna_employee
    assert changes_of_employee(anna_employee)[0].details["former"] == {"name": "Анна Козлова"}
    with pytest.raises(StaffNumberTaken):
        change_employee(employee=anna_employee, number=boris_employee.number, name="Анна", by=admin, at=NOON)


def test_the_same_level_of_a_skill_is_no_change(anna_employee, admin):
    save_skill(employee=anna_employee, code="tv", name="ТВ", level=2, by=admin, at=NOON)
    before = changes_of_employee(anna_employee).count()
    save_skill(employee=anna_employee, code="tv", name="ТВ", level=2, by=admin, at=NOON)
    assert changes_of_employee(anna_employee).count() == before
