"""The warning before a party is created a second time."""

from datetime import date

import pytest

from svyaz.parties.actions import add_address, add_identification, add_medium, create_organization
from svyaz.parties.queries import Newcomer, likely_twins
from svyaz.places.actions import create_address
from tests.cast import NOON, OLGAS_PHONE

pytestmark = pytest.mark.django_db


def reasons(viewer, **known):
    return {twin.party.pk: twin.reasons for twin in likely_twins(Newcomer(**known), viewer=viewer, at=NOON)}


def test_the_same_phone_in_another_spelling(olga, anna):
    assert reasons(anna, phones=["8 921 555-12-34"]) == {olga.pk: ("phone",)}


def test_the_same_email(olga, anna):
    add_medium(party=olga, kind="email", value="o@example.com", by=anna, at=NOON)

    assert reasons(anna, emails=["O@example.com"]) == {olga.pk: ("email",)}


def test_the_same_document(olga, anna):
    add_identification(party=olga, kind="passport", number="4010 123456", by=anna, at=NOON)

    assert reasons(anna, documents=["4010123456"]) == {olga.pk: ("document",)}


def test_a_like_name_and_the_same_birth_date(olga, anna):
    assert reasons(anna, name="Смирнова Олга", birth_date=date(1984, 3, 8)) == {olga.pk: ("name_and_birth_date",)}
    assert reasons(anna, name="Смирнова Ольга", birth_date=date(1984, 3, 9)) == {}
    assert reasons(anna, name="Кузнецов Пётр", birth_date=date(1984, 3, 8)) == {}


def test_a_like_name_at_the_same_address(olga, anna, spb):
    home = create_address(area=spb, street="Невский пр.", house="1", flat="2", by=anna, at=NOON)
    add_address(party=olga, address=home, role="actual", by=anna, at=NOON)

    known = {"name": "Смирнова О. И.", "street": "Невский пр.", "house": "1"}
    assert reasons(anna, **known, flat="2") == {olga.pk: ("name_and_address",)}
    assert reasons(anna, **known, flat="3") == {}


def test_companies_by_inn_or_by_a_very_like_name(sever, anna):
    ural = create_organization(name="Уралстройсервис", by=anna, at=NOON)

    assert reasons(anna, kind="organization", name="ООО Юг", inn=sever.inn) == {sever.pk: ("inn",)}
    assert reasons(anna, kind="organization", name="Уралстройсервиз") == {ural.pk: ("name",)}


def test_a_branch_with_its_own_kpp_is_no_twin(sever, anna):
    assert reasons(anna, kind="organization", name="Южный", inn=sever.inn, kpp="784243001") == {}


def test_the_likeliest_stands_first(olga, sever, anna):
    add_medium(party=sever, kind="phone", value=OLGAS_PHONE, by=anna, at=NOON)

    twins = likely_twins(
        Newcomer(name="Смирнова Ольга Ивановна", birth_date=date(1984, 3, 8), phones=[OLGAS_PHONE]),
        viewer=anna,
        at=NOON,
    )

    assert [twin.party for twin in twins] == [olga, sever]


def test_exact_identifiers_warn_everywhere_and_names_in_ones_area(olga, gleb):
    assert reasons(gleb, phones=[OLGAS_PHONE]) == {olga.pk: ("phone",)}
    assert reasons(gleb, name="Смирнова Ольга", birth_date=date(1984, 3, 8)) == {}


def test_who_may_read_no_parties_is_told_of_none(olga, reader):
    assert reasons(reader, phones=[OLGAS_PHONE]) == {}


def test_what_cannot_be_read_warns_of_nobody(olga, anna):
    assert reasons(anna, phones=["звоните"], emails=["@"], name="") == {}
