"""Letting an employee in: his user, his first role, and all of it at once for a newcomer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from svyaz.access.actions import assign_role, create_user, reset_password
from svyaz.access.models import Role
from svyaz.history.actions import record
from svyaz.places.models import Area
from svyaz.users.models import User
from svyaz.workforce.actions.employees import UserIsAnotherEmployee, hire_employee, locked_employee, save_skill
from svyaz.workforce.events import WorkforceEvent
from svyaz.workforce.models import Department, Employee, Skill


@dataclass(frozen=True)
class NewEmployee:
    """Who is taken on: where, as what, with which skills (level by skill); with a user name he can log in."""

    number: str
    name: str
    department: Department
    position: str
    position_en: str = ""
    hired_date: date | None = None
    username: str = ""
    language: str = "ru"
    time_zone: str = "Europe/Moscow"
    role: Role | None = None
    area: Area | None = None
    skills: Mapping[Skill, int] = field(default_factory=dict)


@transaction.atomic
def take_on(*, draft: NewEmployee, by: User, at: datetime) -> tuple[Employee, str]:
    """Hire an employee with all he needs on his first day; return him and the key by which he chooses a password.

    No user name: no key. Raises what `hire_employee`, `open_login` and `save_skill` raise; then nothing was done.
    """
    employee = hire_employee(
        number=draft.number, name=draft.name, department=draft.department, position=draft.position,
        position_en=draft.position_en, hired_date=draft.hired_date, by=by, at=at,
    )  # fmt: skip
    for skill, level in draft.skills.items():
        save_skill(employee=employee, code=skill.code, name=skill.name, level=level, by=by, at=at)
    if not draft.username:
        return employee, ""
    key = open_login(
        employee=employee, username=draft.username, language=draft.language, time_zone=draft.time_zone,
        role=draft.role, area=draft.area, by=by, at=at,
    )  # fmt: skip
    employee.refresh_from_db()
    return employee, key


@transaction.atomic
def open_login(
    *, employee: Employee, username: str, by: User, at: datetime, language: str = "ru",
    time_zone: str = "Europe/Moscow", role: Role | None = None, area: Area | None = None,
) -> str:  # fmt: skip
    """Give an employee a user, and a role if one is named; return the key by which he chooses his password, once.

    Raises UserNameTaken, UserIsAnotherEmployee (he has one), EmployeeHasLeft, BeyondOwnRights.
    """
    employee = locked_employee(employee)
    if employee.user_id is not None:
        raise UserIsAnotherEmployee(employee)
    user = create_user(
        username=username, name=employee.name, password=None, language=language, time_zone=time_zone, by=by, at=at
    )
    employee.user = user
    employee.save(update_fields=["user"])
    if role is not None:
        assign_role(user=user, role=role, area=area, by=by, at=at)
    record(
        WorkforceEvent.LOGIN_OPENED, subject=employee, by=by, at=at, former={"username": None},
        new={"username": user.username},
    )  # fmt: skip
    return reset_password(user=user, by=by, at=at)
