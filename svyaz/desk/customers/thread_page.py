"""The thread by itself: narrowed, further back, and each line opened with all that belongs to it."""

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from svyaz.access.permissions import needs
from svyaz.access.queries import Rights
from svyaz.customer360.queries.thread import ThreadKey, older_thread
from svyaz.decisions.models import Decision, Promise
from svyaz.desk.customers.thread import Wanted, kinds_of_thread, thread
from svyaz.desk.rendering import EmployeeRequest
from svyaz.interactions.models import Interaction
from svyaz.interactions.permissions import InteractionPermission
from svyaz.interactions.queries import employees_in_contact
from svyaz.markets.models import CompetitorOffer
from svyaz.parties.queries import relationship_rights
from svyaz.services.models import Product

MOST_PEOPLE = 50


def _rights(request: EmployeeRequest, party_id: int) -> Rights:
    rights = relationship_rights(request.user, party_id, now())
    if rights is None:
        raise Http404
    return rights


@require_safe
@needs(InteractionPermission.READ)
def older(request: EmployeeRequest, party_id: int) -> HttpResponse:
    """Show the thread as it is wanted, or what lies before a key; without a script the same as a page of its own."""
    rights = _rights(request, party_id)
    wanted = Wanted.read(request.GET)
    before = ThreadKey.read(request.GET.get("before", ""))
    page = older_thread(rights, at=now(), before=before, wanted=wanted.filter)
    page_url = reverse("desk:customer", args=[rights.party_id])
    context = {
        "thread": thread(page),
        "thread_kinds": kinds_of_thread(wanted),
        "wanted": wanted,
        "page_url": page_url,
        "party": {"id": rights.party_id, "title": _("The thread")},
        "is_older": before is not None,
    }
    template = "desk/customers/thread.html" if request.htmx else "desk/customers/thread_page.html"
    response = render(request, template, context)
    if request.htmx and before is None:
        # What is wanted stands in the address, so that the page can be sent as a link.
        response["HX-Replace-Url"] = f"{page_url}{wanted.address()}"
    return response


@require_safe
@needs(InteractionPermission.READ)
def narrowing(request: EmployeeRequest, party_id: int) -> HttpResponse:
    """Show by which employee and about which service the thread may be narrowed."""
    rights = _rights(request, party_id)
    context = {
        "people": employees_in_contact(rights)[:MOST_PEOPLE],
        "products": Product.objects.visible_to(rights).select_related("offering").order_by("-valid_from")[:MOST_PEOPLE],
        "wanted": Wanted.read(request.GET),
        "page_url": reverse("desk:customer", args=[rights.party_id]),
        "party": {"id": rights.party_id, "title": _("The thread")},
    }
    template = "desk/customers/narrowing.html" if request.htmx else "desk/customers/narrowing_page.html"
    return render(request, template, context)


@require_safe
@needs(InteractionPermission.READ)
def line(request: EmployeeRequest, party_id: int, kind: str, row_id: int) -> HttpResponse:
    """Show one line of the thread with all that belongs to it."""
    rights = _rights(request, party_id)
    read = LINES.get(kind)
    if read is None:
        raise Http404
    context = read(rights, row_id) | {"kind": kind, "page_url": reverse("desk:customer", args=[rights.party_id])}
    template = "desk/customers/line.html" if request.htmx else "desk/customers/line_page.html"
    return render(request, template, context)


def _contact(rights: Rights, row_id: int) -> dict[str, Any]:
    rows = Interaction.objects.visible_to(rights).select_related("employee", "department", "topic", "in_reply_to")
    rows = rows.prefetch_related("participants__party", "participants__on_behalf_of")
    contact = get_object_or_404(rows, pk=row_id)
    decisions = Decision.objects.visible_to(rights).filter(interaction=row_id).order_by("pk")
    promises = Promise.objects.visible_to(rights).filter(interaction=row_id).select_related("employee").order_by("pk")
    offers = CompetitorOffer.objects.visible_to(rights).filter(interaction=row_id).select_related("competitor")
    return {"contact": contact, "decisions": decisions, "promises": promises, "offers": offers.order_by("pk")}


def _decision(rights: Rights, row_id: int) -> dict[str, Any]:
    rows = Decision.objects.visible_to(rights).select_related(
        "kind", "maker", "department", "interaction", "supersedes", "approval__approver"
    )
    promises = Promise.objects.visible_to(rights).select_related("employee", "result").order_by("due_at")
    decision = get_object_or_404(
        rows.prefetch_related("grounds", "rejected", Prefetch("promises", promises), "sightings__by", "outcomes"),
        pk=row_id,
    )  # fmt: skip
    return {"decision": decision}


LINES: dict[str, Callable[[Rights, int], dict[str, Any]]] = {"contact": _contact, "decision": _decision}
