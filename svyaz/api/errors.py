"""Errors of the API: one body for all of them, {"code", "reason", "message", "status"}."""

import json
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, Error, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from psycopg.errors import QueryCanceled

logger = logging.getLogger(__name__)

# What a client can do about it, in one sentence.
ADVICE = {
    400: "Correct the request and send it again.",
    401: "Send a valid token: Authorization: Bearer <token>.",
    403: "Ask an administrator for the permission.",
    404: "There is nothing there, or it is not yours to see.",
    405: "Use one of the methods that the Allow header names.",
    409: "Read the present state and decide anew.",
    413: "Send a smaller body.",
    415: "Send application/json in UTF-8.",
    422: "Use a new Idempotency-Key for another request.",
    429: "Wait as long as Retry-After says.",
    503: "Try again in a moment.",
}


class ApiError(Exception):
    """A request that cannot be answered: the HTTP status, a short code and the reason, with the field it is about."""

    retry_after: int | None = None

    def __init__(self, status: int, code: str, reason: str) -> None:
        super().__init__(reason)
        self.status, self.code, self.reason = status, code, reason


class BadRequest(ApiError):
    """400: a field of the request is wrong."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(400, "invalidValue", f"{field}: {reason}")


class NotFound(ApiError):
    """404: what is named does not exist for the caller."""

    def __init__(self, what: str) -> None:
        super().__init__(404, "notFound", what)


class Conflict(ApiError):
    """409: the request contradicts what is there."""

    def __init__(self, reason: str) -> None:
        super().__init__(409, "conflict", reason)


class Forbidden(ApiError):
    """403: the caller may not do this."""

    def __init__(self, reason: str) -> None:
        super().__init__(403, "forbidden", reason)


def error_response(status: int, code: str, reason: str) -> HttpResponse:
    """Return an error with its body."""
    body = {"code": code, "reason": reason, "message": ADVICE.get(status, ""), "status": str(status)}
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/json")


def response_of(error: Exception) -> HttpResponse:
    """Return the answer to whatever went wrong; what is nobody's mistake but ours is logged and answered 500."""
    for kind, answer in _ANSWERS:
        if isinstance(error, kind):
            return answer(error)
    logger.error("The API failed.", exc_info=error)
    return error_response(500, "internalError", "The request failed for a reason that lies with us; it was logged.")


def _of_api_error(error: Any) -> HttpResponse:
    response = error_response(error.status, error.code, error.reason)
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return response


def _of_validation(error: Any) -> HttpResponse:
    first = error.errors[0]
    # Where it was found (body, query …) and the function's own name of the body say nothing to the client.
    place = [part for at, part in enumerate(first["loc"]) if at > 1 or (at == 1 and part != "draft")]
    field = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")
    return error_response(400, "invalidValue", f"{field or 'body'}: {first['msg']}")


def _of_http_error(error: Any) -> HttpResponse:
    if isinstance(error.__cause__, ApiError):  # raised while the body was parsed
        return _of_api_error(error.__cause__)
    return error_response(error.status_code, _camel(error.status_code), str(error))


def _of_unauthenticated(error: Any) -> HttpResponse:
    response = error_response(401, "unauthorized", "There is no valid bearer token.")
    response["WWW-Authenticate"] = "Bearer"
    return response


def _of_database(error: Any) -> HttpResponse:
    if isinstance(error.__cause__ or error, QueryCanceled):
        return error_response(400, "tooExpensive", "The request takes too long: narrow the filter.")
    logger.error("The data base failed.", exc_info=error)
    response = error_response(503, "serviceUnavailable", "The data base does not answer.")
    response["Retry-After"] = "2"
    return response


def _camel(status: int) -> str:
    first, *others = HTTPStatus(status).phrase.lower().replace("'", "").split()
    return first + "".join(word.capitalize() for word in others)


def _plain(status: int, code: str, reason: str) -> Callable[[Any], HttpResponse]:
    return lambda error: error_response(status, code, reason)


# The first that fits answers.
_ANSWERS: tuple[tuple[type[Exception], Callable[[Any], HttpResponse]], ...] = (
    (ApiError, _of_api_error),
    (ValidationError, _of_validation),
    (AuthenticationError, _of_unauthenticated),
    (HttpError, _of_http_error),
    (Http404, _plain(404, "notFound", "There is no such resource.")),
    (PermissionDenied, lambda error: error_response(403, "forbidden", f"The permission {error} is missing.")),
    (RequestDataTooBig, _plain(413, "tooLarge", "The body is larger than two megabytes.")),
    (SuspiciousOperation, lambda error: error_response(400, "badRequest", str(error) or "The request is malformed.")),
    (UnicodeError, _plain(400, "invalidEncoding", "The request is not valid UTF-8.")),
    (RecursionError, _plain(400, "badRequest", "The request is nested too deeply.")),
    (DataError, _plain(400, "invalidValue", "A value cannot be stored: it is out of range or malformed.")),
    (IntegrityError, _plain(409, "conflict", "The request contradicts what is already there.")),
    (Error, _of_database),
)


def answer_errors(api: NinjaAPI) -> None:
    """Let an API answer every exception with the one body."""

    def handle(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
        return response_of(error if isinstance(error, Exception) else error())

    for kind in (Exception, HttpError, ValidationError, Http404, AuthenticationError):
        api.add_exception_handler(kind, handle)


def with_body(response: HttpResponseBase) -> HttpResponseBase:
    """Give an error that the framework answered by itself the body that all errors have."""
    if response.status_code < 400 or response.get("Content-Type", "").startswith("application/json"):
        return response
    status = response.status_code
    made = error_response(status, _camel(status), HTTPStatus(status).description or HTTPStatus(status).phrase)
    if "Allow" in response:
        made["Allow"] = response["Allow"]
    return made
