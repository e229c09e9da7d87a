"""The books of an import: who asked for what, that it goes on alone, and what came of it."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum
from django.utils.timezone import now
from django.utils.translation import gettext as _

from svyaz.exchange.actions.formats import Format, Wish
from svyaz.exchange.actions.mapping import CustomerMapping
from svyaz.exchange.actions.origins import Origin
from svyaz.exchange.actions.outcomes import COUNTS, Outcome
from svyaz.exchange.actions.sifting import Policy
from svyaz.exchange.events import ExchangeEvent
from svyaz.exchange.models import Import, ImportChunk
from svyaz.history.actions import record
from svyaz.places.models import Area
from svyaz.services.events import ServiceEvent
from svyaz.services.models import ProductOffering
from svyaz.users.models import User

PROCESSES = 2


class ImportIsRunning(Exception):
    """Another import of the same source goes on at this moment."""


@dataclass
class Result:
    """What came of an import, for the one who started it."""

    format: Format
    as_of: date
    unused_columns: list[str]
    rows: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    bad: int = 0
    notices: int = 0
    seconds: float = 0.0
    bytes_read: int = 0
    is_whole: bool = False
    import_id: int | None = None
    bad_rows_file: Path | None = None
    notices_file: Path | None = None

    def count(self, outcome: Outcome) -> None:
        """Add what came of a chunk."""
        for name, count in outcome.counts().items():
            setattr(self, name, getattr(self, name) + count)

    def counts(self) -> dict[str, int]:
        """Return the numbers alone."""
        return {name: getattr(self, name) for name in COUNTS}


@dataclass(frozen=True)
class Request:
    """What is asked for; everything but file and mapping has a sensible default."""

    origin: Origin
    mapping: CustomerMapping
    as_of: date
    dry_run: bool = False
    area: Area | None = None
    wish: Wish = field(default_factory=Wish)
    policy: Policy = field(default_factory=Policy)
    processes: int = PROCESSES
    on_progress: Callable[[Result], None] = field(default=lambda result: None)
    # Asked now and then: whether somebody wants it to stop.
    is_to_stop: Callable[[], bool] = field(default=lambda: False)


def areas() -> dict[str, int]:
    """Return areas by code and by name; a name that two areas share says nothing."""
    found: dict[str, int] = {}
    shared = set()
    for pk, code, *names in Area.objects.values_list("pk", "code", "name", "name_en"):
        for name in {name.casefold() for name in names if name}:
            if name in found:
                shared.add(name)
            found[name] = pk
        found[code.casefold()] = pk
    codes = {code.casefold() for code in Area.objects.values_list("code", flat=True)}
    return {name: pk for name, pk in found.items() if name not in shared or name in codes}


@contextmanager
def alone(source: str) -> Iterator[None]:
    """Hold the source's lock for this session; a process that dies gives it back."""
    lock = "hashtext('svyaz import'), hashtext(%s)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock({lock})", [source])
        if not cursor.fetchone()[0]:
            raise ImportIsRunning(_("Another import of the source {source} is running.").format(source=source))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_unlock({lock})", [source])


@transaction.atomic
def close_interrupted(source: str, *, by: User, at: datetime) -> None:
    """Say of imports of the command line that were cut off that they were, and what they had written.

    Those of the desk have a job, which the worker takes up again.
    """
    for batch in Import.objects.unfinished().filter(source=source, stored=""):
        _set_counts(batch, counts_of(batch))
        batch.status, batch.finished_at = Import.Status.STOPPED, at
        batch.save(update_fields=[*COUNTS, "status", "finished_at"])
        record(ExchangeEvent.STOPPED, subject=batch, by=by, at=at, added=batch.added)


@transaction.atomic
def ensure_offerings(mapping: CustomerMapping, batch: Import, *, by: User, at: datetime) -> dict[str, int]:
    """Put what the customers of this file have into the catalogue; keep for an undo what was not there."""
    found, made = {}, list(batch.plan.get("offerings_made", ()))
    for row in mapping.offerings.values():
        offering, is_new = ProductOffering.objects.get_or_create(
            code=row.code, defaults={"kind": row.kind, "name": row.name, "name_en": row.name_en}
        )
        if is_new:
            record(ServiceEvent.OFFERING_SAVED, subject=offering, by=by, at=at, code=row.code)
            made.append(offering.pk)
        found[row.code] = offering.pk
    if made:
        batch.plan = {**batch.plan, "offerings_made": made}
        batch.save(update_fields=["plan"])
    return found


@transaction.atomic
def start(request: Request, how: Format, *, by: User, at: datetime) -> Import:
    """Open the books of an import of the command line."""
    policy = request.policy
    batch = Import.objects.create(
        source=request.mapping.source, mapping=request.mapping.name, file_name=request.origin.name[-255:],
        file_size=request.origin.size, file_digest=file_digest(request.origin), as_of=request.as_of,
        area=request.area, by=by, started_at=at, status=Import.Status.RUNNING, match=list(policy.keys),
        matched=policy.matched, unmatched=policy.unmatched, plan={"header": list(how.header), "kind": how.kind},
    )  # fmt: skip
    record(ExchangeEvent.STARTED, subject=batch, by=by, at=at, file=batch.file_name, mapping=batch.mapping)
    return batch


@transaction.atomic
def finish(batch: Import, result: Result, *, by: User) -> None:
    """Close the books: the whole file, or as far as it came."""
    batch.status = Import.Status.FINISHED if result.is_whole else Import.Status.STOPPED
    batch.finished_at, batch.stop_asked_at = now(), None
    batch.position = batch.file_size if result.is_whole else result.bytes_read
    _set_counts(batch, counts_of(batch))
    batch.save(update_fields=[*COUNTS, "status", "finished_at", "position", "stop_asked_at"])
    kind = ExchangeEvent.FINISHED if result.is_whole else ExchangeEvent.STOPPED
    record(kind, subject=batch, by=by, at=batch.finished_at, added=batch.added, updated=batch.updated, bad=batch.bad)


def keep_counts(batch: Import, result: Result) -> None:
    """Write down how far the import is."""
    _set_counts(batch, result.counts())
    batch.position = result.bytes_read
    batch.save(update_fields=[*COUNTS, "position"])


def counts_of(batch: Import) -> dict[str, int]:
    """Return what the chunks that are done say together."""
    sums = ImportChunk.objects.filter(taken_in=batch).aggregate(**{name: Sum(name, default=0) for name in COUNTS})
    return {name: int(sums[name]) for name in COUNTS}


def done_lines(batch: Import) -> list[tuple[int, int]]:
    """Return the stretches of lines that are done, in order."""
    chunks = ImportChunk.objects.filter(taken_in=batch).order_by("first_line")
    return list(chunks.values_list("first_line", "last_line"))


def _set_counts(batch: Any, counts: dict[str, int]) -> None:
    for name, count in counts.items():
        setattr(batch, name, count)


def file_digest(origin: Origin) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with origin.open() as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
