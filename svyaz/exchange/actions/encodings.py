"""Which encoding a text is written in: byte order marks, valid UTF-8, and how Russian the letters look."""

import codecs
from collections.abc import Iterable
from typing import BinaryIO

from svyaz.exchange.actions.origins import Origin

SAMPLE = 1 << 18
ENCODINGS = ("utf-8", "cp1251", "cp866", "koi8-r", "utf-16-le", "utf-16-be")
UTF_16 = ("utf-16-le", "utf-16-be")
_EIGHT_BIT = ("cp1251", "cp866", "koi8-r")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

# How often each letter stands in a thousand of Russian text (Lyashevskaya, Sharoff: frequency dictionary, 2009).
_OFTEN = {
    "о": 110, "е": 85, "а": 80, "и": 74, "н": 67, "т": 63, "с": 55, "р": 47, "в": 45, "л": 44, "к": 35, "м": 32,
    "д": 30, "п": 28, "у": 26, "я": 20, "ы": 19, "ь": 17, "г": 17, "з": 16, "б": 16, "ч": 14, "й": 12, "х": 10,
    "ж": 9, "ш": 7, "ю": 6, "ц": 5, "щ": 4, "э": 3, "ф": 3, "ъ": 1, "ё": 1,
}  # fmt: skip
_STRANGE, _CASE_TURNED = -60, -40


def bom_of(origin: Origin) -> tuple[str, int]:
    """Return the encoding that a byte order mark names and the mark's length; without one nothing and 0."""
    with origin.open() as file:
        start = file.read(4)
    return next(((name, len(mark)) for mark, name in _BOMS if start.startswith(mark)), ("", 0))


def guess_encoding(origin: Origin) -> str:
    """Return the encoding, by the mark or by the first stretch of the file that is not plain ASCII."""
    encoding, _length = bom_of(origin)
    if encoding:
        return encoding
    with origin.open() as file:
        return _utf_16_without_mark(file) or _of_the_telling_lines(file)


def _utf_16_without_mark(file: BinaryIO) -> str:
    """Return UTF-16 where nearly every other byte is that of the Latin (0) or the Cyrillic (4) block."""
    start = file.read(1024)
    file.seek(0)
    half = len(start) // 2
    if half and b"\x00" in start:
        for high, encoding in ((start[1::2], "utf-16-le"), (start[::2], "utf-16-be")):
            if (high.count(0) + high.count(4)) * 10 > half * 9:
                return encoding
    return ""


def _of_the_telling_lines(file: BinaryIO) -> str:
    while block := file.readlines(SAMPLE):
        telling = [line for line in block if not line.isascii()]
        if telling:
            return "utf-8" if sum(map(_is_utf8, telling)) * 2 >= len(telling) else _eight_bit(telling)
    return "utf-8"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _eight_bit(lines: Iterable[bytes]) -> str:
    sample = b"".join(lines)[:SAMPLE]
    return max(_EIGHT_BIT, key=lambda encoding: how_russian(sample.decode(encoding, "replace")))


def how_russian(text: str) -> int:
    """Return a mark: frequent letters raise it; signs that no name holds and capitals inside words lower it."""
    mark, before = 0, ""
    for char in text:
        if not char.isascii():
            mark += _OFTEN.get(char.lower(), 0 if char in "«»№–— \ufeff" else _STRANGE)
            if char.isupper() and before.islower():
                mark += _CASE_TURNED
        before = char
    return mark
