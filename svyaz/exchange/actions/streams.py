"""The records of a file, whatever it is written in, and how far they have been read."""

from collections.abc import Iterator
from types import TracebackType
from typing import BinaryIO, Self

from svyaz.exchange.actions.cards import card_records
from svyaz.exchange.actions.encodings import UTF_16
from svyaz.exchange.actions.formats import CARDS, SHEET, Format, as_text, skip
from svyaz.exchange.actions.origins import Origin
from svyaz.exchange.actions.reading import Record, records
from svyaz.exchange.actions.spreadsheets import sheet_records


class _Watched:
    """An origin that remembers what it opened, so that somebody can ask how far it was read."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.file: BinaryIO | None = None

    @property
    def name(self) -> str:
        return self.origin.name

    @property
    def size(self) -> int:
        return self.origin.size

    def open(self) -> BinaryIO:
        self.file = self.origin.open()
        return self.file


class Stream:
    """Reads one file from its first record to its last."""

    def __init__(self, origin: Origin, how: Format) -> None:
        self._origin, self._how = _Watched(origin), how

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._origin.file is not None and not self._origin.file.closed:
            self._origin.file.close()

    def position(self) -> int:
        """Return how many of the file's bytes have been read, all of them when it is over."""
        file = self._origin.file
        return self._origin.size if file is None or file.closed else min(file.tell(), self._origin.size)

    def records(self) -> Iterator[Record]:
        """Yield the records in their order, each with the line that it begins with."""
        how = self._how
        if how.kind == SHEET:
            yield from sheet_records(self._origin, how.sheet, first_line=how.first_line, columns=len(how.header))
            return
        with as_text(self._origin, how.encoding) as file:
            if how.kind == CARDS:
                yield from card_records(file, "utf-8" if how.encoding in UTF_16 else how.encoding)
                return
            skip(file, how.first_byte)
            yield from records(file, how.first_line, how.delimiter, len(how.header))
