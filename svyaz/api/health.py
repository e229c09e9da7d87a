"""Two addresses for machines: does the process live, and can it do its work."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from svyaz.access.permissions import public
from svyaz.jobs.queries import last_heartbeat, oldest_waiting

# The worker says every ten seconds that it lives.
SILENT_TOO_LONG = timedelta(minutes=1)
WAITING_TOO_LONG = timedelta(minutes=10)


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer as long as the process lives."""
    return HttpResponse("ok\n", content_type="text/plain")


@public
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 if base, migrations and jobs are well, else 503 with what is not."""
    checks: dict[str, Callable[[datetime], str]] = {
        "database": _database,
        "migrations": _migrations,
        "jobs": _jobs,
    }
    at, answer = now(), {}
    for name, check in checks.items():
        try:
            answer[name] = check(at) or "ok"
        except DatabaseError:
            answer[name] = "no answer from the data base"
            connection.close()
    is_well = all(said == "ok" for said in answer.values())
    return JsonResponse(answer, status=200 if is_well else 503)


def _database(at: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations(at: datetime) -> str:
    missing = len(_known_migrations() - MigrationRecorder(connection).applied_migrations().keys())
    return f"{missing} missing: run `svyaz migrate`" if missing else ""


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations that this program came with: they cannot change while it runs."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _jobs(at: datetime) -> str:
    heard = last_heartbeat()
    if heard is None or heard < at - SILENT_TOO_LONG:
        return "no worker runs"
    waiting = oldest_waiting(at)
    if waiting is not None and waiting < at - WAITING_TOO_LONG:
        return f"jobs wait since {waiting:%Y-%m-%d %H:%M}"
    return ""
