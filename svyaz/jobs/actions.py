"""Putting work off, in the same transaction as the change that asks for it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

# Again after 4, 16, 64 … seconds: eight times in about a day.
RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)
# For jobs that share a lock and come again by themselves: one that waits for its next try holds up all behind it.
RETRY_SOON = RetryStrategy(max_attempts=5, wait=2)


def defer_once(
    task: str, *, lock: str | None = None, after: timedelta | None = None, of: str = "", **arguments: Any
) -> bool:
    """Defer a task by its name unless one waits already; return whether it was added.

    `lock` keeps two of the same lock from running at once; `after` puts the start off; `of` names what the task is
    for, where one may wait for each.
    """
    schedule: dict[str, Any] = {"schedule_in": {"seconds": int(after.total_seconds())}} if after else {}
    try:
        with transaction.atomic():
            once = f"{task}:{of}" if of else task
            app.configure_task(task, queueing_lock=once, lock=lock, **schedule).defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


# A worker says every ten seconds that it lives; one that was silent for so long was killed.
SILENT_WORKER_IS_DEAD = timedelta(seconds=30)


def take_back_stalled_jobs(*, at: datetime, silent_for: timedelta = SILENT_WORKER_IS_DEAD) -> int:
    """Put what workers silent for so long were doing back into the queue, to be done at once; return how many jobs.

    Otherwise such a job would stand there as being done for ever, and its lock would hold up every later one.
    """
    from procrastinate.contrib.django.models import ProcrastinateJob

    is_dead = Q(worker__isnull=True) | Q(worker__last_heartbeat__lt=at - silent_for)
    stalled = list(ProcrastinateJob.objects.filter(is_dead, status="doing").values_list("pk", flat=True))
    for job_id in stalled:
        _take_back(job_id, at=at)
    return len(stalled)


@transaction.atomic
def _take_back(job_id: int, *, at: datetime) -> None:
    """Put one job back; where another of its kind waits already, that one will do, and this one is over."""
    with connection.cursor() as cursor:
        # Held until the end: its worker may live after all and be about to finish it.
        cursor.execute("SELECT id FROM procrastinate_jobs WHERE id = %s AND status = 'doing' FOR UPDATE", [job_id])
        if cursor.fetchone() is None:
            return
        try:
            with transaction.atomic():
                app.job_manager.retry_job_by_id(job_id, retry_at=at)
        except (IntegrityError, ConnectorException):
            cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [job_id])


class JobIsNotFailed(Exception):
    """Only a failed job can be tried again."""


def retry_job(*, job_id: int, at: datetime) -> None:
    """Put a failed job back into the queue at once, with the tries it had; raise JobIsNotFailed."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    if not ProcrastinateJob.objects.filter(pk=job_id, status="failed").exists():
        raise JobIsNotFailed(job_id)
    app.job_manager.retry_job_by_id(job_id, retry_at=at)
