"""The catalogue."""

from decimal import Decimal
from typing import Any

import pytest

from svyaz.parties.actions import InvalidField
from svyaz.services.actions import BundleHoldsItself, connect_product, save_offering
from svyaz.services.models import Product, ProductOffering
from svyaz.services.queries import customers_of_offering, offerings_with_customers
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def test_an_offering_is_saved_again_under_its_code_and_customers_keep_their_price(olga, anna):
    tariff = save_offering(code="max", kind="mobile", name="Макс", price=Decimal(500), by=anna, at=NOON)
    product = connect_product(party=olga, offering=tariff, by=anna, at=NOON)

    save_offering(code="max", kind="mobile", name="Макс", price=Decimal(700), by=anna, at=NOON)

    assert ProductOffering.objects.get(code="max").price == 700
    assert Product.objects.get(pk=product.pk).price == 500


@pytest.mark.parametrize(
    ("field", "value"), [("kind", "magic"), ("status", "gone"), ("price", Decimal(-1)), ("name", ""), ("code", " ")]
)
def test_what_cannot_be_is_refused(anna, field, value):
    with pytest.raises(InvalidField) as refusal:
        save_offering(**{"code": "x", "kind": "tv", "name": "Икс", field: value}, by=anna, at=NOON)
    assert refusal.value.field == field


def test_a_bundle_does_not_hold_itself(anna):
    inner = save_offering(code="inner", kind="bundle", name="Внутри", by=anna, at=NOON)
    outer = save_offering(code="outer", kind="bundle", name="Снаружи", parts=[inner], by=anna, at=NOON)

    with pytest.raises(BundleHoldsItself):
        save_offering(code="inner", kind="bundle", name="Внутри", parts=[outer], by=anna, at=NOON)


def in_use(viewer):
    offering: Any = offerings_with_customers(viewer).get()
    return offering.in_use


def test_who_has_an_offering(olga, olgas_internet, internet, anna, gleb, reader):
    assert list(customers_of_offering(internet, anna)) == [olga]
    assert not customers_of_offering(internet, gleb).exists()
    assert in_use(anna) == 1
    assert in_use(gleb) == 0
    assert not offerings_with_customers(reader).exists()
