"""What a customer has."""

from datetime import timedelta
from decimal import Decimal

import pytest

from svyaz.history.models import Event
from svyaz.parties.actions import InvalidField, create_individual, sign_agreement
from svyaz.parties.models import ContactMedium
from svyaz.services.actions import (
    OfferingNotAvailableHere,
    OfferingNotOnSale,
    ProductAlreadyDisconnected,
    assign_number,
    change_product,
    connect_product,
    disconnect_product,
    save_offering,
    transfer_contract,
)
from svyaz.services.events import ServiceEvent
from svyaz.services.models import FormerTerms, NumberAssignment, Product
from svyaz.services.queries import holder_of_number, products_of
from tests.cast import NOON, OLGAS_PHONE

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=30)


@pytest.fixture
def mobile(anna):
    return save_offering(code="start", kind="mobile", name="Старт", price=Decimal(300), by=anna, at=NOON)


@pytest.fixture
def olgas_mobile(olga, mobile, anna):
    product = connect_product(party=olga, offering=mobile, by=anna, at=NOON)
    assign_number(product=product, number=OLGAS_PHONE, by=anna, at=NOON)
    return product


def test_a_product_takes_the_catalogues_price_unless_another_was_agreed(olga, mobile, anna):
    assert connect_product(party=olga, offering=mobile, by=anna, at=NOON).price == 300
    assert connect_product(party=olga, offering=mobile, price=Decimal(250), by=anna, at=NOON).price == 250
    assert Event.objects.latest("pk").details["price"] == "250.00"


def test_what_is_not_sold_is_not_connected(olga, anna):
    old = save_offering(code="old", kind="tv", name="Старое", status="retired", by=anna, at=NOON)

    with pytest.raises(OfferingNotOnSale):
        connect_product(party=olga, offering=old, by=anna, at=NOON)


def test_an_offering_of_another_area_is_not_connected(olga, anna, spb, novosibirsk):
    far = save_offering(code="far", kind="tv", name="Сибирь", areas=[novosibirsk], by=anna, at=NOON)
    near = save_offering(code="near", kind="tv", name="Нева", areas=[spb], by=anna, at=NOON)

    with pytest.raises(OfferingNotAvailableHere):
        connect_product(party=olga, offering=far, by=anna, at=NOON)
    assert connect_product(party=olga, offering=near, by=anna, at=NOON).party == olga


def test_former_tariffs_and_prices_keep_their_periods(olgas_internet, anna):
    faster = save_offering(code="home-900", kind="internet", name="900", price=Decimal(900), by=anna, at=NOON)
    change_product(product=olgas_internet, price=Decimal(600), by=anna, at=NOON)
    product = change_product(product=olgas_internet, offering=faster, by=anna, at=LATER)

    assert (product.offering, product.price) == (faster, 900)
    assert list(
        FormerTerms.objects.order_by("pk").values_list("offering__code", "price", "valid_from", "valid_to")
    ) == [
        ("home-500", 650, olgas_internet.valid_from, NOON.date()),
        ("home-500", 600, NOON.date(), LATER.date()),
    ]
    event = Event.objects.latest("pk")
    assert event.details["former"] == {"offering": "home-500", "price": "600.00"}


def test_what_stays_as_it_is_is_no_change(olgas_internet, anna):
    before = Event.objects.count()

    change_product(product=olgas_internet, price=Decimal(650), status="active", by=anna, at=NOON)

    assert Event.objects.count() == before


@pytest.mark.parametrize("changes", [{"status": "terminated"}, {"status": "x"}, {"price": Decimal(-1)}])
def test_what_cannot_be_is_refused(olgas_internet, anna, changes):
    with pytest.raises(InvalidField):
        change_product(product=olgas_internet, **changes, by=anna, at=NOON)


def test_disconnection_frees_the_number_and_it_reaches_the_holder_no_more(olgas_mobile, olga, anna):
    disconnect_product(product=olgas_mobile, reason="Уехала", by=anna, at=LATER)

    product = Product.objects.get(pk=olgas_mobile.pk)
    assert (product.status, product.valid_to) == ("terminated", LATER.date())
    assert NumberAssignment.objects.get().valid_to == LATER.date()
    assert ContactMedium.objects.get(party=olga).valid_to == LATER.date()
    event = Event.objects.latest("pk")
    assert (event.kind, event.details["numbers"]) == (ServiceEvent.PRODUCT_DISCONNECTED, [OLGAS_PHONE])


def test_a_product_is_disconnected_once_and_then_not_changed(olgas_mobile, anna):
    disconnect_product(product=olgas_mobile, by=anna, at=LATER)

    with pytest.raises(ProductAlreadyDisconnected):
        disconnect_product(product=olgas_mobile, by=anna, at=LATER)
    with pytest.raises(ProductAlreadyDisconnected):
        change_product(product=olgas_mobile, status="suspended", by=anna, at=LATER)


def test_a_contract_passes_on_with_everything_under_it(olga, mobile, anna):
    contract = sign_agreement(party=olga, number="Д-7", by=anna, at=NOON)
    product = connect_product(party=olga, offering=mobile, agreement=contract, price=Decimal(90), by=anna, at=NOON)
    assign_number(product=product, number=OLGAS_PHONE, by=anna, at=NOON)
    son = create_individual(family_name="Смирнов", home_area=olga.home_area, by=anna, at=NOON)

    contract = transfer_contract(agreement=contract, to=son, by=anna, at=LATER)

    assert contract.party == son
    new = Product.objects.current().get(party=son)
    assert (new.price, new.valid_from, new.offering) == (90, LATER.date(), mobile)
    former = Product.objects.get(pk=product.pk)
    assert (former.party, former.status, former.valid_to) == (olga, "terminated", LATER.date())
    assert holder_of_number(OLGAS_PHONE, NOON.date()) == former
    assert holder_of_number(OLGAS_PHONE, LATER.date()) == new
    assert ContactMedium.objects.get(party=olga).valid_to == LATER.date()


def test_the_ladder_of_seeing_products(olgas_internet, olga, anna, gleb, reader):
    assert list(products_of(olga.pk, anna)) == [olgas_internet]
    assert not products_of(olga.pk, gleb).exists()
    assert not products_of(olga.pk, reader).exists()


def test_what_a_customer_has_now_stands_before_what_he_had(olgas_internet, olgas_mobile, olga, anna):
    disconnect_product(product=olgas_mobile, by=anna, at=LATER)

    assert list(products_of(olga.pk, anna)) == [olgas_internet, olgas_mobile]
