"""What a page fetches when it hears of something, and the stream itself where the live process is away."""

from collections.abc import Iterable
from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from svyaz.access.permissions import authenticated, needs
from svyaz.access.queries import rights_of
from svyaz.customer360.queries import relationship
from svyaz.desk.customers.page import page_context
from svyaz.desk.live.messages import BACK_LATER, HEADERS, greeting, message, reset, tick
from svyaz.desk.live.visitors import Refused, party_asked
from svyaz.desk.rendering import EmployeeRequest
from svyaz.history.queries import Committed, Position, committed_after, horizon
from svyaz.notices.actions import arrive_at_card
from svyaz.notices.queries.listing import colleagues_at_card
from svyaz.notices.queries.live import KINDS, allowed, pointers
from svyaz.parties.permissions import PartyPermission
from svyaz.parties.queries import relationship_rights
from svyaz.workforce.permissions import WorkforcePermission
from svyaz.workforce.queries import colleagues as colleagues_of
from svyaz.workforce.queries import employee_of

# Who was away longer takes his page up anew.
MOST_MISSED = 500


@require_safe
@authenticated
def stream(request: EmployeeRequest) -> HttpResponse:
    """Say what happened since the page last heard, and end: the browser asks again after some seconds.

    Here speaks the web server, while the live process is away; the positions mean the same to both.
    """
    at = now()
    try:
        party_id = party_asked(request.GET.get("party", ""), request.user)
    except Refused as refused:
        raise Http404 from refused
    employee = employee_of(request.user)
    if party_id is not None and employee is not None:
        arrive_at_card(employee_id=employee.pk, party_id=party_id, at=at)
    asked = request.headers.get("Last-Event-ID", "") or request.GET.get("after", "")
    words = _missed(request, Position.read(asked), party_id, at)
    return HttpResponse("".join([greeting(BACK_LATER), *words]), headers=HEADERS)


def _missed(request: EmployeeRequest, after: Position | None, party_id: int | None, at: datetime) -> Iterable[str]:
    if after is None:
        return [tick(Position(horizon()[0], 0))]
    page: Committed = committed_after(after, kinds=KINDS, most=MOST_MISSED)
    if not page.is_whole:
        return [reset(Position(horizon()[0], 0))]
    mine = (request.user.pk, party_id)
    found = pointers(page.events)
    rights = allowed(found, [mine], at=at)
    said = [message(one.message, one.position) for one in found if rights.may(one, *mine)]
    return [*said, tick(page.position)]


@require_safe
@needs(PartyPermission.READ)
def card(request: EmployeeRequest, party_id: int) -> HttpResponse:
    """Show what stands in front and the thread as they are now, for a card that is open already."""
    at = now()
    found = relationship(request.user, at=at, party_id=party_id)
    if found is None:
        raise Http404
    return render(request, "desk/live/parts.html", page_context(request, found, at))


@require_safe
@needs(PartyPermission.READ)
def colleagues(request: EmployeeRequest, party_id: int) -> HttpResponse:
    """Show who else has the card open."""
    at = now()
    if relationship_rights(request.user, party_id, at) is None:
        raise Http404
    return render(request, "desk/live/colleagues.html", {"people": people_at(request, party_id, at)})


def people_at(request: EmployeeRequest, party_id: int, at: datetime) -> list[object]:
    """Return who else has a card open, for those who may see colleagues."""
    if not rights_of(request.user).may(WorkforcePermission.READ):
        return []
    return list(colleagues_at_card(party_id, but=request.user.pk, at=at)[:8])


@require_safe
@needs(WorkforcePermission.READ)
def desks(request: EmployeeRequest) -> HttpResponse:
    """Show who of one's department is at his desk now."""
    found = colleagues_of(request.user).select_related("presence", "department").order_by("name_key", "pk")
    people = [one for one in found[:100] if getattr(one, "presence", None)]
    present = [one for one in people if one.presence.state != "away"]
    context = {"present": present, "away": [one for one in people if one.presence.state == "away"]}
    template = "desk/live/desks.html" if request.htmx else "desk/live/desks_page.html"
    return render(request, template, context)
