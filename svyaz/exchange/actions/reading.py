"""Reading delimited text: what it is written in, and its records with their true line numbers, whatever it holds."""

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DELIMITERS = (",", ";", "\t")
LONGEST_LINE = 1 << 20
LONGEST_FIELD = 32_768
# A quoted field may run over lines; one that never closes must not swallow the file.
MOST_LINES_OF_A_RECORD = 200
SAMPLE = 1 << 18

_NOT_TEXT = {
    b"PK\x03\x04": gettext_lazy("This is a spreadsheet (XLSX) or an archive: save it as CSV first."),
    b"\xd0\xcf\x11\xe0": gettext_lazy("This is an old spreadsheet (XLS): save it as CSV first."),
    codecs.BOM_UTF16_LE: gettext_lazy("This is UTF-16: save it as UTF-8 first."),
    codecs.BOM_UTF16_BE: gettext_lazy("This is UTF-16: save it as UTF-8 first."),
}


class UnreadableFile(Exception):
    """The file is not delimited text with a header."""


@dataclass(frozen=True)
class Format:
    """How a file is written: encoding, delimiter, header, and where its first record begins."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    first_byte: int
    first_line: int


class Record(NamedTuple):
    """One record as it stands in the file; `problem` says why it cannot be taken apart."""

    line: int
    raw: bytes
    problem: str = ""


def detect(path: Path, known_columns: Iterable[str], encoding: str = "") -> Format:
    """Find out how a file is written; the delimiter is the one by which most columns are known ones."""
    with path.open("rb") as file:
        start = file.read(SAMPLE)
    for magic, reason in _NOT_TEXT.items():
        if start.startswith(magic):
            raise UnreadableFile(str(reason))
    if b"\n" not in start and b"\r" in start.strip():
        raise UnreadableFile(_("Its lines end in a bare carriage return: save it with usual line ends first."))
    bom = len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0
    encoding = encoding or ("utf-8" if bom else guess_encoding(path))
    return _with_header(path, encoding, bom, {column.casefold() for column in known_columns})


def _with_header(path: Path, encoding: str, bom: int, known: set[str]) -> Format:
    best: tuple[tuple[int, int], Format] | None = None
    for delimiter in DELIMITERS:
        with path.open("rb") as file:
            file.seek(bom)
            header = next((record for record in records(file, 1, delimiter) if record.raw.strip()), None)
        if header is None or header.problem:
            continue
        names = tuple(name.strip() for name in fields(header.raw.decode(encoding, "replace"), delimiter))
        found = Format(encoding, delimiter, names, bom + _offset(path, bom, header), header.line + lines_of(header.raw))
        score = (sum(name.casefold() in known for name in names), len(names))
        if best is None or score > best[0]:
            best = (score, found)
    if best is None:
        raise UnreadableFile(_("The file has no header line."))
    return best[1]


def _offset(path: Path, bom: int, header: Record) -> int:
    """Return how many bytes stand before the first record, counted from the byte order mark's end."""
    with path.open("rb") as file:
        file.seek(bom)
        skipped = sum(len(file.readline()) for _line in range(header.line - 1))
    return skipped + len(header.raw)


def lines_of(raw: bytes) -> int:
    """Return how many physical lines a record takes."""
    return max(1, raw.count(b"\n"))


def guess_encoding(path: Path) -> str:
    """Return utf-8 or cp1251, by the first stretch of the file that is not plain ASCII."""
    with path.open("rb") as file:
        while block := file.readlines(SAMPLE):
            telling = [line for line in block if not line.isascii()]
            if telling:
                return "utf-8" if sum(map(_is_utf8, telling)) * 2 >= len(telling) else "cp1251"
    return "utf-8"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


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
