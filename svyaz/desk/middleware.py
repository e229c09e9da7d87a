"""What every answer tells the browser about its own safety, and how the desk suits whoever sits at it."""

from collections.abc import Callable
from typing import cast

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation

from svyaz.access.actions.self_care import see_session
from svyaz.lib.clocks import clock_of as clock_of
from svyaz.users.models import User

# Nothing from elsewhere, no script and no style in a page itself.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    )
)
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()" for feature in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
)
GetResponse = Callable[[HttpRequest], HttpResponse]
# What a session remembers: when its user was last seen, and that his role asks for a second factor he has not set up.
SEEN_AT, OWES_SECOND_FACTOR = "seen_at", "owes_second_factor"
SEEN_EVERY_SECONDS = 300


class SecurityHeaders:
    """Sets the Content-Security-Policy and the Permissions-Policy, unless a view has set its own.

    Pages hold personal data: no cache on the way keeps them, no search engine lists them.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response


class AtHome:
    """Speaks the user's language, whatever this browser spoke before, and tells the time by his clock."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without a session there is nobody to ask: programs with a token come without one.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.get_response(request)
        user = request.user
        translation.activate(user.language)
        request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        with timezone.override(clock_of(user.time_zone)):
            return self.get_response(request)


class AsksToLogIn:
    """Asks whoever has not logged in to do so, where a view needs a permission; who has logged in gets 403."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refused permission of nobody with the log-in page, which leads back here."""
        if not isinstance(exception, PermissionDenied) or request.user.is_authenticated:
            return None
        if getattr(request, "htmx", False):
            # The page that asked is loaded anew, so that the whole of it comes back after the log-in.
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


class AsksForSecondFactor:
    """Keeps who owes a second factor to the pages where he sets it up; and notes, now and then, who is still here."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.get_response(request)
        if request.session.get(OWES_SECOND_FACTOR) and not _is_own_settings(request.path):
            return HttpResponseRedirect(reverse("mfa_index"))
        seen_at = request.session.get(SEEN_AT)
        if seen_at is not None and timezone.now().timestamp() - seen_at > SEEN_EVERY_SECONDS:
            remember_here(request)
        return self.get_response(request)


def remember_here(request: HttpRequest) -> None:
    """Remember that the user is logged in here and was seen now."""
    at = timezone.now()
    request.session[SEEN_AT] = at.timestamp()
    if not request.session.session_key:
        request.session.save()
    see_session(
        user=cast(User, request.user), key=str(request.session.session_key), address=address_of(request),
        user_agent=request.headers.get("User-Agent", ""), at=at,
    )  # fmt: skip


def address_of(request: HttpRequest) -> str:
    """Return the client's address (the front door has found it), for the list of sessions and for locking out."""
    return get_client_ip(request) or "0.0.0.0"


def _is_own_settings(path: str) -> bool:
    """Tell whether an address is one of the user's own settings, or leads out."""
    return path.startswith((reverse("desk:me"), reverse("desk:logout"), reverse("set_language"), settings.STATIC_URL))
