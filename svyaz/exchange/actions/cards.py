"""Reading vCards 2.1, 3.0 and 4.0 as Outlook, Apple and Android write them: each card becomes one row of a table."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

import vobject
from django.utils.translation import gettext as _
from vobject.base import VObjectError

from svyaz.exchange.actions.reading import Record
from svyaz.exchange.actions.spreadsheets import csv_line

# The table's columns; the mapping `vcard` knows them.
HEADER = (
    "UID", "FN", "Family name", "Given name", "Additional names", "Organization", "Kind", "TEL", "FAX", "EMAIL", "ADR",
    "BDAY", "GENDER", "LANG", "INN", "NOTE",
)  # fmt: skip
LONGEST_CARD = 8 << 20
# Pictures, sounds and keys say nothing that an import takes, and some writers break them.
_BULKY = re.compile(r"(?:[^:;]+\.)?(?:PHOTO|LOGO|SOUND|KEY|AGENT|THUMBNAIL)[;:]", re.IGNORECASE)
_PARTS = re.compile(r"(?<!\\);")
_ESCAPED = re.compile(r"\\([\\;,nN:])")
_FULL_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:T.*)?")


class Card(NamedTuple):
    """The physical lines of one card, and the line that it begins with."""

    line: int
    raw: bytes
    problem: str = ""


def is_cards(start: bytes) -> bool:
    """Tell whether a file begins with a card, in whatever encoding."""
    text = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return text[:11].upper() == b"BEGIN:VCARD"


def card_records(file: BinaryIO, encoding: str) -> Iterator[Record]:
    """Yield each card as a record of comma-separated UTF-8; a card that cannot be read says why."""
    for card in _cards(file):
        if card.problem:
            yield Record(card.line, csv_line([""] * len(HEADER)), card.problem)
            continue
        try:
            yield Record(card.line, csv_line(cells_of(card.raw.decode(encoding))))
        except (VObjectError, ValueError, LookupError, IndexError, AttributeError) as error:
            reason = _("the card cannot be read: {reason}").format(reason=str(error).splitlines()[0][:200])
            yield Record(card.line, csv_line([""] * len(HEADER)), reason)


def _cards(file: BinaryIO) -> Iterator[Card]:
    taken: list[bytes] = []
    line = begin = size = 0
    for raw in iter(lambda: file.readline(LONGEST_CARD), b""):
        line += 1
        word = raw.strip().upper()
        if word == b"BEGIN:VCARD":
            if taken:
                yield Card(begin, b"", _("the card has no end"))
            taken, begin, size = [], line, 0
        if not begin:
            continue
        size += len(raw)
        if size <= LONGEST_CARD:
            taken.append(raw)
        if word == b"END:VCARD":
            yield Card(begin, b"".join(taken), "" if size <= LONGEST_CARD else _("the card is too long"))
            taken, begin = [], 0
    if taken:
        yield Card(begin, b"", _("the card has no end"))


def cells_of(text: str) -> list[str]:
    """Return a card's cells in the order of HEADER."""
    card: Any = vobject.readOne(_without_bulk(text), allowQP=True, transform=False, validate=False)
    if card is None:
        raise ValueError(text[:40])
    held: dict[str, list[Any]] = defaultdict(list)
    for content in card.lines():
        if _text(content.value).strip():
            held[content.name.upper()].append(content)
    family, given, additional = _names(held)
    company = _plain(_PARTS.split(_first(held, "ORG"))[0])
    cells = {
        "UID": _plain(_first(held, "UID")), "FN": _plain(_first(held, "FN")), "Family name": family,
        "Given name": given, "Additional names": additional, "Organization": company,
        "Kind": _kind(held, is_named=bool(family or given), company=company),
        "TEL": "; ".join(_phone(each) for each in held["TEL"] if "FAX" not in _types(each)),
        "FAX": "; ".join(_phone(each) for each in held["TEL"] if "FAX" in _types(each)),
        "EMAIL": "; ".join(_plain(each.value).removeprefix("mailto:") for each in held["EMAIL"]),
        "ADR": _address(_first(held, "ADR")), "BDAY": _day(_first(held, "BDAY")),
        "GENDER": {"F": "female", "M": "male"}.get(_first(held, "GENDER")[:1].upper(), ""),
        "LANG": _first(held, "LANG")[:2].lower(), "INN": _plain(_first(held, "X-INN")),
        "NOTE": _plain(_first(held, "NOTE")),
    }  # fmt: skip
    # A company's card has its name once; a person's name stands in its parts, or else in FN.
    if cells["Kind"] == "organization":
        cells["FN"] = company or cells["FN"]
        cells["Family name"] = cells["Given name"] = cells["Additional names"] = ""
    elif family or given:
        cells["FN"] = ""
    return [cells[name] for name in HEADER]


def _without_bulk(text: str) -> str:
    kept: list[str] = []
    is_bulky = False
    for line in text.replace("\r\n", "\n").split("\n"):
        if not (is_bulky and (line[:1] in {" ", "\t"} or not line.strip() or ":" not in line)):
            is_bulky = bool(_BULKY.match(line))
        if not is_bulky and line.strip():
            kept.append(line)
    return "\n".join([*kept, ""])


def _names(held: dict[str, list[Any]]) -> tuple[str, str, str]:
    parts = [_plain(part) for part in _PARTS.split(_first(held, "N"))]
    family, given, additional = (*parts, "", "", "")[:3]
    return family, given, additional


def _kind(held: dict[str, list[Any]], *, is_named: bool, company: str) -> str:
    kind = _first(held, "KIND").lower()
    if kind in {"org", "organization"} or _first(held, "X-ABSHOWAS").upper() == "COMPANY":
        return "organization"
    return "organization" if company and not is_named and kind != "individual" else "individual"


def _first(held: dict[str, list[Any]], name: str) -> str:
    return _text(held[name][0].value) if held[name] else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ";".join(map(str, value)) if isinstance(value, list) else str(value)


def _plain(text: Any) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], _text(text)).strip()


def _types(content: Any) -> str:
    written = [*content.params.get("TYPE", ()), *(content.singletonparams or ())]
    return " ".join(map(str, written)).upper()


def _phone(content: Any) -> str:
    number = _plain(content.value).removeprefix("tel:").replace(";ext=", " ext ")
    return number.replace(";", " ").replace(",", " ").replace("/", " ")


def _address(text: str) -> str:
    # Post box and extended address stand first, country last; people write street, house, town.
    parts = [_plain(part) for part in _PARTS.split(text)]
    box, extended, street, town, region, code, country = (*parts, *[""] * 7)[:7]
    return ", ".join(part for part in (code, country, region, town, street, extended, box) if part)


def _day(text: str) -> str:
    found = _FULL_DATE.fullmatch(text.strip())
    return f"{found[1]}-{found[2]}-{found[3]}" if found else ""
