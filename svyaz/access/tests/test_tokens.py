"""Tokens act as their user, within their scopes, until they expire."""

from datetime import timedelta

import pytest

from svyaz.access.actions import (
    TokenAlreadyRevoked,
    deactivate_user,
    issue_token,
    revoke_token,
    token_digest,
)
from svyaz.access.queries import rights_of, token_in_use
from svyaz.history.models import Event
from svyaz.users.models import ApiToken
from tests.cast import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(anna, admin):
    return issue_token(
        user=anna, name="CRM", scopes=["party:read"], expires_at=NOON + timedelta(days=1), by=admin, at=NOON
    )


def user_of(secret, at=NOON):
    token = token_in_use(token_digest(secret), at=at)
    return token.user if token else None


def test_only_the_digest_of_a_secret_is_kept(token):
    row, secret = token

    assert secret.startswith("svz_")
    assert secret not in repr(ApiToken.objects.values().get())
    assert secret not in repr(list(Event.objects.values("details")))
    assert row.digest == token_digest(secret)


def test_a_token_acts_as_its_user_within_its_scopes(token, anna):
    user = user_of(token[1])

    assert user == anna
    assert rights_of(anna).may("party:write")
    assert rights_of(user).profile == {"party:read"}
    assert rights_of(user).areas["party:read"] == rights_of(anna).areas["party:read"]


def test_a_scope_gives_no_more_than_the_user_has(anna, admin):
    _, secret = issue_token(
        user=anna, name="CRM", scopes=["access:manage", "bill:read"], expires_at=NOON + timedelta(days=1), by=admin,
        at=NOON,
    )  # fmt: skip

    assert rights_of(user_of(secret)).profile == {"bill:read"}


def test_without_scopes_a_token_may_what_its_user_may(anna, admin):
    _, secret = issue_token(user=anna, name="CRM", scopes=[], expires_at=NOON + timedelta(days=1), by=admin, at=NOON)

    assert rights_of(user_of(secret)).profile == rights_of(anna).profile


def test_it_is_good_until_it_expires(token):
    assert user_of(token[1], NOON + timedelta(hours=23)) is not None
    assert user_of(token[1], NOON + timedelta(days=1)) is None


def test_a_revoked_token_is_good_for_nothing(token, admin):
    revoke_token(token=token[0], by=admin, at=NOON)

    assert user_of(token[1]) is None
    with pytest.raises(TokenAlreadyRevoked):
        revoke_token(token=token[0], by=admin, at=NOON)


def test_it_stops_with_its_user(token, anna, admin):
    deactivate_user(user=anna, by=admin, at=NOON)

    assert user_of(token[1]) is None


@pytest.mark.parametrize("secret", ["", "svz_", "x" * 500])
def test_a_guess_is_nobody(token, secret):
    assert user_of(secret) is None
