"""Taking back a fresh change: each by its inverse, never over somebody else's work."""

from datetime import date, timedelta

import pytest

from svyaz.history.models import Event
from svyaz.parties.actions import (
    CannotBeUndone,
    ChangedSince,
    TooLateToUndo,
    add_address,
    add_medium,
    change_medium,
    change_party,
    change_relationship,
    changeable_values,
    end_address,
    end_medium,
    end_preference,
    end_relationship,
    relate_parties,
    replace_address,
    replace_medium,
    save_preference,
    set_tier,
    undo_change,
)
from svyaz.parties.models import AddressUse, ContactMedium, PartyRelationship, Preference
from svyaz.places.actions import create_address
from tests.cast import NOON, OLGAS_PHONE

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(minutes=3)


def undo_last(by, at=SOON):
    undo_change(event=Event.objects.filter(kind__contains=".").latest("pk"), by=by, at=at)


def media_of(party):
    found = ContactMedium.objects.current().filter(party=party).order_by("pk")
    return [(row.value, row.is_preferred) for row in found]


def addresses_of(party):
    return [str(row.address) for row in AddressUse.objects.filter(party=party, valid_to__isnull=True)]


@pytest.fixture
def phone(olga):
    return ContactMedium.objects.get(party=olga)


@pytest.fixture
def home(olga, anna):
    address = create_address(locality="Санкт-Петербург", street="Невский пр.", house="1", by=anna, at=NOON)
    return add_address(party=olga, address=address, role="actual", valid_from=date(2020, 1, 1), by=anna, at=NOON)


def test_a_name_and_a_birth_date_come_back(olga, anna, novosibirsk):
    before = changeable_values(olga)
    changes = {"family_name": "Ёжикова", "birth_date": date(1990, 1, 2), "home_area": novosibirsk}
    change_party(party=olga, changes=changes, by=anna, at=NOON)

    undo_last(anna)

    olga.refresh_from_db()
    assert changeable_values(olga) == before


def test_a_companys_name_comes_back(sever, anna):
    change_party(party=sever, changes={"name": "Юг"}, by=anna, at=NOON)
    undo_last(anna)
    sever.refresh_from_db()
    assert sever.name == "Север"


def test_a_tier_comes_back(olga_customer, anna):
    set_tier(role=olga_customer, tier="platinum", by=anna, at=NOON)
    undo_last(anna)
    olga_customer.refresh_from_db()
    assert olga_customer.tier == "gold"


def test_an_added_number_goes_and_the_preference_returns(olga, anna, phone):
    change_medium(medium=phone, is_preferred=True, by=anna, at=NOON)
    add_medium(party=olga, kind="email", value="o@post.example", is_preferred=True, by=anna, at=NOON)
    assert media_of(olga) == [(OLGAS_PHONE, False), ("o@post.example", True)]

    undo_last(anna)

    assert media_of(olga) == [(OLGAS_PHONE, True)]


def test_a_preferred_number_is_so_no_more(olga, anna, phone):
    change_medium(medium=phone, is_preferred=True, by=anna, at=NOON)
    undo_last(anna)
    assert media_of(olga) == [(OLGAS_PHONE, False)]


def test_an_ended_number_is_in_use_again(olga, anna, phone):
    change_medium(medium=phone, is_preferred=True, by=anna, at=NOON)
    end_medium(medium=phone, by=anna, at=NOON)
    undo_last(anna)
    assert media_of(olga) == [(OLGAS_PHONE, True)]


def test_a_replaced_number_stands_in_its_place_again(olga, anna, phone):
    change_medium(medium=phone, is_preferred=True, by=anna, at=NOON)
    new = replace_medium(medium=phone, value="+7 921 555-99-99", by=anna, at=NOON)
    assert media_of(olga) == [("+79215559999", True)]

    undo_last(anna)

    assert media_of(olga) == [(OLGAS_PHONE, True)]
    new.refresh_from_db()
    assert new.valid_from == new.valid_to


def test_an_address_and_the_one_it_replaced_come_back(olga, anna, home):
    other = create_address(text="Москва, до востребования", by=anna, at=NOON)
    replace_address(use=home, address=other, by=anna, at=NOON)
    assert addresses_of(olga) == ["Москва, до востребования"]
    undo_last(anna)
    assert addresses_of(olga) == ["Санкт-Петербург, Невский пр., 1"]

    add_address(party=olga, address=other, role="actual", by=anna, at=NOON)
    undo_last(anna)
    assert addresses_of(olga) == ["Санкт-Петербург, Невский пр., 1"]

    end_address(use=AddressUse.objects.get(valid_to__isnull=True), by=anna, at=NOON)
    undo_last(anna)
    assert addresses_of(olga) == ["Санкт-Петербург, Невский пр., 1"]


def test_relations_come_back(olga, sever, anna):
    relation = relate_parties(party=sever, other=olga, kind="contact_person", title="Бухгалтер", by=anna, at=NOON)
    change_relationship(relationship=relation, title="Директор", decision_power="decides", by=anna, at=NOON)
    undo_last(anna)
    relation.refresh_from_db()
    assert (relation.title, relation.decision_power) == ("Бухгалтер", "")

    end_relationship(relationship=relation, by=anna, at=NOON)
    undo_last(anna)
    assert PartyRelationship.objects.get(valid_to__isnull=True) == relation


def test_a_relation_is_taken_back(olga, sever, anna):
    relate_parties(party=sever, other=olga, kind="contact_person", by=anna, at=NOON)
    undo_last(anna)
    assert not PartyRelationship.objects.filter(valid_to__isnull=True).exists()


def test_a_preference_and_the_one_it_replaced_come_back(olga, anna):
    save_preference(party=olga, kind="hours", value="после 18:00", by=anna, at=NOON)
    save_preference(party=olga, kind="hours", value="до обеда", by=anna, at=NOON)
    undo_last(anna)
    current = Preference.objects.get(party=olga, ended_date__isnull=True)
    assert current.value == "после 18:00"

    end_preference(preference=current, by=anna, at=NOON)
    undo_last(anna)
    assert Preference.objects.get(party=olga, ended_date__isnull=True).value == "после 18:00"


def test_what_was_changed_since_is_not_taken_back(olga, anna, boris):
    change_party(party=olga, changes={"family_name": "Ёжикова"}, by=anna, at=NOON)
    event = Event.objects.latest("pk")
    change_party(party=olga, changes={"family_name": "Белкина"}, by=boris, at=NOON)

    with pytest.raises(ChangedSince):
        undo_change(event=event, by=anna, at=SOON)

    olga.refresh_from_db()
    assert olga.family_name == "Белкина"


def test_a_change_is_taken_back_once(olga, anna, phone):
    replace_medium(medium=phone, value="+79215559999", by=anna, at=NOON)
    event = Event.objects.latest("pk")
    undo_change(event=event, by=anna, at=SOON)
    count = Event.objects.count()

    with pytest.raises(ChangedSince):
        undo_change(event=event, by=anna, at=SOON)

    assert Event.objects.count() == count


def test_nobody_takes_back_what_is_not_his_or_not_fresh(olga, anna, boris):
    change_party(party=olga, changes={"family_name": "Ёжикова"}, by=anna, at=NOON)
    event = Event.objects.latest("pk")

    with pytest.raises(CannotBeUndone):
        undo_change(event=event, by=boris, at=SOON)
    with pytest.raises(TooLateToUndo):
        undo_change(event=event, by=anna, at=NOON + timedelta(minutes=11))


def test_a_thing_without_an_inverse_is_not_taken_back(olga, anna):
    with pytest.raises(CannotBeUndone):
        undo_change(event=Event.objects.get(kind="party.created"), by=anna, at=SOON)
