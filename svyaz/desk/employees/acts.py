"""What can be done to many employees at once: moved to another department."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from svyaz.desk.lists.acts import Act, ActForm, ChangedSince, LeftOut
from svyaz.desk.lists.columns import Look
from svyaz.users.models import User
from svyaz.workforce.actions import EmployeeHasLeft, move_employee
from svyaz.workforce.models import Department, Employee
from svyaz.workforce.permissions import WorkforcePermission
from svyaz.workforce.queries import departments_in_use

Params = Mapping[str, Any]


class DepartmentForm(ActForm):
    """Where they work from today."""

    department: "forms.ModelChoiceField[Department]" = forms.ModelChoiceField(
        label=gettext_lazy("Department"), queryset=None,
        error_messages={"required": gettext_lazy("Say which department.")},
    )  # fmt: skip

    def set_up(self, look: Look) -> None:
        field = self.fields["department"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = departments_in_use()


def _employees(ids: Sequence[int], look: Look) -> Mapping[int, Any]:
    found: list[Employee] = list(Employee.objects.visible_to(look.user).select_related("department").filter(pk__in=ids))
    return {employee.pk: employee for employee in found}


def _move(employee: Employee, params: Params, by: User, at: datetime) -> dict[str, Any]:
    if employee.department_id == params["department"]:
        raise LeftOut(_("It is so already."))
    try:
        move_employee(employee=employee, department=departments_in_use().get(pk=params["department"]), by=by, at=at)
    except EmployeeHasLeft as fact:
        raise LeftOut(_("The employee does not work here any more.")) from fact
    return {"former": employee.department_id, "new": params["department"]}


def _move_back(employee: Employee, undo: Params, by: User, at: datetime) -> None:
    former = departments_in_use().filter(pk=undo["former"]).first()
    if former is None or employee.department_id != undo["new"]:
        raise ChangedSince(employee)
    try:
        move_employee(employee=employee, department=former, by=by, at=at)
    except EmployeeHasLeft as fact:
        raise ChangedSince(employee) from fact


ACTS = (
    Act(
        "department", gettext_lazy("Department"), "building-2", DepartmentForm, _employees, _move, _move_back,
        needs=WorkforcePermission.MANAGE,
    ),
)  # fmt: skip
