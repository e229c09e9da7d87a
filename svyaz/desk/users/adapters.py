"""What allauth asks of the house: who may come in, how secrets are kept, where single sign-on may call."""

from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from svyaz.access.actions.self_care import record_identity
from svyaz.access.actions.users import UserNameTaken, create_user
from svyaz.access.queries import owes_second_factor
from svyaz.desk.middleware import OWES_SECOND_FACTOR, address_of, remember_here
from svyaz.desk.rendering import see_other
from svyaz.lib.crypto import decrypt, encrypt
from svyaz.users.models import User
from svyaz.users.queries import user_by_email, user_by_name

REFUSED = "desk/users/refused.html"


class AccountAdapter(DefaultAccountAdapter):
    """Logging in: nobody signs up by himself, guessers of passwords are locked out by axes, nothing is mailed."""

    error_messages = {  # noqa: RUF012
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "No one is known by this user name and password. Mind the keyboard's layout and Caps Lock."
        ),
        "incorrect_password": _("This is not your present password."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes and try again."),
        "rate_limited": _("Too many attempts. Wait five minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Users come from the administrator, or from the provider of single sign-on where he allows it."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count nothing here: axes counts failures by name and address, and locks."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address as the lock-out sees it."""
        return address_of(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: our views say what was done in our own words."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: the history of the user tells what changed."""

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Say that this user may not log in any more."""
        return refused(request, _("This user may not log in any more."))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Remember where the user logged in, and ask for the second factor that his role requires."""
        remember_here(request)
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        if owes_second_factor(user, at=now()):
            request.session[OWES_SECOND_FACTOR] = True
            answer["Location"] = resolve_url("mfa_index")
        return answer


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: what must not be read from a stolen copy of the base is encrypted with our data keys."""

    error_messages = {  # noqa: RUF012
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This did not fit. Take the newest code, and mind that the phone's clock is right."),
    }

    def encrypt(self, text: str) -> str:
        """Return a secret as it lies in the base."""
        return encrypt(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret behind `encrypt`."""
        return decrypt(encrypted_text.encode())

    def get_totp_label(self, user: User) -> str:
        """Return what the authenticator app shows."""
        return user.username

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return whom a passkey is for: this host."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Svyaz"}

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002
        """Return what a passkey is called whose owner gave it no name."""
        return str(_("Passkey"))


class OnlyAllowedHosts(requests.adapters.HTTPAdapter):
    """Lets single sign-on talk to the hosts that the operator allowed and to nobody else."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request, or refuse its host (ConnectionError)."""
        host = urlsplit(request.url or "").netloc
        if host not in settings.OIDC_HOSTS:
            raise requests.ConnectionError(f"{host} is not among the hosts of single sign-on: see SVYAZ_OIDC_HOSTS.")
        return super().send(request, *args, **kwargs)


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Single sign-on: it links, or adds, whom the operator's settings let in, and refuses everyone else."""

    def get_requests_session(self) -> requests.Session:
        """Return what speaks to the provider: to allowed hosts only, past no proxy of the environment."""
        session: requests.Session = super().get_requests_session()
        session.trust_env = False
        for scheme in ("https://", "http://"):
            session.mount(scheme, OnlyAllowedHosts())
        return session

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[Any]:
        """Return the provider of the settings, and it alone."""
        apps = super().list_apps(request, provider=provider, client_id=client_id)
        return [app for app in apps if app.pk is None]

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        """Return where one comes back to after linking."""
        return resolve_url("mfa_index")

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        """Say that the provider did not let the user in, or could not be asked."""
        words = _("The log-in through {provider} did not work. Try again, or log in with your password.")
        raise ImmediateHttpResponse(refused(request, str(words).format(provider=provider.name)))

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Link whom the settings let in by e-mail or name at his first log-in; refuse whom nobody knows."""
        sociallogin.email_addresses = []
        if sociallogin.state.get("process") == "connect":
            raise ImmediateHttpResponse(_linked(request, sociallogin))
        if sociallogin.is_existing:
            return
        claims = sociallogin.account.get_provider_account().get_user_data() or {}
        user = _known(claims) or _added(claims)
        if user is None:
            words = _("Nobody here is linked with this account of {provider}. Log in with your password and link it.")
            raise ImmediateHttpResponse(refused(request, str(words).format(provider=_name(request, sociallogin))))
        _link(request, sociallogin, user)


def _linked(request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
    """Link who is logged in with the account that the provider vouches for; an account belongs to one user."""
    user = request.user
    if not isinstance(user, User) or (sociallogin.is_existing and sociallogin.user != user):
        return refused(request, _("This account is linked with another user already."))
    if not sociallogin.is_existing:
        _link(request, sociallogin, user)
    said = _("From now on you can log in through {provider}.")
    return see_other(
        resolve_url("mfa_index"), request=request, said=str(said).format(provider=_name(request, sociallogin))
    )


@transaction.atomic
def _link(request: HttpRequest, sociallogin: SocialLogin, user: User) -> None:
    sociallogin.connect(request, user)
    record_identity(user=user, provider=_name(request, sociallogin), by=user, at=now())


def _name(request: HttpRequest, sociallogin: SocialLogin) -> str:
    return str(sociallogin.account.get_provider(request).name)


def _known(claims: dict[str, Any]) -> User | None:
    """Return the user who somebody is by the rule of the settings: by verified e-mail, or by user name."""
    if settings.OIDC_MATCH == "email" and claims.get("email_verified") is True:
        return user_by_email(str(claims.get("email", "")))
    if settings.OIDC_MATCH == "username":
        return user_by_name(str(claims.get("preferred_username", "")))
    return None


def _added(claims: dict[str, Any]) -> User | None:
    """Add a user of an e-mail domain that the settings name; he has no role until somebody gives him one."""
    email = str(claims.get("email", "")).lower()
    name, _at, domain = email.partition("@")
    if domain not in settings.OIDC_ADDS or not name or claims.get("email_verified") is not True:
        return None
    username = str(claims.get("preferred_username") or name)[:64]
    try:
        user = create_user(
            username=username, name=str(claims.get("name") or username)[:200], password=None, by=None, at=now(),
            email=email,
        )  # fmt: skip
    except UserNameTaken:
        return None
    return user


def refused(request: HttpRequest, words: Any) -> HttpResponse:
    """Say why nobody is let in this way."""
    return render(request, REFUSED, {"words": words}, status=403)
