"""A head's day: what stood still among his people, who carries how much, how many contacts each day brought."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from svyaz.access.permissions import AccessPermission
from svyaz.access.queries import rights_of
from svyaz.decisions.queries import decisions_to_review, promise_load, proposals_of
from svyaz.desk.paging import count_of
from svyaz.desk.work import Row, start_of_day
from svyaz.interactions.queries import contacts_by_day, contacts_per_employee, contacts_waiting_counted
from svyaz.users.models import User
from svyaz.workforce.models import Employee
from svyaz.workforce.queries import openings_to_review, staff_of

MOST_SHOWN = 100
DAYS_SHOWN = 14


@dataclass(frozen=True)
class Stood:
    """One kind of work that stood still: its name, how much of it, and the address of the list that shows it."""

    name: str
    count: int
    address: str
    icon: str
    tone: str = "wait"


@dataclass(frozen=True)
class Bar:
    """One day of a picture of bars: how many, and how high in a hundred."""

    day: date
    count: int
    height: int

    @property
    def y(self) -> int:
        """Return where the bar begins, from the top."""
        return 100 - self.height


def head_of_day(user: User, at: datetime) -> Row | None:
    """Return how the viewer's people fare, the most burdened first; nothing for who heads nobody."""
    staff = list(staff_of(user).select_related("department", "presence").order_by("name_key", "pk")[:MOST_SHOWN])
    if not staff:
        return None
    people = [one.pk for one in staff]
    load = promise_load(people, viewer=user, at=at)
    contacts = contacts_per_employee(people, since=start_of_day(at))
    waiting = contacts_waiting_counted(user, employees=people, at=at)
    rows = [_row(one, load.get(one.pk, {}), contacts.get(one.pk, 0), waiting.get(one.pk, 0)) for one in staff]
    rows.sort(key=lambda row: (-row["past_due"], -row["open"], -row["waiting"]))
    total = {name: sum(row[name] for row in rows) for name in ("past_due", "open", "contacts", "waiting")}
    return {
        "rows": rows,
        "most": max((row["open"] for row in rows), default=0),
        "stood": _stood_still(user, people, total, at),
        "bars": bars(contacts_by_day(people, since=_first_day(at)), until=timezone.localdate(at)),
        **total,
    }


def _row(employee: Employee, load: dict[str, int], contacts: int, waiting: int) -> Row:
    return {
        "employee": employee, "presence": getattr(employee, "presence", None), "open": load.get("open", 0),
        "past_due": load.get("past_due", 0), "contacts": contacts, "waiting": waiting,
    }  # fmt: skip


def _stood_still(user: User, people: list[int], total: dict[str, int], at: datetime) -> list[Stood]:
    """Return the kinds of work that stood still, each with its list; a kind that the head may not see is absent."""
    waiting = "/contacts/?answer=missing&of=people"
    reviewed = decisions_to_review(people, viewer=user, at=at, today=timezone.localdate(at))
    found = [
        Stood(_("Promises past due"), total["past_due"], "/promises/?due=past&of=mine", "promise", "bad"),
        Stood(_("Contacts without an answer"), total["waiting"], waiting, "message-square"),
        Stood(_("Proposals that nobody judged"), _count(proposals_of(people, viewer=user)),
              "/decisions/?state=proposed&of=people", "scale"),
        Stood(_("Decisions to look at again"), _count(reviewed), "/decisions/?review=past&of=people", "refresh-cw"),
    ]  # fmt: skip
    if rights_of(user).may(AccessPermission.REVIEW):
        found.append(Stood(_("Openings to review"), _count(openings_to_review(user)), "/openings/", "eye"))
    return found


def _count(found: "QuerySet[Any]") -> int:
    return count_of(found)


def _first_day(at: datetime) -> datetime:
    return start_of_day(at) - timedelta(days=DAYS_SHOWN - 1)


def bars(counts: dict[date, int], *, until: date, days: int = DAYS_SHOWN) -> list[Bar]:
    """Return the days up to one as bars, that one last; a day without any has none."""
    shown: Iterable[date] = [until - timedelta(days=back) for back in reversed(range(days))]
    most = max(counts.values(), default=0)
    return [Bar(day, counts.get(day, 0), round(100 * counts.get(day, 0) / most) if most else 0) for day in shown]
