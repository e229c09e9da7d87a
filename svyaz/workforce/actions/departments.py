"""Departments: opened, changed, moved, closed, with their heads."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from svyaz.history.actions import record
from svyaz.lib.changes import difference
from svyaz.parties.actions.checks import fits, required
from svyaz.places.models import Area
from svyaz.users.models import User
from svyaz.workforce.actions.employees import locked_employee
from svyaz.workforce.events import WorkforceEvent
from svyaz.workforce.models import Department, Employee
from svyaz.workforce.queries import departments_below


class DepartmentCodeTaken(Exception):
    """Another department has this code."""


class DepartmentWithinItself(Exception):
    """A department cannot belong to itself, nor to one that belongs to it."""


class DepartmentInUse(Exception):
    """Somebody works in the department, or another belongs to it."""


@transaction.atomic
def create_department(
    *, code: str, name: str, by: User | None, at: datetime, name_en: str = "", parent: Department | None = None,
    area: Area | None = None, valid_from: date | None = None,
) -> Department:  # fmt: skip
    """Create a department, on its own or under another. Raises DepartmentCodeTaken, InvalidField."""
    department = Department(
        code=required("code", code), name=required("name", name), name_en=name_en.strip(), parent=parent, area=area,
        valid_from=valid_from or at.date(),
    )  # fmt: skip
    fits(department, "code", "name", "name_en")
    if Department.objects.filter(code=department.code).exists():
        raise DepartmentCodeTaken(department.code)
    department.save()
    record(
        WorkforceEvent.DEPARTMENT_CREATED, subject=department, by=by, at=at,
        code=department.code, name=department.name,
    )  # fmt: skip
    return department


@transaction.atomic
def change_department(
    *, department: Department, name: str, by: User | None, at: datetime, name_en: str = "",
    parent: Department | None = None, area: Area | None = None,
) -> Department:  # fmt: skip
    """Change what a department is called, what it belongs to and where it works; nothing changes: no event.

    Raises DepartmentWithinItself, InvalidField.
    """
    department = _locked(department)
    before = _values(department)
    department.name, department.name_en = required("name", name), name_en.strip()
    department.parent, department.area = parent, area
    fits(department, "name", "name_en")
    if parent is not None and parent.pk in departments_below({department.pk}):
        raise DepartmentWithinItself(department)
    former, new = difference(before, _values(department))
    if new:
        department.save(update_fields=["name", "name_en", "parent", "area"])
        record(
            WorkforceEvent.DEPARTMENT_CHANGED, subject=department, by=by, at=at, name=department.name,
            former=former, new=new,
        )  # fmt: skip
    return department


def _locked(department: Department) -> Department:
    found = Department.objects.select_for_update(of=("self",)).select_related("parent", "area", "head")
    return found.get(pk=department.pk)


def _values(department: Department) -> dict[str, Any]:
    return {
        "name": department.name, "name_en": department.name_en,
        "parent": department.parent.name if department.parent else None,
        "area": department.area.name if department.area else None,
    }  # fmt: skip


@transaction.atomic
def close_department(*, department: Department, by: User, at: datetime) -> Department:
    """Close an empty department from today on; its past contacts keep it. Raises DepartmentInUse."""
    department = _locked(department)
    below = Department.objects.filter(parent=department, valid_to__isnull=True)
    if below.exists() or Employee.objects.working().filter(department=department).exists():
        raise DepartmentInUse(department)
    department.valid_to = max(at.date(), department.valid_from)
    department.save(update_fields=["valid_to"])
    record(
        WorkforceEvent.DEPARTMENT_CLOSED, subject=department, by=by, at=at, name=department.name,
        former={"valid_to": None}, new={"valid_to": department.valid_to.isoformat()},
    )  # fmt: skip
    return department


@transaction.atomic
def reopen_department(*, department: Department, by: User, at: datetime) -> Department:
    """Take a closing back; one that is open stays as it is."""
    department = _locked(department)
    if department.valid_to is None:
        return department
    former, department.valid_to = department.valid_to, None
    department.save(update_fields=["valid_to"])
    record(
        WorkforceEvent.DEPARTMENT_REOPENED, subject=department, by=by, at=at, name=department.name,
        former={"valid_to": former.isoformat()}, new={"valid_to": None},
    )  # fmt: skip
    return department


@transaction.atomic
def appoint_head(*, department: Department, head: Employee | None, by: User | None, at: datetime) -> Department:
    """Put an employee at the head of a department, or leave it without one. Raises EmployeeHasLeft."""
    department = _locked(department)
    if head is not None:
        locked_employee(head)
    former, department.head = department.head, head
    if former == head:
        return department
    department.save(update_fields=["head"])
    record(
        WorkforceEvent.HEAD_APPOINTED, subject=department, by=by, at=at,
        head=head.pk if head else None, name=department.name,
        former={"head": former.name if former else None}, new={"head": head.name if head else None},
    )  # fmt: skip
    return department
