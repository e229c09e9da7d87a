"""Saved views as people make them: saved from what is shown, renamed, shared, brought up to date, removed, restored."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from svyaz.access.permissions import authenticated
from svyaz.desk.lists.actions import NoDepartment, NotMyView, change_view, remove_view, restore_view, save_view
from svyaz.desk.lists.columns import Look
from svyaz.desk.lists.views import asked_of
from svyaz.desk.models import SavedView
from svyaz.desk.rendering import EmployeeRequest, refused, see_other


class ViewForm(forms.Form):
    """The name of a view and who sees it; `query` is what it shows."""

    name = forms.CharField(
        max_length=60, error_messages={"required": gettext_lazy("Give the view a name.")}, strip=True
    )
    sharing = forms.ChoiceField(choices=SavedView.Sharing.choices)
    query = forms.CharField(max_length=2000, required=False)


@require_POST
@authenticated
def views(request: EmployeeRequest, name: str) -> HttpResponse:
    """Save what is shown as a view."""
    at = now()
    asked = asked_of(request, name, Look(request.user, at), request.POST.get("query", ""))
    page = reverse(asked.listed.page)
    form = ViewForm(request.POST)
    if not form.is_valid():
        return refused(request, asked.address(page), _first_error(form))
    try:
        view = save_view(
            list_name=name, name=form.cleaned_data["name"], query=asked.query(), sharing=form.cleaned_data["sharing"],
            by=request.user, at=at,
        )  # fmt: skip
    except NoDepartment:
        return refused(request, asked.address(page), _("You work in no department, so there is none to share it with."))
    return see_other(asked.address(page, view=str(view.pk)), request=request, said=_("The view is saved."))


@require_POST
@authenticated
def view(request: EmployeeRequest, name: str, view_id: int) -> HttpResponse:
    """Change one's view: `what` says whether it is renamed and shared, brought up to date, removed or restored."""
    at = now()
    found = get_object_or_404(SavedView.objects.visible_to(request.user).filter(list=name), pk=view_id)
    asked = asked_of(request, name, Look(request.user, at), request.POST.get("query", found.query))
    page = reverse(asked.listed.page)
    here = asked.address(page, view=str(found.pk))
    form = ViewForm({"name": found.name, "sharing": found.sharing, **request.POST.dict()})
    if not form.is_valid():
        return refused(request, here, _first_error(form))
    try:
        return _changed(request, found, form, asked.query(), here=here, page=page)
    except NotMyView:
        return refused(request, here, _("Only its owner changes a view. Save it as your own."))
    except NoDepartment:
        return refused(request, here, _("You work in no department, so there is none to share it with."))


def _changed(
    request: EmployeeRequest, found: SavedView, form: ViewForm, query: str, *, here: str, page: str
) -> HttpResponse:
    what, by, at = request.POST.get("what", ""), request.user, now()
    if what == "remove":
        remove_view(view=found, by=by, at=at)
        return see_other(f"{page}?removed={found.pk}")
    if what == "restore":
        restored = restore_view(view=found, by=by, at=at)
        return see_other(f"{page}?{restored.query}&view={found.pk}".replace("?&", "?"))
    if what == "update":
        change_view(view=found, query=query, by=by, at=at)
        return see_other(here, request=request, said=_("The view shows this from now on."))
    change_view(view=found, name=form.cleaned_data["name"], sharing=form.cleaned_data["sharing"], by=by, at=at)
    return see_other(here, request=request, said=_("The view is saved."))


def _first_error(form: forms.Form) -> str:
    return str(next(iter(form.errors.values()))[0])
