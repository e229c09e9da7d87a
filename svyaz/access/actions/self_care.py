"""What a user does about his own way in: second factors, identities, sessions; events tell of it without secrets."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from svyaz.access.events import AccessEvent
from svyaz.access.models import Role
from svyaz.access.queries import owes_second_factor
from svyaz.history.actions import record
from svyaz.users.models import User
from svyaz.users.queries import REAL_FACTORS, factors


class SecondFactorIsRequired(Exception):
    """A role of the user asks for a second factor, and this is his last one."""


def record_second_factor(*, user: User, factor: Authenticator, by: User, at: datetime) -> None:
    """Record that a user set up a second factor, by its kind and name: its secret stays where it is."""
    record(AccessEvent.SECOND_FACTOR_ADDED, subject=user, by=by, at=at, factor=factor.type, name=_name(factor))


def record_recovery_codes(*, user: User, by: User, at: datetime) -> None:
    """Record that a user was given new recovery codes; those given before open nothing any more."""
    record(AccessEvent.RECOVERY_CODES_ISSUED, subject=user, by=by, at=at)


@transaction.atomic
def rename_passkey(*, factor: Authenticator, name: str, by: User, at: datetime) -> Authenticator:
    """Give a passkey another name."""
    before = _name(factor)
    factor.data["name"] = name
    factor.save(update_fields=["data"])
    record(AccessEvent.SECOND_FACTOR_RENAMED, subject=factor.user, by=by, at=at, before=before, name=name)
    return factor


@transaction.atomic
def remove_second_factor(*, factor: Authenticator, by: User, at: datetime) -> None:
    """Remove a second factor, and with the last one the recovery codes; raise SecondFactorIsRequired."""
    user = User.objects.select_for_update().get(pk=factor.user_id)
    name, kind = _name(factor), factor.type
    factor.delete()
    if owes_second_factor(user, at=at):
        raise SecondFactorIsRequired(user)
    if not factors(user).filter(type__in=REAL_FACTORS).exists():
        factors(user).delete()
    record(AccessEvent.SECOND_FACTOR_REMOVED, subject=user, by=by, at=at, factor=kind, name=name)


def _name(factor: Authenticator) -> str:
    return str(factor.data.get("name", ""))


def record_identity(*, user: User, provider: str, by: User, at: datetime) -> None:
    """Record that a user may log in through a provider from now on."""
    record(AccessEvent.IDENTITY_LINKED, subject=user, by=by, at=at, provider=provider)


@transaction.atomic
def unlink_identity(*, identity: SocialAccount, by: User, at: datetime) -> None:
    """Let a user log in through a provider no more."""
    user, provider = identity.user, identity.provider
    identity.delete()
    record(AccessEvent.IDENTITY_UNLINKED, subject=user, by=by, at=at, provider=provider)


def see_session(*, user: User, key: str, address: str, user_agent: str, at: datetime) -> UserSession:
    """Remember where a user is logged in and when he was last seen there; no event: it happens all day."""
    seen = {"user": user, "ip": address, "user_agent": user_agent[:200], "last_seen_at": at}
    session, _is_new = UserSession.objects.update_or_create(
        session_key=key, defaults=seen, create_defaults={**seen, "created_at": at}
    )
    return cast(UserSession, session)


@transaction.atomic
def end_sessions(*, user: User, sessions: Iterable[UserSession], by: User, at: datetime) -> int:
    """Log a user out in some of his browsers; return in how many."""
    ended = list(sessions)
    if not ended:
        return 0
    Session.objects.filter(session_key__in=[session.session_key for session in ended]).delete()
    UserSession.objects.filter(pk__in=[session.pk for session in ended]).delete()
    record(AccessEvent.SESSIONS_ENDED, subject=user, by=by, at=at, count=len(ended))
    return len(ended)


@transaction.atomic
def require_second_factor(*, role: Role, is_required: bool, by: User | None, at: datetime) -> Role:
    """Ask whoever holds a role for a second factor at his next log-in, or ask no more."""
    if role.requires_second_factor == is_required:
        return role
    role.requires_second_factor = is_required
    role.save(update_fields=["requires_second_factor"])
    record(AccessEvent.SECOND_FACTOR_REQUIRED, subject=role, by=by, at=at, is_required=is_required)
    return role
