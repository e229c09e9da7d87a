"""Prices are dated: what an offering cost, costs and will cost."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from svyaz.history.models import Event
from svyaz.parties.actions import InvalidField
from svyaz.services.actions import begin_prices, save_offering, set_price
from svyaz.services.models import ProductOffering
from svyaz.services.queries import changes_of_offering, prices_of
from tests.cast import NOON

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
JUNE = date(2026, 6, 1)


@pytest.fixture
def tariff(admin):
    return save_offering(code="max", kind="mobile", name="Макс", price=Decimal(500), by=admin, at=NOON)


def line(offering):
    return [(row.price, row.valid_from, row.valid_to) for row in prices_of(offering)]


def price_of(offering):
    return ProductOffering.objects.get(pk=offering.pk).price


def test_a_price_of_today_ends_the_one_before(tariff, admin):
    set_price(offering=tariff, price=Decimal(600), valid_from=TODAY, by=admin, at=NOON)
    assert line(tariff) == [(600, TODAY, None), (500, None, TODAY)]
    assert price_of(tariff) == 600
    event = changes_of_offering(tariff)[0]
    assert (event.details["former"], event.details["new"]) == ({"price": "500.00"}, {"price": "600.00"})


def test_a_price_of_later_waits_for_its_day(tariff, admin):
    set_price(offering=tariff, price=Decimal(600), valid_from=JUNE, by=admin, at=NOON)
    assert price_of(tariff) == 500
    assert begin_prices(at=NOON) == 0
    assert begin_prices(at=NOON + timedelta(days=13)) == 1
    assert begin_prices(at=NOON + timedelta(days=13)) == 0
    assert price_of(tariff) == 600


def test_a_plan_for_later_falls_away_when_another_is_made(tariff, admin):
    set_price(offering=tariff, price=Decimal(600), valid_from=JUNE, by=admin, at=NOON)
    set_price(offering=tariff, price=None, valid_from=TODAY, by=admin, at=NOON)
    assert line(tariff) == [(None, TODAY, None), (500, None, TODAY)]


def test_what_is_over_is_not_rewritten(tariff, admin):
    for price, day in ((Decimal(600), TODAY - timedelta(days=1)), (Decimal(-1), TODAY), (Decimal(10**12), TODAY)):
        with pytest.raises(InvalidField):
            set_price(offering=tariff, price=price, valid_from=day, by=admin, at=NOON)
    assert line(tariff) == [(500, None, None)]


def test_what_changed_in_an_offering_is_kept(tariff, admin, spb):
    save_offering(
        code="max", kind="mobile", name="Макси", price=Decimal(500), areas=[spb], status="retired", by=admin, at=NOON
    )
    event = Event.objects.latest("pk")
    assert event.details["former"] == {"name": "Макс", "status": "active", "areas": []}
    assert event.details["new"] == {"name": "Макси", "status": "retired", "areas": [spb.name]}
