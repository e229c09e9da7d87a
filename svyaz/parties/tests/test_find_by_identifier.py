"""Finding a party by what identifies it exactly."""

from datetime import timedelta
from typing import Any

import pytest

from svyaz.parties.actions import add_identification, add_medium, end_medium, sign_agreement
from svyaz.parties.models import ContactMedium, Party
from svyaz.parties.queries import canonical_id_of, find_by_identifier, group_of
from tests.cast import NOON, OLGAS_PHONE

pytestmark = pytest.mark.django_db


def matched(text, viewer, at=NOON):
    found: Any = find_by_identifier(text, viewer, at)
    return {(party.pk, party.matched_by) for party in found}


@pytest.mark.parametrize(
    "spelling", ["+79215551234", "8 921 555 12 34", "8(921)555-12-34", "9215551234", "  7 921 5551234 "]
)
def test_a_phone_in_any_spelling(olga, anna, spelling):
    assert matched(spelling, anna) == {(olga.pk, "phone")}


def test_an_email_case_aside(olga, anna):
    add_medium(party=olga, kind="email", value="olga@example.com", by=anna, at=NOON)

    assert matched("OLGA@example.com", anna) == {(olga.pk, "email")}


def test_a_customer_number(olga, anna):
    assert matched("78120441", anna) == {(olga.pk, "customer")}


def test_a_contract_number_case_aside(olga, anna):
    sign_agreement(party=olga, number="СПБ-7", by=anna, at=NOON)

    assert matched("спб-7", anna) == {(olga.pk, "contract")}


def test_an_inn(sever, anna):
    assert matched("7707083893", anna) == {(sever.pk, "inn")}


def test_a_document_in_any_spelling(olga, anna):
    add_identification(party=olga, kind="passport", number="4010 123456", by=anna, at=NOON)

    assert matched("40 10 123456", anna) == {(olga.pk, "document")}


def test_a_shared_number_shows_both(olga, sever, anna):
    add_medium(party=sever, kind="phone", value=OLGAS_PHONE, by=anna, at=NOON)

    assert {pk for pk, _ in matched(OLGAS_PHONE, anna)} == {olga.pk, sever.pk}


def test_a_number_finds_who_has_it_on_the_day(olga, sever, anna):
    end_medium(medium=ContactMedium.objects.get(party=olga), by=anna, at=NOON + timedelta(days=5))
    later = NOON + timedelta(days=10)
    add_medium(party=sever, kind="mobile", value=OLGAS_PHONE, by=anna, at=later)

    assert matched(OLGAS_PHONE, anna, NOON) == {(olga.pk, "phone")}
    assert matched(OLGAS_PHONE, anna, later) == {(sever.pk, "phone")}


def test_the_area_does_not_limit_an_exact_identifier(olga, gleb):
    assert matched(OLGAS_PHONE, gleb) == {(olga.pk, "phone")}


def test_who_may_read_no_parties_finds_none(olga, reader):
    assert matched(OLGAS_PHONE, reader) == set()


def test_a_merged_party_leads_to_its_survivor(olga, sever, anna):
    Party.objects.filter(pk=olga.pk).update(merged_into=sever, canonical=sever)

    assert matched(OLGAS_PHONE, anna) == {(sever.pk, "phone")}
    assert canonical_id_of(olga.pk) == sever.pk
    assert group_of(sever.pk) == [sever.pk, olga.pk]


@pytest.mark.parametrize("text", ["", "   ", "Смирнова", "@", "\x00", "9" * 300, "+7 921", "' OR 1=1 --", "5551234"])
def test_what_identifies_nobody_finds_nobody(olga, anna, text):
    assert matched(text, anna) == set()


def test_it_takes_two_queries_however_many_it_finds(olga, sever, anna, django_assert_num_queries):
    add_medium(party=sever, kind="phone", value=OLGAS_PHONE, by=anna, at=NOON)
    matched(OLGAS_PHONE, anna)

    with django_assert_num_queries(2):
        matched(OLGAS_PHONE, anna)
