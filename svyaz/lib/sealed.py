"""Files that must not be read from a stolen disk: sealed block by block as they come, opened anywhere in the middle."""

import io
import os
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from svyaz.lib.crypto import decrypt, encrypt

_MAGIC = b"SVZ1"
# Plain bytes of a block; each is sealed apart (the STREAM construction: AES-256-GCM, nonce = number, last one marked).
BLOCK = 1 << 18
_TAG = 16


class BrokenSeal(Exception):
    """The file was cut, changed, or sealed with another key."""


class SealedWriter:
    """Seals what is written to a new file; nothing of it lies in clear on the disk, and only its owner may read it."""

    def __init__(self, path: Path) -> None:
        key = AESGCM.generate_key(bit_length=256)
        self._cipher = AESGCM(key)
        self._number = 0
        self._kept = bytearray()
        self.size = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        locked = encrypt(key.hex())
        self._file.write(_MAGIC + struct.pack(">I", len(locked)) + locked)

    def write(self, data: bytes) -> None:
        """Take more plain bytes."""
        self.size += len(data)
        self._kept += data
        while len(self._kept) > BLOCK:
            self._seal(bytes(self._kept[:BLOCK]), is_last=False)
            del self._kept[:BLOCK]

    def close(self) -> None:
        """Seal the last block; a file without one is a cut one."""
        self._seal(bytes(self._kept), is_last=True)
        self._kept.clear()
        self._file.close()

    def abandon(self) -> None:
        """Close without a last block: what is there can never be opened."""
        self._file.close()

    def _seal(self, block: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, is_last=is_last), block, None))
        self._number += 1


def seal(path: Path, blocks: Iterable[bytes]) -> int:
    """Write blocks to a sealed file; return the number of plain bytes."""
    writer = SealedWriter(path)
    for block in blocks:
        writer.write(block)
    writer.close()
    return writer.size


def open_sealed(path: Path) -> io.BufferedReader:
    """Open a sealed file for reading, with seek and tell in plain bytes; raise BrokenSeal."""
    return io.BufferedReader(_Opened(path), BLOCK)


def _nonce(number: int, *, is_last: bool) -> bytes:
    return struct.pack(">QI", number, int(is_last))


class _Opened(io.RawIOBase):
    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        head = self._file.read(len(_MAGIC) + 4)
        if head[: len(_MAGIC)] != _MAGIC:
            raise BrokenSeal(path.name)
        (length,) = struct.unpack(">I", head[len(_MAGIC) :])
        self._cipher = AESGCM(bytes.fromhex(decrypt(self._file.read(length))))
        self._start = self._file.tell()
        sealed = path.stat().st_size - self._start
        self._blocks = max(1, -(-sealed // (BLOCK + _TAG)))
        self.size = sealed - self._blocks * _TAG
        self._place = 0
        self._number, self._block = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self.size}[whence]
        self._place = max(0, base + offset)
        return self._place

    def readinto(self, buffer: Any) -> int:
        if self._place >= self.size:
            return 0
        number, within = divmod(self._place, BLOCK)
        part = self._open(number)[within : within + len(buffer)]
        buffer[: len(part)] = part
        self._place += len(part)
        return len(part)

    def _open(self, number: int) -> bytes:
        if number != self._number:
            self._file.seek(self._start + number * (BLOCK + _TAG))
            sealed = self._file.read(BLOCK + _TAG)
            try:
                nonce = _nonce(number, is_last=number == self._blocks - 1)
                self._block = self._cipher.decrypt(nonce, sealed, None)
            except InvalidTag as error:
                raise BrokenSeal(number) from error
            self._number = number
        return self._block

    def close(self) -> None:
        self._file.close()
        super().close()
