"""The list of customers and the search box over it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
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
from svyaz.search.queries import Found

Row = dict[str, Any]


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
