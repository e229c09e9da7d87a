"""Taking lists out as files: short ones at once, long ones as a job; who took what is recorded before a row leaves."""

import os
import secrets
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.timezone import now
from procrastinate.contrib.django import app

from svyaz.access.queries import rights_of
from svyaz.exchange.actions.export_files import csv_chunks, jsonl_chunks, write_parquet, write_xlsx
from svyaz.exchange.actions.export_sheets import Sheet, UnknownTable, sheet_of, table_names
from svyaz.exchange.events import ExportEvent
from svyaz.exchange.export_job import ExportJob
from svyaz.exchange.permissions import ExchangePermission
from svyaz.history.actions import record
from svyaz.users.models import User

# So many rows are sent while the browser waits; more are prepared as a job.
AT_ONCE = 5_000
KEPT_FOR = timedelta(hours=24)
TELLS_EVERY_SECONDS = 0.5
BLOCK = 1 << 16
STREAMED = {ExportJob.Format.CSV: csv_chunks, ExportJob.Format.JSONL: jsonl_chunks}
WRITTEN = {ExportJob.Format.XLSX: write_xlsx, ExportJob.Format.PARQUET: write_parquet}
EVERYTHING = "all"


class MayNotExport(Exception):
    """The user has no right to take lists out as files."""


class ExportStopped(Exception):
    """Its maker stopped the export."""


class ExportIsOver(Exception):
    """The export has ended; there is nothing to stop."""


@transaction.atomic
def begin_export(
    *, sheet: Sheet, file_format: str, by: User, at: datetime, status: str = ExportJob.Status.SENT
) -> ExportJob:
    """Record that a user takes a table out, before its first row leaves. Raises MayNotExport."""
    if not rights_of(by).may(ExchangePermission.EXPORT):
        raise MayNotExport(by)
    is_over = status != ExportJob.Status.RUNNING
    job = ExportJob.objects.create(
        what=sheet.name, query=sheet.query, format=ExportJob.Format(file_format), by=by, status=status,
        expected=sheet.expected, started_at=at, ended_at=at if is_over else None,
    )  # fmt: skip
    record(
        ExportEvent.STARTED, subject=job, by=by, at=at, what=sheet.name, query=sheet.query, filter=list(sheet.words),
        columns=[heading.key for heading in sheet.headings], format=file_format, expected=sheet.expected,
    )  # fmt: skip
    return job


@transaction.atomic
def defer_export(*, sheet: Sheet, file_format: str, by: User, at: datetime) -> ExportJob:
    """Record the same and let the worker write the file. Raises MayNotExport."""
    job = begin_export(sheet=sheet, file_format=file_format, by=by, at=at, status=ExportJob.Status.RUNNING)
    app.configure_task("exchange:export").defer(export_id=job.pk)
    return job


def sent_at_once(*, job: ExportJob, sheet: Sheet) -> Iterator[bytes]:
    """Yield the file of an export that was begun; how many rows left is recorded however it ends."""
    counted = _Counted(job)
    try:
        if job.format in STREAMED:
            yield from STREAMED[ExportJob.Format(job.format)](sheet, counted.add)
        else:
            with tempfile.TemporaryDirectory(dir=_folder()) as folder:
                path = Path(folder) / file_name(sheet.name, job.format)
                WRITTEN[ExportJob.Format(job.format)](sheet, path, counted.add)
                yield from _blocks(path)
    finally:
        _close(job, rows=counted.rows, at=now())


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


class _Counted:
    """Counts the rows of an export; a job tells how far it is now and then, and hears whether it shall stop."""

    def __init__(self, job: ExportJob, on_progress: Callable[[int], None] | None = None) -> None:
        self.job, self.rows, self.told_at, self.on_progress = job, 0, time.monotonic(), on_progress

    def add(self, rows: int) -> None:
        """Count rows that are written."""
        self.rows += rows
        if self.on_progress:
            self.on_progress(self.rows)
        if self.job.status == ExportJob.Status.RUNNING and time.monotonic() - self.told_at > TELLS_EVERY_SECONDS:
            self.told_at = time.monotonic()
            _tell(self.job, self.rows)


def _tell(job: ExportJob, rows: int) -> None:
    """Keep how far the job is; raise ExportStopped if its maker wants no more of it."""
    ExportJob.objects.filter(pk=job.pk).update(rows=rows)
    if ExportJob.objects.filter(pk=job.pk, is_stop_asked=True).exists():
        raise ExportStopped(job)


@transaction.atomic
def _close(
    job: ExportJob, *, rows: int, at: datetime, status: str = ExportJob.Status.SENT, **found: object
) -> ExportJob:
    job.rows, job.status, job.ended_at = rows, status, at
    for name, value in found.items():
        setattr(job, name, value)
    job.save(update_fields=["rows", "status", "ended_at", *found])
    record(ExportEvent.FINISHED, subject=job, by=job.by, at=at, what=job.what, rows=rows, status=status)
    return job


def run_export(*, export_id: int, at: datetime) -> ExportJob | None:
    """Write the file of an export; safe to run twice. With the rights that its maker has now, in his words and time."""
    job = ExportJob.objects.select_related("by").filter(pk=export_id, status=ExportJob.Status.RUNNING).first()
    if job is None:
        return None
    counted = _Counted(job)
    path = _folder() / f"{job.pk}-{secrets.token_hex(8)}.{job.format}"
    try:
        if not rights_of(job.by).may(ExchangePermission.EXPORT):
            raise MayNotExport(job.by)
        with translation.override(job.by.language), timezone.override(ZoneInfo(job.by.time_zone)):
            sheet = sheet_of(job.what, query=job.query, viewer=job.by, at=at)
            write_file(sheet, job.format, path, counted.add)
    except (ExportStopped, UnknownTable, MayNotExport) as fact:
        path.unlink(missing_ok=True)
        status = ExportJob.Status.STOPPED if isinstance(fact, ExportStopped) else ExportJob.Status.FAILED
        return _close(job, rows=counted.rows, at=now(), status=status)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    ended = now()
    return _close(
        job, rows=counted.rows, at=ended, status=ExportJob.Status.READY, file_name=path.name,
        file_size=path.stat().st_size, expires_at=ended + KEPT_FOR,
    )  # fmt: skip


def write_file(sheet: Sheet, file_format: str, path: Path, count: Callable[[int], None]) -> None:
    """Write a table into a file that only this system's user may read."""
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    if file_format in STREAMED:
        with path.open("wb") as file:
            file.writelines(STREAMED[ExportJob.Format(file_format)](sheet, count))
    else:
        WRITTEN[ExportJob.Format(file_format)](sheet, path, count)


@transaction.atomic
def stop_export(*, job: ExportJob, by: User, at: datetime) -> ExportJob:
    """Ask a running export to stop; what it wrote is thrown away. Raises ExportIsOver."""
    job = ExportJob.objects.visible_to(by).select_for_update().get(pk=job.pk)
    if job.status != ExportJob.Status.RUNNING:
        raise ExportIsOver(job)
    job.is_stop_asked = True
    job.save(update_fields=["is_stop_asked"])
    return job


@transaction.atomic
def fetch_export(*, job: ExportJob, by: User, at: datetime) -> Path | None:
    """Return the file of one's own export and record that it was fetched; None when it is not there (any more)."""
    path = _folder() / job.file_name
    if job.by_id != by.pk or not job.can_be_fetched(at) or not path.is_file():
        return None
    record(ExportEvent.FETCHED, subject=job, by=by, at=at, what=job.what, rows=job.rows)
    return path


def expire_exports(*, at: datetime) -> int:
    """Throw away the files whose time has passed; return how many."""
    due = list(ExportJob.objects.filter(status=ExportJob.Status.READY, expires_at__lte=at))
    for job in due:
        with transaction.atomic():
            (_folder() / job.file_name).unlink(missing_ok=True)
            job.status = ExportJob.Status.EXPIRED
            job.save(update_fields=["status"])
            record(ExportEvent.EXPIRED, subject=job, by=None, at=at, what=job.what)
    return len(due)


def export_to_file(
    *, what: str, query: str, file_format: str, path: Path, by: User, at: datetime,
    on_progress: Callable[[int], None] | None = None,
) -> int:  # fmt: skip
    """Write a table (`all`: every table, as a ZIP of files) where the caller wants it; return how many rows.

    Raises UnknownTable, MayNotExport.
    """
    if what == EVERYTHING:
        return _whole_base(path, file_format, by, at, on_progress)
    sheet = sheet_of(what, query=query, viewer=by, at=at)
    job = begin_export(sheet=sheet, file_format=file_format, by=by, at=at)
    counted = _Counted(job, on_progress)
    try:
        write_file(sheet, file_format, path, counted.add)
    finally:
        _close(job, rows=counted.rows, at=now())
    return counted.rows


def _whole_base(path: Path, file_format: str, by: User, at: datetime, on_progress: Callable[[int], None] | None) -> int:
    rows = 0
    with (
        tempfile.TemporaryDirectory(dir=_folder()) as folder,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as whole,
    ):
        for name in _visible_tables(by, at):
            part = Path(folder) / file_name(name, file_format)
            rows += export_to_file(
                what=name,
                query="columns=all",
                file_format=file_format,
                path=part,
                by=by,
                at=at,
                on_progress=on_progress,
            )
            whole.write(part, part.name)
            part.unlink()
    return rows


def _visible_tables(by: User, at: datetime) -> Iterable[str]:
    for name in table_names():
        try:
            sheet_of(name, query="", viewer=by, at=at)
        except UnknownTable:
            continue
        yield name


def file_name(what: str, file_format: str) -> str:
    """Return what a file of a table is called."""
    return f"svyaz-{what}.{file_format}"


def _folder() -> Path:
    folder: Path = settings.STATE_DIR / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
