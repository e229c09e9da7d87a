"""GET …/customer360/{customer}: everything about one relationship, as PostgreSQL built it."""

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router

from svyaz.access.models import Opening
from svyaz.access.permissions import needs
from svyaz.api.auth import caller_of
from svyaz.api.bodies import check_text
from svyaz.api.docs import errors, relationship_schema
from svyaz.api.errors import NotFound
from svyaz.api.openings import OPENINGS
from svyaz.customer360.queries import camel, opening_of, relationship
from svyaz.parties.permissions import PartyPermission

router = Router(tags=["customer360"])


@router.get(
    "/customer360/{customer}",
    operation_id="retrieveCustomer360",
    summary="Everything about the relationship with one customer, in one round trip",
    openapi_extra={"responses": {200: relationship_schema(), **errors(400, 401, 403, 404, 429)}},
)
@needs(PartyPermission.READ)
def retrieve_customer360(request: HttpRequest, customer: str) -> HttpResponse:
    """Answer by customer id or number; the exact number opens the relationship beyond the caller's areas."""
    rights, at = caller_of(request).rights, now()
    found = relationship(rights, at=at, customer=check_text(customer, "customer"), naming=camel)
    if found is None:
        raise NotFound(f"customer {customer}: no such customer")
    OPENINGS.note(opening_of(found, viewer=rights, at=at, door=Opening.Door.API))
    return HttpResponse(found.json, content_type="application/json")
