"""The list of customers and the search box over it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from svyaz.access.permissions import needs
from svyaz.desk.customers.columns import CUSTOMERS, MOST_FOUND
from svyaz.desk.customers.values import local_name
from svyaz.desk.lists.columns import Look
from svyaz.desk.lists.views import show_list
from svyaz.desk.rendering import EmployeeRequest
from svyaz.parties.models import Party
from svyaz.parties.permissions import PartyPermission
from svyaz.search.actions import search
from svyaz.search.queries import Found, find_by_identifier, find_by_name, looks_exact

Row = dict[str, Any]
MOST_SUGGESTED = 8


@require_safe
@needs(PartyPermission.READ)
def customers(request: EmployeeRequest) -> HttpResponse:
    """Show customers, or those that the search box means; the only one meant exactly opens at once."""
    look = Look(request.user, now())
    text = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    found = search(text=text, by=request.user, at=look.at, limit=MOST_FOUND) if text else []
    if len(found) == 1 and found[0].matched:
        return redirect("desk:customer", found[0].party_id)
    if text:
        look.loaded["found"] = {row.party_id: row for row in found}
    beyond = [_found_row(row) for row in found if not row.is_own_area]
    return show_list(request, CUSTOMERS.name, look=look, template="desk/customers/list.html", q=text, beyond=beyond)


def _found_row(found: Found) -> Row:
    """Return a line for a customer beyond the viewer's areas, whom an exact identifier has opened."""
    area = local_name({"area": found.area, "area_en": found.area_en}, "area")
    return {
        "id": found.party_id, "title": found.title, "number": found.number, "area": area,
        "is_company": found.kind == Party.Kind.ORGANIZATION,
    }  # fmt: skip


@require_safe
@needs(PartyPermission.READ)
def suggestions(request: EmployeeRequest) -> HttpResponse:
    """Answer the search box of the top bar while one types; without a script it leads to the list."""
    text = request.GET.get("q", "").strip()[:200].replace("\x00", "")
    if not request.htmx:
        return redirect(f"{reverse('desk:customers')}?{urlencode({'q': text})}")
    exact = find_by_identifier(request.user, text, limit=MOST_SUGGESTED) if text and looks_exact(text) else []
    own = [row for row in exact if row.is_own_area]
    seen = {row.party_id for row in exact}
    named = find_by_name(request.user, text, limit=MOST_SUGGESTED) if text and "@" not in text else []
    context = {
        "q": text,
        "found": [*own, *(row for row in named if row.party_id not in seen)][:MOST_SUGGESTED],
        # Who lies beyond one's areas is shown when asked for: the opening is recorded then.
        "beyond": len(exact) - len(own),
    }
    return render(request, "desk/customers/suggestions.html", context)
