"""Correcting what is known: in one verb, and never over what a colleague wrote meanwhile."""

import pytest

from svyaz.history.models import Event
from svyaz.parties.actions import (
    AlreadyRelated,
    ChangedMeanwhile,
    InvalidField,
    MediumAlreadyEnded,
    MediumAlreadyKnown,
    PreferenceAlreadyEnded,
    add_medium,
    change_party,
    change_relationship,
    end_medium,
    introduce_person,
    relate_parties,
    replace_medium,
    restore_medium,
    restore_relationship,
    save_preference,
    set_tier,
)
from svyaz.parties.actions.relations import end_relationship
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import ContactMedium, Party
from tests.cast import NOON, OLGAS_PHONE

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(olga):
    return ContactMedium.objects.get(party=olga)


def test_a_number_is_replaced_in_one_event(olga, anna, phone):
    count = Event.objects.count()

    new = replace_medium(medium=phone, value="8 921 555-99-99", is_preferred=True, by=anna, at=NOON)

    assert (new.value, new.kind, new.is_preferred) == ("+79215559999", "mobile", True)
    phone.refresh_from_db()
    assert phone.valid_to == NOON.date()
    event = Event.objects.latest("pk")
    assert Event.objects.count() == count + 1
    assert (event.kind, event.details["former_value"]) == (PartyEvent.MEDIUM_REPLACED, OLGAS_PHONE)


def test_the_same_number_is_no_change(anna, phone):
    count = Event.objects.count()
    assert replace_medium(medium=phone, value="8 (921) 555-12-34", by=anna, at=NOON) == phone
    assert Event.objects.count() == count


def test_a_wrong_number_changes_nothing(anna, phone):
    with pytest.raises(InvalidField):
        replace_medium(medium=phone, value="звоните", by=anna, at=NOON)
    phone.refresh_from_db()
    assert phone.valid_to is None


def test_what_was_ended_is_not_replaced(anna, phone):
    end_medium(medium=phone, by=anna, at=NOON)
    with pytest.raises(MediumAlreadyEnded):
        replace_medium(medium=phone, value="+79215559999", by=anna, at=NOON)


def test_a_number_that_came_back_otherwise_is_not_restored(olga, anna, phone):
    end_medium(medium=phone, by=anna, at=NOON)
    add_medium(party=olga, kind="mobile", value=OLGAS_PHONE, by=anna, at=NOON)
    with pytest.raises(MediumAlreadyKnown):
        restore_medium(medium=phone, by=anna, at=NOON)


def test_a_name_is_not_written_over_a_colleagues(olga, anna, boris):
    change_party(party=olga, changes={"family_name": "Белкина"}, by=boris, at=NOON)

    with pytest.raises(ChangedMeanwhile) as refusal:
        change_party(
            party=olga, changes={"family_name": "Ёжикова"}, expected={"family_name": "Смирнова"}, by=anna, at=NOON
        )

    assert refusal.value.current == {"family_name": "Белкина"}


def test_two_who_write_the_same_do_not_quarrel(olga, anna, boris):
    change_party(party=olga, changes={"family_name": "Белкина"}, by=boris, at=NOON)
    change_party(party=olga, changes={"family_name": "Белкина"}, expected={"family_name": "Смирнова"}, by=anna, at=NOON)


def test_a_tier_is_not_written_over_a_colleagues(olga_customer, anna):
    with pytest.raises(ChangedMeanwhile):
        set_tier(role=olga_customer, tier="silver", expected="standard", by=anna, at=NOON)


def test_a_relation_is_not_written_over_a_colleagues(olga, sever, anna):
    relation = relate_parties(party=sever, other=olga, kind="contact_person", title="Бухгалтер", by=anna, at=NOON)
    seen = {"title": "Директор", "decision_power": ""}
    with pytest.raises(ChangedMeanwhile):
        change_relationship(relationship=relation, title="Юрист", decision_power="", expected=seen, by=anna, at=NOON)


def test_a_relation_that_came_back_otherwise_is_not_restored(olga, sever, anna):
    relation = relate_parties(party=sever, other=olga, kind="payer", by=anna, at=NOON)
    end_relationship(relationship=relation, by=anna, at=NOON)
    relate_parties(party=sever, other=olga, kind="payer", by=anna, at=NOON)
    with pytest.raises(AlreadyRelated):
        restore_relationship(relationship=relation, by=anna, at=NOON)


def test_a_preference_ended_meanwhile_is_not_replaced(olga, anna):
    first = save_preference(party=olga, kind="interest", value="футбол", by=anna, at=NOON)
    second = save_preference(party=olga, kind="interest", value="хоккей", replaces=first, by=anna, at=NOON)
    assert second.value == "хоккей"
    with pytest.raises(PreferenceAlreadyEnded):
        save_preference(party=olga, kind="interest", value="шахматы", replaces=first, by=anna, at=NOON)


def test_somebody_new_is_introduced_with_his_phone(sever, anna):
    relation = introduce_person(
        party=sever, kind="contact_person", family_name="Громов", given_name="Павел", phone="8 921 555-07-01",
        title="Директор", decision_power="decides", by=anna, at=NOON,
    )  # fmt: skip

    assert relation.other.name == "Громов Павел"
    assert relation.other.home_area == sever.home_area
    medium = ContactMedium.objects.get(party=relation.other)
    assert (medium.kind, medium.value) == ("mobile", "+79215550701")


def test_nobody_without_a_name_is_introduced(sever, anna):
    count = Party.objects.count()
    with pytest.raises(InvalidField):
        introduce_person(party=sever, kind="contact_person", phone="+79215550701", by=anna, at=NOON)
    with pytest.raises(InvalidField):
        introduce_person(party=sever, kind="contact_person", given_name="Павел", phone="12", by=anna, at=NOON)
    assert Party.objects.count() == count
