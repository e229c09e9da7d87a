"""What people see of an import: a preview before it, its bad rows and notices, and what an undo left."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from svyaz.access.queries import Viewer
from svyaz.exchange.actions.books import Request
from svyaz.exchange.actions.chunks import ChunkTaker
from svyaz.exchange.actions.customers import policy_of, work_of
from svyaz.exchange.actions.drafts import Cell, Draft
from svyaz.exchange.actions.outcomes import BadLine, Notice, Outcome
from svyaz.exchange.actions.reading import Record, fields, guarded, unguarded
from svyaz.exchange.actions.reports import bad_row, bad_rows_heading, notice_row, opened_cells
from svyaz.exchange.actions.sifting import Decision
from svyaz.exchange.actions.streams import Stream
from svyaz.exchange.actions.uploads import SAMPLE_ROWS, format_of, mapping_of, origin_of
from svyaz.exchange.actions.values import BadValue, Setting
from svyaz.exchange.models import BadRow, Import, ImportNotice, Remnant
from svyaz.parties.models import Party
from svyaz.places.models import Area


@dataclass(frozen=True)
class PreviewCell:
    """A cell as it stands in the file, what it becomes, or why it cannot."""

    text: str
    becomes: str = ""
    problem: str = ""


@dataclass(frozen=True)
class PreviewRow:
    """One row of the file and what becomes of it: new, change, known, skip or bad."""

    line: int
    verdict: str
    who: str
    cells: list[PreviewCell]
    reasons: list[str]


@dataclass(frozen=True)
class Preview:
    """The first rows of a file, read by its mapping; `columns` are the headings of the mapped columns."""

    columns: list[str]
    rows: list[PreviewRow]


def preview(batch: Import) -> Preview:
    """Return what becomes of the first rows.

    Raises MappingError, MissingColumns, UnknownKey, FileIsGone, UnreadableFile.
    """
    how, origin = format_of(batch), origin_of(batch)
    policy = policy_of(batch.by, batch.match, batch.matched, batch.unmatched)
    request = Request(origin, mapping_of(batch), batch.as_of, dry_run=True, area=batch.area, policy=policy)
    taker = ChunkTaker(work_of(request, how, batch.by))
    with Stream(origin, how) as stream:
        records = [each for each in islice(stream.records(), SAMPLE_ROWS * 5) if each.problem or _holds(each)]
    outcome = Outcome()
    drafts, _cells = taker.read(records[:SAMPLE_ROWS], outcome)
    decided = {each.draft.line: each for each in taker.sieve.sift(drafts)}
    places = sorted(taker.reader.used)
    bad = {each.line: each for each in outcome.bad}
    rows = [_row(each, decided, bad, taker, places) for each in records[:SAMPLE_ROWS]]
    return Preview([how.header[place] for place in places], rows)


def _holds(record: Record) -> bool:
    return bool(record.raw.strip(b' \t\r\n",;|'))


def _row(
    record: Record, decided: dict[int, Decision], bad: dict[int, BadLine], taker: ChunkTaker, places: Sequence[int]
) -> PreviewRow:
    decision, broken = decided.get(record.line), bad.get(record.line)
    reasons = broken.reasons if broken else decision.reasons if decision else ()
    texts = broken.cells if broken else _texts(record, taker)
    cells = [_cell(taker, place, texts) for place in places]
    told = {cell.problem for cell in cells}
    verdict = "bad" if broken or decision is None else decision.verdict
    return PreviewRow(
        record.line, verdict, _who(decision), cells,
        [f"{field}: {text}" if field else text for field, text in reasons if text not in told],
    )  # fmt: skip


def _texts(record: Record, taker: ChunkTaker) -> Sequence[str]:
    text = record.raw.decode(taker.work.encoding, "replace")
    return unguarded(fields(text, taker.work.delimiter), text)


def _cell(taker: ChunkTaker, place: int, texts: Sequence[str]) -> PreviewCell:
    text = texts[place].strip() if place < len(texts) else ""
    found = next((cell for _owner, _name, cell in taker.reader.cells if cell.place == place), None)
    if found is None:
        return PreviewCell(text, text)
    try:
        return PreviewCell(text, _becomes(found, text, taker.reader.setting))
    except BadValue as error:
        return PreviewCell(text, problem=str(error))


def _becomes(cell: Cell, text: str, setting: Setting) -> str:
    value = cell.translated(text) if text else cell.column.default
    if not value:
        return ""
    if cell.column.target in {"passport", "snils"}:
        cell.read(value, setting)
        return f"•••• {value[-4:]}"
    return shown(cell.column.target, cell.read(value, setting))


def shown(target: str, value: Any) -> str:
    """Return a value as the base will keep it, in words."""
    if isinstance(value, list):
        return ", ".join(str(part[1] if isinstance(part, tuple) else part) for part in value)
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if target == "area":
        return str(Area.objects.get(pk=value))
    words = {"kind": Party.Kind, "gender": Party.Gender}.get(target)
    return str(words(value).label) if words else str(value)


def _who(decision: Decision | None) -> str:
    """Return whom a row means: the number of a customer who is there, or the name as it was understood."""
    if decision is None:
        return ""
    if decision.holder is not None:
        if decision.is_beyond:
            return _("a customer of another area")
        return f"№ {decision.holder.number}"
    return _name_of(decision.draft)


def _name_of(draft: Draft) -> str:
    values = draft.values
    parts = [values[part] for part in ("family_name", "given_name", "middle_name") if values.get(part)]
    return " · ".join(parts) if parts else str(values.get("name", values.get("number", "")))


def bad_rows_table(batch: Import) -> Iterator[list[object]]:
    """Yield an import's bad rows as a table: line, field, reason, the row under its own headings."""
    yield list(map(guarded, bad_rows_heading(batch.plan.get("header", ()))))
    for row in BadRow.objects.filter(taken_in=batch).order_by("line", "pk").iterator(chunk_size=500):
        yield bad_row(_as_line(row))


def first_bad_rows(batch: Import, count: int = 50) -> list[BadLine]:
    """Return the first bad rows of an import."""
    return [_as_line(row) for row in BadRow.objects.filter(taken_in=batch).order_by("line", "pk")[:count]]


def _as_line(row: BadRow) -> BadLine:
    reasons = tuple((str(field), str(reason)) for field, reason in row.reasons)
    return BadLine(row.line, reasons, opened_cells(row.cells))


def notices_table(batch: Import) -> Iterator[list[object]]:
    """Yield an import's notices as a table."""
    yield [_("line"), _("customer"), _("field"), _("notice")]
    for row in ImportNotice.objects.filter(taken_in=batch).order_by("line", "pk").iterator(chunk_size=500):
        yield notice_row(Notice(row.line, row.customer, row.field, row.text))


@dataclass(frozen=True)
class Left:
    """A customer in whom an undo left something, as far as the viewer may see him."""

    remnant: Remnant
    party: Party | None
    fields: list[str]


def remnants(batch: Import, viewer: Viewer, count: int = 100) -> list[Left]:
    """Return what the undoing of an import left in place."""
    found = list(Remnant.objects.filter(taken_in=batch).order_by("line", "pk")[:count])
    parties = Party.objects.visible_to(viewer).in_bulk([each.party_id for each in found])
    return [Left(each, parties.get(each.party_id), sorted({_field(name) for name in each.fields})) for each in found]


def _field(name: str) -> str:
    """Return what people call a column of the base, "parties_party.birth_date", or the table of a row that stayed."""
    words = {
        "parties_party": _("particulars"), "parties_partyrole": _("role"),
        "parties_contactmedium": _("phone or e-mail"),
        "parties_addressuse": _("address"), "places_address": _("address"), "parties_agreement": _("contract"),
        "parties_identification": _("document"), "billing_billingaccount": _("billing account"),
        "services_product": _("service"), "billing_accountproduct": _("billing account"),
        "parties_formertier": _("worth tier"),
    }  # fmt: skip
    table, _dot, column = name.partition(".")
    if table == "parties_party" and column:
        known = {field.attname: field for field in Party._meta.concrete_fields}
        return str(getattr(known.get(column), "verbose_name", column))
    return str(words.get(table, table))
