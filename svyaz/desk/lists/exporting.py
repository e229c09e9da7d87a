"""Export of what is seen: the same filter, columns and rights, at once or as a job; and the files made so."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from svyaz.access.permissions import needs
from svyaz.desk.lists import reading
from svyaz.desk.lists.asked import read
from svyaz.desk.lists.columns import Look
from svyaz.desk.lists.definition import list_for, names
from svyaz.desk.rendering import EmployeeRequest, refused, render_part, see_other
from svyaz.exchange.actions.export import (
    AT_ONCE,
    ExportIsOver,
    begin_export,
    defer_export,
    fetch_export,
    file_name,
    sent_at_once,
    stop_export,
)
from svyaz.exchange.actions.export_sheets import Heading, Sheet, UnknownTable, register_table, sheet_of
from svyaz.exchange.models import ExportJob
from svyaz.exchange.permissions import ExchangePermission
from svyaz.users.models import User

MOST_SHOWN = 50
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


def sheet(name: str, query: str, viewer: User, at: datetime) -> Sheet:
    """Return a list as a table for export: what its page shows under this query, all of it."""
    look = Look(viewer, at)
    listed = list_for(name, look)
    if listed is None:
        raise UnknownTable(name)
    asked = read(listed, query, look)

    def chunks() -> Iterator[list[list[Any]]]:
        for rows in reading.all_through(asked, look):
            yield [reading.values_of(row, asked.columns, look) for row in rows]

    said = tuple(
        f"{one.filter.label} {one.filter.operators[one.operator]} {one.filter.said(one.operator, one.values, look)}"
        for one in asked.conditions
    )
    headings = tuple(Heading(column.key, str(column.label), str(column.kind)) for column in asked.columns)
    expected = reading.counted(reading.found(asked, look)).rows
    return Sheet(name, str(listed.title), asked.query(), said, headings, expected, chunks)


def register_lists() -> None:
    """Make every list known to the exchange."""
    for name in names():
        register_table(name, lambda query, viewer, at, name=name: sheet(name, query, viewer, at))  # type: ignore[misc]


@require_POST
@needs(ExchangePermission.EXPORT)
def export(request: EmployeeRequest, name: str) -> HttpResponseBase:
    """Send what is seen as a file; what is long becomes a job whose file is fetched later."""
    at = now()
    file_format = request.POST.get("format", "")
    if file_format not in ExportJob.Format.values:
        return refused(request, reverse("desk:exports"), _("This kind of file is unknown."))
    try:
        found = sheet_of(name, query=request.POST.get("query", "")[:4000], viewer=request.user, at=at)
    except UnknownTable as fact:
        raise Http404 from fact
    if found.expected > AT_ONCE:
        defer_export(sheet=found, file_format=file_format, by=request.user, at=at)
        return see_other(reverse("desk:exports"), request=request, said=_("The file is being written; you may go on."))
    job = begin_export(sheet=found, file_format=file_format, by=request.user, at=at)
    answer = StreamingHttpResponse(sent_at_once(job=job, sheet=found), content_type=TYPES[file_format])
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(name, file_format)}"'
    return answer


@require_safe
@needs(ExchangePermission.EXPORT)
def exports(request: EmployeeRequest) -> HttpResponse:
    """Show one's exports: how far they are, and the files that can be fetched."""
    at = now()
    found = ExportJob.objects.visible_to(request.user).order_by("-pk")[:MOST_SHOWN]
    rows: list[dict[str, Any]] = [
        {"job": job, "can_be_fetched": job.can_be_fetched(at), "title": _title(job, request.user, at)} for job in found
    ]
    is_running = any(row["job"].status == ExportJob.Status.RUNNING for row in rows)
    return render_part(request, "desk/lists/exports.html", "exports", {"rows": rows, "is_running": is_running})


def _title(job: ExportJob, viewer: User, at: datetime) -> str:
    listed = list_for(job.what, Look(viewer, at))
    return str(listed.title) if listed else job.what


@require_safe
@needs(ExchangePermission.EXPORT)
def export_file(request: EmployeeRequest, export_id: int) -> HttpResponseBase:
    """Send the file of one's own export."""
    job = get_object_or_404(ExportJob.objects.visible_to(request.user), pk=export_id)
    path = fetch_export(job=job, by=request.user, at=now())
    if path is None:
        raise Http404
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=file_name(job.what, job.format), content_type=TYPES[job.format]
    )


@require_POST
@needs(ExchangePermission.EXPORT)
def export_stop(request: EmployeeRequest, export_id: int) -> HttpResponse:
    """Stop an export that is being written."""
    job = get_object_or_404(ExportJob.objects.visible_to(request.user), pk=export_id)
    page = reverse("desk:exports")
    try:
        stop_export(job=job, by=request.user, at=now())
    except ExportIsOver:
        return refused(request, page, _("The export is over already."))
    return see_other(page, request=request, said=_("The export stops."))
