"""Decisions: made with their grounds, read with what became of them, approved or refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router

from svyaz.access.permissions import needs
from svyaz.access.queries import Rights
from svyaz.api.auth import Caller, caller_of
from svyaz.api.by_party import answer_by_party, party_parameters
from svyaz.api.decision_drafts import ApprovalIn, DecisionIn, GroundIn
from svyaz.api.decision_resource import DECISION
from svyaz.api.docs import IDEMPOTENCY_KEY, content, errors, list_of, one_of, schema_of
from svyaz.api.errors import BadRequest, Conflict, Forbidden, NotFound
from svyaz.api.idempotency import answer_once
from svyaz.api.parties import employee_for, party_of
from svyaz.api.resources.answer import answer_one, json_response, read_back
from svyaz.api.resources.attributes import read_id
from svyaz.billing.models import BillingAccount
from svyaz.customer360.actions import save_decision
from svyaz.decisions.actions import (
    AlreadyJudged,
    DecisionDraft,
    GroundDraft,
    NoAuthority,
    OwnProposal,
    PromiseDraft,
    RejectedDraft,
    approve_decision,
    refuse_decision,
)
from svyaz.decisions.models import Decision, DecisionKind
from svyaz.decisions.permissions import DecisionPermission
from svyaz.decisions.queries import FACT_READERS, UnknownFact, kinds_in_use
from svyaz.interactions.models import Interaction
from svyaz.parties.models import Party
from svyaz.parties.permissions import PartyPermission
from svyaz.parties.queries import canonical_party, holding, is_one_party, relationship_rights
from svyaz.services.models import Product
from svyaz.workforce.models import Employee

router = Router(tags=["decision"])

WRITTEN = {
    "parameters": [IDEMPOTENCY_KEY],
    "responses": {
        201: content(schema_of(DECISION), "The decision as made; above the maker's authority it waits as a proposal."),
        **errors(400, 401, 403, 404, 409, 413, 415, 422, 429),
    },
}
# What a decision can be about beside the whole party.
SUBJECTS: dict[str, Any] = {"account": BillingAccount, "product": Product}


@router.post("/decision", operation_id="createDecision", summary="Make a decision", openapi_extra=WRITTEN)
@needs(DecisionPermission.MAKE)
def create_decision(request: HttpRequest, draft: DecisionIn) -> HttpResponse:
    """Make a decision with its grounds and promises, or replace one that is in force."""
    return answer_once(request, lambda: _create(caller_of(request), draft))


@router.get(
    "/decision", operation_id="listDecision", summary="Decisions: of one relationship those in force first",
    openapi_extra=list_of(DECISION, *party_parameters("party")),
)  # fmt: skip
@needs(DecisionPermission.READ)
def list_decision(request: HttpRequest) -> HttpResponse:
    """List the decisions about a party, those in force first, then the newest; or all of the caller's areas."""
    return answer_by_party(request, DECISION, "party", sort="-isInForce,-madeDate")


@router.get(
    "/decision/{id}", operation_id="retrieveDecision", summary="One decision", openapi_extra=one_of(DECISION)
)  # fmt: skip
@needs(DecisionPermission.READ)
def retrieve_decision(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    """Answer one decision by id."""
    return answer_one(request, DECISION, id)


@router.post(
    "/decision/{id}/approval", operation_id="createApproval", summary="Approve or refuse a proposal",
    openapi_extra=WRITTEN,
)  # fmt: skip
@needs(DecisionPermission.APPROVE)
def create_approval(request: HttpRequest, id: str, draft: ApprovalIn) -> HttpResponse:  # noqa: A002
    """Put a proposal into force, or refuse it with a reason."""
    return answer_once(request, lambda: _judge(caller_of(request), id, draft))


def _create(caller: Caller, draft: DecisionIn) -> HttpResponse:
    at = now()
    party, contact = _about(draft, caller.rights, at)
    in_hand = holding(caller.rights, party)
    maker = _maker(caller, draft)
    made = _draft(draft, party, in_hand, at)
    replaced = _replaced(draft, in_hand, at)
    if replaced is not None and contact is None:
        raise BadRequest("supersedes", "a decision changes in a contact: name the interaction")
    with _as_answers(draft.ground):
        decision = save_decision(
            party=party, draft=made, interaction=contact, maker=maker, replaces=replaced, by=caller.user, at=at
        )
    return _answer(caller, decision)


def _about(draft: DecisionIn, rights: Rights, at: datetime) -> tuple[Party, Interaction | None]:
    """Return whom the decision is about and the contact that it was made in; the contact may say whom."""
    party = party_of(draft.party, rights, at=at, field="party") if draft.party else None
    if draft.interaction is None:
        if party is None:
            raise BadRequest("party", "name the party, or the interaction with it")
        return party, None
    missing = NotFound(f"interaction.id: there is no contact {draft.interaction.id} with this party")
    rows: Any = Interaction.objects.visible_to(rights.beyond_areas()).select_related("party")
    contact: Interaction | None = rows.filter(pk=read_id(draft.interaction.id)).first()
    if contact is None or contact.party is None or (party is not None and not is_one_party(contact.party, party)):
        raise missing
    if party is None and relationship_rights(rights, contact.party.pk, at) is None:
        raise missing
    return canonical_party(contact.party), contact


def _maker(caller: Caller, draft: DecisionIn) -> Employee:
    maker = employee_for(caller, [("maker", draft.maker)] if draft.maker else [])
    if maker is None:
        raise BadRequest("maker", "this token's user is no employee: name who decided")
    return maker


def _draft(draft: DecisionIn, party: Party, in_hand: Rights, at: datetime) -> DecisionDraft:
    start, end = draft.valid_for.start_date_time, draft.valid_for.end_date_time
    if end is not None and end <= (start or at):
        raise BadRequest("validFor.endDateTime", "lies before the start")
    subject_type, subject_id = _subject(draft, party, in_hand)
    return DecisionDraft(
        kind=_kind(draft.kind), text=draft.text, question=draft.question, measure=draft.measure, unit=draft.unit,
        amount=draft.amount, subject_type=subject_type, subject_id=subject_id,
        grounds=[GroundDraft(each.fact, _reference(each, place)) for place, each in enumerate(draft.ground)],
        rejected=[RejectedDraft(each.option, each.reason) for each in draft.rejected_option],
        promises=[PromiseDraft(each.what, each.due_date_time) for each in draft.promise],
        valid_from=start, valid_until=end, review_on=draft.review_date,
    )  # fmt: skip


def _kind(code: str) -> DecisionKind:
    kind: DecisionKind | None = kinds_in_use().filter(code=code).first()
    if kind is None:
        raise BadRequest("kind", f"there is no kind of decisions {code!r}")
    return kind


def _subject(draft: DecisionIn, party: Party, in_hand: Rights) -> tuple[str, int]:
    if draft.subject is None or draft.subject.type == Decision.Subject.PARTY:
        return str(Decision.Subject.PARTY), party.pk
    model = SUBJECTS.get(str(draft.subject.type))
    if model is None:
        raise BadRequest("subject.type", f"must be party or one of {', '.join(SUBJECTS)}")
    pk = read_id(draft.subject.id)
    if not model.objects.visible_to(in_hand).filter(pk=pk).exists():
        raise NotFound(f"subject.id: this party has no {draft.subject.type} {draft.subject.id}")
    return str(draft.subject.type), pk


def _reference(ground: GroundIn, place: int) -> int | None:
    if ground.fact not in FACT_READERS:
        raise BadRequest(
            f"ground[{place}].fact", f"there is no fact {ground.fact!r}; {', '.join(sorted(FACT_READERS))}"
        )
    return None if ground.reference_id is None else read_id(ground.reference_id)


def _replaced(draft: DecisionIn, in_hand: Rights, at: datetime) -> Decision | None:
    """Return the decision that this one replaces; it must be in force."""
    if draft.supersedes is None:
        return None
    pk = read_id(draft.supersedes.id)
    replaced: Decision | None = Decision.objects.visible_to(in_hand).filter(pk=pk).first()
    if replaced is None:
        raise NotFound(f"supersedes.id: there is no decision {draft.supersedes.id} about this party")
    if not Decision.objects.visible_to(in_hand).in_force(at).filter(pk=pk).exists():
        raise Conflict("supersedes.id: this decision is not in force")
    return replaced


@contextmanager
def _as_answers(grounds: list[GroundIn]) -> Iterator[None]:
    """Let what the action refuses be an answer that names what is wrong."""
    try:
        yield
    except NoAuthority as error:
        raise Forbidden(f"kind: none of the maker's roles decides about {error}") from error
    except UnknownFact as error:
        if not grounds:
            raise BadRequest("ground", "name a ground, or the interaction that is one") from error
        place = _place_of(grounds, error)
        raise NotFound(f"ground[{place}]: there is no such fact {grounds[place].fact} about this party") from error


def _place_of(grounds: list[GroundIn], error: UnknownFact) -> int:
    """Return which ground it was: the action names the reference that it missed, or the fact."""
    missed = error.args[0] if error.args else None
    for place, ground in enumerate(grounds):
        if missed == ground.fact or (missed is not None and str(missed) == ground.reference_id):
            return place
    return next((place for place, ground in enumerate(grounds) if ground.reference_id is None), 0)


def _judge(caller: Caller, pk: str, draft: ApprovalIn) -> HttpResponse:
    at = now()
    decision = _visible(caller.rights, read_id(pk), at)
    if decision is None:
        raise NotFound(f"decision {pk}: no such decision")
    if caller.employee is None:
        raise Forbidden("this token's user is no employee: only employees approve")
    try:
        if draft.is_approved:
            approve_decision(decision=decision, approver=caller.employee, by=caller.user, at=at, reason=draft.reason)
        elif not draft.reason:
            raise BadRequest("reason", "a refusal needs its reason")
        else:
            refuse_decision(decision=decision, approver=caller.employee, reason=draft.reason, by=caller.user, at=at)
    except AlreadyJudged as error:
        raise Conflict("the decision was approved or refused before, or never waited for it") from error
    except OwnProposal as error:
        raise Forbidden("nobody approves his own proposal") from error
    except NoAuthority as error:
        raise Forbidden("the decision lies above the approver's own authority") from error
    return _answer(caller, decision)


def _visible(rights: Rights, pk: int, at: datetime) -> Decision | None:
    everywhere: Any = Decision.objects.visible_to(rights.granting(DecisionPermission.READ).beyond_areas())
    decision: Decision | None = everywhere.filter(pk=pk).first()
    if decision is None or decision.party_id is None or not rights.may(PartyPermission.READ):
        return None
    return decision if relationship_rights(rights, decision.party_id, at) else None


def _answer(caller: Caller, decision: Decision) -> HttpResponse:
    response = json_response(read_back(DECISION, caller.rights, decision.party_id, decision.pk), 201)
    response["Location"] = f"{DECISION.path}/{decision.pk}"
    return response
