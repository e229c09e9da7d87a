"""Who asks for a stream: the session that the pages themselves go by, and whether he may have the card open."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.http.cookie import parse_cookie
from django.http.request import split_domain_port, validate_host
from django.utils.timezone import now

from svyaz.desk.middleware import OWES_SECOND_FACTOR
from svyaz.parties.queries import relationship_rights
from svyaz.users.models import User
from svyaz.workforce.queries import employee_of


class Refused(Exception):
    """There is no stream for who asks so."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Visit:
    """A user with a good session who wants to hear of his own things and, with `party_id`, of a card's."""

    user_id: int
    employee_id: int | None
    session_key: str
    password: str
    party_id: int | None


def visitor(scope: Mapping[str, Any]) -> Visit:
    """Return who asks. Raises Refused: 404 elsewhere, 405, 400 host, 403 another site or nobody."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if scope["path"] != "/live/":
        raise Refused(404)
    if scope["method"] != "GET":
        raise Refused(405)
    if not validate_host(split_domain_port(headers.get("host", ""))[0], settings.ALLOWED_HOSTS):
        raise Refused(400)
    # A stream is for our own pages: no other site may even open one.
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Refused(403)
    user, session_key = _user_of(headers.get("cookie", ""))
    if user is None:
        raise Refused(403)
    party_id = party_asked(parse_qs(scope["query_string"].decode("latin-1")).get("party", [""])[0], user)
    employee = employee_of(user)
    return Visit(user.pk, employee.pk if employee else None, session_key, user.password, party_id)


def _user_of(cookies: str) -> tuple[User | None, str]:
    """Return the user of a session cookie as every page would find him, with all its checks."""
    key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")
    if not key:
        return None, ""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    is_in = isinstance(user, User) and user.is_active and not request.session.get(OWES_SECOND_FACTOR)
    return (user, key) if is_in and isinstance(user, User) else (None, "")


def party_asked(text: str, user: User) -> int | None:
    """Return the party whose card is open; none is asked for by "". Raises Refused (404) if it is not there for him."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Refused(404)
    if relationship_rights(user, int(text), now()) is None:
        raise Refused(404)
    return int(text)
