"""The rows that stay out and what to know of the others: kept with the import, written as files for people."""

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from svyaz.exchange.actions.outcomes import BadLine, Notice, Outcome
from svyaz.exchange.actions.reading import guarded
from svyaz.lib.crypto import decrypt, encrypt


class TableFile:
    """A CSV file that comes into being with its first row; with a byte order mark, so that spreadsheets read it."""

    def __init__(self, path: Path, heading: Sequence[str]) -> None:
        self.path, self.heading = path, heading
        self.rows = 0
        self._file: TextIO | None = None
        self._writer: Any = None

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        """Write rows."""
        for row in rows:
            if self._file is None:
                self._open()
            self._writer.writerow(row)
            self.rows += 1

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Rows of customers: nobody else on this machine needs to read them.
        self.path.touch(mode=0o600)
        self._file = self.path.open("w", encoding="utf-8-sig", newline="", errors="backslashreplace")
        self._writer = csv.writer(self._file)
        self._writer.writerow(self.heading)

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()


def bad_rows_heading(header: Sequence[str]) -> list[str]:
    """Return the heading of a file of bad rows: line, field, reason, then the file's own."""
    return [_("line"), _("field"), _("reason"), *header]


def bad_rows_file(path: Path, header: Sequence[str]) -> TableFile:
    """Return the file of bad rows: line, field, reason, then the row under its own headings."""
    return TableFile(path, bad_rows_heading(header))


def bad_row(bad: BadLine) -> list[object]:
    """Return a bad row with all its reasons."""
    reasons = "; ".join(f"{field}: {text}" if field and len(bad.reasons) > 1 else text for field, text in bad.reasons)
    named = "; ".join(dict.fromkeys(field for field, _reason in bad.reasons if field))
    return [bad.line, named, guarded(reasons), *map(guarded, bad.cells)]


def notices_file(path: Path) -> TableFile:
    """Return the file of notices."""
    return TableFile(path, [_("line"), _("customer"), _("field"), _("notice")])


def notice_row(notice: Notice) -> list[object]:
    """Return a notice as a row."""
    return [notice.line, guarded(notice.customer), guarded(notice.field), guarded(notice.text)]


def keep_bad_lines(import_id: int, bad: Sequence[BadLine]) -> None:
    """Keep bad rows with their import; what stood in them is encrypted, since anything may."""
    if not bad:
        return
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY exchange_badrow (taken_in_id, line, reasons, cells) FROM STDIN") as copy,
    ):
        for each in bad:
            reasons = json.dumps(each.reasons, ensure_ascii=False).replace("\\u0000", "")
            copy.write_row((import_id, each.line, reasons, sealed_cells(each.cells)))


def sealed_cells(cells: Sequence[str]) -> bytes:
    """Return a row's cells encrypted."""
    return encrypt(json.dumps(cells, ensure_ascii=False))


def opened_cells(sealed: bytes | memoryview) -> tuple[str, ...]:
    """Return the cells behind `sealed_cells`."""
    return tuple(json.loads(decrypt(sealed)))


def keep_notices(import_id: int, notices: Sequence[Notice]) -> None:
    """Keep notices with their import."""
    if not notices:
        return
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY exchange_importnotice (taken_in_id, line, customer, field, text) FROM STDIN") as copy,
    ):
        for each in notices:
            copy.write_row((import_id, each.line, each.customer[:400], each.field[:300], each.text))


class FileReports:
    """Bad rows and notices as files beside the command line's words, in the file's order."""

    def __init__(self, bad_rows: Path | None, name: str, stem: str, header: Sequence[str]) -> None:
        bad = bad_rows or settings.STATE_DIR / "imports" / f"{name}-{stem}.bad.csv"
        self.bad = bad_rows_file(bad, header)
        self.notices = notices_file(bad.with_name(f"{bad.stem.removesuffix('.bad')}.notices.csv"))

    def add(self, outcome: Outcome, result: Any) -> None:
        """Write what came of a chunk."""
        self.bad.add(map(bad_row, outcome.bad))
        self.notices.add(map(notice_row, outcome.notices))
        result.bad_rows_file = self.bad.path if self.bad.rows else None
        result.notices_file = self.notices.path if self.notices.rows else None

    def close(self) -> None:
        """Finish both files."""
        self.bad.close()
        self.notices.close()


class KeptReports:
    """Bad rows of a dry run, kept with their import; a real run keeps its own with each chunk."""

    def __init__(self, import_id: int, *, is_trial: bool) -> None:
        self.import_id, self.is_trial = import_id, is_trial

    def add(self, outcome: Outcome, result: Any) -> None:
        """Keep what came of a chunk."""
        if self.is_trial:
            keep_bad_lines(self.import_id, outcome.bad)
            keep_notices(self.import_id, outcome.notices)

    def close(self) -> None:
        """Nothing is left open."""
