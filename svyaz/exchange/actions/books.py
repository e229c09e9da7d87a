"""The books of an import: who asked for what, that it goes on alone, and what came of it."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from svyaz.exchange.actions.chunks import Outcome
from svyaz.exchange.actions.mapping import CustomerMapping
from svyaz.exchange.actions.reading import Format
from svyaz.exchange.events import ExchangeEvent
from svyaz.exchange.models import Import, ImportedRow
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
    unchanged: int = 0
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
        self.rows += outcome.rows
        self.added += outcome.added
        self.unchanged += outcome.unchanged
        self.bad += len(outcome.bad)
        self.notices += len(outcome.notices)


@dataclass(frozen=True)
class Request:
    """What is asked for; everything but file and mapping has a sensible default."""

    path: Path
    mapping: CustomerMapping
    as_of: date
    dry_run: bool = False
    area: Area | None = None
    bad_rows: Path | None = None
    processes: int = PROCESSES
    on_progress: Callable[[Result], None] = field(default=lambda result: None)


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
    """Say of imports that were cut off that they were, and what they had written."""
    for batch in Import.objects.unfinished().filter(source=source):
        batch.added = ImportedRow.objects.filter(taken_in=batch).count()
        batch.status, batch.finished_at = Import.Status.STOPPED, at
        batch.save(update_fields=["added", "status", "finished_at"])
        record(ExchangeEvent.STOPPED, subject=batch, by=by, at=at, added=batch.added)


@transaction.atomic
def ensure_offerings(mapping: CustomerMapping, *, by: User, at: datetime) -> dict[str, int]:
    """Put what the customers of this file have into the catalogue, unless it is there."""
    found = {}
    for row in mapping.offerings.values():
        offering, is_new = ProductOffering.objects.get_or_create(
            code=row.code, defaults={"kind": row.kind, "name": row.name, "name_en": row.name_en}
        )
        if is_new:
            record(ServiceEvent.OFFERING_SAVED, subject=offering, by=by, at=at, code=row.code)
        found[row.code] = offering.pk
    return found


@transaction.atomic
def start(request: Request, *, by: User, at: datetime) -> Import:
    """Open the books of an import."""
    batch = Import.objects.create(
        source=request.mapping.source, mapping=request.mapping.name, file_name=request.path.name[-255:],
        file_size=request.path.stat().st_size, file_digest=file_digest(request.path), as_of=request.as_of,
        area=request.area, by=by, started_at=at,
    )  # fmt: skip
    record(ExchangeEvent.STARTED, subject=batch, by=by, at=at, file=batch.file_name, mapping=batch.mapping)
    return batch


@transaction.atomic
def finish(batch: Import, result: Result, *, by: User) -> None:
    """Close the books: the whole file, or as far as it came."""
    batch.status = Import.Status.FINISHED if result.is_whole else Import.Status.STOPPED
    batch.finished_at = now()
    keep_counts(batch, result)
    batch.save(update_fields=["status", "finished_at"])
    kind = ExchangeEvent.FINISHED if result.is_whole else ExchangeEvent.STOPPED
    record(kind, subject=batch, by=by, at=batch.finished_at, added=result.added, bad=result.bad)


def keep_counts(batch: Import, result: Result) -> None:
    """Write down how far the import is."""
    names = ("rows", "added", "unchanged", "bad", "notices")
    for name in names:
        setattr(batch, name, getattr(result, name))
    batch.save(update_fields=names)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
