"""How a file is written: kind, encoding, delimiter, header; found out, and every guess can be overruled."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from svyaz.exchange.actions import cards, spreadsheets
from svyaz.exchange.actions.encodings import UTF_16, bom_of, guess_encoding
from svyaz.exchange.actions.origins import AsUtf8, Origin
from svyaz.exchange.actions.reading import Record, UnreadableFile, fields, lines_of, records

TEXT, SHEET, CARDS = "text", "xlsx", "vcard"
DELIMITERS = (",", ";", "\t", "|")
_ROWS_LOOKED_AT = 20
# What a heading never is: a number of some length, an address with @, a date.
_VALUE = re.compile(r".*@.*\..*|[\d\s()+./:-]*\d[\d\s()+./:-]*\d[\d\s()+./:-]*\d[\d\s()+./:-]*")

_NOT_TEXT = {
    b"PK\x03\x04": gettext_lazy("This is an archive, not a spreadsheet: take the file out of it first."),
    b"\xd0\xcf\x11\xe0": gettext_lazy(
        "This is an old spreadsheet (XLS) or one with a password: save it as XLSX or CSV without a password."
    ),
    b"%PDF": gettext_lazy("This is a PDF: ask for the table itself, as CSV or XLSX."),
    b"\x89PNG": gettext_lazy("This is a picture."),
    b"\xff\xd8\xff": gettext_lazy("This is a picture."),
    b"\x1f\x8b": gettext_lazy("This is an archive, not a spreadsheet: take the file out of it first."),
    b"{\\rtf": gettext_lazy("This is a text document: save its table as CSV or XLSX."),
}


@dataclass(frozen=True)
class Wish:
    """What somebody says of a file instead of letting it be guessed; empty: guess."""

    encoding: str = ""
    delimiter: str = ""
    header_line: int | None = None  # 0: the file has no header
    sheet: str = ""


@dataclass(frozen=True)
class Format:
    """How a file is written, and where its first record begins (`first_byte`, of text as it is read)."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    first_byte: int = 0
    first_line: int = 1
    header_line: int = 1
    kind: str = TEXT
    sheet: str = ""
    sheets: tuple[str, ...] = ()

    @property
    def reads_as(self) -> str:
        """Return the encoding of the records as they are read."""
        return "utf-8" if self.kind != TEXT or self.encoding in UTF_16 else self.encoding


def detect(origin: Origin, known_columns: Iterable[str], wish: Wish | str = "") -> Format:
    """Find out how a file is written; the delimiter is the one by which most columns are known ones.

    Raise UnreadableFile where it is none of text, spreadsheet and cards.
    """
    wish = Wish(encoding=wish) if isinstance(wish, str) else wish
    known = {column.casefold() for column in known_columns}
    kind = _kind_of(origin)
    if kind == SHEET:
        return _detect_sheet(origin, known, wish)
    encoding = wish.encoding or guess_encoding(origin)
    if kind == CARDS:
        return Format(encoding, ",", cards.HEADER, kind=CARDS, header_line=0)
    return _detect_text(origin, known, wish, encoding)


def _kind_of(origin: Origin) -> str:
    with origin.open() as file:
        start = file.read(1 << 16)
    if spreadsheets.is_spreadsheet(origin, start):
        return SHEET
    for magic, reason in _NOT_TEXT.items():
        if start.startswith(magic):
            raise UnreadableFile(str(reason))
    if cards.is_cards(start):
        return CARDS
    encoding = guess_encoding(origin)
    text = start.decode(encoding, "ignore") if encoding in UTF_16 else start.decode("latin-1").replace("\x00", "")
    if sum(char < "\t" or "\r" < char < "\x1b" for char in text) * 50 > len(text):
        raise UnreadableFile(_("This is not text: save the table as CSV or XLSX."))
    if "\n" not in text and "\r" in text.strip():
        raise UnreadableFile(_("Its lines end in a bare carriage return: save it with usual line ends first."))
    return TEXT


def as_text(origin: Origin, encoding: str) -> BinaryIO:
    """Open delimited text or cards so that lines end in the byte of a line feed."""
    file = origin.open()
    if encoding not in UTF_16:
        return file
    _encoding, mark = bom_of(origin)
    file.seek(mark)
    return cast(BinaryIO, io.BufferedReader(AsUtf8(file, encoding)))


def skip(file: BinaryIO, count: int) -> None:
    """Pass over the first bytes."""
    if file.seekable():
        file.seek(count)
    else:
        file.read(count)


def _detect_text(origin: Origin, known: set[str], wish: Wish, encoding: str) -> Format:
    reads_as = "utf-8" if encoding in UTF_16 else encoding
    mark = 0 if encoding in UTF_16 else bom_of(origin)[1]
    best: tuple[tuple[int, int, int], Format] | None = None
    for delimiter in [wish.delimiter] if wish.delimiter else DELIMITERS:
        first = _first_records(origin, encoding, mark, delimiter)
        if not first:
            continue
        rows = [fields(each.raw.decode(reads_as, "replace"), delimiter) for each, _behind in first]
        found = _text_format(first, rows, known, wish, encoding, delimiter, mark)
        score = (
            sum(name.casefold() in known for name in found.header),
            min(1, len(found.header) - 1) * sum(len(row) == len(rows[0]) for row in rows),
            len(found.header),
        )
        if best is None or score > best[0]:
            best = (score, found)
    if best is None:
        raise UnreadableFile(_("The file has no header line."))
    return best[1]


def _first_records(origin: Origin, encoding: str, mark: int, delimiter: str) -> list[tuple[Record, int]]:
    """Return the first records, each with the byte behind it; blank lines before them are counted but left out."""
    found: list[tuple[Record, int]] = []
    with as_text(origin, encoding) as file:
        skip(file, mark)
        behind = mark
        for each in records(file, 1, delimiter):
            behind += len(each.raw)
            if found or (each.raw.strip() and not each.problem):
                found.append((each, behind))
            if len(found) == _ROWS_LOOKED_AT or each.line > 1000:
                break
    return found


def _text_format(
    first: Sequence[tuple[Record, int]], rows: Sequence[Sequence[str]], known: set[str], wish: Wish, encoding: str,
    delimiter: str, mark: int,
) -> Format:  # fmt: skip
    place = header_place([each.line for each, _behind in first], rows, known, wish.header_line)
    if place < 0:
        return Format(
            encoding, delimiter, headings(rows[0], is_header=False), first_byte=mark, first_line=1, header_line=0
        )
    header, behind = first[place]
    return Format(
        encoding, delimiter, headings(rows[place], is_header=True),
        first_byte=behind, first_line=header.line + lines_of(header.raw), header_line=header.line,
    )  # fmt: skip


def header_place(lines: Sequence[int], rows: Sequence[Sequence[str]], known: set[str], wanted: int | None) -> int:
    """Return which of the first rows is the header: the wanted line, or the first row unless it looks like data; -1."""
    if wanted is not None:
        return lines.index(wanted) if wanted in lines else -1 if wanted == 0 else 0
    first = [cell.strip() for cell in rows[0]]
    if any(cell.casefold() in known for cell in first):
        return 0
    return -1 if any(_VALUE.fullmatch(cell) for cell in first if cell) else 0


def headings(row: Sequence[str], *, is_header: bool) -> tuple[str, ...]:
    """Return names for columns, each once: the header's words, or letters as a spreadsheet has them."""
    found: list[str] = []
    for place, cell in enumerate(row):
        name = " ".join(cell.split()) if is_header else ""
        name = name or spreadsheets.letters(place)
        number = 2
        unique = name
        while unique.casefold() in {each.casefold() for each in found}:
            unique, number = f"{name} ({number})", number + 1
        found.append(unique)
    return tuple(found)


def _detect_sheet(origin: Origin, known: set[str], wish: Wish) -> Format:
    sheets = spreadsheets.sheet_names(origin)
    sheet = wish.sheet if wish.sheet in sheets else sheets[0]
    rows = [row for row in spreadsheets.first_rows(origin, sheet, _ROWS_LOOKED_AT) if any(row[1])]
    if not rows:
        raise UnreadableFile(_("The sheet {name} is empty.").format(name=sheet))
    place = header_place([line for line, _cells in rows], [cells for _line, cells in rows], known, wish.header_line)
    line, cells = rows[max(place, 0)]
    return Format(
        "utf-8", ",", headings(cells, is_header=place >= 0), first_line=line + 1 if place >= 0 else 1,
        header_line=line if place >= 0 else 0, kind=SHEET, sheet=sheet, sheets=tuple(sheets),
    )  # fmt: skip
