"""What the person who imports gets back: the bad rows, to be repaired and brought again, and the notices."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _

from svyaz.exchange.actions.chunks import BadLine, Notice


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


def bad_rows_file(path: Path, header: Sequence[str]) -> TableFile:
    """Return the file of bad rows: line, field, reason, then the row under its own headings."""
    return TableFile(path, [_("line"), _("field"), _("reason"), *header])


def bad_row(bad: BadLine) -> list[object]:
    """Return a bad row with all its reasons."""
    reasons = "; ".join(f"{field}: {text}" if field and len(bad.reasons) > 1 else text for field, text in bad.reasons)
    named = "; ".join(dict.fromkeys(field for field, _reason in bad.reasons if field))
    return [bad.line, named, reasons, *bad.cells]


def notices_file(path: Path) -> TableFile:
    """Return the file of notices."""
    return TableFile(path, [_("line"), _("customer"), _("field"), _("notice")])


def notice_row(notice: Notice) -> list[object]:
    """Return a notice as a row."""
    return [notice.line, notice.customer, notice.field, notice.text]
