"""What people here are called in English: positions and skills have a second name."""

import pytest
from django.utils.translation import override

from svyaz.history.models import Event
from svyaz.workforce.actions import move_employee, save_skill
from svyaz.workforce.events import WorkforceEvent
from svyaz.workforce.models import Employee, Membership, Skill
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def spoken(row: Employee | Membership) -> tuple[str, str]:
    with override("en"):
        english = row.local_position
    with override("ru"):
        return english, row.local_position


def test_a_position_is_said_in_the_readers_language(anna_employee: Employee) -> None:
    assert spoken(anna_employee) == ("Оператор", "Оператор")
    moved = move_employee(employee=anna_employee, position="Оператор", position_en="Agent", by=None, at=NOON)
    assert spoken(moved) == ("Agent", "Оператор")


def test_a_name_alone_begins_no_new_period(anna_employee: Employee) -> None:
    move_employee(employee=anna_employee, position_en="Agent", by=None, at=NOON)
    (membership,) = Membership.objects.filter(employee=anna_employee)
    assert spoken(membership) == ("Agent", "Оператор")
    assert Event.objects.filter(kind=WorkforceEvent.EMPLOYEE_MOVED).count() == 0
    assert Event.objects.filter(kind=WorkforceEvent.EMPLOYEE_CHANGED).count() == 1


def test_another_position_does_not_keep_the_former_ones_name(anna_employee: Employee) -> None:
    move_employee(employee=anna_employee, position_en="Agent", by=None, at=NOON)
    moved = move_employee(employee=anna_employee, position="Старший оператор", by=None, at=NOON)
    assert spoken(moved) == ("Старший оператор", "Старший оператор")


def test_a_skill_is_said_in_the_readers_language(anna_employee: Employee) -> None:
    save_skill(employee=anna_employee, code="tv", name="Телевидение", level=3, by=None, at=NOON)
    Skill.objects.update(name_en="Television")
    with override("en"):
        assert str(Skill.objects.get()) == "Television"
    with override("ru"):
        assert str(Skill.objects.get()) == "Телевидение"
