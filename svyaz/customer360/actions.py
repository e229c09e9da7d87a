"""The one composite write of a contact: all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import transaction

from svyaz.access.actions import record_opening
from svyaz.access.models import Opening
from svyaz.access.queries import is_in_hand, rights_of
from svyaz.decisions.actions import (
    DecisionDraft,
    GroundDraft,
    PromiseDraft,
    keep_decisions,
    make_decision,
    make_promise,
    override_decision,
    replace_decision,
)
from svyaz.decisions.models import Decision, Promise
from svyaz.interactions.actions import InteractionDraft, record_interaction
from svyaz.interactions.models import Interaction
from svyaz.markets.actions import OfferDraft, answer_offer, record_competitor_offer
from svyaz.markets.models import CompetitorOffer
from svyaz.parties.actions import add_medium, create_individual, create_organization, give_role, phone_kind
from svyaz.parties.models import ContactMedium, Party, PartyRole
from svyaz.parties.permissions import PartyPermission
from svyaz.parties.queries import holding, ids_of, is_own
from svyaz.places.models import Area
from svyaz.users.models import User
from svyaz.workforce.models import Employee


class DecisionNotInForce(Exception):
    """Only a decision in force can be kept, changed or overridden."""


class DecisionNeedsEmployee(Exception):
    """A decision or promise needs an employee who answers for it."""


@dataclass(frozen=True)
class Override:
    """A decision in force that ends with this contact, and why."""

    decision: Decision
    reason: str


@dataclass(frozen=True)
class ContactDraft:
    """A contact with everything that came of it.

    `keep_all` keeps every decision in force that is not named in `keep`, `replaces` or `overrides`. `decision`
    with `replaces` changes that decision. `promises` are those given without a decision. `answers_offers`: the
    decision answers the competitor's offers heard in this contact (and those pinned as its grounds).
    """

    interaction: InteractionDraft
    offers: Sequence[OfferDraft] = ()
    decision: DecisionDraft | None = None
    replaces: Decision | None = None
    promises: Sequence[PromiseDraft] = ()
    keep: Sequence[Decision] = ()
    keep_all: bool = False
    overrides: Sequence[Override] = ()


@dataclass
class SavedContact:
    """What was written."""

    interaction: Interaction
    decision: Decision | None = None
    offers: list[CompetitorOffer] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    kept: list[Decision] = field(default_factory=list)


@transaction.atomic
def save_contact(
    *, party: Party | None, draft: ContactDraft, employee: Employee | None, by: User, at: datetime
) -> SavedContact:
    """Write a contact, competitors' offers, a decision with promises, and what it says of decisions in force.

    Raises DecisionNotInForce, DecisionNeedsEmployee and whatever the single actions raise; then nothing is written.
    """
    interaction = record_interaction(party=party, draft=draft.interaction, employee=employee, by=by, at=at)
    saved = SavedContact(interaction)
    if party is None:
        return saved
    _open_by_contact(party, interaction, by=by, at=at)
    if not (draft.offers or draft.decision or draft.promises or draft.keep or draft.keep_all or draft.overrides):
        return saved
    saved.offers = [
        record_competitor_offer(party=party, draft=offer, interaction=interaction, by=by, at=at)
        for offer in draft.offers
    ]
    _deal_with_decisions_in_force(party, draft, saved, by=by, at=at)
    _decide(party, draft, saved, employee, by=by, at=at)
    return saved


def _open_by_contact(party: Party, interaction: Interaction, *, by: User, at: datetime) -> None:
    """A contact in hand opens the relationship to whoever took it, though the party's area be foreign."""
    rights = rights_of(by)
    if not rights.may(PartyPermission.READ) or is_own(rights, party):
        return
    if not is_in_hand(rights, *ids_of(party), at=at):
        record_opening(
            party_id=party.pk,
            basis=Opening.Basis.CONTACT,
            by=by,
            at=at,
            reason=f"{interaction.channel} {interaction.pk}",
        )


def _deal_with_decisions_in_force(
    party: Party, draft: ContactDraft, saved: SavedContact, *, by: User, at: datetime
) -> None:
    if not (draft.keep or draft.keep_all or draft.overrides or draft.replaces):
        return
    rights = holding(by, party)
    in_force = {row.pk: row for row in Decision.objects.visible_to(rights).in_force(at)}
    ended = {override.decision.pk for override in draft.overrides} | ({draft.replaces.pk} if draft.replaces else set())
    named = ended | {decision.pk for decision in draft.keep}
    if not named <= in_force.keys():
        raise DecisionNotInForce(sorted(named - in_force.keys()))
    kept = [row for pk, row in in_force.items() if pk not in ended and (draft.keep_all or pk in named)]
    keep_decisions(decisions=kept, interaction=saved.interaction, by=by, at=at)
    for override in draft.overrides:
        override_decision(
            decision=in_force[override.decision.pk], interaction=saved.interaction, reason=override.reason, by=by, at=at
        )
    saved.kept = kept


def _decide(
    party: Party, draft: ContactDraft, saved: SavedContact, employee: Employee | None, *, by: User, at: datetime
) -> None:
    if draft.decision is None and not draft.promises:
        return
    if employee is None:
        raise DecisionNeedsEmployee
    saved.promises = [
        make_promise(
            party=party, draft=promise, decision=None, interaction=saved.interaction, employee=employee, by=by, at=at
        )
        for promise in draft.promises
    ]
    if draft.decision is None:
        return
    saved.decision = save_decision(
        party=party, draft=_with_heard_offers(draft.decision, saved.offers), interaction=saved.interaction,
        maker=employee, replaces=draft.replaces, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def save_decision(
    *, party: Party, draft: DecisionDraft, interaction: Interaction | None, maker: Employee, by: User, at: datetime,
    replaces: Decision | None = None,
) -> Decision:  # fmt: skip
    """Make a decision, in the place of another one where it changes that; it answers the offers among its grounds.

    Raises what `make_decision` and `replace_decision` raise; only a contact can change a decision.
    """
    if replaces is not None and interaction is not None:
        decision = replace_decision(decision=replaces, draft=draft, interaction=interaction, maker=maker, by=by, at=at)
    else:
        decision = make_decision(party=party, draft=draft, interaction=interaction, maker=maker, by=by, at=at)
    pinned = [ground.reference_id or 0 for ground in draft.grounds if ground.fact == "competitor_offer"]
    for offer in CompetitorOffer.objects.filter(pk__in=pinned, party__in=ids_of(party), answer__isnull=True):
        answer_offer(offer=offer, decision=decision, by=by, at=at)
    return decision


def _with_heard_offers(draft: DecisionDraft, offers: Sequence[CompetitorOffer]) -> DecisionDraft:
    """Pin the offers heard in this very contact as grounds of the decision made in it."""
    heard = [GroundDraft("competitor_offer", offer.pk) for offer in offers]
    return replace(draft, grounds=[*draft.grounds, *heard]) if heard else draft


@dataclass(frozen=True)
class NewParty:
    """Who is in contact for the first time: a person by name parts, a company by name; how to reach them."""

    kind: str = Party.Kind.INDIVIDUAL
    family_name: str = ""
    given_name: str = ""
    middle_name: str = ""
    birth_date: date | None = None
    name: str = ""
    inn: str = ""
    kpp: str = ""
    phone: str = ""
    email: str = ""
    home_area: Area | None = None


@transaction.atomic
def save_first_contact(
    *, newcomer: NewParty, draft: ContactDraft, employee: Employee | None, by: User, at: datetime
) -> SavedContact:
    """Create a prospective customer with ways to reach him, and write his first contact: all of it or nothing.

    Raises InvalidField, PartyAlreadyExists and whatever `save_contact` raises.
    """
    party = _create_party(newcomer, by=by, at=at)
    for kind, value in ((phone_kind(newcomer.phone), newcomer.phone), (ContactMedium.Kind.EMAIL, newcomer.email)):
        if value:
            add_medium(party=party, kind=kind, value=value, is_preferred=True, by=by, at=at)
    give_role(party=party, kind=PartyRole.Kind.CUSTOMER, status=PartyRole.Status.PROSPECT, by=by, at=at)
    return save_contact(party=party, draft=draft, employee=employee, by=by, at=at)


def _create_party(newcomer: NewParty, *, by: User, at: datetime) -> Party:
    if newcomer.kind == Party.Kind.ORGANIZATION:
        return create_organization(
            name=newcomer.name, inn=newcomer.inn, kpp=newcomer.kpp, home_area=newcomer.home_area, by=by, at=at
        )
    return create_individual(
        family_name=newcomer.family_name, given_name=newcomer.given_name, middle_name=newcomer.middle_name,
        birth_date=newcomer.birth_date, inn=newcomer.inn, home_area=newcomer.home_area, by=by, at=at,
    )  # fmt: skip
