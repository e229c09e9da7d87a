"""Mappings as data: which column of a file is what (docs/import.md)."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from svyaz.exchange.actions.targets import targets

FOLDER = Path(__file__).resolve().parents[1] / "mappings"

OWNERS = frozenset({"party", "account"})
TYPES = frozenset({"text", "money", "integer", "yes_no"})
BLANKS = frozenset({"leave", "notice", "refuse"})


class MappingError(Exception):
    """The mapping does not exist or is not well written."""


@dataclass(frozen=True)
class Column:
    """What one column of the file is; the first of its names that the header has is taken."""

    target: str
    names: tuple[str, ...]
    values: Mapping[str, str] | None = None
    default: str = ""
    blank: str = "leave"


@dataclass(frozen=True)
class Characteristic:
    """A column kept as it is on the party or on its account."""

    owner: str
    name: str
    type: str
    column: Column


@dataclass(frozen=True)
class ProductRule:
    """A column that says whether the customer has a product: value → offering; other values mean he has none."""

    column: Column
    offerings: Mapping[str, str]
    without: frozenset[str]


@dataclass(frozen=True)
class OfferingRow:
    """An offering that is made in the catalogue when the first customer has it."""

    code: str
    kind: str
    name: str
    name_en: str = ""


@dataclass(frozen=True)
class CustomerMapping:
    """How a file's columns become customers."""

    name: str
    title: str
    source: str
    identity: tuple[tuple[str, ...], ...]
    columns: tuple[Column, ...]
    constants: Mapping[str, str] = field(default_factory=dict)
    characteristics: tuple[Characteristic, ...] = ()
    products: tuple[ProductRule, ...] = ()
    offerings: Mapping[str, OfferingRow] = field(default_factory=dict)
    name_order: tuple[str, ...] = ()

    def all_columns(self) -> Iterator[Column]:
        """Yield every column that the mapping reads."""
        yield from self.columns
        yield from (each.column for each in self.characteristics)
        yield from (each.column for each in self.products)


def shipped_mappings() -> list[str]:
    """Return the names of the mappings that come with the product."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def load_mapping(name: str) -> CustomerMapping:
    """Return a shipped mapping by its name, or the one in a file; raise MappingError."""
    file = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    if not file.is_file():
        known = ", ".join(shipped_mappings())
        raise MappingError(
            _("There is no mapping {name}. Known: {known}; or give the path of a .toml file.").format(
                name=name, known=known
            )
        )
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{file.name}: {error}") from error
    try:
        return read_mapping(file.stem, data)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise MappingError(_("{file}: {reason}").format(file=file.name, reason=error)) from error


def read_mapping(name: str, data: Mapping[str, Any]) -> CustomerMapping:
    """Return a mapping from its data; whatever is not understood is refused."""
    _only(data, {"title", "source", "identity", "fields", "characteristics", "products", "offerings", "name_order"})
    given = data.get("fields", {})
    known = frozenset(targets())
    _only(given, known)
    mapping = CustomerMapping(
        name=name,
        title=str(data.get("title", name)),
        source=str(data.get("source", name)),
        identity=tuple(tuple(group) for group in data["identity"]),
        columns=tuple(_column(target, each) for target, each in _each(given) if "columns" in each),
        constants={target: str(each["default"]) for target, each in _each(given) if "columns" not in each},
        characteristics=tuple(_characteristic(each) for each in data.get("characteristics", ())),
        products=tuple(_product(each) for each in data.get("products", ())),
        offerings={code: OfferingRow(code=code, **row) for code, row in data.get("offerings", {}).items()},
        name_order=tuple(data.get("name_order", ())),
    )
    _check(mapping)
    return mapping


def _each(fields: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every field with each column that it is read from: two columns may both hold phones."""
    for target, given in fields.items():
        for each in given if isinstance(given, list) else [given]:
            yield target, each


def _column(target: str, data: Mapping[str, Any]) -> Column:
    _only(data, {"columns", "values", "default", "blank"})
    values = data.get("values")
    return Column(
        target=target,
        names=tuple(str(name) for name in data["columns"]),
        values=None if values is None else {str(key).casefold(): str(value) for key, value in values.items()},
        default=str(data.get("default", "")),
        blank=_one_of(data.get("blank", "leave"), BLANKS),
    )


def _characteristic(data: Mapping[str, Any]) -> Characteristic:
    _only(data, {"of", "name", "type", "columns", "values", "default", "blank"})
    column = {key: value for key, value in data.items() if key not in {"of", "name", "type"}}
    return Characteristic(
        owner=_one_of(data["of"], OWNERS),
        name=str(data["name"]),
        type=_one_of(data.get("type", "text"), TYPES),
        column=_column(f"{data['of']}.{data['name']}", column),
    )


def _product(data: Mapping[str, Any]) -> ProductRule:
    _only(data, {"columns", "offerings", "without"})
    return ProductRule(
        column=_column("product", {"columns": data["columns"]}),
        offerings={str(value).casefold(): code for value, code in data["offerings"].items()},
        without=frozenset(str(value).casefold() for value in data.get("without", ())),
    )


def _check(mapping: CustomerMapping) -> None:
    if not mapping.identity:
        raise ValueError(_("`identity` must name at least one group of fields"))
    for group in mapping.identity:
        _only(dict.fromkeys(group), frozenset(targets()))
    _only(dict.fromkeys(mapping.name_order), {"family_name", "given_name", "middle_name"})
    for rule in mapping.products:
        _only(dict.fromkeys(rule.offerings.values()), frozenset(mapping.offerings))


def _only(data: Mapping[str, Any], known: frozenset[str] | set[str]) -> None:
    if unknown := sorted(set(data) - known):
        raise ValueError(
            _("unknown: {unknown}; known are {known}").format(
                unknown=", ".join(unknown), known=", ".join(sorted(known))
            )
        )


def _one_of(value: Any, known: frozenset[str]) -> str:
    if value not in known:
        raise ValueError(
            _("unknown: {unknown}; known are {known}").format(unknown=value, known=", ".join(sorted(known)))
        )
    return str(value)
