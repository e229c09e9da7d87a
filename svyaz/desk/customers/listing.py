"""The list of customers and the search box over it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from svyaz.access.permissions import needs
from svyaz.customer360.queries.listing import MOST_COUNTED, PAGE, ListKey, count_of, listed, page_of
from svyaz.desk.customers.forms import ListForm
from svyaz.desk.customers.values import local_name, role_badge, title_of
from svyaz.desk.rendering import EmployeeRequest, render_part
from svyaz.parties.models import Party, PartyRole
from svyaz.parties.permissions import PartyPermission
from svyaz.search.actions import search
from svyaz.search.queries import Found, find_by_identifier, find_by_name, looks_exact

Row = dict[str, Any]
FILTERS = ("role", "state", "kind", "area")
MOST_FOUND = 100
MOST_SUGGESTED = 8


@require_safe
@needs(PartyPermission.READ)
def customers(request: EmployeeRequest) -> HttpResponse:
    """Show customers by name, or those that the search box means; the only one meant exactly opens at once."""
    form = ListForm(request.GET, viewer=request.user)
    form.is_valid()
    text = form.cleaned_data.get("q", "").strip()
    found = search(text=text, by=request.user, at=now(), limit=MOST_FOUND) if text else []
    if len(found) == 1 and found[0].matched:
        return redirect("desk:customer", found[0].party_id)
    context = {"form": form, "q": text, **_page(request, form, found if text else None)}
    return render_part(request, "desk/customers/list.html", "list", context)


def _page(request: EmployeeRequest, form: ListForm, found: list[Found] | None) -> dict[str, Any]:
    wanted = form.wanted()
    if found is not None:
        wanted = replace(wanted, ids=[row.party_id for row in found])
        if "role" not in request.GET:
            wanted = replace(wanted, role="")
    rows = listed(request.user, wanted)
    shown, following = page_of(rows, form.key())
    return {
        "rows": [_row(party) for party in shown],
        "beyond": [_found_row(row) for row in found or () if not row.is_own_area],
        "count": count_of(rows),
        "most": MOST_COUNTED,
        "size": PAGE,
        "next": _address(request, after=following) if following else "",
        "is_later_page": bool(form.key()),
        "first": _address(request, after=None),
        "is_filtered": any(request.GET.get(name) for name in FILTERS),
    }


def _address(request: EmployeeRequest, *, after: ListKey | None) -> str:
    params = {name: str(value) for name, value in request.GET.items() if name in {"q", *FILTERS} and value}
    if after is not None:
        params["after"] = f"{after.party_id}:{after.name_key}"
    return reverse("desk:customers") + (f"?{urlencode(params)}" if params else "")


def _row(party: Party) -> Row:
    """Return a line of the list from a party with its roles and media."""
    roles: Iterable[PartyRole] = party.listed_roles  # type: ignore[attr-defined]
    current = [role for role in roles if role.valid_to is None] or list(roles)[:1]
    customer = next((role for role in roles if role.kind == PartyRole.Kind.CUSTOMER), None)
    shown = customer or next(iter(current), None)
    medium = next(iter(party.listed_media), None)  # type: ignore[attr-defined]
    return {
        "id": party.pk,
        "title": title_of(
            party.name, [role.number for role in roles], party.pk, "" if party.is_person else party.legal_form
        ),
        "is_named": bool(party.name),
        "is_company": not party.is_person,
        "number": shown.number if shown else "",
        "roles": [role_badge(role.kind) for role in current],
        "area": party.home_area,
        "medium": medium,
        "status": shown.status if shown else "",
        "status_name": shown.get_status_display() if shown else "",
        "since": shown.valid_from if shown else None,
    }


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
