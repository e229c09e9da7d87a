"""A user's notices: how many he has not read, and what they are about, grouped by that."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.db.models import QuerySet

from svyaz.access.queries import Viewer
from svyaz.decisions.models import Approval, Decision, Promise
from svyaz.interactions.models import Interaction
from svyaz.notices.models import SILENT_IS_GONE, AtCard, Notice, NoticeSetting, QuietHours
from svyaz.users.models import User

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


def loud_news(viewer: Viewer, ids: Iterable[int]) -> "QuerySet[Notice]":
    """Return those of these notices that a user has not read and wants to be told of at once, the earliest first."""
    rows: QuerySet[Notice] = Notice.objects.visible_to(viewer).unread().filter(pk__in=list(ids), is_loud=True)
    return rows.select_related("department", "by", "party").prefetch_related("party__roles").order_by("pk")


def same_subject(viewer: Viewer, notice: Notice) -> "QuerySet[Notice]":
    """Return a user's unread notices of the group that a notice belongs to: its party's, else its subject's."""
    found: QuerySet[Notice] = Notice.objects.visible_to(viewer).filter(read_at__isnull=True)
    if notice.party_id is not None:
        return found.filter(party=notice.party_id)
    return found.filter(party__isnull=True, subject_type=notice.subject_type, subject_id=notice.subject_id)


def words_of(notices: Iterable[Notice]) -> dict[tuple[str, int], str]:
    """Return in a few words what each notice's subject says: read anew, so that nothing erased lives on in a notice."""
    ids: dict[str, set[int]] = defaultdict(set)
    for notice in notices:
        ids[notice.subject_type].add(notice.subject_id)
    found: dict[tuple[str, int], str] = {}
    for pk, subject, text in Interaction.objects.filter(pk__in=ids["interactions.interaction"]).values_list(
        "pk", "subject", "text"
    ):
        found["interactions.interaction", pk] = subject or text[:140]
    for pk, text in Decision.objects.filter(pk__in=ids["decisions.decision"]).values_list("pk", "text"):
        found["decisions.decision", pk] = text
    for pk, what in Promise.objects.filter(pk__in=ids["decisions.promise"]).values_list("pk", "what"):
        found["decisions.promise", pk] = what
    return found


def verdicts_of(notices: Iterable[Notice]) -> dict[int, bool]:
    """Return for judged proposals whether they were approved."""
    ids = [notice.subject_id for notice in notices if notice.kind == Notice.Kind.JUDGED]
    return dict(Approval.objects.filter(decision__in=ids).values_list("decision", "is_approved"))


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
