"""The pages on which work begins: one's own day, and a head's."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from svyaz.access.permissions import AccessPermission, authenticated, needs
from svyaz.access.queries import questions_to, rights_of
from svyaz.decisions.permissions import DecisionPermission
from svyaz.decisions.queries import decisions_to_review, promises_of_employee, proposals_to_judge
from svyaz.desk.day.head import Bar, bars, head_of_day
from svyaz.desk.drafts.queries import task_tabs
from svyaz.desk.paging import count_of
from svyaz.desk.rendering import EmployeeRequest, render_part
from svyaz.desk.work import Reach, Row, end_of_day, start_of_day, with_party_roles
from svyaz.interactions.permissions import InteractionPermission
from svyaz.interactions.queries import contacts_taken_by, contacts_waiting
from svyaz.users.models import User
from svyaz.workforce.models import Employee
from svyaz.workforce.permissions import WorkforcePermission
from svyaz.workforce.queries import employee_of, openings_to_review, staff_of

PAGE, PEOPLE = "desk/day/page.html", "desk/day/people.html"
MOST_SHOWN = 30
# Whoever has more to approve does it in the list: the day must not drown in it.
MOST_PROPOSALS = 5
MOST_WAITING = 5


@require_safe
@authenticated
def day(request: EmployeeRequest) -> HttpResponse:
    """Show what today asks of the viewer."""
    at = now()
    reach = Reach.of(request.user, at)
    employee = employee_of(request.user)
    context: Row = {
        "at": at,
        "today": timezone.localdate(at),
        "employee": employee,
        "may_resolve": reach.rights.may(DecisionPermission.RESOLVE_PROMISE),
        "promises": _promises(employee, reach, at),
        "proposals": _proposals(request, reach, at),
        "contacts": _contacts(employee, reach, at),
        "waiting": _waiting(employee, reach, at),
        "to_review_decisions": _to_review_decisions(employee, reach, at),
        "drafts": [tab for tab in task_tabs(request.user) if tab.is_written],
        "is_head": is_head(request.user),
        "to_review": _to_review(request),
        "asked": questions_to(request.user).count(),
    }
    return render_part(request, PAGE, "work", context)


@require_safe
@needs(WorkforcePermission.READ_DEPARTMENT)
def people(request: EmployeeRequest) -> HttpResponse:
    """Show how the viewer's people fare, in his departments and those below them."""
    at = now()
    context: Row = {
        "at": at,
        "today": timezone.localdate(at),
        "team": head_of_day(request.user, at),
        "employee": employee_of(request.user),
    }
    return render_part(request, PEOPLE, "team", context)


def is_head(user: User) -> bool:
    """Tell whether the viewer may see how others fare, and heads anybody."""
    return rights_of(user).may(WorkforcePermission.READ_DEPARTMENT) and staff_of(user).exists()


def _waiting(employee: Employee | None, reach: Reach, at: datetime) -> Row | None:
    """Return the contacts of mine, and of nobody in my areas, that wait for an answer."""
    if employee is None or not reach.rights.may(InteractionPermission.READ):
        return None
    found = contacts_waiting(reach.rights, employees=[employee.pk], with_nobodys=True, at=at)
    rows = list(with_party_roles(found)[:MOST_WAITING])
    count = len(rows) if len(rows) < MOST_WAITING else count_of(found.select_related(None))
    return {"items": [reach.contact(row) for row in rows], "count": count}


def _to_review_decisions(employee: Employee | None, reach: Reach, at: datetime) -> int:
    """Return how many of my decisions in force are to be looked at again by now."""
    if employee is None:
        return 0
    today = timezone.localdate(at)
    return count_of(decisions_to_review([employee.pk], viewer=reach.rights, at=at, today=today))


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
            "count": len(rows),
            "week": _week([row.due_at for row in rows], at)}  # fmt: skip


def _week(due: list[datetime], at: datetime) -> list[Bar]:
    """Return what falls due on each of the next seven days as bars."""
    today = timezone.localdate(at)
    days = Counter(timezone.localdate(moment) for moment in due)
    return bars({day: days[day] for day in days if day >= today}, until=today + timedelta(days=6), days=7)


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
