"""The list of employees, and one employee: whom he serves, on what, what he decided and promised."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from svyaz.access.permissions import needs
from svyaz.decisions.permissions import DecisionPermission
from svyaz.decisions.queries import decisions_made_by, promises_of_employee
from svyaz.desk.employees.listing import EMPLOYEES
from svyaz.desk.lists.views import show_list
from svyaz.desk.paging import count_of
from svyaz.desk.rendering import EmployeeRequest
from svyaz.desk.work import Reach, Row, with_party_roles
from svyaz.interactions.permissions import InteractionPermission
from svyaz.interactions.queries import customers_of_employee, services_of_employee
from svyaz.workforce.models import Employee
from svyaz.workforce.permissions import WorkforcePermission
from svyaz.workforce.queries import head_of

SINCE = timedelta(days=90)
MOST_FACES = 12
MOST_WORK = 8


@require_safe
@needs(WorkforcePermission.READ)
def employees(request: EmployeeRequest) -> HttpResponse:
    """Show who works here, by name."""
    return show_list(request, EMPLOYEES.name)


@require_safe
@needs(WorkforcePermission.READ)
def employee(request: EmployeeRequest, employee_id: int) -> HttpResponse:
    """Show one employee."""
    at = now()
    rows = Employee.objects.visible_to(request.user).select_related("department__parent", "presence", "user")
    found = get_object_or_404(rows, pk=employee_id)
    reach = Reach.of(request.user, at)
    context = {
        "employee": found,
        "presence": getattr(found, "presence", None),
        "head": head_of(found),
        "memberships": found.memberships.select_related("department").order_by("-valid_from", "-pk"),
        "skills": found.skills.select_related("skill").order_by("-level", "skill__name"),
        "is_me": found.user_id == request.user.pk,
        **_faces(found, reach, at),
        **_work(found, reach, at),
    }
    return render(request, "desk/employees/page.html", context)


def _faces(employee: Employee, reach: Reach, at: datetime) -> Row:
    """Return the faces of the triangle: which services he serves and whom; nothing for who may not read contacts."""
    if not reach.rights.may(InteractionPermission.READ):
        return {}
    since = at - SINCE
    services = list(services_of_employee(employee, viewer=reach.rights, since=since))
    customers = list(customers_of_employee(employee, viewer=reach.rights, since=since)[: MOST_FACES + 1])
    return {
        "services": [row for row in services if row["offering_id"]][:MOST_FACES],
        "most": max((row["contacts"] for row in services if row["offering_id"]), default=0),
        "contacts_count": sum(row["contacts"] for row in services),
        "customers": customers[:MOST_FACES],
        "has_more_customers": len(customers) > MOST_FACES,
        "days": SINCE.days,
    }


def _work(employee: Employee, reach: Reach, at: datetime) -> Row:
    """Return what he decided, with outcomes, and what he has promised."""
    if not reach.rights.may(DecisionPermission.READ):
        return {}
    made = decisions_made_by(employee, viewer=reach.rights, at=at)
    promises = promises_of_employee(employee, viewer=reach.rights)
    shown: list[Any] = list(with_party_roles(made)[:MOST_WORK])
    return {
        "decisions": [reach.decision(row) for row in shown],
        "decisions_count": count_of(made.select_related(None)),
        "promises": [reach.promise(row, at) for row in with_party_roles(promises)[:MOST_WORK]],
        "promises_count": promises.select_related(None).order_by().count(),
    }
