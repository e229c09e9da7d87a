"""Reading what happened; callers come through the subject's package, which knows who may see it."""

from collections.abc import Iterable
from typing import Any

from django.db import models

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
