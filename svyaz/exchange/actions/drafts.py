"""From a record to the draft of a customer: every cell read, the whole made consistent, or every reason why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from django.utils.translation import gettext as _

from svyaz.exchange.actions.deriving import complete
from svyaz.exchange.actions.mapping import Column, CustomerMapping
from svyaz.exchange.actions.targets import BUILT_IN, targets
from svyaz.exchange.actions.values import TYPE_READERS, BadValue, Reader, Setting
from svyaz.lib.crypto import fingerprint
from svyaz.lib.text import code_key, name_key


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
    own: dict[str, Any] = field(default_factory=dict)
    notices: list[tuple[str, str]] = field(default_factory=list)

    def place(self, owner: str) -> dict[str, Any]:
        """Return where the values of an owner are kept: the row itself, the party, its account, own fields."""
        return {"": self.values, "party": self.party, "account": self.account, "own": self.own}[owner]

    def claims(self) -> list[tuple[str, str]]:
        """Return what this customer alone may have: number, INN with KPP, contract, account."""
        values = self.values
        found: list[tuple[str, str]] = [
            (what, values[what]) for what in ("number", "agreement", "account") if what in values
        ]
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

    def translated(self, text: str) -> str:
        """Return the mapping's word for the file's; raise BadValue where it has none."""
        if self.column.values is None:
            return text
        try:
            return self.column.values[text.casefold()]
        except KeyError:
            raise BadValue(_("unknown value {value}").format(value=text[:60])) from None

    def note_blank(self, draft: Draft) -> None:
        """Refuse or note an empty cell, as the mapping says."""
        if self.column.blank == "refuse":
            raise BadValue(_("must not be empty"))
        draft.notices.append((self.heading, _("is empty in the file; left empty")))


class RowReader:
    """Reads the records of one file by one mapping."""

    def __init__(self, mapping: CustomerMapping, header: Sequence[str], setting: Setting) -> None:
        self.mapping, self.setting = mapping, setting
        self.places = {name.casefold(): place for place, name in reversed(list(enumerate(header)))}
        self.header = header
        self.targets = targets()
        self.cells = [
            ("" if cell.column.target in BUILT_IN else "own", cell.column.target, cell)
            for cell in self._cells(mapping.columns)
        ]
        for each in mapping.characteristics:
            read = TYPE_READERS[each.type]
            self.cells += [(each.owner, each.name, cell) for cell in self._cells([each.column], read)]
        self.products = [(rule, cell) for rule in mapping.products for cell in self._cells([rule.column])]
        self.constants = {
            target: self.targets[target].read(text, setting) for target, text in mapping.constants.items() if text
        }
        used = [*(each[2] for each in self.cells), *(each[1] for each in self.products)]
        # In the mapping's order: a file whose columns changed places is the same file.
        self.used = list(dict.fromkeys(cell.place for cell in used))
        self._refuse_what_lacks()

    def _cells(self, columns: Sequence[Column], read: Reader | None = None) -> list[Cell]:
        found = []
        for column in columns:
            place = next(
                (self.places[name.casefold()] for name in column.names if name.casefold() in self.places), None
            )
            if place is not None:
                known = self.targets.get(column.target)
                found.append(Cell(place, self.header[place], column, read or (known.read if known else _as_is)))
        return found

    def _refuse_what_lacks(self) -> None:
        has = {name for owner, name, _cell in self.cells if not owner} | set(self.constants)
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
        draft = Draft(line, "", self._digest(record), dict(self.constants))
        reasons = self._read_cells(record, draft)
        if self.products:
            reasons += self._read_products(record, draft)
        reasons = reasons or complete(draft.values, self.mapping.name_order, self.setting.as_of)
        reasons += [(code, _("not for this kind of customer")) for code in self._unfit(draft)] if draft.own else []
        if not reasons:
            draft.key = identity_of(draft.values, self.mapping.identity)
            if not draft.key:
                reasons = [("", _("nothing in it tells who it is: {groups}").format(groups=self._identities()))]
        if reasons:
            raise BadRow(*reasons)
        if "tenure_months" in draft.values:
            # Kept beside the date that it gives: the file says a number of months, we counted them back.
            draft.party["tenureMonths"] = draft.values["tenure_months"]
            draft.party["sinceBy"] = f"as-of {self.setting.as_of.isoformat()}"
        return draft

    def _read_cells(self, record: Sequence[str], draft: Draft) -> list[tuple[str, str]]:
        reasons = []
        for owner, name, cell in self.cells:
            text = record[cell.place].strip()
            try:
                if value := cell.translated(text) if text else cell.column.default:
                    read = cell.read(value, self.setting)
                    into = draft.place(owner)
                    # Two columns of phones are one list of phones; of two columns with one value the first counts.
                    if name not in into:
                        into[name] = read
                    elif isinstance(read, list):
                        into[name] = list(dict.fromkeys([*into[name], *read]))
                if not text and cell.column.blank != "leave":
                    cell.note_blank(draft)
            except BadValue as error:
                reasons.append((cell.heading, str(error)))
        return reasons

    def _read_products(self, record: Sequence[str], draft: Draft) -> list[tuple[str, str]]:
        reasons = []
        for rule, cell in self.products:
            word = record[cell.place].strip().casefold()
            if code := rule.offerings.get(word):
                draft.products.append(code)
            elif word and word not in rule.without:
                reasons.append((cell.heading, _("unknown value {value}").format(value=word[:60])))
        return reasons

    def _unfit(self, draft: Draft) -> list[str]:
        return [code for code in draft.own if not self.targets[code].fits(draft.values["kind"])]

    def _identities(self) -> str:
        return " / ".join("+".join(group) for group in self.mapping.identity)

    def _digest(self, record: Sequence[str]) -> bytes:
        """Return a digest of the columns that count; the order of columns and what surrounds a value do not."""
        text = "\x1f".join([record[place].strip() for place in self.used])
        return blake2b(text.encode(), digest_size=16).digest()


def _as_is(text: str, setting: Setting) -> str:
    return text


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
    if name in {"passport", "snils"}:
        return fingerprint(code_key(value[0][1]))
    if isinstance(value, list):
        return str(value[0][1])
    if name == "name":
        return name_key(value)
    return str(value)
