"""Secrets with which programs act as a user."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from svyaz.access.actions.grants import refuse_grant, refuse_power_over
from svyaz.access.events import AccessEvent
from svyaz.access.models import Assignment
from svyaz.history.actions import record
from svyaz.users.models import ApiToken, User


class TokenAlreadyRevoked(Exception):
    """The token was revoked before."""


class TokenExpiresInThePast(Exception):
    """A token that is over before it begins is of no use."""


def token_digest(secret: str) -> str:
    """Return what is kept of a token's secret (SHA-256: the secret itself has 256 random bits)."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def issue_token(
    *, user: User, name: str, scopes: Iterable[str], expires_at: datetime, by: User | None, at: datetime
) -> tuple[ApiToken, str]:
    """Issue a token that acts as `user` within `scopes` (permissions; none: all the user has).

    Return it and its secret, which is shown this once. Raises BeyondOwnRights, TokenExpiresInThePast.
    """
    if expires_at <= at:
        raise TokenExpiresInThePast(expires_at)
    scopes = sorted(scopes)
    if scopes:
        _refuse_scopes(by, user, scopes, at=at)
    else:
        refuse_power_over(by=by, user=user)
    secret = "svz_" + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user, name=name, digest=token_digest(secret), scopes=scopes, created_at=at, expires_at=expires_at
    )
    record(
        AccessEvent.TOKEN_ISSUED, subject=token, by=by, at=at,
        user=user.username, name=name, scopes=token.scopes, expires_at=expires_at.isoformat(),
    )  # fmt: skip
    return token, secret


def _refuse_scopes(by: User | None, user: User, scopes: list[str], *, at: datetime) -> None:
    """Whoever has the secret acts as the user: only what the scopes leave of his rights counts."""
    if by is not None and by.pk == user.pk:
        return
    held = Assignment.objects.not_over(at).filter(user=user).values_list("role__permissions", "area_id")
    for permissions, area_id in held:
        refuse_grant(by=by, to=None, permissions=set(permissions) & set(scopes), area_id=area_id)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User | None, at: datetime) -> ApiToken:
    """Revoke a token at once; raise TokenAlreadyRevoked."""
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is not None:
        raise TokenAlreadyRevoked(token)
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    record(AccessEvent.TOKEN_REVOKED, subject=token, by=by, at=at, name=token.name)
    return token
