"""The composite write: contact, offer, decision, promises, keep or override: all of it or nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Model

from svyaz.access.models import Opening
from svyaz.customer360.actions import (
    ContactDraft,
    DecisionNeedsEmployee,
    DecisionNotInForce,
    Override,
    save_contact,
)
from svyaz.decisions.actions import DecisionDraft, GroundDraft, PromiseDraft
from svyaz.decisions.models import Decision, DecisionKind, Ground, Promise, Sighting
from svyaz.decisions.queries import UnknownFact
from svyaz.history.models import Event
from svyaz.interactions.actions import InteractionDraft
from svyaz.interactions.models import Interaction
from svyaz.markets.actions import OfferDraft
from svyaz.markets.models import CompetitorOffer
from svyaz.parties.models import Party
from svyaz.users.models import User
from svyaz.workforce.models import Employee
from tests.cast import NOON

THURSDAY = NOON + timedelta(days=2)
EVERYTHING: list[type[Model]] = [Interaction, CompetitorOffer, Decision, Ground, Promise, Sighting, Event, Opening]
CALL = InteractionDraft(channel="phone", text="«Ромашка» предлагает 450 ₽")
EMAIL = InteractionDraft(channel="email", text="Когда подтвердите?")


def counts() -> list[int]:
    return [model._default_manager.count() for model in EVERYTHING]


@pytest.fixture
def call(romashka: Party, discount: DecisionKind) -> ContactDraft:
    """The call of story 1: an offer is heard, fifteen per cent decided, a confirmation promised by Friday."""
    return ContactDraft(
        interaction=CALL,
        offers=[OfferDraft(competitor=romashka, service_kind="internet", price=Decimal(450), months=12)],
        decision=DecisionDraft(
            kind=discount, text="15 % на 6 месяцев", amount=Decimal(15), grounds=[GroundDraft("solvency")],
            promises=[PromiseDraft("Подтвердить", NOON + timedelta(days=3))],
        ),
    )  # fmt: skip


def test_everything_is_written_together(olga: Party, anna: User, anna_employee: Employee, call: ContactDraft) -> None:
    saved = save_contact(party=olga, draft=call, employee=anna_employee, by=anna, at=NOON)

    assert saved.decision is not None
    assert saved.decision.interaction == saved.interaction
    assert [ground.fact for ground in saved.decision.grounds.order_by("id")] == ["solvency", "competitor_offer"]
    offer = saved.offers[0]
    offer.refresh_from_db()
    assert offer.answer == saved.decision
    assert saved.decision.promises.get().what == "Подтвердить"


def test_or_nothing(
    olga: Party, anna: User, anna_employee: Employee, call: ContactDraft, discount: DecisionKind
) -> None:
    before = counts()
    wrong = DecisionDraft(kind=discount, text="Скидка", grounds=[GroundDraft("product", 999_999)])

    draft = ContactDraft(interaction=CALL, offers=call.offers, decision=wrong)
    with pytest.raises(UnknownFact):
        save_contact(party=olga, draft=draft, employee=anna_employee, by=anna, at=NOON)
    with pytest.raises(DecisionNeedsEmployee):
        save_contact(party=olga, draft=call, employee=None, by=anna, at=NOON)

    assert counts() == before


def test_the_next_contact_keeps_all(
    olga: Party, anna: User, anna_employee: Employee, boris: User, boris_employee: Employee, call: ContactDraft
) -> None:
    decision = save_contact(party=olga, draft=call, employee=anna_employee, by=anna, at=NOON).decision
    keep = ContactDraft(interaction=EMAIL, keep_all=True)
    saved = save_contact(party=olga, draft=keep, employee=boris_employee, by=boris, at=THURSDAY)

    assert saved.kept == [decision]
    assert Sighting.objects.get().outcome == Sighting.Outcome.KEPT


def test_keep_all_leaves_out_what_is_overridden(
    olga: Party, anna: User, anna_employee: Employee, call: ContactDraft, discount: DecisionKind
) -> None:
    first = save_contact(party=olga, draft=call, employee=anna_employee, by=anna, at=NOON).decision
    other = ContactDraft(interaction=CALL, decision=DecisionDraft(kind=discount, text="Ещё 5 %", amount=Decimal(5)))
    second = save_contact(party=olga, draft=other, employee=anna_employee, by=anna, at=NOON).decision
    assert first is not None
    draft = ContactDraft(interaction=EMAIL, keep_all=True, overrides=[Override(first, "Передумала")])

    saved = save_contact(party=olga, draft=draft, employee=anna_employee, by=anna, at=THURSDAY)

    assert saved.kept == [second]
    assert list(Decision.objects.in_force(THURSDAY)) == [second]


def test_only_decisions_in_force_are_dealt_with(
    olga: Party, sever: Party, anna: User, anna_employee: Employee, call: ContactDraft
) -> None:
    decision = save_contact(party=olga, draft=call, employee=anna_employee, by=anna, at=NOON).decision
    assert decision is not None
    before = counts()

    draft = ContactDraft(interaction=EMAIL, keep=[decision])
    with pytest.raises(DecisionNotInForce):
        save_contact(party=sever, draft=draft, employee=anna_employee, by=anna, at=THURSDAY)
    assert counts() == before


def test_changing_a_decision_supersedes_it(
    olga: Party, anna: User, anna_employee: Employee, call: ContactDraft, discount: DecisionKind
) -> None:
    first = save_contact(party=olga, draft=call, employee=anna_employee, by=anna, at=NOON).decision
    change = ContactDraft(
        interaction=EMAIL, replaces=first, decision=DecisionDraft(kind=discount, text="10 % на год", amount=Decimal(10))
    )
    second = save_contact(party=olga, draft=change, employee=anna_employee, by=anna, at=THURSDAY).decision

    assert second is not None
    assert second.supersedes == first
    assert list(Decision.objects.in_force(THURSDAY)) == [second]
    assert Sighting.objects.get().outcome == Sighting.Outcome.CHANGED


def test_a_contact_beyond_ones_area_opens_the_relationship_and_is_recorded(
    olga: Party, gleb: User, gleb_employee: Employee
) -> None:
    saved = save_contact(party=olga, draft=ContactDraft(interaction=CALL), employee=gleb_employee, by=gleb, at=NOON)

    opening = Opening.objects.get(by=gleb)
    assert (opening.party_id, opening.basis) == (olga.pk, Opening.Basis.CONTACT)
    assert str(saved.interaction.pk) in opening.reason
