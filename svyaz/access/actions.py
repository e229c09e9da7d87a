"""Giving and taking rights, and recording who opened which card."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from svyaz.access.events import AccessEvent
from svyaz.access.models import Assignment, Opening, Role
from svyaz.history.actions import record
from svyaz.places.models import Area
from svyaz.users.models import ApiToken, User

OPEN_FOR = timedelta(hours=12)


class UserNameTaken(Exception):
    """Another user has this name."""


class AssignmentAlreadyEnded(Exception):
    """The role was taken away before."""


class TokenAlreadyRevoked(Exception):
    """The token was revoked before."""


class OpeningAlreadyReviewed(Exception):
    """The opening was reviewed before."""


class OwnOpening(Exception):
    """Nobody reviews the cards that he opened himself."""


@transaction.atomic
def create_user(
    *, username: str, name: str, password: str | None, by: User | None, at: datetime,
    kind: str = User.Kind.PERSON, language: str = "ru", time_zone: str = "Europe/Moscow",
) -> User:  # fmt: skip
    """Create a user; without a password nobody logs in.

    Raises UserNameTaken, and ValidationError for a password against the rules.
    """
    if User.objects.filter(username=username.lower()).exists():
        raise UserNameTaken(username)
    user = User(username=username.lower(), name=name, kind=kind, language=language, time_zone=time_zone)
    if password is None:
        user.set_unusable_password()
    else:
        validate_password(password, user)
        user.set_password(password)
    user.save()
    record(AccessEvent.USER_CREATED, subject=user, by=by, at=at, username=user.username, kind=kind)
    return user


@transaction.atomic
def deactivate_user(*, user: User, by: User, at: datetime) -> User:
    """Bar a user from logging in; his tokens stop with him."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    record(AccessEvent.USER_DEACTIVATED, subject=user, by=by, at=at)
    return user


@transaction.atomic
def change_password(*, user: User, password: str, by: User, at: datetime) -> User:
    """Give a user another password, checked against the rules (ValidationError)."""
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    record(AccessEvent.PASSWORD_CHANGED, subject=user, by=by, at=at)
    return user


@transaction.atomic
def save_preferences(
    *, user: User, by: User, at: datetime,
    language: str | None = None, theme: str | None = None, time_zone: str | None = None,
) -> User:  # fmt: skip
    """Remember how the desk suits a user; what is not given stays as it is."""
    given = {"language": language, "theme": theme, "time_zone": time_zone}
    changed = {name: value for name, value in given.items() if value is not None and value != getattr(user, name)}
    if not changed:
        return user
    for name, value in changed.items():
        setattr(user, name, value)
    user.save(update_fields=list(changed))
    record(AccessEvent.PREFERENCES_SAVED, subject=user, by=by, at=at, changed=changed)
    return user


def token_digest(secret: str) -> str:
    """Return what is kept of a token's secret (SHA-256: the secret itself has 256 random bits)."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def issue_token(
    *, user: User, name: str, scopes: Iterable[str], expires_at: datetime, by: User | None, at: datetime
) -> tuple[ApiToken, str]:
    """Issue a token that acts as `user` within `scopes` (permissions; none: all the user has).

    Return it and its secret, which is shown this once.
    """
    secret = "svz_" + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user, name=name, digest=token_digest(secret), scopes=sorted(scopes), created_at=at, expires_at=expires_at
    )
    record(AccessEvent.TOKEN_ISSUED, subject=token, by=by, at=at, user=user.username, scopes=token.scopes)
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User | None, at: datetime) -> ApiToken:
    """Revoke a token at once; raise TokenAlreadyRevoked."""
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is not None:
        raise TokenAlreadyRevoked(token)
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    record(AccessEvent.TOKEN_REVOKED, subject=token, by=by, at=at)
    return token


@transaction.atomic
def save_role(*, code: str, name: str, permissions: Iterable[str], by: User | None, at: datetime) -> Role:
    """Create a role or replace its name and permissions."""
    role, _ = Role.objects.update_or_create(
        code=code, defaults={"name": name, "permissions": sorted(str(permission) for permission in permissions)}
    )
    record(AccessEvent.ROLE_SAVED, subject=role, by=by, at=at, permissions=role.permissions)
    return role


@transaction.atomic
def assign_role(*, user: User, role: Role, area: Area | None, by: User | None, at: datetime) -> Assignment:
    """Give a user a role in an area from now on (everywhere without one); what he holds already stays as it is."""
    assignment, is_new = Assignment.objects.get_or_create(
        user=user, role=role, area=area, valid_to=None, defaults={"valid_from": at}
    )
    if is_new:
        record(AccessEvent.ROLE_ASSIGNED, subject=assignment, by=by, at=at, user=user.username, role=role.code)
    return assignment


@transaction.atomic
def end_assignment(*, assignment: Assignment, by: User, at: datetime) -> Assignment:
    """Take a role away from now on; raise AssignmentAlreadyEnded."""
    assignment = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if assignment.valid_to is not None:
        raise AssignmentAlreadyEnded(assignment)
    assignment.valid_to = max(at, assignment.valid_from)
    assignment.save(update_fields=["valid_to"])
    record(AccessEvent.ASSIGNMENT_ENDED, subject=assignment, by=by, at=at)
    return assignment


def record_opening(
    *, party_id: int, basis: str, by: User, at: datetime, reason: str = "", door: str = Opening.Door.DESK
) -> Opening:
    """Record that a card was opened; an identifier or a contact by that opens the relationship for twelve hours."""
    opens = basis in {Opening.Basis.IDENTIFIER, Opening.Basis.CONTACT}
    opens_until = at + OPEN_FOR if opens else None
    return Opening.objects.create(
        party_id=party_id, basis=basis, by=by, at=at, reason=reason, door=door, opens_until=opens_until
    )


def record_openings(openings: Iterable[Opening]) -> None:
    """Record a batch of openings that a door has gathered."""
    Opening.objects.bulk_create(openings)


@transaction.atomic
def review_opening(*, opening: Opening, is_justified: bool, by: User, at: datetime, note: str = "") -> Opening:
    """Say whether a card was rightly opened beyond the area; raise OwnOpening or OpeningAlreadyReviewed."""
    opening = Opening.objects.select_for_update().get(pk=opening.pk)
    if opening.by_id == by.pk:
        raise OwnOpening(opening)
    if opening.reviewed_at is not None:
        raise OpeningAlreadyReviewed(opening)
    opening.reviewed_by, opening.reviewed_at = by, at
    opening.is_justified, opening.review_note = is_justified, note
    opening.save(update_fields=["reviewed_by", "reviewed_at", "is_justified", "review_note"])
    record(
        AccessEvent.OPENING_REVIEWED, subject=opening, party_id=opening.party_id, by=by, at=at,
        is_justified=is_justified, note=note,
    )  # fmt: skip
    return opening
