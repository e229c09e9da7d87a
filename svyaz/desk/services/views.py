"""The catalogue, and one service: what it costs and where, who deals with it, why people turn to us about it."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from svyaz.access.permissions import needs
from svyaz.desk.customers.values import local_name
from svyaz.desk.lists.views import show_list
from svyaz.desk.paging import MOST_COUNTED
from svyaz.desk.rendering import EmployeeRequest
from svyaz.desk.services.listing import SERVICES
from svyaz.desk.work import Reach, Row, with_party_roles
from svyaz.interactions.models import Interaction
from svyaz.interactions.permissions import InteractionPermission
from svyaz.interactions.queries import employees_of_service, topics_of_service
from svyaz.services.models import Product, ProductOffering
from svyaz.services.permissions import ServicePermission

SINCE = timedelta(days=90)
MOST_FACES = 12
MOST_CONTACTS = 12


@require_safe
@needs(ServicePermission.READ_CATALOG)
def services(request: EmployeeRequest) -> HttpResponse:
    """Show the catalogue, by kind and name."""
    return show_list(request, SERVICES.name)


@require_safe
@needs(ServicePermission.READ_CATALOG)
def service(request: EmployeeRequest, offering_id: int) -> HttpResponse:
    """Show one service."""
    at = now()
    rows = ProductOffering.objects.visible_to(request.user).prefetch_related("areas", "parts", "bundles")
    found = get_object_or_404(rows, pk=offering_id)
    reach = Reach.of(request.user, at)
    context = {"service": found, "most_counted": MOST_COUNTED, **_owners(found, reach), **_faces(found, reach, at)}
    return render(request, "desk/services/page.html", context)


def _owners(service: ProductOffering, reach: Reach) -> Row:
    """Return how many of the viewer's customers have it; nothing for who may not read what customers have."""
    if not reach.rights.may(ServicePermission.READ):
        return {}
    has: Any = Product.objects.visible_to(reach.rights).current().filter(offering=service)
    return {"owners": has.order_by().values("party").distinct()[: MOST_COUNTED + 1].count()}


def _faces(service: ProductOffering, reach: Reach, at: datetime) -> Row:
    """Return the faces of the triangle: who deals with it, why people turn to us, the latest contacts about it."""
    if not reach.rights.may(InteractionPermission.READ):
        return {}
    since = at - SINCE
    contacts: QuerySet[Interaction] = Interaction.objects.visible_to(reach.rights).filter(offering=service)
    recent = contacts.select_related("party", "topic", "employee", "offering").order_by("-at", "-pk")
    people = list(employees_of_service(service, viewer=reach.rights, since=since)[:MOST_FACES])
    topics = list(topics_of_service(service, viewer=reach.rights, since=since)[:MOST_FACES])
    return {
        "people": [{**row, "department": local_name(row, "department__name")} for row in people],
        "topics": [{**row, "name": local_name(row, "topic__name")} for row in topics],
        "most_topics": max((row["contacts"] for row in topics), default=0),
        "contacts": [reach.contact(row) for row in with_party_roles(recent)[:MOST_CONTACTS]],
        "contacts_count": contacts.filter(at__gte=since)[: MOST_COUNTED + 1].count(),
        "days": SINCE.days,
    }
