"""Programs that act through the API: their users, and tokens shown this once."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import get_current_timezone, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svyaz.access.actions import create_user, issue_token, revoke_token
from svyaz.access.permissions import AccessPermission, needs
from svyaz.access.queries import (
    assignments_of,
    changes_of_user,
    integrations,
    rights_of,
    tokens,
)
from svyaz.desk.administration.changes import history
from svyaz.desk.administration.facts import REFUSALS, words_of
from svyaz.desk.administration.people import NAME
from svyaz.desk.administration.register import saved_by
from svyaz.desk.administration.roles import AssignForm
from svyaz.desk.administration.sections import show
from svyaz.desk.rendering import EmployeeRequest, refused, see_other
from svyaz.fields.queries import every_permission_group
from svyaz.users.models import User


class ProgramForm(forms.Form):
    """A program: what it is, and the name it acts under."""

    name = forms.CharField(label=gettext_lazy("What it is"), max_length=200)
    username = forms.RegexField(
        NAME, label=gettext_lazy("User name"), max_length=64, help_text=gettext_lazy("Latin letters, digits, . _ -")
    )

    def save(self, *, by: User, at: datetime) -> User:
        """Create the program's user: nobody logs in as it."""
        given = self.cleaned_data
        return create_user(
            username=given["username"], name=given["name"], password=None, kind=User.Kind.INTEGRATION, by=by, at=at
        )


class TokenForm(forms.Form):
    """A token: what for, until when, and what it may of what its user may."""

    name = forms.CharField(label=gettext_lazy("What for"), max_length=100)
    expires_on = forms.DateField(
        label=gettext_lazy("Until"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: all that the program may."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data, auto_id="token_%s")
        self.user = user
        held = rights_of(user).profile
        scopes = self.fields["scopes"]
        assert isinstance(scopes, forms.ChoiceField)
        scopes.choices = [
            (value, words)
            for group in every_permission_group()
            for value, words in group.permissions.items()
            if value in held
        ]

    def save(self, *, by: User, at: datetime) -> str:
        """Issue the token; return its secret."""
        given = self.cleaned_data
        ends = datetime.combine(given["expires_on"], time(), get_current_timezone())
        _token, secret = issue_token(
            user=self.user, name=given["name"], scopes=given["scopes"], expires_at=ends, by=by, at=at
        )
        return secret


@require_safe
@needs(AccessPermission.MANAGE)
def index(request: EmployeeRequest) -> HttpResponse:
    """Show the programs with how many good tokens each has."""
    at = now()
    good: dict[int, int] = {}
    for token in tokens():
        good[token.user_id] = good.get(token.user_id, 0) + token.is_good(at)
    rows = [{"row": user, "tokens": good.get(user.pk, 0)} for user in integrations()]
    return show(request, "programs", "programs.html", "list", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(AccessPermission.MANAGE)
def new(request: EmployeeRequest) -> HttpResponse:
    """Create a program's user."""
    form = ProgramForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        user = saved_by(form, by=request.user, at=now())
        if user is not None:
            address = reverse("desk:administration_program", args=[user.pk])
            return see_other(address, request=request, said=_("Saved."))
    return show(
        request, "programs", "program_new.html", "program", {"form": form}, status=422 if form.is_bound else 200
    )


def _program(user_id: int) -> User:
    return get_object_or_404(integrations(), pk=user_id)


def program_page(request: EmployeeRequest, user: User, *, status: int = 200, **more: Any) -> HttpResponse:
    """Draw a program's page."""
    at = now()
    context = {
        "of_user": user, "tokens": [{"row": token, "is_good": token.is_good(at)} for token in tokens(user.username)],
        "token_form": TokenForm(user=user), "assignments": list(assignments_of(user, at=at)),
        "assign": AssignForm(of_user=True), "changes": history(changes_of_user(user)),
    }  # fmt: skip
    return show(request, "programs", "program.html", "program", {**context, **more}, status=status)


@require_safe
@needs(AccessPermission.MANAGE)
def program(request: EmployeeRequest, user_id: int) -> HttpResponse:
    """Show a program: its tokens, its roles, its history."""
    return program_page(request, _program(user_id))


@require_POST
@needs(AccessPermission.MANAGE)
def issuing(request: EmployeeRequest, user_id: int) -> HttpResponse:
    """Issue a token; the answer alone shows its secret."""
    user = _program(user_id)
    form = TokenForm(request.POST, user=user)
    if form.is_valid():
        secret = saved_by(form, by=request.user, at=now())
        if secret is not None:
            return program_page(request, user, secret=secret)
    return program_page(request, user, token_form=form, status=422)


@require_POST
@needs(AccessPermission.MANAGE)
def revoking(request: EmployeeRequest, token_id: int) -> HttpResponse:
    """Revoke a token at once."""
    token = get_object_or_404(tokens(), pk=token_id)
    address = reverse("desk:administration_program", args=[token.user_id])
    try:
        revoke_token(token=token, by=request.user, at=now())
    except REFUSALS as fact:
        return refused(request, address, words_of(fact))
    return see_other(address, request=request, said=_("The token is revoked."))
