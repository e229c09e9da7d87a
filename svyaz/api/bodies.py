"""Reading a request's body: JSON in UTF-8, and nothing that PostgreSQL cannot keep."""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from svyaz.api.errors import ApiError, BadRequest

DEEPEST = 32


class StrictParser(Parser):
    """Reads JSON bodies; the reason of a refusal names what is wrong."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the body, which must be a JSON object."""
        if request.content_type not in {"application/json", "application/merge-patch+json"}:
            raise ApiError(415, "unsupportedMediaType", f"Content-Type: {request.content_type or 'missing'}")
        body = _loaded(request.body)
        if not isinstance(body, dict):
            raise BadRequest("body", "must be a JSON object")
        _check(body)
        return body


def _loaded(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise ApiError(400, "invalidEncoding", f"body: not UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise BadRequest("body", f"not JSON: {error.msg} at character {error.pos}") from error
    except (ValueError, RecursionError) as error:
        raise BadRequest("body", "not JSON that can be read: a number is too long or the nesting too deep") from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _check(body: dict[str, Any]) -> None:
    for text, depth in _texts(body, 1):
        if depth > DEEPEST:
            raise BadRequest("body", f"nested deeper than {DEEPEST} levels")
        check_text(text, "body")


def _texts(value: Any, depth: int) -> Iterator[tuple[str, int]]:
    if isinstance(value, str):
        yield value, depth
    elif depth > DEEPEST:
        yield "", depth
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key, depth
            yield from _texts(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, depth + 1)


def check_text(text: str, field: str) -> str:
    """Return a text that the base can keep; refuse NUL and half of a surrogate pair."""
    if text.isascii():
        if "\x00" in text:
            raise BadRequest(field, "holds the character NUL")
        return text
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise BadRequest(field, "holds a character that cannot be stored (NUL or an unpaired surrogate)")
    return text
