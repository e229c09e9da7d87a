"""TMF683 PartyInteraction: contacts, recorded through the one composite write and read back."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router

from svyaz.access.permissions import needs
from svyaz.access.queries import Rights
from svyaz.api.auth import Caller, caller_of
from svyaz.api.by_party import answer_by_party, party_parameters
from svyaz.api.docs import IDEMPOTENCY_KEY, content, errors, list_of, one_of, schema_of
from svyaz.api.drafts import Reference
from svyaz.api.errors import BadRequest, Conflict, NotFound
from svyaz.api.idempotency import answer_once
from svyaz.api.interaction_drafts import InteractionIn
from svyaz.api.interaction_resource import INTERACTION
from svyaz.api.parties import employee_for, party_of
from svyaz.api.resources.answer import answer_one, json_response, read_back
from svyaz.api.resources.attributes import read_id
from svyaz.customer360.actions import ContactDraft, save_contact
from svyaz.interactions.actions import InteractionDraft, ParticipantDraft, ProductOfAnotherParty
from svyaz.interactions.models import Interaction
from svyaz.interactions.permissions import InteractionPermission
from svyaz.parties.models import Party
from svyaz.parties.queries import holding, ids_of, is_one_party, relationship_rights
from svyaz.services.models import Product, ProductOffering

router = Router(tags=["partyInteraction"])

CREATED = {
    "parameters": [IDEMPOTENCY_KEY],
    "responses": {
        201: content(schema_of(INTERACTION), "The contact as recorded.", Location="Its address."),
        200: content(schema_of(INTERACTION), "Its source has sent this contact before: as it was recorded then."),
        **errors(400, 401, 403, 404, 409, 413, 415, 422, 429),
    },
}


@router.post(
    "/partyInteraction",
    operation_id="createPartyInteraction",
    summary="Record a contact",
    openapi_extra=CREATED,
)
@needs(InteractionPermission.RECORD)
def create_party_interaction(request: HttpRequest, draft: InteractionIn) -> HttpResponse:
    """Record a contact; the same external identifier of a source, or the same Idempotency-Key, records it once."""
    return answer_once(request, lambda: _create(caller_of(request), draft))


@router.get(
    "/partyInteraction", operation_id="listPartyInteraction", summary="Contacts, the newest first",
    openapi_extra=list_of(INTERACTION, *party_parameters("relatedParty")),
)  # fmt: skip
@needs(InteractionPermission.READ)
def list_party_interaction(request: HttpRequest) -> HttpResponse:
    """List the contacts of the caller's areas, or those of one relationship."""
    return answer_by_party(request, INTERACTION, "relatedParty")


@router.get(
    "/partyInteraction/{id}", operation_id="retrievePartyInteraction", summary="One contact",
    openapi_extra=one_of(INTERACTION),
)  # fmt: skip
@needs(InteractionPermission.READ)
def retrieve_party_interaction(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    """Answer one contact by id."""
    return answer_one(request, INTERACTION, id)


def _create(caller: Caller, draft: InteractionIn) -> HttpResponse:
    at, rights = now(), caller.rights
    parties, employees = _related(draft, rights, at)
    party = parties[0][1] if parties else None
    if known := _known(draft, party, caller):
        return _answer(caller, known, 200)
    contact = _contact(draft, parties[1:], party, rights, at)
    try:
        saved = save_contact(
            party=party, draft=ContactDraft(contact), employee=employee_for(caller, employees), by=caller.user, at=at
        )
    except ProductOfAnotherParty as error:
        raise BadRequest("interactionItem", "names a product of another customer") from error
    except IntegrityError:
        # Another request with the same external identifier was quicker.
        if known := _known(draft, party, caller):
            return _answer(caller, known, 200)
        raise
    return _answer(caller, saved.interaction, 201)


def _related(
    draft: InteractionIn, rights: Rights, at: datetime
) -> tuple[list[tuple[Reference, Party]], list[tuple[str, Reference]]]:  # fmt: skip
    """Return the parties that took part, the customer first, and the employees."""
    named = [(f"relatedParty[{place}]", reference) for place, reference in enumerate(draft.related_party)]
    employees = [each for each in named if each[1].referred_type == "Employee"]
    others = [each for each in named if each[1].referred_type != "Employee"]
    others.sort(key=lambda each: each[1].role != "customer" and each[1].referred_type != "Customer")
    parties = [(reference, party_of(reference, rights, at=at, field=field)) for field, reference in others]
    if len({party.pk for _, party in parties}) < len(parties):
        raise BadRequest("relatedParty", "names a party twice")
    return parties, employees


def _known(draft: InteractionIn, party: Party | None, caller: Caller) -> Interaction | None:
    """Return the contact that its source has sent before; one of another party is a contradiction."""
    if not draft.external_identifier:
        return None
    given = draft.external_identifier[0]
    everything = Interaction.objects.visible_to(caller.rights.granting(InteractionPermission.READ).beyond_areas())
    known: Interaction | None = everything.filter(source=given.owner, external_id=given.id).first()
    if known is not None and not _is_of(known, party):
        raise Conflict("externalIdentifier: this contact was recorded before, with another party")
    return known


def _is_of(contact: Interaction, party: Party | None) -> bool:
    """Tell whether a contact belongs to a party or to one that is the same; or to nobody, where nobody is named."""
    if contact.party is None or party is None:
        return contact.party is None and party is None
    return is_one_party(contact.party, party)


def _contact(
    draft: InteractionIn, others: list[tuple[Reference, Party]], party: Party | None, rights: Rights, at: datetime
) -> InteractionDraft:  # fmt: skip
    start, end = draft.interaction_date.start_date_time, draft.interaction_date.end_date_time
    if end is not None and end < (start or at):
        raise BadRequest("interactionDate.endDateTime", "lies before the start")
    products, offering = _services(draft, party, rights)
    external = draft.external_identifier[0] if draft.external_identifier else None
    return InteractionDraft(
        channel=draft.channel[0].id.value, direction=draft.direction.value, at=start, ended_at=end,
        subject=draft.reason, text=draft.text, offering=offering, products=products,
        participants=[ParticipantDraft(other, role=(reference.role or "")[:40]) for reference, other in others],
        source=external.owner if external else "", external_id=external.id if external else "",
        in_reply_to=_answered(draft, party, rights, at),
    )  # fmt: skip


def _services(
    draft: InteractionIn, party: Party | None, rights: Rights
) -> tuple[list[Product], ProductOffering | None]:  # fmt: skip
    """Return the products and the offering that the contact was about."""
    if not draft.interaction_item:
        return [], None
    wanted: dict[str, list[int]] = {"Product": [], "ProductOffering": []}
    for place, item in enumerate(draft.interaction_item):
        kind = item.item.referred_type or "Product"
        if kind not in wanted:
            raise BadRequest(f"interactionItem[{place}].item.@referredType", "must be Product or ProductOffering")
        wanted[kind].append(read_id(item.item.id))
    if wanted["Product"] and party is None:
        raise BadRequest("interactionItem", "a product needs its customer in relatedParty")
    products = _found(Product.objects.visible_to(holding(rights, party) if party else rights), wanted["Product"])
    offerings = _found(ProductOffering.objects.visible_to(rights), wanted["ProductOffering"])
    return products, offerings[0] if offerings else None


def _found(rows: Any, ids: list[int]) -> list[Any]:
    """Return the rows with these ids in their order; raise NotFound if one is missing."""
    if not ids:
        return []
    found = rows.in_bulk(ids)
    for each in ids:
        if each not in found:
            raise NotFound(f"interactionItem: there is no {rows.model._meta.object_name} {each}")
    return [found[each] for each in dict.fromkeys(ids)]


def _answered(draft: InteractionIn, party: Party | None, rights: Rights, at: datetime) -> Interaction | None:
    """Return the earlier contact that this one answers."""
    if not draft.interaction_relationship:
        return None
    named = draft.interaction_relationship[0].id
    in_hand = relationship_rights(rights, party.pk, at) if party else None
    rows = Interaction.objects.visible_to(in_hand or rights)
    of_party = Q(party__in=ids_of(party)) if party else Q(party__isnull=True)
    earlier: Interaction | None = rows.filter(of_party, pk=read_id(named)).first()
    if earlier is None:
        raise NotFound(f"interactionRelationship[0].id: there is no contact {named} with this party")
    return earlier


def _answer(caller: Caller, interaction: Interaction, status: int) -> HttpResponse:
    response = json_response(read_back(INTERACTION, caller.rights, interaction.party_id, interaction.pk), status)
    if status == 201:
        response["Location"] = f"{INTERACTION.path}/{interaction.pk}"
    return response
