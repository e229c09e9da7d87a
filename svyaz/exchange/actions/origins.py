"""Where a file's bytes come from: a path of the command line, or a sealed file of the state folder."""

import codecs
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from svyaz.lib.sealed import open_sealed


class Origin(Protocol):
    """Bytes that can be read from their beginning as often as one likes."""

    @property
    def name(self) -> str:
        """Return the file's name as people know it."""

    @property
    def size(self) -> int:
        """Return how many bytes it has."""

    def open(self) -> BinaryIO:
        """Open it for reading, with seek and tell."""


@dataclass(frozen=True)
class PlainFile:
    """A file as it lies on the disk."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def open(self) -> BinaryIO:
        return self.path.open("rb")


@dataclass(frozen=True)
class SealedFile:
    """An uploaded file, encrypted on the disk."""

    path: Path
    name: str
    size: int

    def open(self) -> BinaryIO:
        return cast(BinaryIO, open_sealed(self.path))


class AsUtf8(io.RawIOBase):
    """UTF-16 read as UTF-8, so that lines end where bytes say so; `tell` counts the bytes of the file itself."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready = b""
        self._is_over = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready and not self._is_over:
            raw = self._file.read(1 << 16)
            self._is_over = not raw
            self._ready = self._decoder.decode(raw, final=not raw).encode("utf-8", "replace")
        part, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        self._file.close()
        super().close()
