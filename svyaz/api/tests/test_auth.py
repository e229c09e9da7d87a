"""Who may call: good tokens, within their scopes and their allowance."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from svyaz.access.actions import deactivate_user, issue_token, revoke_token
from svyaz.api.auth import CALLERS, Allowance, TooManyRequests
from svyaz.api.tests.conftest import token_of
from svyaz.users.models import ApiToken

pytestmark = pytest.mark.django_db
LIST = "/tmf-api/customerManagement/v4/customer"


def status(secret: str) -> int:
    CALLERS.forget()
    return Client().get(LIST, headers={"authorization": f"Bearer {secret}"}).status_code


def test_a_good_token_acts_as_its_user(anna: Any) -> None:
    assert status(token_of(anna)) == 200


def test_expired_revoked_and_barred_are_refused(anna: Any, boris: Any, vera: Any) -> None:
    at = now()
    _, expired = issue_token(
        user=anna, name="old", scopes=[], expires_at=at - timedelta(days=1), by=None, at=at - timedelta(days=2)
    )
    revoked = token_of(anna)
    revoke_token(token=ApiToken.objects.latest("pk"), by=anna, at=at)
    barred = token_of(boris)
    deactivate_user(user=boris, by=vera, at=at)

    assert [status(secret) for secret in (expired, revoked, barred, "svz_unknown")] == [401] * 4


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer \u044f", "Bearer " + "x" * 5000])
def test_without_a_token_nobody_comes_in(db: None, header: str) -> None:
    response = Client().get(LIST, headers={"authorization": header} if header else {})

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response.json() == {
        "code": "unauthorized",
        "reason": "There is no valid bearer token.",
        "message": "Send a valid token: Authorization: Bearer <token>.",
        "status": "401",
    }


def test_a_session_is_no_token(anna: Any) -> None:
    client = Client()
    client.force_login(anna, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(LIST).status_code == 401


def test_scopes_cut_what_the_user_may(anna: Any, calls: Any) -> None:
    assert calls(anna, "interaction:read").get(LIST).status_code == 403
    assert calls(anna, "party:read").get(LIST).status_code == 200


def test_a_token_is_looked_up_once_in_two_seconds(anna: Any, calls: Any, statements: Any) -> None:
    caller = calls(anna)
    caller.get(LIST)
    with statements() as sent:
        caller.get(LIST)

    assert [text for text in sent if "users_apitoken" in text] == []


def test_an_allowance_runs_out_and_fills_again() -> None:
    allowance = Allowance()
    for _ in range(4):
        allowance.take(1, rate=2, at=100.0)
    with pytest.raises(TooManyRequests) as refused:
        allowance.take(1, rate=2, at=100.0)
    allowance.take(2, rate=2, at=100.0)
    allowance.take(1, rate=2, at=100.5)
    allowance.take(1, rate=0, at=100.5)

    assert refused.value.retry_after == 1


def test_a_token_that_calls_too_often_must_wait(anna: Any, calls: Any, settings: Any) -> None:
    settings.API_RATE = 1
    caller = calls(anna)
    answers = [caller.get(LIST) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "1"
