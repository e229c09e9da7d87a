"""Who calls: bearer tokens, remembered for two seconds, and how often a token may call."""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.timezone import now
from ninja.security import HttpBearer

from svyaz.access.actions import token_digest
from svyaz.access.queries import Rights, rights_of, token_in_use
from svyaz.api.errors import ApiError
from svyaz.users.models import User
from svyaz.workforce.models import Employee
from svyaz.workforce.queries import employee_of

# A revoked token, a changed role, a user barred: all tell within two seconds in every process.
REMEMBER_SECONDS = 2.0
MOST_REMEMBERED = 10_000
LONGEST_TOKEN = 200


class TooManyRequests(ApiError):
    """429: the token's allowance is used up."""

    def __init__(self, wait: float) -> None:
        super().__init__(429, "tooManyRequests", "This token calls more often than it may.")
        self.retry_after = max(1, ceil(wait))


@dataclass
class Caller:
    """The user that a token acts as, with his rights within the token's scopes."""

    token_id: int
    user: User
    known_until: float

    @cached_property
    def rights(self) -> Rights:
        """What the caller may."""
        return rights_of(self.user)

    @cached_property
    def employee(self) -> Employee | None:
        """The employee behind the user; an integration has none."""
        return employee_of(self.user)


@dataclass
class Bucket:
    """A token's allowance: it fills steadily up to a burst, each request takes one."""

    level: float
    at: float


@dataclass
class Allowance:
    """The allowances of this process, `rate` requests a second and token with bursts of twice as many; 0: no limit."""

    buckets: "OrderedDict[int, Bucket]" = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, token_id: int, *, rate: float, at: float) -> None:
        """Take one request from a token's allowance; raise TooManyRequests when there is none left."""
        if not rate:
            return
        burst = max(1.0, 2 * rate)
        with self.lock:
            bucket = self.buckets.setdefault(token_id, Bucket(burst, at))
            self.buckets.move_to_end(token_id)
            if len(self.buckets) > MOST_REMEMBERED:
                self.buckets.popitem(last=False)
            bucket.level = min(burst, bucket.level + (at - bucket.at) * rate)
            bucket.at = at
            if bucket.level < 1:
                raise TooManyRequests((1 - bucket.level) / rate)
            bucket.level -= 1


class Callers:
    """The callers that this process remembers."""

    def __init__(self) -> None:
        self.known: OrderedDict[str, Caller] = OrderedDict()
        self.lock = threading.Lock()

    def by_token(self, secret: str) -> Caller | None:
        """Return who a token acts as; None if it is not good (any more)."""
        digest, at = token_digest(secret), time.monotonic()
        caller = self.known.get(digest)
        if caller is not None and at < caller.known_until:
            return caller
        token = token_in_use(digest, at=now())
        with self.lock:
            if token is None:
                self.known.pop(digest, None)
                return None
            caller = Caller(token.pk, token.user, at + REMEMBER_SECONDS)
            self.known[digest] = caller
            self.known.move_to_end(digest)
            if len(self.known) > MOST_REMEMBERED:
                self.known.popitem(last=False)
        return caller

    def forget(self) -> None:
        """Forget everyone."""
        with self.lock:
            self.known.clear()


CALLERS = Callers()
ALLOWANCE = Allowance()


class BearerToken(HttpBearer):
    """Authorization: Bearer <token>; the request then has its user and its caller."""

    openapi_description = "A token issued by `svyaz token`; it acts as its user within its scopes."

    def __call__(self, request: HttpRequest) -> Any:
        """Return the caller, or None: then the answer is 401."""
        scheme, _, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer" or not secret.isascii() or len(secret) > LONGEST_TOKEN:
            return None
        return self.authenticate(request, secret.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """Return the caller behind a token's secret; raise TooManyRequests."""
        caller = CALLERS.by_token(token)
        if caller is not None:
            ALLOWANCE.take(caller.token_id, rate=settings.API_RATE, at=time.monotonic())
            request.user = caller.user
        return caller


def caller_of(request: HttpRequest) -> Caller:
    """Return who calls."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    return caller
