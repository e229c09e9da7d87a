"""My way in: second factors, recovery codes, passkeys, linked accounts."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes, view_recovery_codes
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from svyaz.access.actions.self_care import (
    SecondFactorIsRequired,
    record_recovery_codes,
    record_second_factor,
    remove_second_factor,
    rename_passkey,
    unlink_identity,
)
from svyaz.access.permissions import authenticated
from svyaz.desk.middleware import OWES_SECOND_FACTOR
from svyaz.desk.rendering import UNPROCESSABLE, EmployeeRequest, refused, render_part, see_other
from svyaz.desk.users.entrance import SaysWhatIsWrong, leads_to_provider, providers
from svyaz.desk.users.forms import PasskeyNameForm, PasswordForm
from svyaz.users.queries import factors, has_second_factor, identities

View = Callable[..., HttpResponseBase]
P = ParamSpec("P")
Guarded = Callable[Concatenate[Any, P], HttpResponse]


def confirmed(
    view: Callable[Concatenate[EmployeeRequest, P], HttpResponse],
) -> Callable[Concatenate[Any, P], HttpResponse]:
    """Ask who it is once more before one's way in is changed; it holds for five minutes."""
    guarded: Guarded[P] = reauthentication_required(app="allauth.mfa")(view)
    return guarded


PAGE, CODES = "desk/users/security.html", "desk/users/codes.html"


@authenticated
@require_safe
def security(request: EmployeeRequest) -> HttpResponse:
    """Show how one gets in."""
    return show_security(request, PasswordForm(request.user))


def show_security(request: EmployeeRequest, password: PasswordForm) -> HttpResponse:
    """Show the page of one's way in, with the form of the password as it stands (422 where it does not fit)."""
    context = {
        **ways_in(request),
        "password": password,
        "providers": providers(request),
        "owes": request.session.get(OWES_SECOND_FACTOR, False),
    }
    status = UNPROCESSABLE if password.errors else 200
    return leads_to_provider(render_part(request, PAGE, "password", context, status=status))


def ways_in(request: EmployeeRequest) -> dict[str, Any]:
    """Return the user's second factors and linked accounts, as the page shows them."""
    kept = list(factors(request.user))
    codes = next((factor for factor in kept if factor.type == Authenticator.Type.RECOVERY_CODES), None)
    return {
        "app": next((factor for factor in kept if factor.type == Authenticator.Type.TOTP), None),
        "passkeys": [factor for factor in kept if factor.type == Authenticator.Type.WEBAUTHN],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes is not None else None,
        "identities": [{"row": one, "name": one.get_provider_account().to_str()} for one in identities(request.user)],
    }


class AddApp(SaysWhatIsWrong, ActivateTOTPView):
    """Set up an authenticator app: a code to scan, and its first number as proof."""

    template_name = "desk/users/app.html"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Set up one app and no second."""
        if factors(request.user).filter(type=Authenticator.Type.TOTP).exists():
            return redirect("mfa_index")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def form_valid(self, form: Form) -> HttpResponse:
        """Keep the app, give recovery codes with the first factor, and tell the history."""
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            _set_up(self.request, Authenticator.Type.TOTP)
        return answer


class AddPasskey(SaysWhatIsWrong, AddWebAuthnView):
    """Set up a passkey: this device's fingerprint, face or PIN, or a security key with a PIN."""

    template_name = "desk/users/passkey.html"
    form_class = AddWebAuthnForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Ask for a key that can log in by itself."""
        context = super().get_context_data(**kwargs)
        context.update(form=kwargs.get("form") or self.get_form())
        context["options"] = webauthn.begin_registration(self.request.user, passwordless=True)
        return context

    def form_valid(self, form: Form) -> HttpResponse:
        """Keep the passkey, give recovery codes with the first factor, and tell the history."""
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            _set_up(self.request, Authenticator.Type.WEBAUTHN)
        return answer


def _set_up(request: Any, kind: str) -> None:
    """Tell the history of the newest factor of a kind, and of the recovery codes that came with it."""
    at = now()
    newest = factors(request.user).filter(type=kind).last()
    assert newest is not None
    record_second_factor(user=request.user, factor=newest, by=request.user, at=at)
    codes = factors(request.user).filter(type=Authenticator.Type.RECOVERY_CODES).first()
    if codes is not None and codes.created_at >= newest.created_at:
        record_recovery_codes(user=request.user, by=request.user, at=at)
    request.session.pop(OWES_SECOND_FACTOR, None)


add_app: View = authenticated(AddApp.as_view())
add_passkey: View = authenticated(AddPasskey.as_view())


@authenticated
@require_POST
@confirmed
def remove_factor(request: EmployeeRequest, pk: int) -> HttpResponse:
    """Remove a second factor, unless one's role requires it and it is the last."""
    factor = get_object_or_404(factors(request.user).exclude(type=Authenticator.Type.RECOVERY_CODES), pk=pk)
    try:
        remove_second_factor(factor=factor, by=request.user, at=now())
    except SecondFactorIsRequired:
        return refused(
            request, resolve_url("mfa_index"), _("Your role requires a second factor: first set up another.")
        )
    return see_other(resolve_url("mfa_index"), request=request, said=_("Removed."))


@authenticated
@require_POST
@confirmed
def rename_factor(request: EmployeeRequest, pk: int) -> HttpResponse:
    """Give a passkey another name."""
    factor = get_object_or_404(factors(request.user).filter(type=Authenticator.Type.WEBAUTHN), pk=pk)
    form = PasskeyNameForm(request.POST)
    if not form.is_valid():
        return refused(request, resolve_url("mfa_index"), _("A passkey needs a name."))
    rename_passkey(factor=factor, name=form.cleaned_data["name"], by=request.user, at=now())
    return see_other(resolve_url("mfa_index"), request=request, said=_("Renamed."))


@authenticated
@require_safe
def codes(request: EmployeeRequest) -> HttpResponse:
    """Show the recovery codes that are left."""
    kept, _may_view = view_recovery_codes(request)
    if kept is None:
        raise Http404
    return render(request, CODES, {"codes": kept.get_unused_codes()})


@authenticated
@require_safe
def codes_file(request: EmployeeRequest) -> HttpResponse:
    """Give the recovery codes that are left as a file to print or to put away."""
    kept, _may_view = view_recovery_codes(request)
    if kept is None:
        raise Http404
    lines = [_("Recovery codes for Svyaz, user {name}. Each opens the way in once.").format(name=request.user.username)]
    text = "\n".join([*lines, "", *kept.get_unused_codes(), ""])
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="svyaz-recovery-codes.txt"'
    return answer


@authenticated
@require_POST
@confirmed
def new_codes(request: EmployeeRequest) -> HttpResponse:
    """Give new recovery codes; the former ones open nothing any more."""
    if not has_second_factor(request.user):
        raise Http404
    with transaction.atomic():
        generate_recovery_codes(request)
        record_recovery_codes(user=request.user, by=request.user, at=now())
    return see_other(resolve_url("mfa_view_recovery_codes"), request=request, said=_("These are your new codes."))


@authenticated
@require_POST
@confirmed
def unlink(request: EmployeeRequest, pk: int) -> HttpResponse:
    """Log in through a provider no more; whoever has no password keeps his only way in."""
    identity = get_object_or_404(identities(request.user), pk=pk)
    if not request.user.has_usable_password():
        return refused(request, resolve_url("mfa_index"), _("This is your only way in: ask for a password first."))
    unlink_identity(identity=identity, by=request.user, at=now())
    return see_other(resolve_url("mfa_index"), request=request, said=_("Unlinked."))
