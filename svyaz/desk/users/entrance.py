"""The way in: password, passkey, single sign-on, the second step; and saying once more who one is."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.views import LoginView, ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCode
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from svyaz.access.permissions import authenticated, public
from svyaz.desk.middleware import CONTENT_SECURITY_POLICY
from svyaz.desk.rendering import UNPROCESSABLE
from svyaz.desk.users.adapters import refused
from svyaz.desk.users.forms import LoginForm

LOGIN = "desk/users/login.html"
CONFIRM = "desk/users/confirm.html"
View = Callable[..., HttpResponseBase]


class SaysWhatIsWrong:
    """What does not fit is answered with 422, and fields say what they are by their labels alone."""

    request: HttpRequest

    def form_invalid(self, form: Form) -> HttpResponse:
        """Show what is wrong."""
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)  # type: ignore[attr-defined]

    def get_form(self, form_class: type[Form] | None = None) -> Form:
        """Return the form without the library's placeholders."""
        return without_placeholders(super().get_form(form_class))  # type: ignore[misc]


def without_placeholders(form: Form) -> Form:
    """Return a form whose fields show no word of their own beside their labels."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form


class Login(SaysWhatIsWrong, LoginView):
    """The log-in page; wrong credentials answer 422, too many of them lock the name for a while (axes)."""

    template_name = LOGIN
    form_class = LoginForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the provider of single sign-on, if there is one."""
        return {**super().get_context_data(**kwargs), **_ways_in(self.request)}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Let the page's form lead to the provider."""
        return leads_to_provider(super().render_to_response(context, **kwargs))


class LoginByPasskey(LoginWebAuthnView):
    """A passkey instead of name, password and second step."""

    def form_invalid(self, form: Form) -> HttpResponse:
        """Show the log-in page with what is wrong."""
        answer: HttpResponse = Login.as_view()(_as_get(self.request))
        assert hasattr(answer, "context_data")
        answer.context_data["passkey_errors"] = form.errors.get("credential", [])
        answer.status_code = UNPROCESSABLE
        return answer


class SecondStep(AuthenticateView):
    """After the password: the code of the authenticator app, a recovery code, or a passkey."""

    template_name = "desk/users/second_step.html"

    def form_invalid(self, form: Form) -> HttpResponse:
        """Show what is wrong."""
        return self.render_to_response(self.get_context_data(), status=UNPROCESSABLE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the fields without the library's placeholders."""
        context = super().get_context_data(**kwargs)
        without_placeholders(context["form"])
        return context


class Confirms(SaysWhatIsWrong):
    """Saying once more who one is; what one began goes on afterwards, at the provider of single sign-on if need be."""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Let the page's form lead to the provider."""
        return leads_to_provider(super().render_to_response(context, **kwargs))  # type: ignore[misc]


class ConfirmByPassword(Confirms, ReauthenticateView):
    """Before one's way in is changed: the password once more."""

    template_name = CONFIRM
    extra_context = {"by": "password"}  # noqa: RUF012


class ConfirmByCode(Confirms, ReauthenticateByCode):
    """Before one's way in is changed: a code of the authenticator app."""

    template_name = CONFIRM
    extra_context = {"by": "code"}  # noqa: RUF012


class ConfirmByPasskey(Confirms, ReauthenticateWebAuthnView):
    """Before one's way in is changed: a passkey."""

    template_name = CONFIRM
    extra_context = {"by": "passkey"}  # noqa: RUF012


login: View = public(Login.as_view())
login_by_passkey: View = public(LoginByPasskey.as_view())
second_step: View = public(SecondStep.as_view())
confirm_by_password: View = authenticated(ConfirmByPassword.as_view())
confirm_by_code: View = authenticated(ConfirmByCode.as_view())
confirm_by_passkey: View = authenticated(ConfirmByPasskey.as_view())


@public
@require_POST
def sign_on(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Go to the provider of single sign-on; to link an account one says first who one is."""
    if "connect" in {request.GET.get("process"), request.POST.get("process")}:
        raise_if_reauthentication_required(request, app="allauth.mfa")
    try:
        answer: HttpResponseBase = openid_connect.login(request, provider_id)
    except requests.RequestException:
        return refused(request, _("The company's own log-in does not answer. Try again, or log in with your password."))
    return answer


@public
def signed_on(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Come back from the provider of single sign-on."""
    answer: HttpResponseBase = openid_connect.callback(request, provider_id)
    return answer


def providers(request: HttpRequest) -> list[Any]:
    """Return the providers of single sign-on: one, or none."""
    return list(get_adapter().list_providers(request))


def leads_to_provider(response: HttpResponse) -> HttpResponse:
    """Allow a page's forms to lead to the provider's address, which the policy forbids everywhere else."""
    hosts = " ".join(_origins())
    if hosts:
        policy = CONTENT_SECURITY_POLICY.replace("form-action 'self'", f"form-action 'self' {hosts}")
        response.headers["Content-Security-Policy"] = policy
    return response


def _origins() -> list[str]:
    """Return the addresses of the provider's hosts; on this very machine it may stand without TLS."""
    own = {"localhost", "127.0.0.1"}
    return [
        f"{'http' if urlsplit(f'//{host}').hostname in own else 'https'}://{host}"
        for host in sorted(settings.OIDC_HOSTS)
    ]


def _ways_in(request: HttpRequest) -> dict[str, Any]:
    return {"providers": providers(request)}


def _as_get(request: HttpRequest) -> HttpRequest:
    """Return the request as one that only looks at the page."""
    request.method = "GET"
    return request
