"""Giving roles, ending them, worth tiers."""

from datetime import date, timedelta

import pytest

from svyaz.history.models import Event
from svyaz.parties.actions import (
    InvalidField,
    NumberTaken,
    OnlyCustomersHaveTiers,
    RoleAlreadyEnded,
    RoleAlreadyGiven,
    RoleEndsBeforeItBegan,
    change_role_status,
    create_individual,
    end_role,
    give_role,
    set_tier,
)
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import FormerTier, PartyRole
from tests.cast import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(anna):
    return create_individual(family_name="Ли", by=anna, at=NOON)


def test_a_customer_gets_the_next_number(newcomer, olga, anna):
    first = give_role(party=newcomer, kind="customer", by=anna, at=NOON)
    other = give_role(party=create_individual(by=anna, at=NOON), kind="customer", by=anna, at=NOON)

    assert int(other.number) == int(first.number) + 1
    assert first.valid_from == NOON.date()
    assert Event.objects.latest("pk").kind == PartyEvent.ROLE_GIVEN


def test_a_number_that_an_import_took_is_passed_over(newcomer, anna):
    taken = give_role(party=create_individual(by=anna, at=NOON), kind="customer", by=anna, at=NOON)
    imported = create_individual(by=anna, at=NOON)
    give_role(party=imported, kind="customer", number=str(int(taken.number) + 1), by=anna, at=NOON)

    assert give_role(party=newcomer, kind="customer", by=anna, at=NOON).number == str(int(taken.number) + 2)


def test_one_party_wears_several_hats(sever):
    assert set(PartyRole.objects.current().filter(party=sever).values_list("kind", flat=True)) == {
        "customer",
        "supplier",
        "dealer",
    }


def test_the_same_role_is_not_given_twice(olga, anna):
    with pytest.raises(RoleAlreadyGiven):
        give_role(party=olga, kind="customer", by=anna, at=NOON)


def test_another_customers_number_is_refused(newcomer, olga_customer, anna):
    with pytest.raises(NumberTaken):
        give_role(party=newcomer, kind="customer", number=olga_customer.number, by=anna, at=NOON)


@pytest.mark.parametrize(("field", "value"), [("kind", "king"), ("tier", "tin"), ("status", "closed")])
def test_an_unknown_value_is_refused(newcomer, anna, field, value):
    with pytest.raises(InvalidField):
        give_role(**{"party": newcomer, "kind": "customer", field: value}, by=anna, at=NOON)


def test_a_role_ends_with_a_reason_and_may_be_given_again(olga, olga_customer, anna):
    role = end_role(role=olga_customer, reason="Переезд", by=anna, at=NOON)
    again = give_role(party=olga, kind="customer", by=anna, at=NOON + timedelta(days=90))

    assert (role.status, role.valid_to, role.end_reason) == ("closed", NOON.date(), "Переезд")
    assert PartyRole.objects.customers().filter(party=olga).count() == 2
    assert again.number != role.number


def test_a_role_ends_once(olga_customer, anna):
    end_role(role=olga_customer, by=anna, at=NOON)

    with pytest.raises(RoleAlreadyEnded):
        end_role(role=olga_customer, by=anna, at=NOON)


def test_a_role_does_not_end_before_it_began(olga_customer, anna):
    with pytest.raises(RoleEndsBeforeItBegan):
        end_role(role=olga_customer, valid_to=date(2000, 1, 1), by=anna, at=NOON)


def test_a_customer_is_suspended(olga_customer, anna):
    change_role_status(role=olga_customer, status="suspended", by=anna, at=NOON)

    olga_customer.refresh_from_db()
    assert olga_customer.status == "suspended"
    assert Event.objects.latest("pk").details == {"former": "active", "new": "suspended"}


def test_a_former_tier_keeps_its_period(olga_customer, anna):
    set_tier(role=olga_customer, tier="platinum", by=anna, at=NOON)
    set_tier(role=olga_customer, tier="silver", by=anna, at=NOON + timedelta(days=10))

    assert list(FormerTier.objects.order_by("pk").values_list("tier", "valid_from", "valid_to")) == [
        ("gold", date(2014, 4, 1), NOON.date()),
        ("platinum", NOON.date(), NOON.date() + timedelta(days=10)),
    ]


def test_only_customers_have_tiers(sever, anna):
    supplier = PartyRole.objects.get(party=sever, kind="supplier")

    with pytest.raises(OnlyCustomersHaveTiers):
        set_tier(role=supplier, tier="gold", by=anna, at=NOON)
