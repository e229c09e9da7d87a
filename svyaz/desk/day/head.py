"""A head's morning: which promises of his people are past due, and who carries how much."""

from datetime import datetime

from svyaz.access.queries import rights_of
from svyaz.decisions.queries import promise_load
from svyaz.desk.work import Row, start_of_day
from svyaz.interactions.queries import contacts_per_employee
from svyaz.users.models import User
from svyaz.workforce.models import Employee
from svyaz.workforce.permissions import WorkforcePermission
from svyaz.workforce.queries import staff_of

MOST_SHOWN = 100


def head_of_day(user: User, employee: Employee, at: datetime) -> Row | None:
    """Return how the viewer's people fare, the most burdened first; nothing for who heads nobody."""
    if not rights_of(user).may(WorkforcePermission.READ_DEPARTMENT):
        return None
    staff = list(staff_of(user).select_related("department", "presence").order_by("name_key", "pk")[:MOST_SHOWN])
    if not staff:
        return None
    people = [one.pk for one in staff]
    load = promise_load(people, viewer=user, at=at)
    contacts = contacts_per_employee(people, since=start_of_day(at))
    rows = [_row(one, load.get(one.pk, {}), contacts.get(one.pk, 0)) for one in staff]
    rows.sort(key=lambda row: (-row["past_due"], -row["open"]))
    most = max((row["open"] for row in rows), default=0)
    return {
        "rows": rows,
        "most": most,
        "past_due": sum(row["past_due"] for row in rows),
        "open": sum(row["open"] for row in rows),
        "contacts": sum(row["contacts"] for row in rows),
    }


def _row(employee: Employee, load: dict[str, int], contacts: int) -> Row:
    return {
        "employee": employee,
        "presence": getattr(employee, "presence", None),
        "open": load.get("open", 0),
        "past_due": load.get("past_due", 0),
        "contacts": contacts,
    }
