"""Users: created, let in and barred, their passwords, and what suits them."""

from datetime import datetime

from axes.utils import reset as forget_failures
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction

from svyaz.access.actions.grants import keeping_an_administrator, refuse_power_over
from svyaz.access.events import AccessEvent
from svyaz.history.actions import record
from svyaz.users.models import User


class UserNameTaken(Exception):
    """Another user has this name."""


class LinkIsSpent(Exception):
    """The link was used before, or is too old."""


class NotAPerson(Exception):
    """Only people log in with a password."""


@transaction.atomic
def create_user(
    *, username: str, name: str, password: str | None, by: User | None, at: datetime,
    kind: str = User.Kind.PERSON, language: str = "ru", time_zone: str = "Europe/Moscow", email: str = "",
) -> User:  # fmt: skip
    """Create a user; without a password nobody logs in.

    Raises UserNameTaken, and ValidationError for a password against the rules.
    """
    if User.objects.filter(username=username.lower()).exists():
        raise UserNameTaken(username)
    user = User(username=username.lower(), name=name, kind=kind, language=language, time_zone=time_zone, email=email)
    if password is None:
        user.set_unusable_password()
    else:
        validate_password(password, user)
        user.set_password(password)
    user.save()
    record(AccessEvent.USER_CREATED, subject=user, by=by, at=at, username=user.username, name=name, kind=kind)
    return user


@transaction.atomic
def deactivate_user(*, user: User, by: User, at: datetime) -> User:
    """Bar a user from logging in; his tokens stop with him. Raises LastAdministrator."""
    with keeping_an_administrator(at=at):
        user.is_active = False
        user.save(update_fields=["is_active"])
    record(
        AccessEvent.USER_DEACTIVATED, subject=user, by=by, at=at, former={"is_active": True}, new={"is_active": False}
    )
    return user


@transaction.atomic
def reactivate_user(*, user: User, by: User, at: datetime) -> User:
    """Let a barred user in again, with the rights he still holds. Raises BeyondOwnRights."""
    user.is_active = True
    refuse_power_over(by=by, user=user)
    user.save(update_fields=["is_active"])
    record(
        AccessEvent.USER_REACTIVATED, subject=user, by=by, at=at, former={"is_active": False}, new={"is_active": True}
    )
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
def reset_password(*, user: User, by: User, at: datetime) -> str:
    """End a user's password, log him out everywhere, and return the key of a link by which he chooses another.

    The key is kept nowhere; it is good once, for PASSWORD_RESET_TIMEOUT. Raises BeyondOwnRights, NotAPerson.
    """
    if user.kind != User.Kind.PERSON:
        raise NotAPerson(user)
    refuse_power_over(by=by, user=user)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    forget_failures(username=user.username)
    record(AccessEvent.PASSWORD_RESET, subject=user, by=by, at=at)
    return default_token_generator.make_token(user)


@transaction.atomic
def choose_password(*, user: User, key: str, password: str, at: datetime) -> User:
    """Take the password that a user chose by the link given to him; raise LinkIsSpent, ValidationError."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active or not default_token_generator.check_token(user, key):
        raise LinkIsSpent(user)
    return change_password(user=user, password=password, by=user, at=at)


@transaction.atomic
def unlock_user(*, user: User, by: User, at: datetime) -> User:
    """Let a user try again at once who was locked out after too many wrong passwords."""
    forget_failures(username=user.username)
    record(AccessEvent.USER_UNLOCKED, subject=user, by=by, at=at)
    return user


@transaction.atomic
def save_preferences(
    *, user: User, by: User, at: datetime,
    name: str | None = None, language: str | None = None, theme: str | None = None, time_zone: str | None = None,
) -> User:  # fmt: skip
    """Remember how the desk suits a user and what he is called; what is not given stays as it is."""
    given = {"name": name, "language": language, "theme": theme, "time_zone": time_zone}
    changed = {name: value for name, value in given.items() if value is not None and value != getattr(user, name)}
    if not changed:
        return user
    for name, value in changed.items():
        setattr(user, name, value)
    user.save(update_fields=list(changed))
    record(AccessEvent.PREFERENCES_SAVED, subject=user, by=by, at=at, changed=changed)
    return user
