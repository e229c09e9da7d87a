"""Phones, e-mails and addresses of parties."""

from datetime import timedelta

import pytest

from svyaz.history.models import Event
from svyaz.parties.actions import (
    EndsBeforeItBegan,
    InvalidField,
    MediumAlreadyEnded,
    MediumAlreadyKnown,
    add_address,
    add_medium,
    change_medium,
    end_address,
    end_medium,
)
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import AddressUse, ContactMedium
from svyaz.places.actions import create_address
from tests.cast import NOON, OLGAS_PHONE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("spelling", ["8 (921) 555-12-35", "+7 921 555 12 35", "79215551235", "921-555-12-35"])
def test_a_phone_is_kept_in_one_spelling(olga, anna, spelling):
    assert add_medium(party=olga, kind="mobile", value=spelling, by=anna, at=NOON).value == "+79215551235"


def test_an_email_is_kept_in_lower_case(olga, anna):
    assert (
        add_medium(party=olga, kind="email", value=" Olga@Example.COM ", by=anna, at=NOON).value == "olga@example.com"
    )


def test_the_event_tells_what_was_added(olga, anna):
    add_medium(party=olga, kind="messenger", value="@olga", by=anna, at=NOON)

    event = Event.objects.latest("pk")
    assert (event.kind, event.party_id) == (PartyEvent.MEDIUM_ADDED, olga.pk)
    assert event.details == {"medium": "messenger", "value": "@olga"}


@pytest.mark.parametrize(
    ("kind", "value", "field", "reason"),
    [
        ("mobile", "12", "value", "not_a_phone"),
        ("fax", "звоните", "value", "not_a_phone"),
        ("email", "olga@", "value", "not_an_email"),
        ("email", "", "value", "empty"),
        ("pigeon", "x", "kind", "unknown"),
    ],
)
def test_what_reaches_nobody_is_refused_by_field_and_reason(olga, anna, kind, value, field, reason):
    with pytest.raises(InvalidField) as refusal:
        add_medium(party=olga, kind=kind, value=value, by=anna, at=NOON)

    assert (refusal.value.field, refusal.value.reason) == (field, reason)


def test_the_same_number_is_not_added_twice_to_one_party(olga, anna):
    with pytest.raises(MediumAlreadyKnown):
        add_medium(party=olga, kind="mobile", value=OLGAS_PHONE, by=anna, at=NOON)


def test_two_parties_may_share_a_number(olga, sever, anna):
    add_medium(party=sever, kind="mobile", value=OLGAS_PHONE, by=anna, at=NOON)

    assert ContactMedium.objects.filter(value=OLGAS_PHONE).count() == 2


def test_only_one_medium_is_preferred(olga, anna):
    add_medium(party=olga, kind="email", value="a@example.com", is_preferred=True, by=anna, at=NOON)
    second = add_medium(party=olga, kind="email", value="b@example.com", by=anna, at=NOON)
    change_medium(medium=second, is_preferred=True, is_verified=True, by=anna, at=NOON)

    assert [medium.value for medium in ContactMedium.objects.filter(party=olga, is_preferred=True)] == ["b@example.com"]
    assert ContactMedium.objects.get(value="b@example.com").verified_at == NOON


def test_an_ended_number_stays_in_the_past_and_may_come_back(olga, anna):
    medium = ContactMedium.objects.get(party=olga)
    end_medium(medium=medium, by=anna, at=NOON + timedelta(days=3))
    add_medium(party=olga, kind="mobile", value=OLGAS_PHONE, by=anna, at=NOON + timedelta(days=9))

    assert ContactMedium.objects.filter(party=olga).count() == 2
    with pytest.raises(MediumAlreadyEnded):
        end_medium(medium=medium, by=anna, at=NOON)


def test_a_number_does_not_end_before_it_was_known(olga, anna):
    with pytest.raises(EndsBeforeItBegan):
        end_medium(medium=ContactMedium.objects.get(party=olga), by=anna, at=NOON - timedelta(days=1))


def test_a_new_actual_address_ends_the_former_one(olga, anna, spb):
    homes = [create_address(area=spb, street="Невский пр.", house=house, by=anna, at=NOON) for house in ("1", "2")]
    later = NOON + timedelta(days=30)
    add_address(party=olga, address=homes[0], role="actual", by=anna, at=NOON)
    add_address(party=olga, address=homes[1], role="actual", by=anna, at=later)

    assert list(AddressUse.objects.order_by("pk").values_list("address__house", "valid_to")) == [
        ("1", later.date()),
        ("2", None),
    ]


def test_installation_addresses_stand_side_by_side_until_they_end(olga, anna, spb):
    for house in ("1", "2"):
        address = create_address(area=spb, street="Невский пр.", house=house, by=anna, at=NOON)
        use = add_address(party=olga, address=address, role="installation", by=anna, at=NOON)
    end_address(use=use, by=anna, at=NOON + timedelta(days=1))

    assert AddressUse.objects.filter(party=olga, valid_to__isnull=True).count() == 1
