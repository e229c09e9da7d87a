"""Reading delimited text: its records with their true line numbers, whatever it holds."""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

LONGEST_LINE = 1 << 20
LONGEST_FIELD = 32_768
# A quoted field may run over lines; one that never closes must not swallow the file.
MOST_LINES_OF_A_RECORD = 200


class UnreadableFile(Exception):
    """The file is no table of customers: not text, not a spreadsheet, no cards."""


class Record(NamedTuple):
    """One record as it stands in the file; `problem` says why it cannot be taken apart."""

    line: int
    raw: bytes
    problem: str = ""


def lines_of(raw: bytes) -> int:
    """Return how many physical lines a record takes."""
    return max(1, raw.count(b"\n"))


def records(file: BinaryIO, line: int, delimiter: str, columns: int = 0) -> Iterator[Record]:
    """Yield every record with the number of its first physical line; quoted fields may hold line ends.

    Lines are joined only where that gives as many columns as the header has: a stray quotation mark spoils its own
    line and no other.
    """
    quoted = _Quoted(file, delimiter, columns)
    while raw := quoted.next_line():
        if b'"' not in raw and raw.endswith(b"\n"):
            yield Record(line, raw)
            line += 1
            continue
        record = quoted.record(line, raw)
        yield record
        line += lines_of(record.raw)


class _Quoted:
    """Puts together records that run over lines; lines read in vain are read again."""

    def __init__(self, file: BinaryIO, delimiter: str, columns: int) -> None:
        self.file, self.delimiter, self.columns = file, delimiter, columns
        self.tokens = _tokens(delimiter)
        self.ahead: deque[bytes] = deque()

    def next_line(self) -> bytes:
        """Return the next physical line; nothing at the end."""
        return self.ahead.popleft() if self.ahead else self.file.readline(LONGEST_LINE)

    def record(self, line: int, raw: bytes) -> Record:
        """Return the record that begins with a line that is too long, the last one, or holds a quotation mark."""
        if len(raw) >= LONGEST_LINE and not raw.endswith(b"\n"):
            self._skip_line()
            return Record(line, raw[:1000] + b"\n", _("the line is too long"))
        if not is_open(raw, self.tokens):
            return Record(line, raw)
        taken, joined = [raw], raw
        while len(taken) < MOST_LINES_OF_A_RECORD and len(joined) < LONGEST_LINE and (more := self.next_line()):
            taken.append(more)
            joined += more
            if b'"' in more and not is_open(joined, self.tokens):
                if self._is_whole(joined):
                    return Record(line, joined)
                break
        self.ahead.extendleft(reversed(taken[1:]))
        return Record(line, raw, _("a quotation mark is not closed"))

    def _is_whole(self, joined: bytes) -> bool:
        """Tell whether joined lines make one clean record: nothing behind a closing mark, and the right columns."""
        try:
            row = next(csv.reader([joined.decode("latin-1")], delimiter=self.delimiter, strict=True))
        except csv.Error:
            return False
        return not self.columns or len(row) == self.columns

    def _skip_line(self) -> None:
        while (piece := self.file.readline(LONGEST_LINE)) and not piece.endswith(b"\n"):
            pass


def _tokens(delimiter: str) -> re.Pattern[bytes]:
    d = re.escape(delimiter.encode())
    # One field and the delimiter behind it; a field that begins with a mark should also end with one.
    quoted = rb'"[^"]*+(?:""[^"]*+)*+(?P<closed>"?)'
    return re.compile(rb"(?:" + quoted + rb"|(?P<bare>))[^" + d + rb"]*(?:" + d + rb"|\Z)")


def is_open(raw: bytes, tokens: re.Pattern[bytes]) -> bool:
    """Tell whether a record ends inside a quoted field."""
    return any(token["bare"] is None and not token["closed"] for token in tokens.finditer(raw))


def fields(text: str, delimiter: str) -> list[str]:
    """Take one record apart."""
    text = text.rstrip("\r\n")
    if '"' not in text:
        return text.split(delimiter)
    return next(csv.reader([text], delimiter=delimiter))


def why_unusable(values: Sequence[str], text: str, columns: int) -> str:
    """Say why a record that could be taken apart still cannot be used, or nothing."""
    if "\x00" in text:
        return _("it contains a NUL byte")
    if len(values) != columns:
        return _("it has {found} columns, the header {expected}").format(found=len(values), expected=columns)
    if max(map(len, values)) > LONGEST_FIELD:
        return _("a field is too long")
    return ""


# What spreadsheets would run as a formula; bad rows are written with an apostrophe before it, and read without.
FORMULA = frozenset("=+-@\t\r")


def unguarded(values: list[str], text: str) -> list[str]:
    """Return fields without the apostrophe that keeps a spreadsheet from running them."""
    if "'" not in text:
        return values
    return [value[1:] if value[:1] == "'" and value[1:2] in FORMULA and value[1:2] else value for value in values]


def guarded(value: str) -> str:
    """Return a field so that a spreadsheet shows it instead of running it; numbers and phones stay as they are."""
    if value[:1] not in FORMULA or not value:
        return value
    return value if value[0] in "+-" and not any(char.isalpha() or char in "=@(" for char in value[1:]) else f"'{value}"
