"""How a user gets in: his second factors, the browsers where he is logged in, his identities at a provider."""

from collections.abc import Iterable
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from svyaz.users.models import User

REAL_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def factors(user: User) -> "QuerySet[Authenticator]":
    """Return the user's second factors, recovery codes among them, the oldest first."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=user.pk).order_by("created_at", "pk")
    return found


def has_second_factor(user: User) -> bool:
    """Tell whether the user logs in with more than a password; recovery codes alone are no factor."""
    return bool(factors(user).filter(type__in=REAL_FACTORS).exists())


def live_sessions(user: User, *, at: datetime) -> "QuerySet[UserSession]":
    """Return where the user is logged in now, the last seen first."""
    running = Session.objects.filter(expire_date__gt=at).values("session_key")
    found: QuerySet[UserSession] = UserSession.objects.filter(user_id=user.pk, session_key__in=running).order_by(
        "-last_seen_at", "-pk"
    )
    return found


def identities(user: User) -> "QuerySet[SocialAccount]":
    """Return the identities at a provider by which the user may log in."""
    found: QuerySet[SocialAccount] = SocialAccount.objects.filter(user_id=user.pk).order_by("date_joined", "pk")
    return found


def user_by_email(email: str) -> User | None:
    """Return the one employee who has this e-mail and may log in; several are nobody."""
    found = list(User.objects.filter(email__iexact=email, kind=User.Kind.PERSON, is_active=True)[:2])
    return found[0] if email and len(found) == 1 else None


def user_by_name(username: str) -> User | None:
    """Return the employee of this user name who may log in, case aside."""
    return User.objects.filter(username=username.lower(), kind=User.Kind.PERSON, is_active=True).first()


def sessions_alive(keys: Iterable[str], *, at: datetime) -> set[str]:
    """Return which of these sessions were neither ended nor have expired."""
    found = Session.objects.filter(pk__in=set(keys), expire_date__gt=at)
    return set(found.values_list("pk", flat=True))


def passwords_of(users: Iterable[int]) -> dict[int, str]:
    """Return the password's hash of each of these users who may log in: a new one ends what the old one began."""
    return dict(User.objects.filter(pk__in=set(users), is_active=True).values_list("pk", "password"))
