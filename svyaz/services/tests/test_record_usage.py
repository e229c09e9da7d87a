"""Months of use."""

from datetime import date
from decimal import Decimal

import pytest

from svyaz.parties.actions import InvalidField
from svyaz.services.actions import record_usage
from svyaz.services.models import Usage
from svyaz.services.queries import usage_of_offering
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def test_a_month_is_recorded_once_and_replaced(olga, olgas_internet, anna):
    for megabytes in (100, 200):
        record_usage(product=olgas_internet, month=date(2026, 4, 17), megabytes=megabytes, by=anna, at=NOON)

    usage = Usage.objects.get()
    assert (usage.month, usage.megabytes, usage.party) == (date(2026, 4, 1), 200, olga)


def test_use_is_not_negative(olgas_internet, anna):
    with pytest.raises(InvalidField):
        record_usage(product=olgas_internet, month=date(2026, 4, 1), minutes=-1, by=anna, at=NOON)


def test_an_offerings_use_by_month(olgas_internet, internet, anna, gleb):
    for month in (3, 4):
        record_usage(
            product=olgas_internet, month=date(2026, month, 1), megabytes=month, amount=Decimal(650), faults=1,
            by=anna, at=NOON,
        )  # fmt: skip

    months = list(usage_of_offering(internet, anna, since=date(2026, 1, 1)))
    assert [(row["month"].month, row["megabytes"], row["faults"]) for row in months] == [(3, 3, 1), (4, 4, 1)]
    assert not usage_of_offering(internet, gleb, since=date(2026, 1, 1)).exists()
