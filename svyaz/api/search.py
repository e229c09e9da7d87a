"""GET …/search?q=: part of a name, or an exact phone, e-mail, number, contract, account, INN, document."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router

from svyaz.access.models import Opening
from svyaz.access.permissions import needs
from svyaz.api.auth import caller_of
from svyaz.api.bodies import check_text
from svyaz.api.docs import FLAG, TEXT, content, errors, many, parameter, record, reference
from svyaz.api.errors import BadRequest
from svyaz.api.resources.answer import json_response
from svyaz.api.resources.values import CUSTOMER_PATH
from svyaz.parties.permissions import PartyPermission
from svyaz.search.actions import search
from svyaz.search.queries import Found

router = Router(tags=["search"])
LONGEST, DEFAULT_LIMIT, MOST_ROWS = 200, 20, 50

FOUND = record(
    ("id", "href", "name", "@referredType", "party"),
    id=TEXT, href=TEXT, name=TEXT, number=TEXT, status=TEXT, area=TEXT, phoneNumber=TEXT, matched=TEXT,
    isOwnArea=FLAG, party=reference("@referredType"), **{"@referredType": TEXT},
)  # fmt: skip
SEARCH = {
    "parameters": [
        {**parameter("q", {**TEXT, "minLength": 1, "maxLength": LONGEST}, "What to search for."), "required": True},
        parameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST_ROWS}, "The most to find."),
    ],
    "responses": {
        200: content(
            many(FOUND),
            "What was found, exact identifiers first: customers, and parties that are none. `matched` names the "
            "identifier; it opens the relationship beyond the caller's areas.",
        ),
        **errors(400, 401, 403, 429),
    },
}


@router.get("/search", operation_id="search", summary="Search by name or exact identifier", openapi_extra=SEARCH)
@needs(PartyPermission.READ)
def search_parties(request: HttpRequest) -> HttpResponse:
    """Search, in one round trip for a name."""
    text, limit = _question(request)
    found = search(text=text, by=caller_of(request).user, at=now(), door=Opening.Door.API, limit=limit)
    return json_response(json.dumps([_shown(each) for each in found], ensure_ascii=False))


def _question(request: HttpRequest) -> tuple[str, int]:
    if unknown := set(request.GET) - {"q", "limit"}:
        raise BadRequest(check_text(min(unknown), "query")[:100], "there is no such parameter")
    text, limit = check_text(request.GET.get("q", ""), "q").strip(), request.GET.get("limit", str(DEFAULT_LIMIT))
    if not 0 < len(text) <= LONGEST or "\ufffd" in text:
        raise BadRequest("q", f"must be 1 to {LONGEST} characters of UTF-8")
    if not (limit.isascii() and limit.isdigit() and len(limit) < 4 and 1 <= int(limit) <= MOST_ROWS):
        raise BadRequest("limit", f"must be a whole number from 1 to {MOST_ROWS}")
    return text, int(limit)


def _shown(found: Found) -> dict[str, Any]:
    """Return a hit: the customer, or the party where it is no customer."""
    party = {
        "id": str(found.party_id), "href": f"/tmf-api/party/v4/{found.kind}/{found.party_id}",
        "@referredType": found.kind.capitalize(),
    }  # fmt: skip
    who = party
    if found.customer_id is not None:
        who = {
            "id": str(found.customer_id), "href": f"{CUSTOMER_PATH}/{found.customer_id}", "@referredType": "Customer",
        }  # fmt: skip
    more = {
        "number": found.number, "status": found.status, "area": found.area, "phoneNumber": found.phone,
        "matched": found.matched,
    }  # fmt: skip
    given = {name: value for name, value in more.items() if value}
    return {**who, "name": found.title, **given, "isOwnArea": found.is_own_area, "party": party}
