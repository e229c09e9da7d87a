"""The palette under measurement: an employee's session types into the box, one request after another."""

import contextlib
import http.client
import time
from urllib.parse import urlencode

from bench.load import LoadFailed, percentile
from bench.operations import NAME_MIX
from bench.rows import customer_number, phone
from svyaz.access.queries import user_named

# What is typed: parts of names, whole phones and numbers, commands, the wrong keyboard layout, nothing at all.
TYPED = (*NAME_MIX, phone(1), customer_number(2), f"#{customer_number(3)}", "реш", "тема", "bdfyjd", "cvbhyjd", "")
REPEATS = 40
AIM_MS = 100.0


def session_cookie(username: str = "bench") -> str:
    """Log the bench's employee in without a password; return the cookie of his session."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    user = user_named(username)
    if user is None:
        raise LoadFailed(f"there is no {username}: `bench.viewer.tokens` makes him")
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def measure(port: int) -> dict[str, dict[str, float]]:
    """Return p50, p95 and p99 of the palette's answer in milliseconds for each text and for all; else LoadFailed.

    The aim is p95 below 100 ms at a million customers.
    """
    headers = {"Cookie": session_cookie(), "HX-Request": "true"}
    taken: dict[str, list[float]] = {}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        for text in TYPED * REPEATS:
            path = "/search/?" + urlencode({"q": text, "at": "/customers/1/"})
            started = time.perf_counter()
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                raise LoadFailed(f"{path}: {response.status}")
            taken.setdefault(text, []).append((time.perf_counter() - started) * 1000)
    taken["all"] = [each for times in taken.values() for each in times]
    return {
        text: {f"p{share}": round(percentile(times, share), 2) for share in (50, 95, 99)}
        for text, times in taken.items()
    }
