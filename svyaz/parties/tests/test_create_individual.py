"""Creating persons."""

from datetime import date

import pytest

from svyaz.history.models import Event
from svyaz.parties.actions import InvalidField, create_individual
from svyaz.parties.events import PartyEvent
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def test_a_person_is_named_family_given_patronymic(anna, spb):
    party = create_individual(
        family_name=" Ёлкина ", given_name="Анна", middle_name="Петровна", home_area=spb, by=anna, at=NOON
    )

    assert party.name == "Ёлкина Анна Петровна"
    assert party.name_key == "елкина анна петровна"
    assert party.created_at == NOON


def test_the_patronymic_may_be_missing(anna):
    assert create_individual(family_name="Ли", given_name="Вэй", by=anna, at=NOON).name == "Ли Вэй"


def test_who_has_no_name_yet_is_created_without_one(anna):
    assert create_individual(by=anna, at=NOON).name == ""


def test_one_event_tells_of_it(anna):
    before = Event.objects.count()

    party = create_individual(family_name="Ли", by=anna, at=NOON)

    event = Event.objects.latest("pk")
    assert Event.objects.count() == before + 1
    assert (event.kind, event.party_id, event.subject_id, event.by_id) == (
        PartyEvent.CREATED,
        party.pk,
        party.pk,
        anna.pk,
    )


def test_a_sole_trader_has_an_ogrnip_and_is_a_person(anna):
    party = create_individual(
        family_name="Ли", inn="500100732259", ogrnip="304500116000157", by=anna, at=NOON
    )  # a check digit like any other

    assert party.is_person
    assert party.legal_form == "ИП"
    assert party.ogrn == "304500116000157"


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("inn", "7707083893", "wrong_length"),
        ("inn", "500100732258", "wrong_checksum"),
        ("inn", "5001-0073225", "not_digits"),
        ("ogrnip", "304500116000158", "wrong_checksum"),
        ("birth_date", date(2027, 1, 1), "out_of_range"),
        ("birth_date", date(1700, 1, 1), "out_of_range"),
        ("gender", "x", "unknown"),
        ("family_name", "я" * 101, "too_long"),
        ("given_name", "a\x00b", "not_text"),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_reason(anna, field, value, reason):
    before = Event.objects.count()

    with pytest.raises(InvalidField) as refusal:
        create_individual(**{"family_name": "Ли", field: value}, by=anna, at=NOON)

    assert refusal.value.field == field.replace("ogrnip", "ogrn")
    assert refusal.value.reason == reason
    assert Event.objects.count() == before
