"""Employees: hired, changed, moved, gone, with their skills and presence."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from svyaz.access.actions import deactivate_user
from svyaz.history.actions import record
from svyaz.lib.changes import difference
from svyaz.lib.text import name_key
from svyaz.parties.actions.checks import InvalidField, fits, one_of, required
from svyaz.parties.models import Party
from svyaz.users.models import User
from svyaz.workforce.events import WorkforceEvent
from svyaz.workforce.models import AccountAssignment, Department, Employee, EmployeeSkill, Membership, Presence, Skill
from svyaz.workforce.queries import head_of


class StaffNumberTaken(Exception):
    """Another employee has this staff number."""


class UserIsAnotherEmployee(Exception):
    """The user, or the person, is another employee already."""


class EmployeeHasLeft(Exception):
    """The employee does not work here any more."""


@transaction.atomic
def hire_employee(
    *, number: str, name: str, department: Department, position: str, by: User | None, at: datetime,
    user: User | None = None, party: Party | None = None, hired_date: date | None = None, position_en: str = "",
) -> Employee:  # fmt: skip
    """Hire an employee into a department. Raises StaffNumberTaken, UserIsAnotherEmployee, InvalidField."""
    name = required("name", name)
    employee = Employee(
        number=required("number", number), name=name, name_key=name_key(name), user=user, party=party,
        department=department, position=required("position", position), hired_date=hired_date or at.date(),
        position_en=position_en.strip(),
    )  # fmt: skip
    fits(employee, "number", "name", "position", "position_en")
    try:
        with transaction.atomic():
            employee.save()
    except IntegrityError as error:
        raise (StaffNumberTaken if "number" in str(error) else UserIsAnotherEmployee)(number) from error
    _begin_membership(employee, employee.hired_date)
    record(
        WorkforceEvent.EMPLOYEE_HIRED, subject=employee, by=by, at=at,
        number=employee.number, name=name, department=department.code, position=employee.position,
    )  # fmt: skip
    return employee


def _place_of(employee: Employee) -> dict[str, str]:
    return {
        "department": employee.department.code, "position": employee.position, "position_en": employee.position_en,
    }  # fmt: skip


def _begin_membership(employee: Employee, day: date) -> None:
    Membership.objects.create(
        employee=employee,
        department=employee.department,
        position=employee.position,
        position_en=employee.position_en,
        valid_from=day,
    )


def _end_membership(employee: Employee, day: date) -> None:
    current = Membership.objects.filter(employee=employee, valid_to__isnull=True)
    for membership in current:
        membership.valid_to = max(day, membership.valid_from)
        membership.save(update_fields=["valid_to"])


def locked_employee(employee: Employee) -> Employee:
    employee = Employee.objects.select_for_update(of=("self",)).select_related("department", "user").get(pk=employee.pk)
    if employee.left_date is not None:
        raise EmployeeHasLeft(employee)
    return employee


@transaction.atomic
def change_employee(*, employee: Employee, number: str, name: str, by: User | None, at: datetime) -> Employee:
    """Correct an employee's name or staff number, his user's name with it; nothing changes: no event.

    Raises StaffNumberTaken, EmployeeHasLeft, InvalidField.
    """
    employee = locked_employee(employee)
    before = {"number": employee.number, "name": employee.name}
    employee.number, employee.name = required("number", number), required("name", name)
    employee.name_key = name_key(employee.name)
    fits(employee, "number", "name")
    former, new = difference(before, {"number": employee.number, "name": employee.name})
    if not new:
        return employee
    if Employee.objects.filter(number=employee.number).exclude(pk=employee.pk).exists():
        raise StaffNumberTaken(employee.number)
    employee.save(update_fields=["number", "name", "name_key"])
    if employee.user is not None and "name" in new:
        employee.user.name = employee.name
        employee.user.save(update_fields=["name"])
    record(WorkforceEvent.EMPLOYEE_CHANGED, subject=employee, by=by, at=at, former=former, new=new)
    return employee


@transaction.atomic
def move_employee(
    *, employee: Employee, by: User | None, at: datetime, department: Department | None = None, position: str = "",
    on: date | None = None, position_en: str | None = None,
) -> Employee:  # fmt: skip
    """Move an employee to another department or position from a day on; his contacts keep what he was then.

    A new position without an English name has none; `position_en` alone names the one he has.
    """
    employee = locked_employee(employee)
    former = _place_of(employee)
    is_new = position.strip() not in {"", employee.position}
    employee.department = department or employee.department
    employee.position = position.strip() or employee.position
    if is_new or position_en is not None:
        employee.position_en = (position_en or "").strip()
    fits(employee, "position", "position_en")
    new = _place_of(employee)
    if new == former:
        return employee
    employee.save(update_fields=["department", "position", "position_en"])
    if new == {**former, "position_en": new["position_en"]}:
        Membership.objects.filter(employee=employee, valid_to__isnull=True).update(position_en=employee.position_en)
        record(WorkforceEvent.EMPLOYEE_CHANGED, subject=employee, by=by, at=at, former=former, new=new)
        return employee
    day = on or at.date()
    _end_membership(employee, day)
    _begin_membership(employee, day)
    record(WorkforceEvent.EMPLOYEE_MOVED, subject=employee, by=by, at=at, former=former, new=new, on=day.isoformat())
    return employee


@transaction.atomic
def leave(*, employee: Employee, by: User, at: datetime, left_date: date | None = None) -> Employee:
    """Let an employee go: he logs in no more, and his customers pass to his head until someone else takes them.

    What he promised, higher packages hand over when they hear of it. Raises EmployeeHasLeft.
    """
    employee = locked_employee(employee)
    day = max(left_date or at.date(), employee.hired_date)
    employee.left_date = day
    employee.save(update_fields=["left_date"])
    _end_membership(employee, day)
    Presence.objects.filter(employee=employee).delete()
    head = head_of(employee)
    passed_on = _pass_accounts_on(employee, head, day)
    if employee.user is not None and employee.user.is_active:
        deactivate_user(user=employee.user, by=by, at=at)
    record(
        WorkforceEvent.EMPLOYEE_LEFT, subject=employee, by=by, at=at, number=employee.number, name=employee.name,
        on=day.isoformat(), head=head.pk if head else None, accounts=passed_on,
    )  # fmt: skip
    return employee


def _pass_accounts_on(leaver: Employee, head: Employee | None, day: date) -> list[int]:
    """End a leaver's customers and give them to his head; return their parties."""
    current = list(AccountAssignment.objects.select_for_update().filter(employee=leaver, valid_to__isnull=True))
    for assignment in current:
        assignment.valid_to = max(day, assignment.valid_from)
    AccountAssignment.objects.bulk_update(current, ["valid_to"])
    if head is not None:
        AccountAssignment.objects.bulk_create(
            AccountAssignment(party_id=former.party_id, employee=head, valid_from=max(day, former.valid_from))
            for former in current
        )
    return [assignment.party_id for assignment in current]


@transaction.atomic
def save_skill(
    *, employee: Employee, code: str, name: str, level: int, by: User | None, at: datetime
) -> EmployeeSkill | None:
    """Note how good an employee is at something, from 1 to 5; level 0 takes the skill away."""
    if not 0 <= level <= 5:
        raise InvalidField("level", str(level), "out_of_range")
    employee = locked_employee(employee)
    skill, _ = Skill.objects.get_or_create(code=required("code", code), defaults={"name": required("name", name)})
    held = EmployeeSkill.objects.filter(employee=employee, skill=skill).first()
    former = held.level if held else 0
    if former == level:
        return held
    record(
        WorkforceEvent.SKILL_SAVED, subject=employee, by=by, at=at, skill=skill.code, level=level,
        former={"level": former}, new={"level": level},
    )  # fmt: skip
    if level == 0:
        EmployeeSkill.objects.filter(employee=employee, skill=skill).delete()
        return None
    held, _ = EmployeeSkill.objects.update_or_create(employee=employee, skill=skill, defaults={"level": level})
    return held


@transaction.atomic
def change_presence(*, employee: Employee, state: str, by: User | None, at: datetime) -> Presence:
    """Say that an employee is available, in contact or away; the same state again is no change."""
    one_of("state", state, Presence.State.values)
    employee = locked_employee(employee)
    presence = Presence.objects.filter(employee=employee).first()
    if presence is not None and presence.state == state:
        return presence
    presence, _ = Presence.objects.update_or_create(employee=employee, defaults={"state": state, "since": at})
    record(WorkforceEvent.PRESENCE_CHANGED, subject=employee, by=by, at=at, state=state)
    return presence
