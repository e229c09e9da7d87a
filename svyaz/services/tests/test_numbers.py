"""Numbers outlive their holders."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from svyaz.parties.actions import InvalidField
from svyaz.parties.models import ContactMedium
from svyaz.services.actions import (
    NumberAlreadyReleased,
    NumberInUse,
    ProductHasEnded,
    assign_number,
    connect_product,
    disconnect_product,
    port_in,
    port_out,
    release_number,
)
from svyaz.services.models import NumberAssignment
from svyaz.services.queries import holder_of_number
from tests.cast import NOON, OLGAS_PHONE

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=30)


@pytest.fixture
def severs_internet(sever, internet, anna):
    return connect_product(party=sever, offering=internet, by=anna, at=NOON)


def test_a_number_belongs_to_one_product_at_a_time(olgas_internet, severs_internet, anna):
    assign_number(product=olgas_internet, number="8 921 555-12-34", by=anna, at=NOON)

    with pytest.raises(NumberInUse):
        assign_number(product=severs_internet, number=OLGAS_PHONE, by=anna, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        NumberAssignment.objects.create(product=severs_internet, number=OLGAS_PHONE, valid_from=LATER.date())


def test_a_call_is_matched_by_its_day(olgas_internet, severs_internet, anna):
    first = assign_number(product=olgas_internet, number=OLGAS_PHONE, by=anna, at=NOON)
    release_number(assignment=first, by=anna, at=LATER)
    assign_number(product=severs_internet, number=OLGAS_PHONE, by=anna, at=LATER)

    assert holder_of_number(OLGAS_PHONE, NOON.date()) == olgas_internet
    assert holder_of_number(OLGAS_PHONE, LATER.date()) == severs_internet
    assert holder_of_number(OLGAS_PHONE, NOON.date() - timedelta(days=1)) is None


def test_a_released_number_reaches_the_holder_no_more(olga, olgas_internet, anna):
    assignment = assign_number(product=olgas_internet, number=OLGAS_PHONE, by=anna, at=NOON)
    release_number(assignment=assignment, by=anna, at=LATER)

    assert not ContactMedium.objects.current().filter(party=olga).exists()
    with pytest.raises(NumberAlreadyReleased):
        release_number(assignment=assignment, by=anna, at=LATER)


def test_a_number_that_is_ported_out_still_reaches_its_holder(olga, olgas_internet, anna):
    assignment = assign_number(product=olgas_internet, number=OLGAS_PHONE, by=anna, at=NOON)
    assignment = port_out(assignment=assignment, recipient="Ромашка-Телеком", by=anna, at=LATER)

    assert (assignment.recipient, assignment.valid_to) == ("Ромашка-Телеком", LATER.date())
    assert ContactMedium.objects.current().filter(party=olga, value=OLGAS_PHONE).exists()


def test_a_number_is_ported_in_from_its_donor(olgas_internet, anna):
    assert port_in(product=olgas_internet, number=OLGAS_PHONE, donor="Ромашка", by=anna, at=NOON).donor == "Ромашка"
    with pytest.raises(InvalidField):
        port_in(product=olgas_internet, number="+79215551299", donor=" ", by=anna, at=NOON)


def test_an_ended_product_gets_no_number(olgas_internet, anna):
    with pytest.raises(InvalidField):
        assign_number(product=olgas_internet, number="номер", by=anna, at=NOON)
    product = disconnect_product(product=olgas_internet, by=anna, at=NOON)

    with pytest.raises(ProductHasEnded):
        assign_number(product=product, number=OLGAS_PHONE, by=anna, at=NOON)
