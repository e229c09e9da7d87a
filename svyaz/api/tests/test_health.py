"""What monitoring is told: the process lives; base, migrations and jobs are well, or what is not."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils.timezone import now


def tell(statement: str, *values: datetime | int | str | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def hear_from_a_worker(at: datetime) -> None:
    tell("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", at)


def put_off(at: datetime | None) -> None:
    tell(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, scheduled_at)"
        " VALUES ('default', 'a', '{}', 'todo', %s)",
        at,
    )


def test_the_process_lives_whatever_the_data_base_does(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_all_is_well(client: Client) -> None:
    hear_from_a_worker(now())
    put_off(None)
    put_off(now() + timedelta(days=1))
    put_off(now() - timedelta(minutes=1))
    answer = client.get("/readyz")
    assert answer.json() == {"database": "ok", "migrations": "ok", "jobs": "ok"}
    assert answer.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("heard_ago", [None, timedelta(minutes=5)])
def test_without_a_worker_it_is_not_ready(client: Client, heard_ago: timedelta | None) -> None:
    if heard_ago:
        hear_from_a_worker(now() - heard_ago)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["jobs"]) == (503, "no worker runs")


@pytest.mark.django_db
def test_jobs_that_wait_too_long_are_told(client: Client) -> None:
    hear_from_a_worker(now())
    put_off(now() - timedelta(hours=1))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["jobs"].startswith("jobs wait since ")


@pytest.mark.django_db
def test_missing_migrations_are_told(client: Client) -> None:
    tell("DELETE FROM django_migrations WHERE app = 'users' AND name = '0001_initial'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrations"] == "1 missing: run `svyaz migrate`"


@pytest.mark.django_db
def test_ready_takes_a_handful_of_queries(client: Client, django_assert_max_num_queries) -> None:
    hear_from_a_worker(now())
    client.get("/readyz")
    with django_assert_max_num_queries(5):
        client.get("/readyz")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_reading(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
