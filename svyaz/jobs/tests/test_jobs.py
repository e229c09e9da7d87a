"""Work put off: once, in the transaction, retried, visible when it fails."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils.timezone import now
from procrastinate import utils
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from svyaz.jobs.actions import RETRY, JobIsNotFailed, defer_once, retry_job, take_back_stalled_jobs
from svyaz.jobs.queries import failed_jobs, jobs_by_status, oldest_waiting

DONE: list[int] = []


@app.task(name="sample:work", retry=RETRY)
def work(number: int = 0) -> None:
    DONE.append(number)
    raise ValueError(number)


@pytest.mark.django_db
def test_a_task_waits_once():
    assert defer_once("sample:work", number=1)
    assert not defer_once("sample:work", number=2)

    assert ProcrastinateJob.objects.get().args == {"number": 1}
    assert jobs_by_status() == {"todo": 1}


@pytest.mark.django_db
def test_work_that_is_put_off_goes_with_the_change_that_is_undone():
    with transaction.atomic():
        defer_once("sample:work")
        transaction.set_rollback(True)

    assert not ProcrastinateJob.objects.exists()


@pytest.mark.django_db
def test_it_may_start_later():
    defer_once("sample:work", after=timedelta(hours=1))

    assert ProcrastinateJob.objects.get().scheduled_at > now() + timedelta(minutes=59)
    assert oldest_waiting(now()) is None


def test_the_waits_between_tries_grow_and_end():
    def decide(tries):
        job = Job(id=1, queue="q", lock=None, queueing_lock=None, task_name="sample:work", attempts=tries)
        return RETRY.get_retry_decision(exception=ValueError(), job=job)

    waits = [(decide(tries).retry_at - now()).total_seconds() for tries in range(8)]
    assert waits == sorted(waits)
    assert waits[0] <= 4
    assert 20 < sum(waits) / 3600 < 30
    assert decide(8) is None


@pytest.mark.django_db(transaction=True)
def test_a_failed_job_is_put_back_by_the_worker_then_seen_then_tried_again():
    DONE.clear()
    app.configure_task("sample:work", queue="sample").defer(number=7)
    ours = ProcrastinateJob.objects.filter(task_name="sample:work")

    run_worker()
    job = ours.get()
    assert (job.status, job.attempts, DONE) == ("todo", 1, [7])
    assert job.scheduled_at > now()

    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 8, scheduled_at = NULL WHERE id = %s", [job.pk])
    run_worker()
    assert failed_jobs().get() == job

    retry_job(job_id=job.pk, at=now())
    assert ours.get().status == "todo"
    with pytest.raises(JobIsNotFailed):
        retry_job(job_id=job.pk, at=now())
    run_worker()
    assert DONE == [7, 7, 7]


def run_worker():
    """Do what waits in the samples' queue, as the worker of `svyaz up` does, and stop."""

    async def once(worker):
        async with worker.open_async():
            await worker.run_worker_async(
                queues=["sample"], wait=False, install_signal_handlers=False, listen_notify=False
            )

    connector: Any = app.connector
    utils.async_to_sync(once, app.with_connector(connector.get_worker_connector()))


@pytest.mark.django_db
def test_what_a_killed_worker_was_doing_goes_back_into_the_queue():
    defer_once("sample:work", number=1)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id", [now()])
        (worker_id,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker_id])

    assert take_back_stalled_jobs(at=now() + timedelta(seconds=20)) == 0
    assert take_back_stalled_jobs(at=now() + timedelta(seconds=40)) == 1
    assert jobs_by_status() == {"todo": 1}


@pytest.mark.django_db
def test_what_a_killed_worker_was_doing_is_over_where_another_of_its_kind_waits():
    defer_once("sample:work", number=1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    defer_once("sample:work", number=2)

    assert take_back_stalled_jobs(at=now()) == 1
    assert jobs_by_status() == {"failed": 1, "todo": 1}
    assert ProcrastinateJob.objects.get(status="todo").args == {"number": 2}
