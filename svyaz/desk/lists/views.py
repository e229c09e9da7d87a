"""The page of any list, and what belongs to it: the form of a filter, the counts of its tabs."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from svyaz.access.permissions import authenticated
from svyaz.desk.lists import bar
from svyaz.desk.lists.asked import Asked, read
from svyaz.desk.lists.columns import Look
from svyaz.desk.lists.definition import list_for, names
from svyaz.desk.lists.screen import context_of
from svyaz.desk.lists.tabs import counts, tabs_of
from svyaz.desk.rendering import EmployeeRequest, render_part

PAGE = "desk/lists/page.html"


def show_list(
    request: EmployeeRequest, name: str, *, look: Look | None = None, template: str = PAGE, **more: Any
) -> HttpResponse:
    """Show a list as its address asks; the form of a filter leads to the address that says the same."""
    look = look or Look(request.user, now())
    asked = asked_of(request, name, look)
    if "set" in request.GET:
        changed = bar.set_by_form(asked, request.GET, look)
        return HttpResponseRedirect(changed.address(reverse(asked.listed.page), view=bar.view_of(request)))
    # Part of every list's page is the same; a list's own page adds what stands over it.
    whole = PAGE if request.htmx else template
    return render_part(request, whole, "list", {**context_of(request, asked, look), **more})


def asked_of(request: EmployeeRequest, name: str, look: Look, query: str | None = None) -> Asked:
    """Return what is asked of a list (of the request's own address, if no query is given)."""
    if name not in names():
        raise Http404
    listed = list_for(name, look)
    if listed is None:
        raise PermissionDenied(name)
    return read(listed, request.GET if query is None else query, look)


@require_safe
@authenticated
def filter_form(request: EmployeeRequest, name: str) -> HttpResponse:
    """Answer with the form that sets one filter, for the place under the bar; without a script it leads to the list."""
    look = Look(request.user, now())
    asked = asked_of(request, name, look)
    view = bar.view_of(request)
    if not request.htmx:
        return HttpResponseRedirect(
            asked.address(reverse(asked.listed.page), view=view, edit=request.GET.get("edit", ""))
        )
    editor = bar.editor(asked, look, request.GET.get("edit", ""), view, request.GET.get("find", "")[:100])
    if editor is None:
        raise Http404
    context = {"editor": editor, "listed": asked.listed, "page": reverse(asked.listed.page), "asked": asked}
    part = "desk/lists/editor.html#choices" if "find" in request.GET else "desk/lists/editor.html"
    return render(request, part, context)


@require_safe
@authenticated
def tab_counts(request: EmployeeRequest, name: str) -> HttpResponse:
    """Answer with how many rows stand under each tab; a browser asks again after a minute."""
    look = Look(request.user, now())
    asked = asked_of(request, name, look, "")
    tabs = tabs_of(asked, look, reverse(asked.listed.page), "")["view_tabs"]
    answer = render(request, "desk/lists/counts.html", {"counts": counts(asked, look, tabs)})
    answer.headers["Cache-Control"] = "private, max-age=60"
    return answer
