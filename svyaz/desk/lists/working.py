"""Acts upon selected rows as people give them: begun from a list, watched, stopped, taken back."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from svyaz.access.permissions import authenticated
from svyaz.desk.lists import reading
from svyaz.desk.lists.acts import ActForm
from svyaz.desk.lists.asked import Asked
from svyaz.desk.lists.bulk import (
    AT_ONCE,
    MOST,
    CannotBeUndone,
    NothingChosen,
    RunIsOver,
    UnknownAct,
    act_of,
    begin_bulk,
    run_bulk,
    stop_bulk,
    undo_bulk,
)
from svyaz.desk.lists.columns import Look
from svyaz.desk.lists.definition import list_for
from svyaz.desk.lists.views import asked_of
from svyaz.desk.lists.watching import shown
from svyaz.desk.models import BulkRow, BulkRun
from svyaz.desk.rendering import UNPROCESSABLE, EmployeeRequest, refused, see_other

MOST_REASONS = 100


@require_POST
@authenticated
def bulk(request: EmployeeRequest, name: str) -> HttpResponse:
    """Give an act to the rows that are selected, or to every row of the list."""
    look = Look(request.user, now())
    asked = asked_of(request, name, look, request.POST.get("query", ""))
    try:
        act = act_of(name, request.POST.get("act", ""), look)
    except UnknownAct as fact:
        raise Http404 from fact
    page = reverse(asked.listed.page)
    form: ActForm = act.form(request.POST, prefix=act.key, look=look)
    if not form.is_valid():
        if request.htmx:
            return refused(request, asked.address(page), str(next(iter(form.errors.values()))[0]))
        # Without a script, or with something missing: what is asked for, on a page of its own.
        context = {"act": act, "form": form, "listed": asked.listed, "here": asked.query(), "page": page}
        sent = {"picked": request.POST.getlist("pick"), "every": request.POST.get("every", "")}
        return render(request, "desk/lists/act_page.html", {**context, **sent}, status=UNPROCESSABLE)
    try:
        run = begin_bulk(
            list_name=name, act=act.key, params=form.params(), ids=_chosen(request, asked, look), by=request.user,
            at=look.at,
        )  # fmt: skip
    except NothingChosen:
        return refused(request, asked.address(page), _("Select rows first."))
    if run.total <= AT_ONCE:
        run_bulk(run_id=run.pk, by=request.user, at=look.at)
    return see_other(asked.address(page, run=str(run.pk)))


def _chosen(request: EmployeeRequest, asked: Asked, look: Look) -> list[int]:
    """Return the rows that are meant, of those that the viewer sees on this list."""
    rows = reading.found(asked, look)
    if request.POST.get("every") == "1":
        return list(rows.order_by("pk").values_list("pk", flat=True)[:MOST])
    picked = [int(one) for one in request.POST.getlist("pick") if one.isascii() and one.isdigit() and len(one) < 19]
    return list(rows.filter(pk__in=picked[:MOST]).order_by("pk").values_list("pk", flat=True))


@require_safe
@authenticated
def act_form(request: EmployeeRequest, name: str, key: str) -> HttpResponse:
    """Answer with what an act asks for, for its place in the bar."""
    look = Look(request.user, now())
    asked_of(request, name, look, "")
    try:
        act = act_of(name, key, look)
    except UnknownAct as fact:
        raise Http404 from fact
    return render(request, "desk/lists/act_form.html", {"act": act, "form": act.form(prefix=act.key, look=look)})


@require_safe
@authenticated
def run(request: EmployeeRequest, run_id: int) -> HttpResponse:
    """Show a run: how far it is, what it left out and why; for the list's own place its state alone."""
    found = get_object_or_404(BulkRun.objects.visible_to(request.user), pk=run_id)
    context: dict[str, Any] = {"work": shown(found, Look(request.user, now()))}
    if request.htmx:
        return render(request, "desk/lists/run.html", context)
    left_out = found.rows.filter(state__in=[BulkRow.State.SKIPPED, BulkRow.State.CHANGED]).order_by("pk")
    context["left_out"] = left_out[:MOST_REASONS]
    return render(request, "desk/lists/run_page.html", context)


@require_POST
@authenticated
def stop(request: EmployeeRequest, run_id: int) -> HttpResponse:
    """Stop a run after the row in hand."""
    found = get_object_or_404(BulkRun.objects.visible_to(request.user), pk=run_id)
    try:
        stop_bulk(run=found, by=request.user, at=now())
    except RunIsOver:
        return refused(request, _back(found, request), _("It is over already."))
    return see_other(_back(found, request))


@require_POST
@authenticated
def undo(request: EmployeeRequest, run_id: int) -> HttpResponse:
    """Take a run back."""
    at = now()
    found = get_object_or_404(BulkRun.objects.visible_to(request.user), pk=run_id)
    try:
        undo_bulk(run=found, by=request.user, at=at)
    except CannotBeUndone:
        return refused(request, _back(found, request), _("It cannot be taken back any more."))
    if found.total <= AT_ONCE:
        run_bulk(run_id=found.pk, by=request.user, at=at)
    return see_other(_back(found, request))


def _back(found: BulkRun, request: EmployeeRequest) -> str:
    listed = list_for(found.list, Look(request.user, now()))
    return f"{reverse(listed.page)}?run={found.pk}" if listed else reverse("desk:bulk_run", args=[found.pk])
