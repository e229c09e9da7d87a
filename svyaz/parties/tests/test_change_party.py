"""Changing what is known of a party."""

from datetime import date

import pytest

from svyaz.history.models import Event
from svyaz.parties.actions import InvalidField, NoSuchField, PartyAlreadyExists, change_party, create_organization
from svyaz.parties.events import PartyEvent
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def test_a_surname_changes_and_the_event_keeps_the_former_one(olga, anna):
    party = change_party(party=olga, changes={"family_name": "Ёжикова"}, by=anna, at=NOON)

    party.refresh_from_db()
    assert (party.name, party.name_key) == ("Ёжикова Ольга Ивановна", "ежикова ольга ивановна")
    event = Event.objects.latest("pk")
    assert event.kind == PartyEvent.CHANGED
    assert event.details["former"]["family_name"] == "Смирнова"
    assert event.details["new"] == {"family_name": "Ёжикова", "name": "Ёжикова Ольга Ивановна"}


def test_dates_and_areas_are_kept_as_text_and_number(olga, anna, novosibirsk):
    change_party(party=olga, changes={"birth_date": date(1985, 1, 2), "home_area": novosibirsk}, by=anna, at=NOON)

    assert Event.objects.latest("pk").details["new"] == {"birth_date": "1985-01-02", "home_area": novosibirsk.pk}


def test_what_stays_as_it_is_is_no_change(olga, anna):
    before = Event.objects.count()

    change_party(party=olga, changes={"given_name": "Ольга"}, by=anna, at=NOON)

    assert Event.objects.count() == before


@pytest.mark.parametrize("field", ["kind", "id", "merged_into", "name_key", "name", "kpp"])
def test_a_field_that_is_not_to_be_changed_is_refused(olga, anna, field):
    with pytest.raises(NoSuchField):
        change_party(party=olga, changes={field: "1"}, by=anna, at=NOON)


def test_a_wrong_value_changes_nothing(sever, anna):
    with pytest.raises(InvalidField):
        change_party(party=sever, changes={"name": "Юг", "inn": "1"}, by=anna, at=NOON)

    sever.refresh_from_db()
    assert sever.name == "Север"


def test_nobody_takes_another_companys_inn_and_kpp(sever, anna):
    other = create_organization(name="Юг", by=anna, at=NOON)

    with pytest.raises(PartyAlreadyExists):
        change_party(party=other, changes={"inn": sever.inn, "kpp": sever.kpp}, by=anna, at=NOON)
