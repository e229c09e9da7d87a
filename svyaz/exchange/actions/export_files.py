"""Files of the four formats, written row by row: memory stays the same however many rows there are."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from svyaz.exchange.actions.export_sheets import DATE, MOMENT, MONEY, NUMBER, TEXT, Heading, Sheet

# A spreadsheet takes a text that begins so for a formula and runs it (OWASP: CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")
ROWS_OF_A_SHEET = 1_048_576
Count = Callable[[int], None]


def csv_chunks(sheet: Sheet, count: Count) -> Iterator[bytes]:
    """Yield a CSV file: UTF-8 with the mark by which Excel knows it, the delimiter that it expects in this language."""
    delimiter = ";" if (get_language() or "").startswith("ru") else ","
    yield b"\xef\xbb\xbf" + _csv_lines([[_safe(heading.name) for heading in sheet.headings]], delimiter)
    for rows in sheet.chunks():
        yield _csv_lines([list(map(_csv_value, row)) for row in rows], delimiter)
        count(len(rows))


def _csv_lines(rows: list[list[Any]], delimiter: str) -> bytes:
    lines = io.StringIO(newline="")
    csv.writer(lines, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return lines.getvalue().encode()


def _csv_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, int | float | Decimal):
        return value
    return _safe(str(value))


def _safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def jsonl_chunks(sheet: Sheet, count: Count) -> Iterator[bytes]:
    """Yield JSON Lines: an object a row, its names the columns' keys; empty values are null."""
    keys = [heading.key for heading in sheet.headings]
    for rows in sheet.chunks():
        lines = (json.dumps(dict(zip(keys, map(_json_value, row), strict=True)), ensure_ascii=False) for row in rows)
        yield ("\n".join(lines) + "\n").encode()
        count(len(rows))


def _json_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int | float) else (str(value) if value else None)


def write_xlsx(sheet: Sheet, path: Path, count: Count) -> None:
    """Write a workbook; what is beyond a sheet's end goes on to the next one."""
    import xlsxwriter

    # Text stays text, whatever it begins with; moments of a workbook know no time zone, so the reader's clock counts.
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "tmpdir": str(path.parent),
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        pages = _Pages(book, sheet)
        for rows in sheet.chunks():
            for row in rows:
                pages.add(row)
            count(len(rows))


class _Pages:
    """The sheets of a workbook, one begun after another."""

    def __init__(self, book: Any, sheet: Sheet) -> None:
        self.book, self.sheet, self.number = book, sheet, 0
        self.formats = {
            MONEY: book.add_format({"num_format": "#,##0.00"}),
            DATE: book.add_format({"num_format": "yyyy-mm-dd"}),
            MOMENT: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        self.bold = book.add_format({"bold": True, "bottom": 1})
        self._begin()

    def _begin(self) -> None:
        self.number += 1
        title = re.sub(r"[\[\]:*?/\\']", " ", self.sheet.title[:25])
        self.page = self.book.add_worksheet(title if self.number == 1 else f"{title} {self.number}")
        self.page.freeze_panes(1, 1)
        for place, heading in enumerate(self.sheet.headings):
            self.page.set_column(place, place, 34 if place == 0 else 18, self.formats.get(heading.kind))
            self.page.write_string(0, place, heading.name, self.bold)
        self.line = 1

    def add(self, row: list[Any]) -> None:
        """Write the next row."""
        if self.line == ROWS_OF_A_SHEET:
            self._begin()
        for place, value in enumerate(row):
            _write_cell(self.page, self.line, place, value, self.formats)
        self.line += 1


def _write_cell(page: Any, line: int, place: int, value: Any, formats: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        page.write_datetime(line, place, timezone.localtime(value).replace(tzinfo=None), formats[MOMENT])
    elif isinstance(value, date):
        page.write_datetime(line, place, value, formats[DATE])
    elif isinstance(value, int | float | Decimal):
        page.write_number(line, place, value)
    else:
        page.write_string(line, place, str(value)[:32_767])


def write_parquet(sheet: Sheet, path: Path, count: Count) -> None:
    """Write a Parquet file, a row group a chunk; columns bear their keys, money is decimal, moments are UTC."""
    import pyarrow
    from pyarrow import parquet

    types = {
        TEXT: pyarrow.string(), NUMBER: pyarrow.float64(), MONEY: pyarrow.decimal128(18, 2), DATE: pyarrow.date32(),
        MOMENT: pyarrow.timestamp("us", tz="UTC"),
    }  # fmt: skip
    schema = pyarrow.schema([(heading.key, types[heading.kind]) for heading in sheet.headings])
    with parquet.ParquetWriter(path, schema) as writer:
        for rows in sheet.chunks():
            columns = [
                [_column_value(row[place], heading) for row in rows] for place, heading in enumerate(sheet.headings)
            ]
            writer.write_table(
                pyarrow.Table.from_arrays(
                    [pyarrow.array(values, field.type) for values, field in zip(columns, schema, strict=True)],
                    schema=schema,
                )
            )
            count(len(rows))


def _column_value(value: Any, heading: Heading) -> Any:
    if value is None or value == "":
        return None
    if heading.kind == TEXT:
        return str(value)
    if heading.kind == MONEY:
        return Decimal(value).quantize(Decimal("0.01"))
    return float(value) if heading.kind == NUMBER else value
