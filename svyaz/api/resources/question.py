"""What a request asks of a resource: filters, order, fields, page; whatever is not understood is refused."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from svyaz.api.bodies import check_text
from svyaz.api.errors import BadRequest
from svyaz.api.resources.attributes import BIGGEST, COMPARISONS, Filter, Resource, read_moment

DEFAULT_LIMIT, MOST_ROWS, DEEPEST_OFFSET = 100, 1000, 10_000
MOST_VALUES = 50
RESERVED = {"fields", "sort", "limit", "offset", "after"}
OPERATORS = COMPARISONS | {"regex"}


@dataclass(frozen=True)
class Condition:
    """One filter of a request: the dotted path, the operator and the values of which one must fit."""

    name: str
    operator: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Question:
    """A request to a resource, understood."""

    conditions: tuple[Condition, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()  # attribute, whether downwards
    fields: tuple[str, ...] | None = None
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    after: tuple[Any, ...] | None = None
    is_paged: bool = False


def question_of(resource: Resource, query: QueryDict, default_sort: str = "") -> Question:
    """Return what a query string asks; raise BadRequest naming the parameter that is wrong."""
    for name, texts in query.lists():
        for text in (name, *texts):
            check_text(text, "query")
            if "\ufffd" in text:
                raise BadRequest("query", "is not UTF-8")
    sort = _sort(resource, query.get("sort") or default_sort or resource.default_sort)
    return Question(
        conditions=tuple(_conditions(resource, query)),
        sort=sort,
        fields=fields_of(resource, query.getlist("fields")),
        limit=_number(query, "limit", DEFAULT_LIMIT, 1, MOST_ROWS),
        offset=_number(query, "offset", 0, 0, DEEPEST_OFFSET),
        after=read_cursor(str(query["after"]), resource, sort) if "after" in query else None,
        is_paged="limit" in query or "offset" in query,
    )


def _number(query: QueryDict, name: str, default: int, least: int, most: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        raise BadRequest(name, f"must be a whole number from {least} to {most}")
    return int(text)


def _sort(resource: Resource, text: str) -> tuple[tuple[str, bool], ...]:
    chosen = []
    for part in text.split(","):
        word = part.strip()
        name, is_down = word.lstrip("+- "), word.startswith("-")
        if name not in resource.sorts:
            raise BadRequest("sort", f"cannot sort by {name!r}; choose from {', '.join(resource.sorts)}")
        chosen.append((name, is_down))
    if len({name for name, _ in chosen}) < len(chosen):
        raise BadRequest("sort", "names an attribute twice")
    return tuple(chosen)


def fields_of(resource: Resource, texts: list[str]) -> tuple[str, ...] | None:
    """Return the fields that are asked for (None: all); raise BadRequest for one that does not exist."""
    if not texts:
        return None
    names = {name.strip() for text in texts for name in text.split(",")} - {""}
    for name in names - {"none"}:
        first, _, rest = name.partition(".")
        attribute = resource.by_name.get(first)
        if attribute is None or not _has_path(attribute.schema, rest):
            raise BadRequest("fields", f"there is no attribute {name!r}")
    return tuple(sorted(names - {"none"}))


def _has_path(schema: dict[str, Any], path: str) -> bool:
    for name in filter(None, path.split(".")):
        properties = schema.get("items", schema).get("properties", {})
        if name not in properties:
            return False
        schema = properties[name]
    return True


def _conditions(resource: Resource, query: QueryDict) -> Iterable[Condition]:
    for parameter, texts in query.lists():
        if parameter in RESERVED:
            if len(texts) > 1 and parameter != "fields":
                raise BadRequest(parameter, "is given twice")
            continue
        name, operator, declared = _filter(resource, parameter)
        for text in texts:
            yield Condition(name, operator, tuple(_values(declared, operator, text, parameter)))


def _filter(resource: Resource, parameter: str) -> tuple[str, str, Filter]:
    name, _, suffix = parameter.rpartition(".")
    if parameter in resource.filters:
        name, suffix = parameter, "eq"
    declared = resource.filters.get(name) if suffix in OPERATORS else None
    if declared is None:
        raise BadRequest(parameter[:100], "there is no such attribute to filter by")
    if suffix not in declared.operators:
        raise BadRequest(parameter, f"the operator {suffix} does not fit this attribute")
    return name, suffix, declared


def _values(declared: Filter, operator: str, text: str, parameter: str) -> Iterable[Any]:
    if operator == "regex":
        yield text
        return
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    parts = [text[1:-1]] if is_quoted else text.split(",") if operator == "eq" else [text]
    if len(parts) > MOST_VALUES:
        raise BadRequest(parameter, f"names more than {MOST_VALUES} values")
    for part in parts:
        try:
            yield declared.read(part.strip("\"'") if not is_quoted else part)
        except ValueError as error:
            raise BadRequest(parameter, f"{part[:100]!r} {error}") from error


def write_cursor(sort: tuple[tuple[str, bool], ...], values: Iterable[Any]) -> str:
    """Return the place after a row, as a word for the next page's address."""
    told = [value if isinstance(value, int | str) else value.isoformat() for value in values]
    order = ",".join(("-" if is_down else "") + name for name, is_down in sort)
    return base64.urlsafe_b64encode(json.dumps([order, *told]).encode()).decode().rstrip("=")


def read_cursor(text: str, resource: Resource, sort: tuple[tuple[str, bool], ...]) -> tuple[Any, ...]:
    """Return the values of a place; raise BadRequest for one that this order did not give."""
    order = ",".join(("-" if is_down else "") + name for name, is_down in sort)
    try:
        told = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(told, list) or told[:1] != [order]:
            raise ValueError(text)
        values = zip(resource.keys(sort), told[1:], strict=True)
        return tuple(_READ[key.kind](value) for (key, _), value in values)
    except (ValueError, RecursionError, binascii.Error) as error:
        raise BadRequest("after", "is no place in this list: take it from the Link header") from error


def _whole(value: Any) -> int:
    if type(value) is not int or abs(value) > BIGGEST:
        raise ValueError(value)
    return value


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError(value)
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(value)
    return check_text(value, "after")


# How a place's values are read again, by the type of their column.
_READ: dict[str, Callable[[Any], Any]] = {
    "bigint": _whole,
    "boolean": _flag,
    "text": _text,
    "timestamptz": lambda value: read_moment(_text(value)),
}
