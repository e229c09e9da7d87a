"""How the tests of the API call it: as a user with a token, with a count of the statements that a call takes."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import now

from svyaz.access.actions import issue_token
from svyaz.api.auth import ALLOWANCE, CALLERS
from svyaz.api.resources import answer
from svyaz.users.models import User


@pytest.fixture(autouse=True)
def _nothing_remembered(settings: Any) -> None:
    """Let no caller, allowance or count of another test be remembered; write openings at once."""
    CALLERS.forget()
    ALLOWANCE.buckets.clear()
    answer._counts.clear()
    settings.API_OPENINGS_DELAY = 0


@dataclass
class Caller:
    """A user's client with his token."""

    user: User
    secret: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path: str, **query: str) -> HttpResponse:
        return self._answered(self.client.get(path, query, headers=self.headers))

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        """Post JSON, or bytes as they are."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = more.pop("content-type", "application/json")
        return self._answered(self.client.post(path, raw, content_type=kind, headers=self.headers | more))

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.secret}"}

    def _answered(self, response: Any) -> HttpResponse:
        assert response.status_code < 500, response.content
        if response.status_code >= 400:
            assert set(response.json()) == {"code", "reason", "message", "status"}
            assert response.json()["status"] == str(response.status_code)
        answered: HttpResponse = response
        return answered


def token_of(user: User, *scopes: str) -> str:
    """Issue a token that acts as a user."""
    at = now()
    return issue_token(user=user, name="test", scopes=scopes, expires_at=at + timedelta(days=1), by=None, at=at)[1]


@pytest.fixture
def calls() -> Callable[..., Caller]:
    """Return what makes a caller of a user, within scopes if some are named."""

    def caller(user: User, *scopes: str) -> Caller:
        return Caller(user, token_of(user, *scopes))

    return caller


@pytest.fixture
def stranger(gleb: User, calls: Callable[..., Caller]) -> Caller:
    """Gleb, of another region."""
    return calls(gleb)


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Callable[[], AbstractContextManager[list[str]]]:
    """Return what gathers the statements sent meanwhile, whichever cursor sends them."""
    execute = psycopg.Cursor.execute

    @contextmanager
    def gathered() -> Iterator[list[str]]:
        sent: list[str] = []

        def noted(cursor: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
            sent.append(query if isinstance(query, str) else str(query))
            return execute(cursor, query, *args, **kwargs)

        with monkeypatch.context() as patch:
            patch.setattr(psycopg.Cursor, "execute", noted)
            yield sent

    return gathered
