"""Taking customers over from a file: all good rows once, whatever happens on the way."""

import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from svyaz.access.queries import rights_of
from svyaz.exchange.actions.books import (
    PROCESSES,
    Request,
    Result,
    alone,
    areas,
    close_interrupted,
    done_lines,
    ensure_offerings,
    finish,
    keep_counts,
    start,
)
from svyaz.exchange.actions.chunks import Work
from svyaz.exchange.actions.crew import Crew
from svyaz.exchange.actions.formats import Format, Wish, detect
from svyaz.exchange.actions.mapping import CustomerMapping, MappingError, load_mapping
from svyaz.exchange.actions.origins import PlainFile
from svyaz.exchange.actions.outcomes import Outcome
from svyaz.exchange.actions.reading import Record, UnreadableFile
from svyaz.exchange.actions.repetitions import Repetitions
from svyaz.exchange.actions.reports import FileReports
from svyaz.exchange.actions.sifting import Policy
from svyaz.exchange.actions.streams import Stream
from svyaz.exchange.actions.targets import targets
from svyaz.exchange.actions.writing import Destination
from svyaz.exchange.models import Import
from svyaz.exchange.permissions import ExchangePermission
from svyaz.places.models import Area
from svyaz.users.models import User

ROWS_OF_A_CHUNK = 2_500
BYTES_OF_A_CHUNK = 4 << 20
# Starting processes takes longer than taking over a file of this size.
SMALL_FILE = 256 << 10
COUNTS_EVERY_SECONDS = 1.0


class Reports(Protocol):
    """Where bad rows and notices go as they come."""

    def add(self, outcome: Outcome, result: Result) -> None:
        """Take what came of a chunk."""

    def close(self) -> None:
        """Finish."""


def import_customers(
    *, path: Path, mapping: str | CustomerMapping, by: User, at: datetime, as_of: date | None = None,
    dry_run: bool = False, area: Area | None = None, bad_rows: Path | None = None, source: str = "",
    encoding: str = "", processes: int = PROCESSES, on_progress: Any = lambda result: None, wish: Wish | None = None,
    match: Sequence[str] = (), matched: str = Import.Matched.REFUSE, unmatched: str = Import.Unmatched.CREATE,
) -> Result:  # fmt: skip
    """Take customers over from a file; a transaction a chunk, so that whatever stops it, a second run goes on.

    Raise UnreadableFile, MappingError, MissingColumns, UnknownKey or ImportIsRunning before anything is written.
    With `processes=0` all of it happens on the caller's connection, in the caller's transaction if there is one.
    """
    mapping = load_mapping(mapping) if isinstance(mapping, str) else mapping
    if not path.is_file():
        raise UnreadableFile(_("There is no file {path}.").format(path=path))
    origin = PlainFile(path)
    request = Request(
        origin, replace(mapping, source=source or mapping.source), as_of or at.date(), dry_run, area,
        wish or Wish(encoding=encoding), policy_of(by, match, matched, unmatched),
        processes_for(origin.size, match, processes), on_progress,
    )  # fmt: skip
    work, result = prepare(request, by)
    if dry_run:
        run(request, work, result, None, FileReports(bad_rows, "dry-run", path.stem, work.header))
        return result
    with alone(request.mapping.source):
        close_interrupted(request.mapping.source, by=by, at=at)
        batch = start(request, result.format, by=by, at=at)
        result.import_id = batch.pk
        reports = FileReports(bad_rows, str(batch.pk), path.stem, work.header)
        write(request, work, result, batch, reports, by=by, at=at)
    return result


def processes_for(size: int, match: Sequence[str], wanted: int = PROCESSES) -> int:
    """Return how many processes work side by side.

    Where keys beyond the row's own identity are asked for, one: a row may mean the customer whom the row before made.
    """
    return 0 if size <= SMALL_FILE else min(wanted, 1) if match else wanted


def policy_of(by: User, match: Sequence[str], matched: str, unmatched: str) -> Policy:
    """Return what is to be done with rows, within the areas in which the user may import."""
    rights = rights_of(by)
    # Who has the command line has the machine: it imports everywhere, unless it acts for somebody who imports here.
    is_free = by.kind == User.Kind.SYSTEM or not rights.may(ExchangePermission.IMPORT)
    return Policy(tuple(match), matched, unmatched, None if is_free else rights.areas[ExchangePermission.IMPORT])


def prepare(request: Request, by: User) -> tuple[Work, Result]:
    """Look at the file and the mapping; raise UnreadableFile, MappingError or MissingColumns."""
    how = detect(
        request.origin, (name for column in request.mapping.all_columns() for name in column.names), request.wish
    )
    known = targets()
    for code in dict.fromkeys(column.target for column in request.mapping.columns):
        if not known[code].may_be_set_by(by):
            raise MappingError(_("You may not set {field}.").format(field=known[code].label))
    work = work_of(request, how, by)
    return work, Result(how, request.as_of, work.reader().unused_headings())


def work_of(request: Request, how: Format, by: User) -> Work:
    """Return what is the same for all chunks of an import."""
    mapping = request.mapping
    return Work(
        mapping=mapping, header=how.header, encoding=how.reads_as, delimiter=how.delimiter, as_of=request.as_of,
        areas=areas() if any(column.target == "area" for column in mapping.columns) else {},
        area_id=request.area.pk if request.area else None,
        destination=Destination(mapping.source, 0, by.pk, request.as_of, {}),
        language=get_language() or settings.LANGUAGE_CODE, dry_run=request.dry_run, policy=request.policy,
    )  # fmt: skip


def write(
    request: Request, work: Work, result: Result, batch: Import, reports: Reports, *, by: User, at: datetime
) -> None:
    """Take over what is not done yet of an import, and close its books."""
    try:
        run(request, bound_to(batch, request, work, by=by, at=at), result, batch, reports)
    finally:
        finish(batch, result, by=by)


def bound_to(batch: Import, request: Request, work: Work, *, by: User, at: datetime) -> Work:
    """Return the work with what its rows refer to: the import itself, the offerings of the catalogue."""
    offerings = ensure_offerings(request.mapping, batch, by=by, at=at)
    return replace(work, destination=replace(work.destination, import_id=batch.pk, offerings=offerings))


def run(request: Request, work: Work, result: Result, batch: Import | None, reports: Reports) -> None:
    """Go through the file; the counts are kept now and then, and at that time somebody may stop it."""
    started = kept_at = time.monotonic()
    repetitions = Repetitions(request.policy.matched) if work.dry_run else None
    done = done_lines(batch) if batch and not work.dry_run else []
    with ExitStack() as stack:
        stack.callback(reports.close)
        outcomes = stack.enter_context(closing(_outcomes(request, work, result.format, done)))
        for outcome, bytes_read in outcomes:
            if repetitions is not None:
                repetitions.take_out(outcome)
            result.count(outcome)
            result.bytes_read = max(result.bytes_read, bytes_read)
            result.seconds = time.monotonic() - started
            reports.add(outcome, result)
            request.on_progress(result)
            if batch and time.monotonic() - kept_at > COUNTS_EVERY_SECONDS:
                keep_counts(batch, result)
                kept_at = time.monotonic()
            if request.is_to_stop():
                return
    result.is_whole = True


def _outcomes(
    request: Request, work: Work, how: Format, done: Sequence[tuple[int, int]]
) -> Generator[tuple[Outcome, int], None, None]:
    """Yield what came of each chunk, in the file's order, and how many bytes have been read by then."""
    with Stream(request.origin, how) as stream, Crew(work, request.processes) as crew:
        for chunk in chunks(_undone(stream.records(), done)):
            for outcome in crew.take(chunk, at=now()):
                yield outcome, stream.position()
        for outcome in crew.rest():
            yield outcome, stream.position()


def _undone(stream: Iterable[Record], done: Sequence[tuple[int, int]]) -> Iterator[Record | None]:
    """Yield the records of lines that are not done; nothing (None) where a done stretch parts them."""
    stretches = iter(done)
    first, last = next(stretches, (0, 0))
    for each in stream:
        while first and each.line > last:
            first, last = next(stretches, (0, 0))
        if not first or each.line < first:
            yield each
        elif each.line == first:
            yield None


def chunks(stream: Iterator[Record | None]) -> Iterator[list[Record]]:
    """Gather records; a chunk is one transaction and one worker's piece of work, and a stretch without gaps."""
    chunk: list[Record] = []
    size = 0
    for each in stream:
        if each is not None:
            chunk.append(each)
            size += len(each.raw)
        if chunk and (each is None or len(chunk) == ROWS_OF_A_CHUNK or size > BYTES_OF_A_CHUNK):
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
