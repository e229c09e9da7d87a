"""Kinds of decisions and their limits."""

from decimal import Decimal

import pytest

from svyaz.access.actions import OwnRightsWidened
from svyaz.decisions.actions import remove_limit, save_kind, set_limit
from svyaz.decisions.models import AuthorityLimit
from svyaz.decisions.queries import changes_of_kind, kinds_in_use
from svyaz.history.models import Event
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def test_a_kind_that_is_retired_is_offered_no_more(discount, admin):
    save_kind(code="discount", name="Скидка", name_en="Discount", unit="%", is_active=False, by=admin, at=NOON)
    assert not kinds_in_use().exists()
    assert changes_of_kind(discount)[0].details["new"] == {"is_active": False}


def test_a_limit_is_changed_and_taken_away(discount, roles, admin):
    set_limit(kind=discount, role=roles["agent"], amount=None, by=admin, at=NOON)
    assert changes_of_kind(discount)[0].details == {
        "role": "agent", "role_name": roles["agent"].name, "former": {"limit": "15.00"}, "new": {"limit": "unlimited"},
    }  # fmt: skip
    remove_limit(kind=discount, role=roles["agent"], by=admin, at=NOON)
    assert not AuthorityLimit.objects.filter(kind=discount, role=roles["agent"]).exists()
    before = Event.objects.count()
    remove_limit(kind=discount, role=roles["agent"], by=admin, at=NOON)
    assert Event.objects.count() == before


def test_nobody_raises_his_own_limit(discount, roles, anna):
    with pytest.raises(OwnRightsWidened):
        set_limit(kind=discount, role=roles["agent"], amount=Decimal(16), by=anna, at=NOON)
    set_limit(kind=discount, role=roles["agent"], amount=Decimal(14), by=anna, at=NOON)
    assert AuthorityLimit.objects.get(kind=discount, role=roles["agent"]).amount == 14
