"""Log-ins: password by a link that works once, locks, roles; and the page to which the link leads."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svyaz.access.actions import (
    LinkIsSpent,
    choose_password,
    deactivate_user,
    reactivate_user,
    reset_password,
    unlock_user,
)
from svyaz.access.permissions import AccessPermission, needs, public
from svyaz.access.queries import assignments_of, changes_of_user, everyone_who_logs_in, is_locked_out, link_is_good
from svyaz.desk.administration.changes import history
from svyaz.desk.administration.facts import REFUSALS, words_of
from svyaz.desk.administration.roles import AssignForm
from svyaz.desk.administration.sections import show
from svyaz.desk.rendering import EmployeeRequest, refused, see_other
from svyaz.desk.undo import say_with_undo
from svyaz.users.models import User


def link_of(request: HttpRequest, user: User, key: str) -> str:
    """Return the whole address at which a user chooses his password."""
    return request.build_absolute_uri(reverse("desk:welcome", args=[user.pk, key]))


def login_context(user: User) -> dict[str, Any]:
    """Return what a page shows of a log-in."""
    return {
        "of_user": user, "is_locked": is_locked_out(user), "assignments": list(assignments_of(user, at=now())),
        "assign": AssignForm(of_user=True), "user_changes": history(changes_of_user(user)),
    }  # fmt: skip


def user_page(request: EmployeeRequest, user: User, *, status: int = 200, **more: Any) -> HttpResponse:
    """Draw the page of a log-in."""
    return show(request, "people", "user.html", "user", {**login_context(user), **more}, status=status)


def address_of(user: User) -> str:
    """Return the address of a log-in's page: a program has its own."""
    is_program = user.kind == User.Kind.INTEGRATION
    return reverse("desk:administration_program" if is_program else "desk:administration_user", args=[user.pk])


def _user(user_id: int) -> User:
    return get_object_or_404(everyone_who_logs_in(), pk=user_id)


@require_safe
@needs(AccessPermission.MANAGE)
def page(request: EmployeeRequest, user_id: int) -> HttpResponse:
    """Show a log-in, its roles and its history."""
    return user_page(request, _user(user_id))


@require_POST
@needs(AccessPermission.MANAGE)
def password(request: EmployeeRequest, user_id: int) -> HttpResponse:
    """End a password; the answer alone shows the link by which another is chosen."""
    user = _user(user_id)
    try:
        key = reset_password(user=user, by=request.user, at=now())
    except REFUSALS as fact:
        return refused(request, address_of(user), words_of(fact))
    return user_page(request, user, link=link_of(request, user, key))


@require_POST
@needs(AccessPermission.MANAGE)
def lock(request: EmployeeRequest, user_id: int) -> HttpResponse:
    """Lift the lock that too many wrong passwords set."""
    user = unlock_user(user=_user(user_id), by=request.user, at=now())
    return see_other(address_of(user), request=request, said=_("The lock is lifted."))


@require_POST
@needs(AccessPermission.MANAGE)
def bar(request: EmployeeRequest, user_id: int) -> HttpResponse:
    """Bar a log-in (`barred` yes) or let in again (no)."""
    user, is_barred = _user(user_id), request.POST.get("barred") == "yes"
    address = address_of(user)
    try:
        (deactivate_user if is_barred else reactivate_user)(user=user, by=request.user, at=now())
    except REFUSALS as fact:
        return refused(request, address, words_of(fact))
    said = _("The log-in is barred.") if is_barred else _("The log-in is open again.")
    say_with_undo(request, said, request.path, [("barred", "no" if is_barred else "yes")])
    return see_other(address)


@require_POST
@needs(AccessPermission.MANAGE)
def holding(request: EmployeeRequest, user_id: int) -> HttpResponse:
    """Give a user a role."""
    user = _user(user_id)
    form = AssignForm(request.POST, of_user=True)
    if form.is_valid():
        try:
            form.assign(by=request.user, at=now(), user=user)
        except REFUSALS as fact:
            form.add_error(None, words_of(fact))
        else:
            address = address_of(user)
            return see_other(address, request=request, said=_("The role is given."))
    return user_page(request, user, assign=form, status=422)


class WelcomeForm(forms.Form):
    """A password, twice."""

    password = forms.CharField(
        label=gettext_lazy("New password"), widget=forms.PasswordInput({"autocomplete": "new-password"}), strip=False
    )
    again = forms.CharField(
        label=gettext_lazy("New password once more"), strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        if self.cleaned_data.get("password") != self.cleaned_data.get("again"):
            self.add_error("again", _("The two new passwords differ."))
        return self.cleaned_data


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@public
def welcome(request: HttpRequest, user_id: int, key: str) -> HttpResponse:
    """Let a user choose his password by the link that he was given, once."""
    user = link_is_good(user_id, key)
    if user is None:
        return render(request, "desk/administration/welcome.html", {"is_spent": True}, status=404)
    with override(user.language):
        form = WelcomeForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            try:
                choose_password(user=user, key=key, password=form.cleaned_data["password"], at=now())
            except ValidationError as fact:
                form.add_error("password", fact)
            except LinkIsSpent:
                return render(request, "desk/administration/welcome.html", {"is_spent": True}, status=404)
            else:
                said = _("The password is set. Log in with it.")
                return see_other(reverse("account_login"), request=request, said=said)
        context = {"form": form, "of_user": user}
        return render(request, "desk/administration/welcome.html", context, status=422 if form.is_bound else 200)
