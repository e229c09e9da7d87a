"""Roles: one page of permissions by role, a page for each role, and who holds it where, for how long."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.timezone import get_current_timezone, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svyaz.access.actions import assign_role, end_assignment, grant_permission, save_role, withdraw_permission
from svyaz.access.actions.self_care import require_second_factor
from svyaz.access.models import Role
from svyaz.access.permissions import AccessPermission, needs
from svyaz.access.queries import (
    assignments_open,
    changes_of_role,
    changes_of_roles,
    holders,
    holders_counted,
    people,
    rights_of,
    roles,
)
from svyaz.desk.administration.changes import history
from svyaz.desk.administration.facts import REFUSALS, words_of
from svyaz.desk.administration.register import saved_by, tree_choices
from svyaz.desk.administration.sections import show
from svyaz.desk.rendering import EmployeeRequest, refused, see_other
from svyaz.desk.undo import say_with_undo, with_undo
from svyaz.fields.queries import every_permission_group
from svyaz.places.queries import area_tree
from svyaz.users.models import User


def may_shape(request: EmployeeRequest) -> bool:
    """Tell whether the viewer decides what roles may; others read the page."""
    return rights_of(request.user).may(AccessPermission.MANAGE_ROLES)


def cell(role: Role, permission: str, words: Any) -> dict[str, Any]:
    """Return one crossing of the page: a permission in a role."""
    return {
        "id": f"c-{role.pk}-{permission.replace(':', '-').replace('.', '-')}",
        "role": role,
        "permission": permission,
        "words": words,
        "is_held": permission in role.permissions,
    }


def matrix(found: list[Role]) -> list[dict[str, Any]]:
    """Return the permissions by group, each with its crossing in every role."""
    return [
        {
            "name": group.name,
            "rows": [
                {"permission": permission, "words": words, "cells": [cell(role, permission, words) for role in found]}
                for permission, words in group.permissions.items()
            ],
        }
        for group in every_permission_group()
    ]


@require_safe
@needs(AccessPermission.MANAGE)
def index(request: EmployeeRequest) -> HttpResponse:
    """Show what each role may, on one page."""
    found = list(roles())
    counted = holders_counted(at=now())
    context = {
        "roles": [{"row": role, "holders": counted.get(role.pk, 0)} for role in found],
        "groups": matrix(found),
        "may_shape": may_shape(request),
        "changes": history(changes_of_roles()),
    }
    return show(request, "roles", "roles.html", "matrix", context)


class RoleForm(forms.Form):
    """A role's names; a new one may begin as a copy."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=100)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=100, required=False)
    like = forms.ChoiceField(
        label=gettext_lazy("Begins as a copy of"), required=False,
        help_text=gettext_lazy("It then may what that role may, until you change it."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, role: Role | None = None) -> None:
        super().__init__(data, initial={"name": role.name, "name_en": role.name_en} if role else None)
        self.role, self.others = role, list(roles())
        if role is not None:
            del self.fields["like"]
        else:
            like = self.fields["like"]
            assert isinstance(like, forms.ChoiceField)
            like.choices = [("", _("an empty role")), *((str(one.pk), str(one)) for one in self.others)]

    def save(self, *, by: User, at: datetime) -> Role:
        """Save the role."""
        given = self.cleaned_data
        if self.role is not None:
            return save_role(
                code=self.role.code, name=given["name"], name_en=given["name_en"], permissions=self.role.permissions,
                by=by, at=at,
            )  # fmt: skip
        like = next((one for one in self.others if str(one.pk) == given["like"]), None)
        return save_role(
            code=_free_code(given["name_en"] or given["name"], {one.code for one in self.others}),
            name=given["name"], name_en=given["name_en"], permissions=like.permissions if like else (), by=by, at=at,
        )  # fmt: skip


def _free_code(name: str, taken: set[str]) -> str:
    """Return a code for a new role that no other has."""
    base = slugify(name)[:50] or "role"
    return next(code for code in (base, *(f"{base}-{n}" for n in range(2, 1000))) if code not in taken)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(AccessPermission.MANAGE_ROLES)
def new(request: EmployeeRequest) -> HttpResponse:
    """Make a role."""
    form = RoleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        role = saved_by(form, by=request.user, at=now())
        if role is not None:
            return see_other(reverse("desk:administration_role", args=[role.pk]), request=request, said=_("Saved."))
    return show(request, "roles", "role_new.html", "role", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(AccessPermission.MANAGE)
def role_page(request: EmployeeRequest, role_id: int) -> HttpResponse:
    """Show a role: what it may, who holds it; its names are changed by who manages roles."""
    role = get_object_or_404(roles(), pk=role_id)
    form = RoleForm(request.POST if request.method == "POST" else None, role=role)
    if request.method == "POST":
        if not may_shape(request):
            raise Http404
        if form.is_valid() and saved_by(form, by=request.user, at=now()) is not None:
            former = [("name", role.name), ("name_en", role.name_en)]
            say_with_undo(request, _("Saved."), request.path, former)
            return see_other(request.path)
    return _role_page(request, role, form=form, status=422 if form.is_bound else 200)


def _role_page(
    request: EmployeeRequest, role: Role, *, form: RoleForm | None = None, given: "AssignForm | None" = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "role": role,
        "form": form or RoleForm(role=role),
        "assign": given or AssignForm(of_role=True),
        "holders": list(holders(role, at=now())),
        "groups": matrix([role]),
        "may_shape": may_shape(request),
        "changes": history(changes_of_role(role)),
    }
    return show(request, "roles", "role.html", "role", context, status=status)


@require_POST
@needs(AccessPermission.MANAGE_ROLES)
def second_factor(request: EmployeeRequest, role_id: int) -> HttpResponse:
    """Ask whoever holds a role for a second factor at his next log-in (`asked` yes), or ask no more (no)."""
    role = get_object_or_404(roles(), pk=role_id)
    page = reverse("desk:administration_role", args=[role.pk])
    asked = request.POST.get("asked", "")
    if asked not in {"yes", "no"}:
        return refused(request, page, _("Say yes or no."))
    require_second_factor(role=role, is_required=asked == "yes", by=request.user, at=now())
    former = [("asked", "no" if asked == "yes" else "yes")]
    say_with_undo(request, _("Saved."), request.path, former)
    return see_other(page)


@require_POST
@needs(AccessPermission.MANAGE_ROLES)
def permission(request: EmployeeRequest, role_id: int) -> HttpResponse:
    """Give a role a permission, or take it out: `permission` and `held` (yes, no), or both in `cell`."""
    role = get_object_or_404(roles(), pk=role_id)
    page = reverse("desk:administration_roles")
    plain, _space, wanted = request.POST.get("cell", "").partition(" ")
    name, held = request.POST.get("permission", plain), request.POST.get("held", wanted)
    is_given = held == "yes"
    if not any(name in group.permissions for group in every_permission_group()) or held not in {"yes", "no"}:
        return refused(request, page, _("There is no such permission."))
    try:
        change = grant_permission if is_given else withdraw_permission
        role = change(role=role, permission=name, by=request.user, at=now())
    except REFUSALS as fact:
        return refused(request, page, words_of(fact))
    return _cell_saved(request, role, name, is_given=is_given)


def _cell_saved(request: EmployeeRequest, role: Role, name: str, *, is_given: bool) -> HttpResponse:
    words = next(group.permissions[name] for group in every_permission_group() if name in group.permissions)
    said = _("%(role)s may now: %(what)s.") if is_given else _("%(role)s may no longer: %(what)s.")
    text = said % {"role": role, "what": words}
    former = [("permission", name), ("held", "no" if is_given else "yes")]
    if not request.htmx:
        say_with_undo(request, text, request.path, former)
        return see_other(reverse("desk:administration_roles"))
    context = {
        "cell": cell(role, name, words),
        "may_shape": True,
        "said": with_undo(request, text, request.path, former),
    }
    return render(request, "desk/administration/cell_saved.html", context)


class AssignForm(forms.Form):
    """Who gets which role where, from when until when."""

    user = forms.ChoiceField(label=gettext_lazy("Employee"))
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    area = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    valid_from = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any = None, *, of_role: bool = False, of_user: bool = False) -> None:
        super().__init__(data, auto_id="assign_%s")
        self.people, self.roles, self.areas = [] if of_user else list(people()), list(roles()), area_tree()
        if of_role:
            del self.fields["role"]
        if of_user:
            del self.fields["user"]
        self._offer("user", [("", "—"), *((str(one.pk), f"{one.name} · {one.username}") for one in self.people)])
        self._offer("role", [("", "—"), *((str(one.pk), str(one)) for one in self.roles)])
        self._offer("area", [("", _("everywhere")), *tree_choices(self.areas)])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields.get(name)
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def assign(self, *, by: User, at: datetime, user: User | None = None, role: Role | None = None) -> Any:
        """Give the role; a day begins and ends at midnight of the giver's clock."""
        given = self.cleaned_data
        user = user or next(one for one in self.people if str(one.pk) == given["user"])
        role = role or next(one for one in self.roles if str(one.pk) == given["role"])
        area = next((area for _depth, area in self.areas if str(area.pk) == given["area"]), None)
        start = _midnight(given["valid_from"])
        return assign_role(
            user=user, role=role, area=area, by=by, at=at, valid_from=start if start and start > at else None,
            valid_to=_midnight(given["valid_to"]),
        )  # fmt: skip


def _midnight(day: Any) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day, time(), get_current_timezone()).astimezone(UTC)


@require_POST
@needs(AccessPermission.MANAGE)
def holding(request: EmployeeRequest, role_id: int) -> HttpResponse:
    """Give the role to somebody."""
    role = get_object_or_404(roles(), pk=role_id)
    form = AssignForm(request.POST, of_role=True)
    if form.is_valid():
        try:
            form.assign(by=request.user, at=now(), role=role)
        except REFUSALS as fact:
            form.add_error(None, words_of(fact))
        else:
            page = reverse("desk:administration_role", args=[role.pk])
            return see_other(page, request=request, said=_("The role is given."))
    return _role_page(request, role, given=form, status=422)


@require_POST
@needs(AccessPermission.MANAGE)
def ending(request: EmployeeRequest, assignment_id: int) -> HttpResponse:
    """Take a role away, with a way back."""
    assignment = get_object_or_404(assignments_open(at=now()), pk=assignment_id)
    back = _safe(request.POST.get("back", "")) or reverse("desk:administration_role", args=[assignment.role_id])
    until = assignment.valid_to
    try:
        end_assignment(assignment=assignment, by=request.user, at=now())
    except REFUSALS as fact:
        return refused(request, back, words_of(fact))
    former = [("user", str(assignment.user_id)), ("area", str(assignment.area_id or ""))]
    former += [("valid_to", until.date().isoformat())] if until else []
    again = reverse("desk:administration_holding", args=[assignment.role_id])
    say_with_undo(request, _("The role is taken away."), again, former)
    return see_other(back)


def _safe(address: str) -> str:
    """Return an address of administration, nothing for any other."""
    return address if address.startswith("/administration/") else ""
