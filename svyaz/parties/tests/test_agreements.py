"""Agreements: signed, passed on, ended."""

from datetime import date, timedelta

import pytest

from svyaz.parties.actions import (
    AgreementAlreadyEnded,
    AgreementNumberTaken,
    AlreadySubscriber,
    InvalidField,
    create_individual,
    end_agreement,
    sign_agreement,
    transfer_agreement,
)
from svyaz.parties.models import AgreementParty
from tests.cast import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(olga, anna):
    return sign_agreement(party=olga, number="Д-100", valid_from=date(2014, 4, 1), by=anna, at=NOON)


def test_a_number_is_given_once(contract, sever, anna):
    with pytest.raises(AgreementNumberTaken):
        sign_agreement(party=sever, number="Д-100", by=anna, at=NOON)


def test_an_agreement_does_not_end_before_it_begins(olga, anna):
    with pytest.raises(InvalidField):
        sign_agreement(party=olga, number="Д-2", valid_to=date(2000, 1, 1), by=anna, at=NOON)


def test_each_former_subscriber_keeps_his_period(contract, olga, anna):
    first, second = (create_individual(family_name=name, by=anna, at=NOON) for name in ("Ли", "Ким"))
    transfer_agreement(agreement=contract, to=first, on=date(2020, 1, 1), by=anna, at=NOON)
    transfer_agreement(agreement=contract, to=second, on=date(2021, 1, 1), by=anna, at=NOON)

    contract.refresh_from_db()
    assert contract.party == second
    assert list(AgreementParty.objects.order_by("valid_from").values_list("party", "valid_from", "valid_to")) == [
        (olga.pk, date(2014, 4, 1), date(2020, 1, 1)),
        (first.pk, date(2020, 1, 1), date(2021, 1, 1)),
    ]


def test_an_agreement_does_not_pass_to_its_own_subscriber(contract, olga, anna):
    with pytest.raises(AlreadySubscriber):
        transfer_agreement(agreement=contract, to=olga, by=anna, at=NOON)


def test_an_agreement_does_not_pass_on_before_it_began(contract, sever, anna):
    with pytest.raises(InvalidField):
        transfer_agreement(agreement=contract, to=sever, on=date(2000, 1, 1), by=anna, at=NOON)


def test_an_ended_agreement_is_neither_ended_nor_passed_on(contract, sever, anna):
    end_agreement(agreement=contract, by=anna, at=NOON)

    later = NOON + timedelta(days=1)
    with pytest.raises(AgreementAlreadyEnded):
        end_agreement(agreement=contract, by=anna, at=later)
    with pytest.raises(AgreementAlreadyEnded):
        transfer_agreement(agreement=contract, to=sever, by=anna, at=later)
