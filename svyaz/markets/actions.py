"""Recording what competitors offer, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from svyaz.decisions.models import Decision
from svyaz.history.actions import record
from svyaz.interactions.models import Interaction
from svyaz.markets.events import MarketEvent
from svyaz.markets.models import CompetitorOffer
from svyaz.parties.actions import create_organization, end_role, give_role
from svyaz.parties.models import Party, PartyRole
from svyaz.parties.queries import ids_of
from svyaz.users.models import User


class NotACompetitor(Exception):
    """Only a party in the role of competitor makes competitors' offers."""


class OfferAlreadyResolved(Exception):
    """What came of the offer was said before."""


@dataclass(frozen=True)
class OfferDraft:
    """What a competitor offered: for which service, at what price a month, for how long, from which source."""

    competitor: Party
    service_kind: str
    title: str = ""
    price: Decimal | None = None
    currency: str = "RUB"
    months: int | None = None
    terms: str = ""
    gift: str = ""
    source: str = CompetitorOffer.Source.CUSTOMER
    reliability: str = CompetitorOffer.Reliability.MEDIUM
    heard_date: date | None = None
    valid_until: date | None = None


@transaction.atomic
def record_competitor_offer(
    *, party: Party, draft: OfferDraft, interaction: Interaction | None, by: User, at: datetime
) -> CompetitorOffer:
    """Record an offer that a competitor made to a party; raise NotACompetitor."""
    roles = PartyRole.objects.filter(party__in=ids_of(draft.competitor), kind=PartyRole.Kind.COMPETITOR)
    is_competitor = roles.current().exists()
    if not is_competitor:
        raise NotACompetitor(draft.competitor)
    offer = CompetitorOffer.objects.create(
        party=party, competitor=draft.competitor, service_kind=draft.service_kind, title=draft.title,
        price=draft.price, currency=draft.currency, months=draft.months, terms=draft.terms, gift=draft.gift,
        source=draft.source, reliability=draft.reliability, heard_date=draft.heard_date or at.date(),
        valid_until=draft.valid_until, interaction=interaction,
    )  # fmt: skip
    record(
        MarketEvent.OFFER_HEARD, subject=offer, party_id=party.pk, by=by, at=at, competitor=draft.competitor.pk,
        price=None if draft.price is None else str(draft.price),
    )  # fmt: skip
    return offer


@transaction.atomic
def answer_offer(*, offer: CompetitorOffer, decision: Decision, by: User, at: datetime) -> CompetitorOffer:
    """Join an offer to the decision that answers it."""
    offer.answer = decision
    offer.save(update_fields=["answer"])
    record(MarketEvent.OFFER_ANSWERED, subject=offer, party_id=offer.party_id, by=by, at=at, decision=decision.pk)
    return offer


@transaction.atomic
def resolve_offer(*, offer: CompetitorOffer, result: str, by: User, at: datetime) -> CompetitorOffer:
    """Say what came of an offer: stayed, left, withdrawn; raise OfferAlreadyResolved."""
    offer = CompetitorOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if offer.result:
        raise OfferAlreadyResolved(offer)
    offer.result = result
    offer.save(update_fields=["result"])
    record(MarketEvent.OFFER_RESOLVED, subject=offer, party_id=offer.party_id, by=by, at=at, result=result)
    return offer


@transaction.atomic
def add_competitor(
    *, name: str, by: User, at: datetime, legal_form: str = "", inn: str = "", since: date | None = None
) -> Party:
    """Note a company as a competitor: one that is known by its INN gets the role, any other is created.

    Raises what `create_organization` and `give_role` raise.
    """
    party = Party.objects.canonical().filter(inn=inn, kind=Party.Kind.ORGANIZATION).first() if inn else None
    party = party or create_organization(name=name, legal_form=legal_form, inn=inn, by=by, at=at)
    give_role(party=party, kind=PartyRole.Kind.COMPETITOR, valid_from=since, by=by, at=at)
    return party


@transaction.atomic
def drop_competitor(*, party: Party, by: User, at: datetime, reason: str = "") -> PartyRole:
    """Note that a company competes no more; what it offered stays on record. Raises NotACompetitor."""
    role = PartyRole.objects.filter(party=party, kind=PartyRole.Kind.COMPETITOR).current().first()
    if role is None:
        raise NotACompetitor(party)
    return end_role(role=role, by=by, at=at, reason=reason)
