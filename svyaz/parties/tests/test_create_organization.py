"""Creating companies."""

from typing import Any

import pytest

from svyaz.history.models import Event
from svyaz.parties.actions import InvalidField, PartyAlreadyExists, create_organization
from svyaz.parties.models import Party
from tests.cast import NOON

pytestmark = pytest.mark.django_db

SBER: dict[str, Any] = {"name": "Сбер", "inn": "7707083893", "kpp": "773601001", "ogrn": "1027700132195"}


def test_a_company_is_created_with_its_register_numbers(anna):
    party = create_organization(**SBER, legal_form="ПАО", by=anna, at=NOON)

    party.refresh_from_db()
    assert (party.name, party.legal_form, party.name_key) == ("Сбер", "ПАО", "сбер")
    assert (party.inn, party.kpp, party.ogrn) == ("7707083893", "773601001", "1027700132195")
    assert not party.is_person


def test_a_company_with_the_same_inn_and_kpp_is_not_created_twice(anna):
    create_organization(**SBER, by=anna, at=NOON)
    before = Event.objects.count()

    with pytest.raises(PartyAlreadyExists):
        create_organization(**SBER, by=anna, at=NOON)

    assert Party.objects.filter(inn=SBER["inn"]).count() == 1
    assert Event.objects.count() == before


def test_branches_share_an_inn_and_differ_in_kpp(anna):
    create_organization(**SBER, by=anna, at=NOON)
    create_organization(**{**SBER, "kpp": "784243001"}, by=anna, at=NOON)

    assert Party.objects.filter(inn=SBER["inn"]).count() == 2


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("name", "  ", "empty"),
        ("name", "я" * 301, "too_long"),
        ("inn", "500100732259", "wrong_length"),
        ("inn", "7707083890", "wrong_checksum"),
        ("kpp", "7736010", "wrong_length"),
        ("kpp", "77360ЖЖ01", "not_digits"),
        ("ogrn", "1027700132190", "wrong_checksum"),
        ("ogrn", "102770013219", "wrong_length"),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_reason(anna, field, value, reason):
    with pytest.raises(InvalidField) as refusal:
        create_organization(**{**SBER, field: value}, by=anna, at=NOON)

    assert (refusal.value.field, refusal.value.reason) == (field, reason)


def test_numbers_are_taken_with_blanks_in_them(anna):
    assert create_organization(name="Сбер", inn=" 77070 83893 ", by=anna, at=NOON).inn == "7707083893"
