"""The page on which work begins."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from svyaz.access.permissions import AccessPermission, authenticated
from svyaz.access.queries import questions_to, rights_of
from svyaz.decisions.permissions import DecisionPermission
from svyaz.decisions.queries import promises_of_employee, proposals_to_judge
from svyaz.desk.day.head import head_of_day
from svyaz.desk.rendering import EmployeeRequest, render_part
from svyaz.desk.work import Reach, Row, end_of_day, start_of_day, with_party_roles
from svyaz.interactions.queries import contacts_taken_by
from svyaz.workforce.models import Employee
from svyaz.workforce.queries import employee_of, openings_to_review

PAGE = "desk/day/page.html"
MOST_SHOWN = 30
# Whoever has more to approve does it in the list: the day must not drown in it.
MOST_PROPOSALS = 5


@require_safe
@authenticated
def day(request: EmployeeRequest) -> HttpResponse:
    """Show what today asks of the viewer."""
    at = now()
    reach = Reach.of(request.user, at)
    employee = employee_of(request.user)
    context: Row = {
        "at": at,
        "employee": employee,
        "may_resolve": reach.rights.may(DecisionPermission.RESOLVE_PROMISE),
        "promises": _promises(employee, reach, at),
        "proposals": _proposals(request, reach, at),
        "contacts": _contacts(employee, reach, at),
        "team": head_of_day(request.user, employee, at) if employee else None,
        "to_review": _to_review(request),
        "asked": questions_to(request.user).count(),
    }
    return render_part(request, PAGE, "work", context)


def _promises(employee: Employee | None, reach: Reach, at: datetime) -> Row:
    """Return my open promises in three heaps: past due, today, coming."""
    heaps: dict[str, list[Row]] = {"past_due": [], "today": [], "coming": []}
    if employee is None:
        return {"heaps": heaps, "count": 0}
    tonight = end_of_day(at)
    rows = list(with_party_roles(promises_of_employee(employee, viewer=reach.rights)))
    for row in rows:
        heap = "past_due" if row.due_at < at else "today" if row.due_at < tonight else "coming"
        heaps[heap].append(reach.promise(row, at))
    return {**{name: {"items": heap[:MOST_SHOWN], "count": len(heap)} for name, heap in heaps.items()},
            "count": len(rows)}  # fmt: skip


def _proposals(request: EmployeeRequest, reach: Reach, at: datetime) -> Row | None:
    """Return the decisions that wait for my approval; nothing for who approves none."""
    if not reach.rights.may(DecisionPermission.APPROVE):
        return None
    waiting = with_party_roles(proposals_to_judge(request.user, at=at)).prefetch_related("grounds", "outcomes")
    rows = list(waiting[:MOST_PROPOSALS])
    count = len(rows) if len(rows) < MOST_PROPOSALS else proposals_to_judge(request.user, at=at).order_by().count()
    return {"items": [reach.decision(row) for row in rows], "count": count}


def _contacts(employee: Employee | None, reach: Reach, at: datetime) -> Row | None:
    if employee is None:
        return None
    taken = contacts_taken_by(employee, since=start_of_day(at))
    rows: list[Any] = list(with_party_roles(taken)[:MOST_SHOWN])
    count = len(rows) if len(rows) < MOST_SHOWN else taken.order_by().count()
    return {"items": [reach.contact(row) for row in rows], "count": count}


def _to_review(request: EmployeeRequest) -> int | None:
    if not rights_of(request.user).may(AccessPermission.REVIEW):
        return None
    return openings_to_review(request.user).order_by().count()
