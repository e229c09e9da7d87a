"""The sample operator: the same at every load, true to its rules, with the cast's story in it."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from stdnum.ru import inn as tax_number

from svyaz.access.models import Role
from svyaz.access.queries import rights_of
from svyaz.billing.models import Bill
from svyaz.billing.queries import solvency
from svyaz.decisions.actions import measure_outcomes
from svyaz.decisions.models import Decision, DecisionKind, Ground, Promise
from svyaz.decisions.queries import promises_of_employee
from svyaz.demo import north, olga
from svyaz.demo.actions import load_demo
from svyaz.demo.queries import CAST, cast_logins, is_demo
from svyaz.demo.world import MOSCOW
from svyaz.history.models import Cursor, Event
from svyaz.interactions.models import Channel, Interaction, Topic
from svyaz.markets.models import CompetitorOffer
from svyaz.parties.models import Consent, Party, PartyRelationship, PartyRole, Preference
from svyaz.places.models import Area
from svyaz.services.models import Product, ProductOffering
from svyaz.users.models import User
from svyaz.workforce.models import Department, Employee, Membership, Skill
from svyaz.workforce.queries import employee_of

AS_OF = date(2026, 5, 19)
MORNING = datetime.combine(AS_OF, time(9), MOSCOW)
CUSTOMERS = 60
STORY = 2


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One load for all tests here, which only read; whoever writes undoes it himself."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo(AS_OF, CUSTOMERS)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def smirnova(demo: None) -> Party:
    return Party.objects.get(name=olga.NAME)


@pytest.fixture
def sever(demo: None) -> Party:
    return Party.objects.get(name=north.NAME)


def test_as_many_customers_as_asked_and_the_cast(demo: None) -> None:
    assert PartyRole.objects.customers().count() == CUSTOMERS + STORY
    assert PartyRole.objects.filter(kind="competitor").count() == 5
    assert 55 <= Employee.objects.count() <= 70
    assert Department.objects.filter(head__isnull=False).count() == Department.objects.count() - 1
    assert Area.objects.filter(kind="region").values("time_zone").distinct().count() == 3


def test_every_reference_and_constraint_holds(demo: None) -> None:
    connection.check_constraints()


def test_nothing_happens_after_the_day_begins(demo: None) -> None:
    midnight = datetime.combine(AS_OF, time(), MOSCOW)

    assert not Interaction.objects.filter(at__gte=midnight).exists()
    assert not Decision.objects.filter(made_at__gte=midnight).exists()
    assert not Event.objects.filter(at__gt=midnight).exists()
    assert not Bill.objects.filter(paid_date__gte=AS_OF).exists()


def test_contacts_come_on_every_channel(demo: None) -> None:
    assert set(Interaction.objects.values_list("channel", flat=True)) == set(Channel.values)


def test_texts_are_whole(demo: None) -> None:
    texts = " ".join(Interaction.objects.values_list("text", flat=True))

    assert not set("[]{}<>|") & set(texts)


def test_tax_numbers_are_valid(demo: None) -> None:
    numbers = Party.objects.exclude(inn="").values_list("inn", flat=True)

    assert numbers
    assert all(tax_number.is_valid(number) for number in numbers)


def test_bills_paid_are_covered_by_payments(demo: None) -> None:
    for bill in Bill.objects.filter(paid_date__isnull=False).prefetch_related("allocations"):
        assert sum(allocation.amount for allocation in bill.allocations.all()) == bill.amount == bill.paid_amount


def test_every_decision_has_a_ground_and_old_ones_an_outcome(demo: None) -> None:
    assert Decision.objects.exclude(pk__in=Ground.objects.values("decision")).count() == 0
    assert measure_outcomes(at=datetime.combine(AS_OF, time(), MOSCOW)) == 0


def test_every_change_has_its_event(demo: None) -> None:
    for model, kind in (
        (Party, "party.created"), (Product, "product.connected"), (Bill, "bill.issued"),
        (Interaction, "interaction.recorded"), (Decision, "decision.made"), (Promise, "promise.made"),
        (CompetitorOffer, "competitor_offer.heard"), (PartyRelationship, "party.related"),
    ):  # fmt: skip
        written = set(model.objects.values_list("pk", flat=True))
        assert set(Event.objects.filter(kind=kind).values_list("subject_id", flat=True)) == written, kind


def test_sightings_are_not_noted_a_second_time(demo: None) -> None:
    assert Cursor.objects.filter(subscriber="decisions.sightings", moved_at__isnull=False).exists()


def test_the_next_everyday_row_finds_its_number(demo: None) -> None:
    area = Area.objects.get(code="RU")

    with transaction.atomic():
        new = Party.objects.create(kind="organization", name="ООО «Новое»", home_area=area, created_at=MORNING)
        newest = Party.objects.exclude(pk=new.pk).latest("pk").pk
        transaction.set_rollback(True)

    assert new.pk > newest


def test_the_cast_can_log_in(demo: None) -> None:
    assert is_demo()
    assert cast_logins() == list(CAST)


def test_olga_as_anna_meets_her(smirnova: Party) -> None:
    anna = User.objects.get(username="anna")
    role = PartyRole.objects.get(party=smirnova, kind="customer")
    found = solvency(smirnova.pk, anna, AS_OF)

    assert (role.number, role.tier, role.valid_from.year) == ("78120441", "gold", 2014)
    assert smirnova.media.filter(value="+79215551234", is_preferred=True).exists()
    assert set(Product.objects.filter(party=smirnova).current().values_list("offering__code", flat=True)) == {
        "mobile-family", "internet-500", "tv-120",
    }  # fmt: skip
    assert found is not None
    assert (found["unpaid"], found["late"], found["promises_kept"], found["overdue_amount"]) == (2, 2, 2, 1930)
    assert Preference.objects.filter(party=smirnova, kind="hours", value="после 18:00").exists()
    assert PartyRelationship.objects.filter(party=smirnova, kind="payer", other__given_name="Игорь").exists()
    assert list(Consent.objects.filter(party=smirnova).in_force().values_list("purpose", flat=True)) == ["service"]


def test_a_rival_offered_olga_450_and_nothing_is_decided(smirnova: Party) -> None:
    offer = CompetitorOffer.objects.get(party=smirnova)

    assert (offer.price, offer.answer, offer.heard_date) == (450, None, AS_OF - timedelta(days=1))
    assert Decision.objects.filter(party=smirnova).count() == 1
    assert not Decision.objects.filter(party=smirnova).in_force(MORNING).exists()


def test_anna_has_promised_to_call_back_today(smirnova: Party) -> None:
    anna = User.objects.get(username="anna")
    employee = employee_of(anna)
    assert employee is not None

    promise = promises_of_employee(employee, viewer=anna).get(party=smirnova)

    assert promise.due_at == datetime.combine(AS_OF, time(18), MOSCOW)
    assert promise.made_at.date() == AS_OF - timedelta(days=1)


def test_sever_wears_three_hats_and_is_two_bills_late(sever: Party) -> None:
    roles = set(PartyRole.objects.filter(party=sever).values_list("kind", flat=True))

    assert roles == {"customer", "supplier", "dealer"}
    assert [bill.is_overdue(AS_OF) for bill in Bill.objects.filter(party=sever).unpaid()].count(True) == 2
    assert PartyRelationship.objects.filter(party=sever, kind="contact_person", decision_power="decides").exists()


def test_gleb_sees_neither(smirnova: Party, sever: Party) -> None:
    gleb = User.objects.get(username="gleb")

    assert rights_of(gleb).may("party:read")
    assert not Party.objects.visible_to(gleb).filter(pk__in=[smirnova.pk, sever.pk]).exists()


@pytest.mark.parametrize(
    "model", [Department, Skill, Role, ProductOffering, Topic, DecisionKind, Area], ids=lambda model: model.__name__
)
def test_every_noun_of_the_operator_has_an_english_name(demo: None, model: Any) -> None:
    assert model.objects.exists()
    assert list(model.objects.filter(name_en="").values_list("name", flat=True)[:5]) == []


def test_every_position_has_an_english_name(demo: None) -> None:
    assert not Employee.objects.filter(position_en="").exists()
    assert not Membership.objects.filter(position_en="").exists()
