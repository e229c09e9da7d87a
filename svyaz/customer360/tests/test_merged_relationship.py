"""The relationship with a customer of whom there were two cards: read as one, written to the survivor."""

import json
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module

import pytest

from svyaz.access.actions import record_opening
from svyaz.customer360.actions import ContactDraft, save_contact
from svyaz.customer360.queries import camel, relationship
from svyaz.customer360.queries.thread import ThreadFilter, older_thread
from svyaz.decisions.actions import DecisionDraft, GroundDraft, PromiseDraft, make_decision, note_undealt
from svyaz.decisions.models import Decision, Sighting
from svyaz.interactions.actions import InteractionDraft, record_interaction
from svyaz.parties.actions import (
    add_medium,
    create_individual,
    give_consent,
    give_role,
    merge_parties,
    relate_parties,
    undo_merge,
    withdraw_consent,
)
from svyaz.parties.models import Consent
from svyaz.parties.queries import holding, relationship_rights
from svyaz.services.models import Product
from tests.cast import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=7)


@pytest.fixture
def twin(primorsky, internet, discount, anna, anna_employee):
    """Olga once more, with a service, a contact, a decision in force and a promise of her own."""
    party = create_individual(family_name="Волкова", given_name="О.", home_area=primorsky, by=None, at=NOON)
    give_role(party=party, kind="customer", number="90000001", by=None, at=NOON)
    add_medium(party=party, kind="email", value="olga@example.com", by=None, at=NOON)
    Product.objects.create(party=party, offering=internet, price=Decimal(300), valid_from=date(2024, 1, 1))
    decision = DecisionDraft(
        kind=discount, text="Скидка 10 %", amount=Decimal(10), promises=[PromiseDraft("Перезвонить", LATER)]
    )
    draft = ContactDraft(InteractionDraft(channel="phone", text="Дорого"), decision=decision)
    save_contact(party=party, draft=draft, employee=anna_employee, by=anna, at=NOON)
    return party


@pytest.fixture
def merge(olga, twin, olgas_internet, olgas_late_bill):
    [merge] = merge_parties(survivor=olga, merged=[twin], reason="Одна и та же", by=None, at=NOON)
    olga.refresh_from_db()
    twin.refresh_from_db()
    return merge


def view(viewer, party_id):
    return relationship(viewer, at=LATER, party_id=party_id)


def test_both_ids_open_the_whole_relationship(merge, olga, twin, anna):
    found = view(anna, olga.pk)

    assert (found.party_id, found.merged, found.basis) == (olga.pk, (twin.pk,), "area")
    assert view(anna, twin.pk) == found
    data = found.data
    assert data["party"]["name"] == "Смирнова Ольга Ивановна"
    assert {role["number"] for role in data["party"]["roles"]} == {"78120441", "90000001"}
    assert data["party"]["monthly"] == 950
    panels = data["panels"]
    assert {row["value"] for row in panels["media"]["items"]} == {"+79215551234", "olga@example.com"}
    assert panels["products"]["count"] == 2
    assert [row["text"] for row in panels["interactions"]["items"]] == ["Дорого"]
    assert [row["text"] for row in panels["decisions_in_force"]["items"]] == ["Скидка 10 %"]
    assert [row["what"] for row in panels["promises"]["items"]] == ["Перезвонить"]
    assert data["solvency"]["unpaid"] == 1


def test_the_api_reads_it_by_either_number(merge, olga, twin, anna):
    one, other = (relationship(anna, at=LATER, customer=number, naming=camel) for number in ("78120441", "90000001"))

    assert one is not None
    assert one == other
    assert json.loads(one.json)["party"]["id"] == olga.pk


def test_a_party_alone_is_read_in_one_statement(olga, merge, sever, anna, monkeypatch):
    module = import_module("svyaz.customer360.queries.relationship")
    sent: list[str] = []
    fetch = module.fetch_one

    def noted(sql, params):
        sent.append(sql)
        return fetch(sql, params)

    monkeypatch.setattr(module, "fetch_one", noted)
    view(anna, sever.pk)
    assert len(sent) == 1
    view(anna, olga.pk)
    assert len(sent) == 3


def test_the_thread_goes_on_over_both(merge, olga, twin, anna):
    for party in (olga, twin):
        draft = InteractionDraft(channel="phone", text=party.name)
        record_interaction(party=party, draft=draft, employee=None, by=anna, at=NOON)

    page = older_thread(holding(anna, olga), at=LATER, wanted=ThreadFilter(frozenset({"interaction"}), ["phone"]))

    assert {row["text"] for _, row in page.rows} == {"Дорого", olga.name, twin.name}


def test_a_new_contact_of_the_survivor_deals_with_decisions_of_both(merge, olga, twin, anna, anna_employee):
    draft = ContactDraft(InteractionDraft(channel="phone", text="Снова"), keep_all=True)
    saved = save_contact(party=olga, draft=draft, employee=anna_employee, by=anna, at=LATER)

    [decision] = saved.kept
    assert (decision.party, saved.interaction.party) == (twin, olga)
    assert Sighting.objects.get(interaction=saved.interaction).party == twin


def test_a_contact_that_passes_over_the_others_decision_is_noted(merge, olga, twin, anna, anna_employee):
    draft = InteractionDraft(channel="phone", text="Молча")
    contact = record_interaction(party=olga, draft=draft, employee=anna_employee, by=anna, at=LATER)

    assert note_undealt(interaction_ids=[contact.pk]) == 1
    assert Sighting.objects.get(interaction=contact).outcome == Sighting.Outcome.NOT_DEALT_WITH


def test_facts_of_both_are_grounds_of_a_decision(merge, olga, twin, olgas_internet, discount, anna, anna_employee):
    own = Product.objects.get(party=twin)
    grounds = [GroundDraft("product", own.pk), GroundDraft("product", olgas_internet.pk), GroundDraft("solvency")]
    draft = DecisionDraft(kind=discount, text="15 %", amount=Decimal(15), grounds=grounds)

    decision = make_decision(party=olga, draft=draft, interaction=None, maker=anna_employee, by=anna, at=LATER)

    assert decision.grounds.count() == 3


def test_what_came_since_stays_with_the_party_it_was_written_for(merge, olga, twin, anna, anna_employee):
    draft = ContactDraft(InteractionDraft(channel="email", text="После"), keep_all=True)
    save_contact(party=olga, draft=draft, employee=anna_employee, by=anna, at=LATER)

    undo_merge(merge=merge, by=None, at=LATER)

    texts = {
        party.pk: [row["text"] for row in view(anna, party.pk).data["panels"]["interactions"]["items"]]
        for party in (olga, twin)
    }
    assert texts == {olga.pk: ["После"], twin.pk: ["Дорого"]}
    assert Decision.objects.get().party == twin


def consents(viewer, party):
    return [row["withdrawn_at"] is None for row in view(viewer, party.pk).data["panels"]["consents"]["items"]]


def agreed(party, at, *, withdrawn_at=None):
    consent = give_consent(party=party, purpose="marketing", text_version="1", channel="web", by=None, at=at)
    return consent if withdrawn_at is None else withdraw_consent(consent=consent, by=None, at=withdrawn_at)


@pytest.mark.parametrize("who_withdrew", ["survivor", "merged"])
def test_any_withdrawn_consent_wins(olga, twin, anna, who_withdrew):
    refuser, other = (olga, twin) if who_withdrew == "survivor" else (twin, olga)
    agreed(refuser, NOON - timedelta(days=900), withdrawn_at=NOON - timedelta(days=800))
    agreed(other, NOON - timedelta(days=100))

    [merge] = merge_parties(survivor=olga, merged=[twin], reason="Одна", by=None, at=NOON)

    assert not Consent.objects.in_force().exists()
    assert consents(anna, olga) == [False]
    olga.refresh_from_db()
    agreed(olga, LATER)
    assert Consent.objects.in_force().filter(party=olga).exists()
    assert True in consents(anna, olga)
    undo_merge(merge=merge, by=None, at=LATER)
    assert Consent.objects.in_force().filter(party=other).exists()


def test_a_consent_given_anew_after_ones_own_withdrawal_counts(olga, twin, anna):
    agreed(olga, NOON - timedelta(days=900), withdrawn_at=NOON - timedelta(days=800))
    agreed(olga, NOON - timedelta(days=100))
    merge_parties(survivor=olga, merged=[twin], reason="Одна", by=None, at=NOON)

    assert Consent.objects.in_force().count() == 1


def test_those_who_are_one_are_no_relatives_of_each_other(olga, twin, anna):
    relate_parties(party=olga, other=twin, kind="family", by=None, at=NOON)
    merge_parties(survivor=olga, merged=[twin], reason="Одна", by=None, at=NOON)

    assert view(anna, olga.pk).data["panels"]["relationships"]["items"] == []


def test_who_sees_one_of_them_sees_the_survivor_and_loses_it_with_the_undo(olga, twin, novosibirsk, gleb, anna):
    twin.home_area = novosibirsk
    twin.save()
    assert view(gleb, olga.pk) is None
    [merge] = merge_parties(survivor=olga, merged=[twin], reason="Одна", by=None, at=NOON)

    assert view(gleb, olga.pk).basis == view(gleb, twin.pk).basis == "area"
    rights = relationship_rights(gleb, olga.pk, LATER)
    assert rights is not None
    assert rights.parties == (olga.pk, twin.pk)
    undo_merge(merge=merge, by=None, at=LATER)
    assert view(gleb, olga.pk) is None
    assert view(anna, twin.pk) is None


def test_an_opening_of_one_opens_both_while_they_are_one(merge, olga, twin, gleb):
    record_opening(party_id=twin.pk, basis="identifier", by=gleb, at=LATER, reason="phone")

    assert view(gleb, olga.pk).basis == "contact"
    undo_merge(merge=merge, by=None, at=LATER)
    assert view(gleb, olga.pk) is None
    assert view(gleb, twin.pk).basis == "contact"
