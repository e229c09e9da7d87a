"""A file on its way to being imported: received, read as, its columns named, tried; started, stopped, undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from svyaz.exchange.actions.books import file_digest
from svyaz.exchange.actions.formats import CARDS, Format, Wish, detect
from svyaz.exchange.actions.mapping import CustomerMapping, MappingError, load_mapping, read_mapping
from svyaz.exchange.actions.matching import keys_named
from svyaz.exchange.actions.origins import Origin, SealedFile
from svyaz.exchange.actions.reading import UnreadableFile, fields, unguarded
from svyaz.exchange.actions.streams import Stream
from svyaz.exchange.actions.suggesting import columns_of, guess_name_order, known_headings, mapping_data, suggest
from svyaz.exchange.actions.values import Setting
from svyaz.exchange.events import ExchangeEvent
from svyaz.exchange.models import BadRow, Import, ImportNotice, Remnant
from svyaz.history.actions import record
from svyaz.jobs.actions import defer_once
from svyaz.places.models import Area
from svyaz.users.models import User

SAMPLE_ROWS = 20
SOURCE = "file"
JOB = "exchange:import"


class NotNow(Exception):
    """The import is not in the state for this."""


class FileIsGone(Exception):
    """The uploaded file was removed after its time."""


@dataclass(frozen=True)
class Sample:
    """The first rows of a file, as they stand in it."""

    format: Format
    rows: list[tuple[int, list[str]]]


def folder() -> Path:
    """Return where sealed files lie."""
    return Path(settings.STATE_DIR) / "imports"


def origin_of(batch: Import) -> Origin:
    """Return the sealed file of an import; raise FileIsGone."""
    path = folder() / batch.stored
    if not batch.stored or not path.is_file():
        raise FileIsGone(batch)
    return SealedFile(path, batch.file_name, batch.file_size)


def wish_of(batch: Import) -> Wish:
    """Return how the file of an import is to be read."""
    return Wish(**batch.plan.get("reading", {}))


def format_of(batch: Import) -> Format:
    """Return how the file of an import is written. Raises FileIsGone, UnreadableFile."""
    return detect(origin_of(batch), known_headings(), wish_of(batch))


def mapping_of(batch: Import) -> CustomerMapping:
    """Return what its columns are; raise MappingError."""
    try:
        return read_mapping(batch.mapping or SOURCE, batch.plan["mapping"])
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise MappingError(str(error)) from error


def sample_of(origin: Origin, how: Format, count: int = SAMPLE_ROWS) -> Sample:
    """Return the first rows of a file that hold anything."""
    rows = []
    with Stream(origin, how) as stream:
        for each in islice(stream.records(), count * 5):
            text = each.raw.decode(how.reads_as, "replace")
            cells = unguarded(fields(text, how.delimiter), text)
            if any(map(str.strip, cells)) or each.problem:
                rows.append((each.line, cells))
            if len(rows) == count:
                break
    return Sample(how, rows)


@transaction.atomic
def receive_file(
    *, stored: str, file_name: str, size: int, by: User, at: datetime, repairs: Import | None = None,
    area: Area | None = None,
) -> Import:  # fmt: skip
    """Open an import for a file that was sealed in the state folder: how it is read and what its columns are, guessed.

    A file of repaired rows (`repairs`) takes over the plan of the import whose bad rows it holds. Raises
    UnreadableFile; the file is then to be removed by the caller.
    """
    batch = Import(
        stored=stored, file_name=file_name[-255:], file_size=size, source=SOURCE, by=by, started_at=at,
        as_of=at.date(), area=area, matched=Import.Matched.FILL, repairs=repairs,
    )  # fmt: skip
    origin = origin_of(batch)
    batch.file_digest = file_digest(origin)
    how = detect(origin, known_headings())
    if repairs is not None:
        _inherit(batch, repairs)
    _plan(batch, origin, how)
    batch.save()
    record(ExchangeEvent.RECEIVED, subject=batch, by=by, at=at, file=batch.file_name, size=size)
    return batch


def _inherit(batch: Import, repairs: Import) -> None:
    for name in ("source", "mapping", "as_of", "area", "match", "matched", "unmatched"):
        setattr(batch, name, getattr(repairs, name))
    batch.plan = {"mapping": repairs.plan.get("mapping", {})}


def _plan(batch: Import, origin: Origin, how: Format) -> None:
    """Keep how the file is read, and propose what its columns are, unless a mapping knows most of them already."""
    reading = {
        "encoding": how.encoding, "delimiter": how.delimiter, "header_line": how.header_line, "sheet": how.sheet,
    }  # fmt: skip
    data = batch.plan.get("mapping", {})
    if not data or not columns_of(data, how.header):
        data = _proposed(origin, how, batch)
    batch.plan = {**batch.plan, "reading": reading, "mapping": data, "header": list(how.header), "kind": how.kind}


def _proposed(origin: Origin, how: Format, batch: Import) -> dict[str, Any]:
    rows = [cells for _line, cells in sample_of(origin, how).rows]
    if how.kind == CARDS:
        found = {
            place: column.target
            for column in load_mapping("vcard").columns
            for place, name in enumerate(how.header)
            if name in column.names
        }
    else:
        found = suggest(how.header, rows, Setting(batch.as_of, {}))
    names = [row[place] for place, target in found.items() if target == "name" for row in rows if place < len(row)]
    return mapping_data(
        found, how.header, name_order=guess_name_order(names), source=batch.source, title=batch.file_name
    )


@transaction.atomic
def choose_reading(*, batch: Import, wish: Wish, by: User, at: datetime) -> Import:
    """Read the file in another way than guessed; its columns are proposed anew. Raises NotNow, UnreadableFile."""
    batch = _locked(batch, Import.Status.DRAFT, Import.Status.TRIED)
    origin = origin_of(batch)
    try:
        how = detect(origin, known_headings(), wish)
    except (LookupError, UnicodeError) as error:
        raise UnreadableFile(str(error)) from error
    kept = columns_of(batch.plan.get("mapping", {}), how.header)
    batch.plan = {**batch.plan, "mapping": batch.plan["mapping"] if kept else {}}
    _plan(batch, origin, how)
    _back_to_draft(batch)
    return batch


@transaction.atomic
def choose_columns(
    *, batch: Import, columns: Mapping[int, str], by: User, at: datetime, name_order: str = "family_first",
    match: Sequence[str] = (), matched: str = Import.Matched.FILL, unmatched: str = Import.Unmatched.CREATE,
    area: Area | None = None, as_of: date | None = None, source: str = "", saved: str = "",
) -> Import:  # fmt: skip
    """Say what the columns are, by what customers are found, and what is done with them.

    Raises NotNow, MappingError, UnknownKey.
    """
    batch = _locked(batch, Import.Status.DRAFT, Import.Status.TRIED)
    keys_named(match)
    batch.source = (source.strip() or batch.source)[:64]
    data = mapping_data(
        columns, batch.plan["header"], name_order=name_order, source=batch.source, title=batch.file_name
    )
    former = (batch.plan, batch.match, batch.matched, batch.unmatched, batch.area_id, batch.as_of)
    batch.plan = {**batch.plan, "mapping": data}
    batch.match, batch.matched, batch.unmatched = list(match), matched, unmatched
    batch.area, batch.as_of, batch.mapping = area, as_of or batch.as_of, saved[:64]
    if data["identity"]:
        mapping_of(batch)
    if former != (batch.plan, batch.match, batch.matched, batch.unmatched, batch.area_id, batch.as_of):
        _back_to_draft(batch)
    return batch


def _back_to_draft(batch: Import) -> None:
    """What a dry run found no longer holds."""
    batch.status = Import.Status.DRAFT
    _clear(batch)
    batch.save()


def _clear(batch: Import) -> None:
    for name in ("rows", "added", "updated", "unchanged", "skipped", "bad", "notices", "position"):
        setattr(batch, name, 0)
    if batch.pk:
        BadRow.objects.filter(taken_in=batch).delete()
        ImportNotice.objects.filter(taken_in=batch).delete()


def _locked(batch: Import, *states: str) -> Import:
    found: Import = Import.objects.select_for_update(of=("self",)).select_related("by", "area").get(pk=batch.pk)
    if found.status not in states:
        raise NotNow(_("This import is {state}.").format(state=found.get_status_display()))
    return found


@transaction.atomic
def try_import(*, batch: Import, by: User, at: datetime) -> Import:
    """Go through the whole file without writing, as a job. Raises NotNow, MappingError."""
    batch = _locked(batch, Import.Status.DRAFT, Import.Status.TRIED)
    _refuse_what_tells_nobody(batch)
    batch.status = Import.Status.TRYING
    batch.stop_asked_at, batch.failure = None, ""
    _clear(batch)
    batch.save()
    _defer(batch)
    return batch


@transaction.atomic
def start_import(*, batch: Import, by: User, at: datetime) -> Import:
    """Take the file over, as a job. Raises NotNow, MappingError."""
    batch = _locked(batch, Import.Status.DRAFT, Import.Status.TRIED)
    _refuse_what_tells_nobody(batch)
    batch.status, batch.started_at, batch.by = Import.Status.RUNNING, at, by
    batch.stop_asked_at, batch.failure = None, ""
    _clear(batch)
    batch.save()
    record(ExchangeEvent.STARTED, subject=batch, by=by, at=at, file=batch.file_name, mapping=batch.mapping)
    _defer(batch)
    return batch


def _refuse_what_tells_nobody(batch: Import) -> None:
    if not batch.plan.get("mapping", {}).get("identity"):
        raise MappingError(
            _("No column tells who a customer is: name a number, a phone, an e-mail, an INN, or name and birth date.")
        )
    mapping_of(batch)


@transaction.atomic
def stop_import(*, batch: Import, by: User, at: datetime) -> Import:
    """Ask a check, an import or an undo to stop after the rows in hand; what is done stays. Raises NotNow."""
    batch = _locked(batch, *Import.AT_WORK)
    batch.stop_asked_at = at
    batch.save(update_fields=["stop_asked_at"])
    return batch


@transaction.atomic
def continue_import(*, batch: Import, by: User, at: datetime) -> Import:
    """Go on with an import that was stopped or failed, behind the last line that is in. Raises NotNow, FileIsGone."""
    batch = _locked(batch, Import.Status.STOPPED, Import.Status.FAILED)
    if not batch.is_to_be_continued:
        raise NotNow(_("This import cannot go on: load its file again."))
    origin_of(batch)
    batch.status, batch.finished_at, batch.stop_asked_at, batch.failure = Import.Status.RUNNING, None, None, ""
    batch.save(update_fields=["status", "finished_at", "stop_asked_at", "failure"])
    record(ExchangeEvent.STARTED, subject=batch, by=by, at=at, file=batch.file_name, mapping=batch.mapping)
    _defer(batch)
    return batch


@transaction.atomic
def undo_import(*, batch: Import, by: User, at: datetime, as_job: bool = True) -> Import:
    """Take the whole import back, as a job; once more for what stayed the last time. Raises NotNow."""
    states = (Import.Status.FINISHED, Import.Status.STOPPED, Import.Status.FAILED, Import.Status.UNDONE)
    batch = _locked(batch, *states)
    if at >= batch.undo_until:
        raise NotNow(_("What it takes to undo this import was kept until {day}.").format(day=batch.undo_until.date()))
    Remnant.objects.filter(taken_in=batch).delete()
    batch.status, batch.stop_asked_at, batch.failure = Import.Status.UNDOING, None, ""
    batch.save(update_fields=["status", "stop_asked_at", "failure"])
    record(ExchangeEvent.UNDOING, subject=batch, by=by, at=at)
    if as_job:
        _defer(batch, by=by)
    return batch


@transaction.atomic
def discard_import(*, batch: Import, by: User, at: datetime) -> None:
    """Throw a file away that was not imported. Raises NotNow."""
    batch = _locked(batch, Import.Status.DRAFT, Import.Status.TRIED)
    record(ExchangeEvent.DISCARDED, subject=batch, by=by, at=at, file=batch.file_name)
    stored = batch.stored
    batch.delete()
    transaction.on_commit(lambda: (folder() / stored).unlink(missing_ok=True))


def _defer(batch: Import, by: User | None = None) -> None:
    who = (by or batch.by).pk
    defer_once(JOB, of=str(batch.pk), lock=f"exchange:{batch.source}", import_id=batch.pk, by_id=who)
