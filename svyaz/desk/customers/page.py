"""The customer's page: the whole relationship in one query."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from svyaz.access.actions import record_openings
from svyaz.access.models import Opening
from svyaz.access.permissions import needs
from svyaz.access.queries import Rights
from svyaz.customer360.queries import Relationship, opening_of, relationship
from svyaz.customer360.queries.thread import older_thread, thread_of
from svyaz.desk.customers.aside import aside
from svyaz.desk.customers.composer import Composer
from svyaz.desk.customers.composer_drafts import composer_of
from svyaz.desk.customers.composer_page import composer_context
from svyaz.desk.customers.front import front
from svyaz.desk.customers.header import header
from svyaz.desk.customers.opening_words import opened_because
from svyaz.desk.customers.thread import Wanted, kinds_of_thread, thread
from svyaz.desk.merges.card import merges_on_card
from svyaz.desk.middleware import clock_of
from svyaz.desk.models import note_recent
from svyaz.desk.rendering import EmployeeRequest
from svyaz.history.models import Event
from svyaz.interactions.permissions import InteractionPermission
from svyaz.parties.actions import UNDO_WITHIN
from svyaz.parties.permissions import PartyPermission
from svyaz.parties.queries import changes_of
from svyaz.users.models import User

PAGE = "desk/customers/page.html"


@require_safe
@needs(PartyPermission.READ)
def customer(request: EmployeeRequest, party_id: int) -> HttpResponse:
    """Show everything about the relationship, and record that the card was opened."""
    at = now()
    found = seen(request, party_id, at)
    if found.party_id != party_id:
        return redirect(f"{reverse('desk:customer', args=[found.party_id])}?from={party_id}")
    note_opened(request, found, at)
    response = render(request, PAGE, page_context(request, found, at))
    if request.htmx:
        response["HX-Replace-Url"] = request.get_full_path()
    return response


def seen(request: EmployeeRequest, party_id: int, at: datetime) -> Relationship:
    """Return the relationship as the viewer may see it, under the survivor's id; 404 if it does not exist for him."""
    found = relationship(request.user, at=at, party_id=party_id)
    if found is None:
        raise Http404
    return found


def opened(request: EmployeeRequest, party_id: int, at: datetime) -> Relationship:
    """Return the relationship as the viewer may see it, and record the opening; 404 if it does not exist for him."""
    found = seen(request, party_id, at)
    note_opened(request, found, at)
    return found


def note_opened(request: EmployeeRequest, found: Relationship, at: datetime) -> None:
    """Record that a card was opened, and remember it among the recent ones."""
    record_openings([opening_of(found, viewer=request.user, at=at, door=Opening.Door.DESK)])
    note_recent(user_id=request.user.pk, party_id=found.party_id, at=at)


def page_context(
    request: EmployeeRequest, found: Relationship, at: datetime, composer: Composer | None = None
) -> dict[str, Any]:
    """Return what the page shows; with a composer that was sent, that one."""
    data = found.data
    rights = found.rights(request.user)
    shared = parts_context(request, found, at)
    area = shared["party"]["area"]
    zone = clock_of(area["time_zone"] if area else request.user.time_zone)
    wanted = Wanted.read(request.GET)
    context = shared | {
        "opened": None if found.basis == Opening.Basis.AREA else opened_because(request.user, found.party_id, at),
        "front": front(data, at=at, rights=rights, zone=zone),
        "undo": change_to_undo(found, request.user, request.GET.get("undo", ""), at),
        "merges": merges_on_card(found, request.GET.get("from", "")),
        "thread": _thread(data, rights, wanted, at),
        "thread_kinds": kinds_of_thread(wanted),
        "wanted": wanted,
    }
    if rights.may(InteractionPermission.RECORD):
        changed = request.GET.get("change", "")
        asked = request.GET.get("draft", "")
        sent = composer or composer_of(
            request.user, asked=asked, party_id=found.party_id, rights=rights, zone=zone, now=at
        )
        context["composer"] = composer_context(sent, data, changed, request.GET.get("keep") == "all")
    return context


@require_safe
@needs(PartyPermission.READ)
def in_front(request: EmployeeRequest, party_id: int) -> HttpResponse:
    """Show what stands in front by itself, for who refreshes that part of the page; without a script the page."""
    at = now()
    found = relationship(request.user, at=at, party_id=party_id)
    if found is None:
        raise Http404
    if not request.htmx:
        return redirect("desk:customer", party_id)
    return render(request, "desk/customers/front.html", page_context(request, found, at))


def parts_context(request: EmployeeRequest, found: Relationship, at: datetime) -> dict[str, Any]:
    """Return what head and facts show: they are drawn anew after a fact was corrected."""
    rights = found.rights(request.user)
    return {
        "party": header(found.data, at),
        "aside": aside(found.data),
        "may_edit": rights.may(PartyPermission.WRITE),
        "page_url": reverse("desk:customer", args=[found.party_id]),
    }


def change_to_undo(found: Relationship, user: User, number: str, at: datetime) -> Event | None:
    """Return one's own fresh change that an address names, for who works without a script."""
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    fresh = changes_of(found.party_id, found.rights(user)).filter(by=user, at__gte=at - UNDO_WITHIN)
    return fresh.filter(pk=int(number)).first()


def _thread(data: dict[str, Any], rights: Rights, wanted: Wanted, at: datetime) -> dict[str, Any] | None:
    panels = data["panels"]
    if "interactions" not in panels and "decisions" not in panels:
        return None
    if wanted.filter.is_everything:
        return thread(thread_of(panels))
    return thread(older_thread(rights, at=at, wanted=wanted.filter))
