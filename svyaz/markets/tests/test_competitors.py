"""The list of competitors."""

import pytest

from svyaz.markets.actions import NotACompetitor, add_competitor, drop_competitor
from svyaz.markets.queries import changes_of_competitor, competitors
from svyaz.parties.actions import RoleAlreadyGiven
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def test_a_competitor_is_added_and_dropped(admin):
    party = add_competitor(name="Гром-Связь", legal_form="ООО", by=admin, at=NOON)
    assert list(competitors()) == [party]
    drop_competitor(party=party, by=admin, at=NOON, reason="поглощён")
    assert not competitors().exists()
    assert [event.kind for event in changes_of_competitor(party)] == [
        "party_role.ended", "party_role.given", "party.created",
    ]  # fmt: skip
    with pytest.raises(NotACompetitor):
        drop_competitor(party=party, by=admin, at=NOON)


def test_a_company_that_is_known_gets_the_role(sever, admin):
    assert add_competitor(name="Север", inn=sever.inn, by=admin, at=NOON) == sever
    with pytest.raises(RoleAlreadyGiven):
        add_competitor(name="Север", inn=sever.inn, by=admin, at=NOON)
