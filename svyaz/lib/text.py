"""Keys under which names are compared, sorted and found."""

import re
import unicodedata

from django.utils.translation import get_language

_NOT_WORD = re.compile(r"[\W_]+")


def name_key(*parts: str) -> str:
    """Return the key of a name: case aside, ё as е, words parted by one space.

    Ordered by code point ("C" collation) these keys stand as a Russian expects, whatever the server's collation.
    """
    # Some systems write й and ё as two characters, letter and mark.
    text = unicodedata.normalize("NFC", " ".join(part for part in parts if part)).casefold().replace("ё", "е")
    return _NOT_WORD.sub(" ", text).strip()


def like_literal(text: str) -> str:
    """Return text with LIKE's wildcards made literal."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


# Where the letters of the Russian keyboard lie on the Latin one; ё lies on the key beside 1.
_LATIN, _RUSSIAN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_RUSSIAN = str.maketrans(_LATIN + _LATIN.upper() + '{}:"<>~', _RUSSIAN + _RUSSIAN.upper() + "ХЪЖЭБЮЁ")
_TO_LATIN = str.maketrans(_RUSSIAN + _RUSSIAN.upper(), _LATIN + _LATIN.upper())


def other_layout(text: str) -> str:
    """Return what the same keys write in the other keyboard layout: "bdfyjd" is "иванов", "руддщ" is "hello"."""
    is_russian = any(char in _RUSSIAN for char in text.lower())
    return text.translate(_TO_LATIN if is_russian else _TO_RUSSIAN)


def digits_of(text: str) -> str:
    """Return only the decimal digits of a text."""
    return "".join(char for char in text if char in "0123456789")


def code_key(text: str) -> str:
    """Return the letters and digits of a document's number in upper case: "AB 12-34" and "ab1234" meet."""
    return "".join(char for char in text.upper() if char.isalnum())


def local_name(name: str, name_en: str) -> str:
    """Return a noun's name for the reader: the English one where he reads English and there is one."""
    return name_en if name_en and get_language() == "en" else name
