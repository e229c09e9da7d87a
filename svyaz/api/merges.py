"""…/partyMerge: cards of one person or company are merged, and parted again; TM Forum has no resource for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from svyaz.access.permissions import needs
from svyaz.api.auth import Caller, caller_of
from svyaz.api.docs import IDEMPOTENCY_KEY, MOMENT, TEXT, content, errors, list_of, many, one_of, reference, schema_of
from svyaz.api.drafts import Draft, FilledLine, Line, Reference, Word
from svyaz.api.errors import BadRequest, Conflict, NotFound
from svyaz.api.idempotency import answer_once
from svyaz.api.parties import party_of
from svyaz.api.resources.answer import answer_list, answer_one, json_response, read_back
from svyaz.api.resources.attributes import COMPARISONS, Attribute, Filter, Key, Resource, read_id, read_moment
from svyaz.api.resources.values import filled, identity, party_reference
from svyaz.parties.actions import (
    CompanyAboveItself,
    CustomerMustSurvive,
    DifferentINN,
    DifferentKinds,
    InvalidField,
    MergeAlreadyUndone,
    MergedAlready,
    MergedIntoItself,
    PartyAlreadyExists,
    TakenMeanwhile,
    merge_parties,
    undo_merge,
)
from svyaz.parties.models import Merge, Party
from svyaz.parties.permissions import PartyPermission
from svyaz.parties.queries import merges_to_undo, parties_to_merge

router = Router(tags=["partyMerge"])
MERGE_PATH = "/tmf-api/svyaz/v1/partyMerge"
MOST_MERGED = 10
# The fields whose value can be taken over, in the API's spelling.
FIELDS = {
    "familyName": "family_name", "givenName": "given_name", "middleName": "middle_name", "name": "name",
    "birthDate": "birth_date", "gender": "gender", "legalForm": "legal_form", "inn": "inn", "kpp": "kpp",
    "ogrn": "ogrn", "language": "language", "homeArea": "home_area",
}  # fmt: skip
REFUSALS: dict[type[Exception], str] = {
    MergedIntoItself: "merged: these are one party already, or one is named twice",
    MergedAlready: "merged: a party has been merged into another meanwhile",
    DifferentKinds: "merged: a person and a company are never one party",
    CustomerMustSurvive: "survivor: where one of them is a customer, a customer must stay",
    DifferentINN: "merged: two INNs are two taxpayers",
    CompanyAboveItself: "merged: one of the companies is the parent of the other",
    PartyAlreadyExists: "chosen: another company has this INN and KPP",
}


class ChoiceIn(Draft):
    """A field whose value the survivor takes over, and the merged party whose value that is."""

    attribute: Word
    party: Reference


class MergeIn(Draft):
    """Which party stays, which count as it from now on, which values it takes over, and how one knows."""

    survivor: Reference
    merged: list[Reference] = Field(min_length=1, max_length=MOST_MERGED)
    chosen: list[ChoiceIn] = Field([], max_length=len(FIELDS))
    reason: FilledLine


class UndoIn(Draft):
    """Why the two are parted again."""

    reason: Line = ""


MERGE = Resource(
    name="partyMerge",
    path=MERGE_PATH,
    permission=PartyPermission.READ,
    rows=lambda rights: Merge.objects.visible_to(rights),
    party="survivor_id",
    default_sort="-date",
    attributes=(
        *identity(MERGE_PATH, "PartyMerge"),
        Attribute(
            "survivor", reference("@referredType"), lambda rights: party_reference("survivor"),
            filters=(Filter("survivor_id", "bigint", read_id, "id"),),
        ),
        Attribute(
            "merged", reference("@referredType"), lambda rights: party_reference("merged"),
            filters=(Filter("merged_id", "bigint", read_id, "id"),),
        ),
        Attribute("reason", TEXT, lambda rights: F("reason")),
        Attribute(
            "date", MOMENT, lambda rights: F("at"), sort=(Key("at", "timestamptz"),),
            filters=(Filter("at", "timestamptz", read_moment, operators=COMPARISONS),),
        ),
        Attribute("by", TEXT, lambda rights: F("by__name"), is_optional=True),
        Attribute(
            "takenOver", {"type": "object"}, lambda rights: F("chosen"), permission=PartyPermission.READ_PERSONAL
        ),
        Attribute("undoneDate", MOMENT, lambda rights: F("undone_at"), is_optional=True),
        Attribute("undoneBy", TEXT, lambda rights: F("undone_by__name"), is_optional=True),
        Attribute("undoReason", TEXT, lambda rights: filled("undo_reason"), is_optional=True),
        Attribute("keptAsChanged", many(TEXT), lambda rights: F("kept")),
    ),
)  # fmt: skip

_ONE = schema_of(MERGE)
CREATED = {
    "parameters": [IDEMPOTENCY_KEY],
    "responses": {
        201: content(many(_ONE), "A merge for each party that was merged; nothing was moved or deleted."),
        **errors(400, 401, 403, 404, 409, 413, 415, 422, 429),
    },
}
UNDONE = {
    "parameters": [IDEMPOTENCY_KEY],
    "responses": {
        201: content(_ONE, "The merge as undone; keptAsChanged names values that were changed since and stay."),
        **errors(400, 401, 403, 404, 409, 413, 415, 422, 429),
    },
}


@router.post(
    "/partyMerge", operation_id="createPartyMerge", summary="Merge parties that are one", openapi_extra=CREATED
)
@needs(PartyPermission.MERGE)
def create_party_merge(request: HttpRequest, draft: MergeIn) -> HttpResponse:
    """Count one or more parties as the survivor from now on; their rows stay theirs and are read as one."""
    return answer_once(request, lambda: _create(caller_of(request), draft))


@router.get(
    "/partyMerge", operation_id="listPartyMerge", summary="Merges, the newest first", openapi_extra=list_of(MERGE)
)
@needs(PartyPermission.MERGE)
def list_party_merge(request: HttpRequest) -> HttpResponse:
    """List the merges of the caller's areas, undone ones too."""
    return answer_list(request, MERGE)


@router.get("/partyMerge/{id}", operation_id="retrievePartyMerge", summary="One merge", openapi_extra=one_of(MERGE))
@needs(PartyPermission.MERGE)
def retrieve_party_merge(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 — the parameter's public name
    """Answer one merge by id."""
    return answer_one(request, MERGE, id)


@router.post(
    "/partyMerge/{id}/undo", operation_id="undoPartyMerge", summary="Part two parties again", openapi_extra=UNDONE
)  # fmt: skip
@needs(PartyPermission.UNMERGE)
def undo_party_merge(request: HttpRequest, id: str, draft: UndoIn) -> HttpResponse:  # noqa: A002
    """Undo a merge: the survivor gets its former values back, what came since stays where it was written."""
    return answer_once(request, lambda: _undo(caller_of(request), id, draft))


def _create(caller: Caller, draft: MergeIn) -> HttpResponse:
    at = now()
    survivor = _party(draft.survivor, caller, at, "survivor")
    merged = [_party(each, caller, at, f"merged[{place}]") for place, each in enumerate(draft.merged)]
    chosen = {_field(each, place): _source(each, caller, at, place) for place, each in enumerate(draft.chosen)}
    with _as_answers():
        made = merge_parties(
            survivor=survivor, merged=merged, chosen=chosen, reason=draft.reason, by=caller.user, at=at
        )
    shown = [read_back(MERGE, caller.rights, survivor.pk, merge.pk) for merge in made]
    response = json_response(f"[{','.join(shown)}]", 201)
    response["Location"] = f"{MERGE.path}/{made[0].pk}"
    return response


def _party(named: Reference, caller: Caller, at: datetime, field: str) -> Party:
    """Return a party that the caller may merge: his right must reach its area, an opening is not enough."""
    party = party_of(named, caller.rights, at=at, field=field)
    found = parties_to_merge([party.pk], viewer=caller.rights)
    if found is None:
        raise NotFound(f"{field}: there is no {named.referred_type or 'Customer'} {named.id} that you may merge")
    return found[0]


def _field(choice: ChoiceIn, place: int) -> str:
    if choice.attribute not in FIELDS:
        raise BadRequest(f"chosen[{place}].attribute", f"must be one of {', '.join(FIELDS)}")
    return FIELDS[choice.attribute]


def _source(choice: ChoiceIn, caller: Caller, at: datetime, place: int) -> int:
    return party_of(choice.party, caller.rights, at=at, field=f"chosen[{place}].party").pk


@contextmanager
def _as_answers() -> Iterator[None]:
    """Let what the action refuses be an answer that says why."""
    try:
        yield
    except tuple(REFUSALS) as error:
        raise Conflict(next(words for kind, words in REFUSALS.items() if isinstance(error, kind))) from error
    except InvalidField as error:
        raise BadRequest(error.field, f"{error.reason}: {error.value}") from error


def _undo(caller: Caller, pk: str, draft: UndoIn) -> HttpResponse:
    merge: Any = merges_to_undo(caller.rights).filter(pk=read_id(pk)).first()
    if merge is None:
        raise NotFound(f"partyMerge {pk}: there is no such merge that you may undo")
    try:
        undo_merge(merge=merge, by=caller.user, at=now(), reason=draft.reason)
    except MergeAlreadyUndone as error:
        raise Conflict("this merge was undone before") from error
    except TakenMeanwhile as error:
        raise Conflict("another company was given this INN and KPP meanwhile") from error
    return json_response(read_back(MERGE, caller.rights, merge.survivor_id, merge.pk), 201)
