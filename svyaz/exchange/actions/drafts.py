"""From a record to the draft of a customer: every cell read, the whole made consistent, or every reason why not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from typing import Any

from django.utils.translation import gettext as _

from svyaz.exchange.actions.mapping import Column, CustomerMapping
from svyaz.exchange.actions.values import FIELD_READERS, TYPE_READERS, BadValue, Reader, Setting
from svyaz.lib.text import name_key

LEGAL_FORMS = frozenset("ООО ОАО ЗАО ПАО АО НАО НКО АНО ГУП МУП ФГУП ФГБУ ГБУ МБУ ТСЖ СНТ LLC LTD INC GMBH".split())
SOLE_TRADER = "ИП"
NAME_PARTS = ("family_name", "given_name", "middle_name")
_NAME_WORD = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]*)*")
# The noun's own field has this many characters; what is derived must fit too.
NAME_LIMIT = 300


class MissingColumns(Exception):
    """The file lacks columns without which no row can be read."""


class BadRow(Exception):
    """A row cannot become a customer: pairs of field and reason."""

    def __init__(self, *reasons: tuple[str, str]) -> None:
        super().__init__(reasons)
        self.reasons = reasons


@dataclass(slots=True)
class Draft:
    """A customer to be: who he is in his source, what he has, and what else must be told about his row."""

    line: int
    key: str
    digest: bytes
    values: dict[str, Any]
    party: dict[str, Any] = field(default_factory=dict)
    account: dict[str, Any] = field(default_factory=dict)
    products: list[str] = field(default_factory=list)
    notices: list[tuple[str, str]] = field(default_factory=list)

    def claims(self) -> list[tuple[str, str]]:
        """Return what this customer alone may have: number, INN with KPP, contract, account."""
        values = self.values
        found = [(what, values[what]) for what in ("number", "agreement", "account") if what in values]
        if "inn" in values:
            found.append(("inn", f"{values['inn']}/{values.get('kpp', '')}"))
        return found


@dataclass(frozen=True, slots=True)
class Cell:
    """A column that the file has: its place, its heading, and how it is read."""

    place: int
    heading: str
    column: Column
    read: Reader


class RowReader:
    """Reads the records of one file by one mapping."""

    def __init__(self, mapping: CustomerMapping, header: Sequence[str], setting: Setting) -> None:
        self.mapping, self.setting = mapping, setting
        self.places = {name.casefold(): place for place, name in reversed(list(enumerate(header)))}
        self.header = header
        self.fields = self._cells(mapping.columns)
        self.characteristics = [
            (each.owner, each.name, cell)
            for each in mapping.characteristics
            for cell in self._cells([each.column], TYPE_READERS[each.type])
        ]
        self.products = [(rule, cell) for rule in mapping.products for cell in self._cells([rule.column])]
        self.constants = {
            target: FIELD_READERS[target](text, setting) for target, text in mapping.constants.items() if text
        }
        used = [*self.fields, *(each[2] for each in self.characteristics), *(each[1] for each in self.products)]
        self.used = sorted({cell.place for cell in used})
        self._refuse_what_lacks()

    def _cells(self, columns: Sequence[Column], read: Reader | None = None) -> list[Cell]:
        found = []
        for column in columns:
            place = next((self.places[name.casefold()] for name in column.names if name.casefold() in self.places), None)
            if place is not None:
                found.append(Cell(place, self.header[place], column, read or FIELD_READERS.get(column.target, _as_is)))
        return found

    def _refuse_what_lacks(self) -> None:
        has = {cell.column.target for cell in self.fields} | set(self.constants)
        has |= {"name"} if has & {"family_name", "given_name"} else set()
        lacking = [
            column.names[0] for column in self.mapping.all_columns()
            if column.blank == "refuse" and not any(name.casefold() in self.places for name in column.names)
        ]  # fmt: skip
        if not any(set(group) <= has for group in self.mapping.identity):
            lacking.append(" / ".join("+".join(group) for group in self.mapping.identity))
        if lacking:
            raise MissingColumns(
                _("The file has no {missing}; its columns are: {header}").format(
                    missing=", ".join(lacking), header=", ".join(self.header)
                )
            )

    def unused_headings(self) -> list[str]:
        """Return the columns of the file that the mapping does not know."""
        return [name for place, name in enumerate(self.header) if name and place not in self.used]

    def read(self, line: int, record: Sequence[str]) -> Draft:
        """Return the draft of a customer; raise BadRow with every reason at once."""
        reasons: list[tuple[str, str]] = []
        draft = Draft(line, "", self._digest(record), dict(self.constants))
        for cell in self.fields:
            self._take(cell, record, draft.values, cell.column.target, draft, reasons)
        for owner, name, cell in self.characteristics:
            self._take(cell, record, draft.party if owner == "party" else draft.account, name, draft, reasons)
        for rule, cell in self.products:
            word = record[cell.place].strip().casefold()
            if code := rule.offerings.get(word):
                draft.products.append(code)
            elif word and word not in rule.without:
                reasons.append((cell.heading, _("unknown value {value}").format(value=word[:60])))
        if not reasons:
            reasons = complete(draft, self.mapping.name_order, self.setting)
        if not reasons:
            draft.key = identity_of(draft.values, self.mapping.identity)
            if not draft.key:
                reasons = [("", _("nothing in it tells who it is: {groups}").format(groups=self._identities()))]
        if reasons:
            raise BadRow(*reasons)
        return draft

    def _identities(self) -> str:
        return " / ".join("+".join(group) for group in self.mapping.identity)

    def _digest(self, record: Sequence[str]) -> bytes:
        """Return a digest of the columns that count; the order of columns and what surrounds a value do not."""
        text = "\x1f".join([record[place].strip() for place in self.used])
        return blake2b(text.encode(), digest_size=16).digest()

    def _take(
        self, cell: Cell, record: Sequence[str], target: dict[str, Any], name: str, draft: Draft,
        reasons: list[tuple[str, str]],
    ) -> None:  # fmt: skip
        text = record[cell.place].strip()
        column = cell.column
        if text and column.values is not None:
            if text.casefold() not in column.values:
                reasons.append((cell.heading, _("unknown value {value}").format(value=text[:60])))
                return
            text = column.values[text.casefold()]
        elif not text:
            if column.blank == "refuse":
                reasons.append((cell.heading, _("must not be empty")))
            elif column.blank == "notice":
                draft.notices.append((cell.heading, _("is empty in the file; left empty")))
            text = column.default
        if text:
            try:
                target[name] = cell.read(text, self.setting)
            except BadValue as error:
                reasons.append((cell.heading, str(error)))


def _as_is(text: str, setting: Setting) -> str:
    return text


def complete(draft: Draft, name_order: Sequence[str], setting: Setting) -> list[tuple[str, str]]:
    """Derive what follows from the cells: kind, name, periods; return what does not fit together."""
    values = draft.values
    _complete_kind(values)
    is_company = values["kind"] == "organization"
    reasons = _complete_period(draft, setting)
    reasons += _unfit_for_a_company(values) if is_company else _unfit_for_a_person(values)
    if not is_company:
        _complete_person(values, name_order)
    if len(values.get("name", "")) > NAME_LIMIT:
        reasons.append(("name", _("longer than {limit} characters").format(limit=NAME_LIMIT)))
    return reasons


def _complete_kind(values: dict[str, Any]) -> None:
    first = values["name"].split(None, 1)[0].upper() if "name" in values else ""
    if first in LEGAL_FORMS or first == SOLE_TRADER:
        values.setdefault("legal_form", first)
    if "kind" not in values:
        form = values.get("legal_form", SOLE_TRADER)
        company = form != SOLE_TRADER or "kpp" in values or len(values.get("inn", "")) == 10
        values["kind"] = "organization" if company else "individual"


def _unfit_for_a_company(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    wrong = [name for name in ("birth_date", "gender", "given_name", "middle_name") if name in values]
    reasons = [(name, _("a company has none")) for name in wrong]
    if "name" not in values:
        reasons.append(("name", _("a company must have a name")))
    if len(values.get("inn", "0123456789")) != 10:
        reasons.append(("inn", _("a company's INN has 10 digits")))
    return reasons


def _unfit_for_a_person(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    reasons = []
    if "kpp" in values:
        reasons.append(("kpp", _("a person has none")))
    if values.get("legal_form", SOLE_TRADER) != SOLE_TRADER:
        reasons.append(("legal_form", _("a person has none")))
    if len(values.get("inn", "012345678901")) != 12:
        reasons.append(("inn", _("a person's INN has 12 digits")))
    return reasons


def _complete_person(values: dict[str, Any], order: Sequence[str]) -> None:
    """Make name and its parts say the same: a person's name is always its parts, one after another."""
    if not any(part in values for part in NAME_PARTS) and "name" in values:
        words = values["name"].split()
        if values.get("legal_form") == SOLE_TRADER and words[0].upper() == SOLE_TRADER and len(words) > 1:
            del words[0]
        if order and all(_NAME_WORD.fullmatch(word) for word in words):
            words[len(order) - 1 :] = [" ".join(words[len(order) - 1 :])]
            values.update((part, word[:100]) for part, word in zip(order, words, strict=False) if word)
        else:
            values["family_name"] = " ".join(words)[:100]
    if joined := " ".join([values[part] for part in NAME_PARTS if part in values]):
        values["name"] = joined


def _complete_period(draft: Draft, setting: Setting) -> list[tuple[str, str]]:
    values = draft.values
    if "tenure_months" in values:
        # Kept beside the date that it gives: the file says a number of months, we counted them back.
        draft.party["tenureMonths"] = values["tenure_months"]
        draft.party["sinceBy"] = f"as-of {setting.as_of.isoformat()}"
        values["since"] = months_before(setting.as_of, values["tenure_months"])
    since, ended = values.get("since"), values.get("ended")
    if since is None:
        since = values["since"] = ended or setting.as_of
    if ended is not None and ended < since:
        return [("ended", _("ends before it begins"))]
    return []


def months_before(day: date, months: int) -> date:
    """Return the same day that many months earlier, or the last one of a shorter month."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(number, day.day))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def identity_of(values: Mapping[str, Any], groups: Sequence[Sequence[str]]) -> str:
    """Return by what this customer is known in his source: the first group that is filled."""
    for group in groups:
        parts = [_identity_part(name, values.get(name)) for name in group]
        if all(parts):
            if len(group) == 1 and group[0] == "number":
                return parts[0]
            return "|".join(f"{name}={part}" for name, part in zip(group, parts, strict=True))
    return ""


def _identity_part(name: str, value: Any) -> str:
    if not value:
        return ""
    if isinstance(value, list):
        return str(value[0][1])
    if name == "name":
        return name_key(value)
    return str(value)
