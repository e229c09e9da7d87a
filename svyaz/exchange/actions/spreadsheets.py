"""Reading XLSX: row by row with flat memory; what a cell shows becomes the text that a person would have typed."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from svyaz.exchange.actions.origins import Origin
from svyaz.exchange.actions.reading import Record, UnreadableFile

# What a spreadsheet may unpack to; a bomb says so in its directory, and zipfile reads no more than that says.
MOST_UNPACKED = 4 << 30
MOST_TIMES_LARGER = 200
MOST_PARTS = 5_000
WIDEST = 1_000
# What openpyxl raises on a file that is not what it says; a parser's refusal is a SyntaxError.
DAMAGED = (KeyError, ValueError, OSError, zipfile.BadZipFile, SyntaxError, AttributeError, TypeError, EOFError)


def is_spreadsheet(origin: Origin, start: bytes) -> bool:
    """Tell whether the file is XLSX, by what is in it; raise UnreadableFile for one that would flood us."""
    if not start.startswith(b"PK\x03\x04"):
        return False
    try:
        with origin.open() as file, zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise UnreadableFile(_("The spreadsheet is damaged: {reason}").format(reason=error)) from error
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        return False
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or unpacked > MOST_TIMES_LARGER * max(packed, 1 << 16):
        raise UnreadableFile(_("The spreadsheet unpacks to far more than it should: save it as CSV."))
    return True


def letters(place: int) -> str:
    """Return a column's letters: A, B … AA."""
    return str(get_column_letter(place + 1))


@contextmanager
def _workbook(origin: Origin) -> Iterator[Any]:
    with origin.open() as file:
        try:
            # Values, not formulas: what a formula gave when the file was saved is what people see in it.
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except DAMAGED as error:
            raise UnreadableFile(_("The spreadsheet is damaged: {reason}").format(reason=error)) from error
        try:
            yield book
        finally:
            book.close()


def sheet_names(origin: Origin) -> list[str]:
    """Return the names of its sheets."""
    with _workbook(origin) as book:
        return [sheet.title for sheet in book.worksheets]


def rows_of(origin: Origin, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """Yield every row with its number as the spreadsheet shows it."""
    with _workbook(origin) as book:
        page = book[sheet]
        # The size that the file names may be wrong; what is there counts.
        page.reset_dimensions()
        rows = enumerate(page.iter_rows(max_col=WIDEST, values_only=True), start=1)
        while row := _next(rows):
            cells = [shown(value) for value in row[1]]
            while cells and not cells[-1]:
                cells.pop()
            yield row[0], cells


def _next(rows: Iterator[tuple[int, Any]]) -> tuple[int, Any] | None:
    try:
        return next(rows, None)
    except DAMAGED as error:
        # Among them what the parser of XML refuses: entities that would blow up to gigabytes.
        raise UnreadableFile(_("The spreadsheet is damaged: {reason}").format(reason=error)) from error


def first_rows(origin: Origin, sheet: str, count: int) -> list[tuple[int, list[str]]]:
    """Return the first rows that hold anything."""
    found = []
    for line, cells in rows_of(origin, sheet):
        if cells:
            found.append((line, cells))
        if len(found) == count or line > 1000:
            break
    return found


def sheet_records(origin: Origin, sheet: str, *, first_line: int, columns: int) -> Iterator[Record]:
    """Yield the rows as records of comma-separated UTF-8, filled up to the header's width."""
    for line, cells in rows_of(origin, sheet):
        if line >= first_line and cells:
            yield Record(line, csv_line([*cells, *[""] * (columns - len(cells))]))


def csv_line(cells: Sequence[str]) -> bytes:
    """Return cells as one comma-separated record in UTF-8."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([cell.replace("\x00", "") for cell in cells])
    return out.getvalue().encode("utf-8", "replace")


def shown(value: Any) -> str:
    """Return what a cell means as text: whole numbers without a point, dates as 2026-11-23."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)
