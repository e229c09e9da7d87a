"""Reading what happened; callers come through the subject's package, which knows who may see it."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from django.db import connection, models

from svyaz.history.models import Cursor, Event, FailedDelivery


def events_of(subject: models.Model) -> models.QuerySet[Event]:
    """Return the events of one row, newest first."""
    return Event.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).order_by("-id")


def events_of_party(*parties: int) -> models.QuerySet[Event]:
    """Return the events of a party, or of all that are one with it, newest first."""
    return Event.objects.filter(party_id__in=parties).order_by("-id")


def changes_of(*subjects: tuple[type[models.Model], Iterable[int]]) -> models.QuerySet[Event]:
    """Return the events of some rows of some nouns with who made them, the latest first."""
    meant = models.Q(pk__in=())
    for model, ids in subjects:
        meant |= models.Q(subject_type=model._meta.label_lower, subject_id__in=list(ids))
    return Event.objects.filter(meant).select_related("by").order_by("-id")


def events_of_parties(party_ids: Collection[int]) -> models.QuerySet[Event]:
    """Return the events of several parties, newest first."""
    return Event.objects.filter(party_id__in=party_ids).order_by("-id")


def subscribers_state() -> list[dict[str, Any]]:
    """Return each subscriber with the moment it last moved and how many events it could not take."""
    failed = dict(
        FailedDelivery.objects.values_list("subscriber")
        .annotate(count=models.Count("pk"))
        .values_list("subscriber", "count")
    )
    return [
        {"subscriber": cursor.subscriber, "moved_at": cursor.moved_at, "failed": failed.get(cursor.subscriber, 0)}
        for cursor in Cursor.objects.order_by("subscriber")
    ]


class Position(NamedTuple):
    """A place in the order of commits: everything that commits later lies behind it. Written as "xid.id"."""

    xid: int
    event_id: int

    def __str__(self) -> str:
        return f"{self.xid}.{self.event_id}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the position that a text names; None where it names none."""
        match = re.fullmatch(r"(\d{1,19})\.(\d{1,18})", text, re.ASCII)
        return cls(int(match[1]), int(match[2])) if match and int(match[1]) < 2**63 else None


@dataclass(frozen=True)
class Committed:
    """Events in the order of their commits, the position behind them, and whether more have to wait.

    What has to wait was written beside a transaction that is still open and may commit something earlier.
    """

    events: list[Event]
    position: Position
    is_whole: bool
    more_waits: bool


# The horizon is that of the statement's own snapshot: below it nothing can still commit.
_HORIZON = "history_horizon()"
_AFTER = """
SELECT * FROM history_event
WHERE kind = ANY(%(kinds)s) AND (xid, id) > (%(xid)s::text::xid8, %(id)s) AND xid < %(horizon)s::text::xid8
ORDER BY xid, id LIMIT %(most)s
"""
_LATEST = """
SELECT * FROM history_event WHERE kind = ANY(%(kinds)s) AND xid < %(horizon)s::text::xid8
ORDER BY xid DESC, id DESC LIMIT %(most)s
"""


def horizon() -> tuple[int, bool]:
    """Return the number of the oldest open transaction, and whether events were written beside or behind it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT h::text, EXISTS (SELECT 1 FROM history_event WHERE xid >= h) FROM (SELECT {_HORIZON}) AS s (h)"
        )
        xid, more = cursor.fetchone()
    return int(xid), bool(more)


def committed_after(position: Position, *, kinds: Iterable[str], most: int) -> Committed:
    """Return what committed behind a position, the earliest first, at the most so many."""
    limit, more = horizon()
    place = {"xid": str(position.xid), "id": position.event_id, "horizon": str(limit)}
    events = list(Event.objects.raw(_AFTER, {"kinds": list(kinds), "most": most, **place}))
    is_whole = len(events) < most
    reached = max(position, Position(limit, 0)) if is_whole else Position(events[-1].xid, events[-1].pk)
    return Committed(events, reached, is_whole, more)


def latest_committed(*, kinds: Iterable[str], most: int) -> Committed:
    """Return the last events that committed, the earliest first, and the position behind them."""
    limit, more = horizon()
    found = Event.objects.raw(_LATEST, {"kinds": list(kinds), "most": most, "horizon": str(limit)})
    events = list(found)[::-1]
    return Committed(events, Position(limit, 0), len(events) < most, more)
