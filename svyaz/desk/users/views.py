"""Logging out; what suits a user: language, clock, theme, password."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LogoutView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.i18n import set_language as django_set_language

from svyaz.access.actions.self_care import end_sessions
from svyaz.access.actions.users import change_password, save_preferences
from svyaz.access.permissions import authenticated, public
from svyaz.desk.middleware import remember_here
from svyaz.desk.rendering import EmployeeRequest, render_part, see_other
from svyaz.desk.users.forms import PasswordForm, PreferencesForm
from svyaz.desk.users.security import show_security
from svyaz.users.queries import live_sessions

ME = "desk/users/me.html"


logout: Callable[..., HttpResponseBase] = public(LogoutView.as_view())


@public
def set_language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on: to this browser, and to the user wherever he logs in."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        save_preferences(user=request.user, by=request.user, at=now(), language=language)
    return django_set_language(request)


@require_POST
@authenticated
def set_theme(request: EmployeeRequest) -> HttpResponse:
    """Remember the theme on the user; the browser has put it on already."""
    form = PreferencesForm({"theme": request.POST.get("theme", "")})
    if not form.is_valid() or not form.chosen():
        return HttpResponse(status=422)
    save_preferences(user=request.user, by=request.user, at=now(), **form.chosen())
    if request.htmx:
        return HttpResponse(status=204)
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return see_other(address if is_ours else resolve_url("desk:day"))


@require_safe
@authenticated
def me(request: EmployeeRequest) -> HttpResponse:
    """Show one's own settings."""
    return render_part(request, ME, "preferences", {"preferences": _form(request)})


@require_POST
@authenticated
def save_me(request: EmployeeRequest) -> HttpResponse:
    """Save language, clock and theme."""
    form = PreferencesForm(request.POST, current_zone=request.user.time_zone)
    if not form.is_valid():
        return render_part(request, ME, "preferences", {"preferences": form}, status=422)
    save_preferences(user=request.user, by=request.user, at=now(), **form.chosen())
    with override(request.user.language):
        answer = see_other(resolve_url("desk:me"), request=request, said=_("Saved."))
    answer.delete_cookie("theme")
    return answer


@sensitive_post_parameters()
@require_http_methods(["POST"])
@authenticated
def set_password(request: EmployeeRequest) -> HttpResponse:
    """Change one's own password; whoever else is logged in with the old one is logged out."""
    form = PasswordForm(request.user, request.POST)
    if not form.is_valid():
        return show_security(request, form)
    at = now()
    with transaction.atomic():
        change_password(user=request.user, password=form.cleaned_data["new_password1"], by=request.user, at=at)
        end_sessions(user=request.user, sessions=live_sessions(request.user, at=at), by=request.user, at=at)
        update_session_auth_hash(request, request.user)
        remember_here(request)
    return see_other(resolve_url("mfa_index"), request=request, said=_("The password is changed."))


def _form(request: EmployeeRequest) -> PreferencesForm:
    user = request.user
    initial = {"name": user.name, "language": user.language, "time_zone": user.time_zone, "theme": user.theme}
    return PreferencesForm(initial=initial, current_zone=user.time_zone)
