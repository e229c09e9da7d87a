"""The way of an API request past what only pages need: sessions, languages, forms' tokens."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import resolve

from svyaz.api.errors import response_of, with_body

PREFIX = "/tmf-api/"


class ApiDoor:
    """Answers everything under /tmf-api/ itself; what stands below in the list of middleware is for pages.

    A bearer token needs no session and no form token, and no answer depends on a language: half of a request's
    time would go there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        try:
            match = resolve(request.path_info, urlconf="svyaz.api.urls")
            request.resolver_match = match
            response = with_body(match.func(request, *match.args, **match.kwargs))
        except Exception as error:
            response = response_of(error)
        # What the base says of people must not stay in anybody's cache.
        response.headers.setdefault("Cache-Control", "no-store")
        # A client's mistake is told to the client; the log is for ours, which `response_of` has written there.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response
