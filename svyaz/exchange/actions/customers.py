"""Taking customers over from a file: all good rows once, whatever happens on the way."""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from svyaz.exchange.actions.chunks import Outcome, Work
from svyaz.exchange.actions.crew import Crew
from svyaz.exchange.actions.mapping import CustomerMapping, load_mapping
from svyaz.exchange.actions.reading import Format, Record, UnreadableFile, detect, records
from svyaz.exchange.actions.repetitions import Repetitions
from svyaz.exchange.actions.reports import TableFile, bad_row, bad_rows_file, notice_row, notices_file
from svyaz.exchange.actions.writing import Destination
from svyaz.exchange.events import ExchangeEvent
from svyaz.exchange.models import Import, ImportedRow
from svyaz.history.actions import record
from svyaz.places.models import Area
from svyaz.services.events import ServiceEvent
from svyaz.services.models import ProductOffering
from svyaz.users.models import User

ROWS_OF_A_CHUNK = 2_500
BYTES_OF_A_CHUNK = 4 << 20
PROCESSES = 2
COUNTS_EVERY_SECONDS = 2.0


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
    source: str = ""
    encoding: str = ""
    processes: int = PROCESSES
    on_progress: Callable[[Result], None] = field(default=lambda result: None)


def import_customers(
    *, path: Path, mapping: str | CustomerMapping, by: User, at: datetime, as_of: date | None = None,
    dry_run: bool = False, area: Area | None = None, bad_rows: Path | None = None, source: str = "",
    encoding: str = "", processes: int = PROCESSES, on_progress: Callable[[Result], None] = lambda result: None,
) -> Result:  # fmt: skip
    """Take customers over from a file; a transaction a chunk, so that whatever stops it, a second run goes on.

    Raise UnreadableFile, MappingError, MissingColumns or ImportIsRunning before anything is written.
    With `processes=0` all of it happens on the caller's connection, in the caller's transaction if there is one.
    """
    mapping = load_mapping(mapping) if isinstance(mapping, str) else mapping
    if not path.is_file():
        raise UnreadableFile(_("There is no file {path}.").format(path=path))
    request = Request(
        path, replace(mapping, source=source or mapping.source), as_of or at.date(), dry_run, area, bad_rows,
        source, encoding, processes, on_progress,
    )  # fmt: skip
    how = detect(path, (name for column in mapping.all_columns() for name in column.names), encoding)
    work = _work(request, how, by)
    result = Result(how, request.as_of, work.reader().unused_headings())
    if dry_run:
        _run(request, work, result, None)
        return result
    with _alone(request.mapping.source):
        _close_interrupted(request.mapping.source, by=by, at=at)
        offerings = _ensure_offerings(request.mapping, by=by, at=at)
        batch = _start(request, by=by, at=at)
        result.import_id = batch.pk
        destination = replace(work.destination, import_id=batch.pk, offerings=offerings)
        try:
            _run(request, replace(work, destination=destination), result, batch)
        finally:
            _finish(batch, result, by=by)
    return result


def _work(request: Request, how: Format, by: User) -> Work:
    mapping = request.mapping
    return Work(
        mapping=mapping, header=how.header, encoding=how.encoding, delimiter=how.delimiter, as_of=request.as_of,
        areas=_areas() if any(column.target == "area" for column in mapping.columns) else {},
        area_id=request.area.pk if request.area else None,
        destination=Destination(mapping.source, 0, by.pk, request.as_of, {}),
        language=get_language() or settings.LANGUAGE_CODE, dry_run=request.dry_run,
    )  # fmt: skip


def _areas() -> dict[str, int]:
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
def _alone(source: str) -> Iterator[None]:
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
def _close_interrupted(source: str, *, by: User, at: datetime) -> None:
    """Say of imports that were cut off that they were, and what they had written."""
    for batch in Import.objects.unfinished().filter(source=source):
        batch.added = ImportedRow.objects.filter(taken_in=batch).count()
        batch.status, batch.finished_at = Import.Status.STOPPED, at
        batch.save(update_fields=["added", "status", "finished_at"])
        record(ExchangeEvent.STOPPED, subject=batch, by=by, at=at, added=batch.added)


@transaction.atomic
def _ensure_offerings(mapping: CustomerMapping, *, by: User, at: datetime) -> dict[str, int]:
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
def _start(request: Request, *, by: User, at: datetime) -> Import:
    batch = Import.objects.create(
        source=request.mapping.source, mapping=request.mapping.name, file_name=request.path.name[-255:],
        file_size=request.path.stat().st_size, file_digest=file_digest(request.path), as_of=request.as_of,
        area=request.area, by=by, started_at=at,
    )  # fmt: skip
    record(ExchangeEvent.STARTED, subject=batch, by=by, at=at, file=batch.file_name, mapping=batch.mapping)
    return batch


@transaction.atomic
def _finish(batch: Import, result: Result, *, by: User) -> None:
    is_whole = result.bytes_read >= batch.file_size
    batch.status = Import.Status.FINISHED if is_whole else Import.Status.STOPPED
    batch.finished_at = now()
    _keep_counts(batch, result)
    batch.save(update_fields=["status", "finished_at"])
    kind = ExchangeEvent.FINISHED if is_whole else ExchangeEvent.STOPPED
    record(kind, subject=batch, by=by, at=batch.finished_at, added=result.added, bad=result.bad)


def _keep_counts(batch: Import, result: Result) -> None:
    names = ("rows", "added", "unchanged", "bad", "notices")
    for name in names:
        setattr(batch, name, getattr(result, name))
    batch.save(update_fields=names)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _run(request: Request, work: Work, result: Result, batch: Import | None) -> None:
    started = time.monotonic()
    bad, notices = _reports(request, work, batch)
    repetitions = Repetitions() if work.dry_run else None
    kept_at = started
    with ExitStack() as stack:
        stack.callback(bad.close)
        stack.callback(notices.close)
        for outcome, result.bytes_read in _outcomes(request, work, result.format):
            if repetitions is not None:
                repetitions.take_out(outcome)
            result.count(outcome)
            result.seconds = time.monotonic() - started
            bad.add(map(bad_row, outcome.bad))
            notices.add(map(notice_row, outcome.notices))
            result.bad_rows_file = bad.path if bad.rows else None
            result.notices_file = notices.path if notices.rows else None
            request.on_progress(result)
            if batch and time.monotonic() - kept_at > COUNTS_EVERY_SECONDS:
                _keep_counts(batch, result)
                kept_at = time.monotonic()
    result.bytes_read = request.path.stat().st_size


def _reports(request: Request, work: Work, batch: Import | None) -> tuple[TableFile, TableFile]:
    name = f"{batch.pk if batch else 'dry-run'}-{request.path.stem}"
    bad = request.bad_rows or settings.STATE_DIR / "imports" / f"{name}.bad.csv"
    notices = bad.with_name(f"{bad.stem.removesuffix('.bad')}.notices.csv")
    return bad_rows_file(bad, work.header), notices_file(notices)


def _outcomes(request: Request, work: Work, how: Format) -> Iterator[tuple[Outcome, int]]:
    """Yield what came of each chunk, in the file's order, and how many bytes have been read by then."""
    with request.path.open("rb") as file, Crew(work, request.processes) as crew:
        file.seek(how.first_byte)
        for chunk in chunks(records(file, how.first_line, how.delimiter, len(how.header))):
            for outcome in crew.take(chunk, at=now()):
                yield outcome, file.tell()
        for outcome in crew.rest():
            yield outcome, file.tell()


def chunks(stream: Iterator[Record]) -> Iterator[list[Record]]:
    """Gather records; a chunk is one transaction and one worker's piece of work."""
    chunk: list[Record] = []
    size = 0
    for each in stream:
        chunk.append(each)
        size += len(each.raw)
        if len(chunk) == ROWS_OF_A_CHUNK or size > BYTES_OF_A_CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
