"""What the columns of a file most likely are: by their headings first, by what stands in them second."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from django.utils import translation

from svyaz.exchange.actions.mapping import load_mapping, shipped_mappings
from svyaz.exchange.actions.targets import BUILT_IN, own_targets, targets
from svyaz.exchange.actions.values import BadValue, Setting, day, emails, inn, kpp, phones
from svyaz.lib.text import name_key

# By what a customer is known in his source: the first group that a row fills.
IDENTITY = (
    ("external_id",), ("number",), ("inn", "kpp"), ("inn",), ("agreement",), ("account",), ("snils",), ("passport",),
    ("phone", "name"), ("email", "name"), ("name", "birth_date"), ("phone",), ("email",),
)  # fmt: skip
NAME_ORDERS = {
    "family_first": ("family_name", "given_name", "middle_name"),
    "given_first": ("given_name", "middle_name", "family_name"),
    "whole": (),
}
_SEVERAL = frozenset({"phone", "email", "fax", "passport", "snils"})
_PATRONYMIC = re.compile(r".*(вич|вна|ична|оглы|кызы)$", re.IGNORECASE)
_PERSON = re.compile(r"[А-ЯЁ][а-яё-]+( [А-ЯЁ][а-яё-]+){1,2}")


def suggest(header: Sequence[str], rows: Sequence[Sequence[str]], setting: Setting) -> dict[int, str]:
    """Return for the columns that can be told what each is: column → target."""
    found: dict[int, str] = {}
    known = {**known_headings(), **{name_key(str(each.label)): each.code for each in own_targets()}}
    for place, heading in enumerate(header):
        target = known.get(name_key(re.sub(r" \(\d+\)$", "", heading)), "")
        if target and (target in _SEVERAL or target not in found.values()):
            found[place] = target
    for place in range(len(header)):
        cells = [row[place] for row in rows if place < len(row)]
        target = "" if place in found else _by_content(cells, setting)
        if target and (target in _SEVERAL or target not in found.values()):
            found[place] = target
    return found


@cache
def known_headings() -> Mapping[str, str]:
    """Return the headings that the shipped mappings and the targets' own words know, by their key."""
    found: dict[str, str] = {}
    for name in shipped_mappings():
        for column in load_mapping(name).columns if name != "ibm_telco" else ():
            for heading in column.names:
                found.setdefault(name_key(heading), column.target)
    words = {code: target.label for code, target in targets().items() if code in BUILT_IN}
    for language in ("ru", "en"):
        with translation.override(language):
            for code, label in words.items():
                found.setdefault(name_key(str(label)), code)
    return found


def _by_content(cells: Sequence[str], setting: Setting) -> str:
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return ""
    tests: tuple[tuple[str, Callable[[str], bool]], ...] = (
        ("email", lambda cell: "@" in cell and _reads(emails, cell, setting)),
        ("inn", lambda cell: _reads(inn, cell, setting)),
        ("phone", lambda cell: sum(map(str.isdigit, cell)) >= 10 and _reads(phones, cell, setting)),
        ("birth_date", lambda cell: _is_birth_date(cell, setting)),
        ("kpp", lambda cell: len(cell) == 9 and _reads(kpp, cell, setting)),
        ("name", lambda cell: bool(_PERSON.fullmatch(cell))),
    )
    # Most of what stands there must fit: one mistake in twenty rows is a bad row, not another column.
    return next((code for code, fits in tests if sum(map(fits, filled)) * 10 >= len(filled) * 8), "")


def _reads(read: Callable[[str, Setting], Any], cell: str, setting: Setting) -> bool:
    try:
        return bool(read(cell, setting))
    except BadValue:
        return False


def _is_birth_date(cell: str, setting: Setting) -> bool:
    try:
        return 1900 < day(cell, setting).year < setting.as_of.year - 13
    except BadValue:
        return False


def guess_name_order(names: Sequence[str]) -> str:
    """Return how names in one column are written: by where patronymics stand."""
    words = [name.split() for name in names if len(name.split()) == 3]
    last = sum(bool(_PATRONYMIC.match(parts[2])) for parts in words)
    middle = sum(bool(_PATRONYMIC.match(parts[1])) for parts in words)
    return "given_first" if middle > last else "family_first"


def mapping_data(
    columns: Mapping[int, str], header: Sequence[str], *, name_order: str, source: str, title: str
) -> dict[str, Any]:
    """Return a mapping as data (docs/import.md): columns as chosen, identities that they allow."""
    fields: dict[str, list[dict[str, Any]]] = {}
    characteristics = []
    for place, target in sorted(columns.items()):
        if target == "characteristic":
            characteristics.append({"of": "party", "name": header[place], "type": "text", "columns": [header[place]]})
        else:
            fields.setdefault(target, []).append({"columns": [header[place]]})
    has = set(fields) | ({"name"} if {"family_name", "given_name"} & set(fields) else set())
    groups = [list(group) for group in IDENTITY if set(group) <= has]
    return {
        "title": title, "source": source, "identity": groups, "name_order": list(NAME_ORDERS[name_order]),
        "fields": fields, "characteristics": characteristics,
    }  # fmt: skip


def columns_of(data: Mapping[str, Any], header: Sequence[str]) -> dict[int, str]:
    """Return which columns of a file a mapping knows: column → target."""
    places = {name.casefold(): place for place, name in reversed(list(enumerate(header)))}
    found: dict[int, str] = {}
    for target, given in data.get("fields", {}).items():
        for each in given if isinstance(given, list) else [given]:
            place = next(
                (places[name.casefold()] for name in each.get("columns", ()) if name.casefold() in places), None
            )
            if place is not None:
                found.setdefault(place, target)
    for each in data.get("characteristics", ()):
        for name in each["columns"]:
            if name.casefold() in places:
                found.setdefault(places[name.casefold()], "characteristic")
    return found


def order_of(data: Mapping[str, Any]) -> str:
    """Return the word for a mapping's order of names."""
    order = tuple(data.get("name_order", ()))
    return next((word for word, parts in NAME_ORDERS.items() if parts == order), "whole")
