"""Taking customers over from a file: all good rows once, whatever happens on the way."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from svyaz.exchange.actions.books import (
    PROCESSES,
    Request,
    Result,
    alone,
    areas,
    close_interrupted,
    ensure_offerings,
    finish,
    keep_counts,
    start,
)
from svyaz.exchange.actions.chunks import Outcome, Work
from svyaz.exchange.actions.crew import Crew
from svyaz.exchange.actions.mapping import CustomerMapping, load_mapping
from svyaz.exchange.actions.reading import Format, Record, UnreadableFile, detect, records
from svyaz.exchange.actions.repetitions import Repetitions
from svyaz.exchange.actions.reports import TableFile, bad_row, bad_rows_file, notice_row, notices_file
from svyaz.exchange.actions.writing import Destination
from svyaz.exchange.models import Import
from svyaz.places.models import Area
from svyaz.users.models import User

ROWS_OF_A_CHUNK = 2_500
BYTES_OF_A_CHUNK = 4 << 20
# Starting processes takes longer than taking over a file of this size.
SMALL_FILE = 256 << 10
COUNTS_EVERY_SECONDS = 2.0


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
        processes if path.stat().st_size > SMALL_FILE else 0, on_progress,
    )  # fmt: skip
    how = detect(path, (name for column in mapping.all_columns() for name in column.names), encoding)
    work = _work(request, how, by)
    result = Result(how, request.as_of, work.reader().unused_headings())
    if dry_run:
        _run(request, work, result, None)
    else:
        with alone(request.mapping.source):
            _write(request, work, result, by=by, at=at)
    return result


def _write(request: Request, work: Work, result: Result, *, by: User, at: datetime) -> None:
    close_interrupted(request.mapping.source, by=by, at=at)
    offerings = ensure_offerings(request.mapping, by=by, at=at)
    batch = start(request, by=by, at=at)
    result.import_id = batch.pk
    destination = replace(work.destination, import_id=batch.pk, offerings=offerings)
    try:
        _run(request, replace(work, destination=destination), result, batch)
    finally:
        finish(batch, result, by=by)


def _work(request: Request, how: Format, by: User) -> Work:
    mapping = request.mapping
    return Work(
        mapping=mapping, header=how.header, encoding=how.encoding, delimiter=how.delimiter, as_of=request.as_of,
        areas=areas() if any(column.target == "area" for column in mapping.columns) else {},
        area_id=request.area.pk if request.area else None,
        destination=Destination(mapping.source, 0, by.pk, request.as_of, {}),
        language=get_language() or settings.LANGUAGE_CODE, dry_run=request.dry_run,
    )  # fmt: skip


def _run(request: Request, work: Work, result: Result, batch: Import | None) -> None:
    started = kept_at = time.monotonic()
    bad, notices = _reports(request, work, batch)
    repetitions = Repetitions() if work.dry_run else None
    with ExitStack() as stack:
        stack.callback(bad.close)
        stack.callback(notices.close)
        for outcome, bytes_read in _outcomes(request, work, result.format):
            if repetitions is not None:
                repetitions.take_out(outcome)
            bad.add(map(bad_row, outcome.bad))
            notices.add(map(notice_row, outcome.notices))
            result.count(outcome)
            result.bytes_read, result.seconds = bytes_read, time.monotonic() - started
            result.bad_rows_file = bad.path if bad.rows else None
            result.notices_file = notices.path if notices.rows else None
            request.on_progress(result)
            if batch and time.monotonic() - kept_at > COUNTS_EVERY_SECONDS:
                keep_counts(batch, result)
                kept_at = time.monotonic()
    result.is_whole = True


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
