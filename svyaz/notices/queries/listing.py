"""A user's notices: how many he has not read, and what they are about, grouped by that."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.db.models import QuerySet

from svyaz.access.queries import Viewer
from svyaz.notices.actions.presence import SILENT_IS_GONE
from svyaz.notices.models import AtCard, Notice, NoticeSetting, QuietHours
from svyaz.users.models import User
from svyaz.workforce.models import Presence

# Beyond so many a badge says "99+".
MOST_COUNTED = 100


def unread_count(viewer: Viewer) -> int:
    """Return how many notices wait for a user, at the most `MOST_COUNTED`."""
    unread: Any = Notice.objects.visible_to(viewer).unread().order_by().values("pk")[:MOST_COUNTED]
    return int(unread.count())


def notices_of(viewer: Viewer, *, unread_only: bool = False) -> "QuerySet[Notice]":
    """Return a user's notices, the latest first."""
    found = Notice.objects.visible_to(viewer)
    found = found.filter(read_at__isnull=True) if unread_only else found
    rows: QuerySet[Notice] = found.select_related("department", "by", "party").prefetch_related("party__roles")
    return rows.order_by("-at", "-pk")


def loud_news(viewer: Viewer, *, after: int) -> "QuerySet[Notice]":
    """Return the unread notices beyond an id that a user wants to be told of at once, the earliest first."""
    rows: QuerySet[Notice] = Notice.objects.visible_to(viewer).unread().filter(pk__gt=after, is_loud=True)
    return rows.select_related("department", "by", "party").prefetch_related("party__roles").order_by("pk")


def same_subject(viewer: Viewer, notice: Notice) -> "QuerySet[Notice]":
    """Return a user's unread notices of the group that a notice belongs to: its party's, else its subject's."""
    found: QuerySet[Notice] = Notice.objects.visible_to(viewer).filter(read_at__isnull=True)
    if notice.party_id is not None:
        return found.filter(party=notice.party_id)
    return found.filter(party__isnull=True, subject_type=notice.subject_type, subject_id=notice.subject_id)


def settings_of(user: User) -> dict[str, str]:
    """Return how loud a user wants to hear of each kind."""
    chosen = dict(NoticeSetting.objects.filter(user=user).values_list("kind", "level"))
    return {kind: chosen.get(kind, NoticeSetting.Level.LOUD.value) for kind in Notice.Kind.values}


def quiet_hours_of(user: User) -> QuietHours | None:
    """Return a user's quiet hours, if he has any."""
    return QuietHours.objects.filter(user=user).first()


def usual_quiet_hours() -> tuple[time, time]:
    """Return what quiet hours are offered to begin with."""
    return time(20), time(8)


def colleagues_at_card(party_id: int, *, but: int, at: datetime) -> "QuerySet[AtCard]":
    """Return who else than this user has a party's card open now, the first comer first."""
    there: QuerySet[AtCard] = AtCard.objects.filter(party=party_id, seen_at__gt=at - SILENT_IS_GONE)
    return there.exclude(employee__user=but).select_related("employee__department").order_by("since", "pk")


def presences(employees: Iterable[int]) -> dict[int, Presence]:
    """Return who of these employees is at his desk, and since when."""
    present = (Presence.State.AVAILABLE, Presence.State.BUSY)
    return {row.employee_id: row for row in Presence.objects.filter(employee__in=list(employees), state__in=present)}
