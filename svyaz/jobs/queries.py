"""What waits, what runs and what failed."""

from datetime import datetime

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker


def failed_jobs() -> "QuerySet[ProcrastinateJob]":
    """Return the jobs that used up their tries, newest first."""
    return ProcrastinateJob.objects.filter(status="failed").order_by("-id")


def jobs_by_status() -> dict[str, int]:
    """Return how many jobs stand in each state."""
    return dict(ProcrastinateJob.objects.values_list("status").annotate(count=Count("pk")))


def last_heartbeat() -> datetime | None:
    """Return when a worker last said that it lives."""
    heard: datetime | None = ProcrastinateWorker.objects.aggregate(at=Max("last_heartbeat"))["at"]
    return heard


def oldest_waiting(at: datetime) -> datetime | None:
    """Return since when the job that waits longest could have run."""
    due = Q(status="todo") & (Q(scheduled_at__isnull=True) | Q(scheduled_at__lte=at))
    since = Coalesce("scheduled_at", Min("procrastinateevent__at"))
    found: datetime | None = ProcrastinateJob.objects.filter(due).annotate(since=since).aggregate(at=Min("since"))["at"]
    return found
