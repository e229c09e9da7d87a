"""Lists of one relationship: `<path>.id` names the customer or, with `<path>.@referredType`, the party."""

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from svyaz.api.auth import caller_of
from svyaz.api.docs import TEXT, Schema, parameter
from svyaz.api.drafts import Reference
from svyaz.api.errors import BadRequest, NotFound
from svyaz.api.parties import PARTY_TYPES, opened_party
from svyaz.api.resources.answer import answer_list, answer_nothing
from svyaz.api.resources.attributes import Resource
from svyaz.parties.queries import ids_of

TYPES = ["Customer", *sorted(PARTY_TYPES)]


def party_parameters(path: str) -> tuple[Schema, Schema]:
    """Return the description of the two parameters."""
    return (
        parameter(f"{path}.id", TEXT, f"The customer's id or number; with {path}.@referredType, a party's id."),
        parameter(
            f"{path}.@referredType", {"type": "string", "enum": TYPES}, f"What {path}.id names; Customer if not given."
        ),
    )


def answer_by_party(request: HttpRequest, resource: Resource, path: str, *, sort: str = "") -> HttpResponse:
    """Answer the list of one relationship if the request names it, else of the caller's areas."""
    given, kind = request.GET.getlist(f"{path}.id"), request.GET.getlist(f"{path}.@referredType")
    if not given and not kind:
        return answer_list(request, resource)
    if len(given) != 1 or len(kind) > 1 or not 1 <= len(given[0]) <= 64 or "\x00" in given[0]:
        raise BadRequest(f"{path}.id", "must name one customer or party")
    without = {f"{path}.id", f"{path}.@referredType"}
    try:
        party = opened_party(_reference(given[0], kind), caller_of(request), at=now(), field=path)
    except NotFound:
        return answer_nothing(request, resource, without=without)
    return answer_list(request, resource, parties=ids_of(party), without=without, sort=sort)


def _reference(text: str, kind: list[str]) -> Reference:
    return Reference.model_validate({"id": text, "@referredType": kind[0][:60] if kind else None})
