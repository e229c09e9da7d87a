"""Putting work off, in the same transaction as the change that asks for it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

# Again after 4, 16, 64 … seconds: eight times in about a day.
RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


def defer_once(task: str, *, lock: str | None = None, after: timedelta | None = None, **arguments: Any) -> bool:
    """Defer a task by its name unless one waits already; return whether it was added.

    `lock` keeps two of the same lock from running at once; `after` puts the start off.
    """
    schedule: dict[str, Any] = {"schedule_in": {"seconds": int(after.total_seconds())}} if after else {}
    try:
        with transaction.atomic():
            app.configure_task(task, queueing_lock=task, lock=lock, **schedule).defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


class JobIsNotFailed(Exception):
    """Only a failed job can be tried again."""


def retry_job(*, job_id: int, at: datetime) -> None:
    """Put a failed job back into the queue at once, with the tries it had; raise JobIsNotFailed."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    if not ProcrastinateJob.objects.filter(pk=job_id, status="failed").exists():
        raise JobIsNotFailed(job_id)
    app.job_manager.retry_job_by_id(job_id, retry_at=at)
