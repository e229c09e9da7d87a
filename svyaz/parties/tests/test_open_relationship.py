"""Opening a relationship: the area, an exact identifier, a contact in hand."""

from datetime import timedelta

import pytest

from svyaz.access.models import Opening
from svyaz.access.queries import rights_of
from svyaz.history.models import Event
from svyaz.parties.actions import MayNotOpen, OpeningNeedsReason, change_party, open_relationship
from svyaz.parties.models import ContactMedium, Party
from svyaz.parties.queries import relationship_rights
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def test_an_agent_has_the_parties_of_her_area_in_hand(olga, anna):
    rights = relationship_rights(anna, olga.pk, NOON)

    assert rights is not None
    assert rights.party_id == olga.pk
    assert Party.objects.visible_to(rights).get() == olga


def test_for_a_stranger_the_party_does_not_exist(olga, gleb):
    assert relationship_rights(gleb, olga.pk, NOON) is None
    assert not Party.objects.visible_to(gleb).exists()


def test_without_the_permission_it_does_not_exist(olga, reader):
    assert relationship_rights(reader, olga.pk, NOON) is None


def test_an_unknown_party_exists_for_nobody(anna):
    assert relationship_rights(anna, 10**9, NOON) is None


def test_a_party_without_an_area_is_everyones(olga, anna, gleb):
    change_party(party=olga, changes={"home_area": None}, by=anna, at=NOON)

    assert relationship_rights(gleb, olga.pk, NOON) is not None


def test_an_exact_identifier_opens_the_whole_relationship_for_twelve_hours(olga, gleb):
    open_relationship(party=olga, by=gleb, at=NOON, basis="identifier", reason="Телефон +7 921 555-12-34")

    rights = relationship_rights(gleb, olga.pk, NOON + timedelta(hours=11))
    assert rights is not None
    assert ContactMedium.objects.visible_to(rights).get().party == olga
    assert relationship_rights(gleb, olga.pk, NOON + timedelta(hours=12)) is None


def test_it_opens_that_party_to_that_user_only(olga, sever, gleb, anna):
    open_relationship(party=olga, by=gleb, at=NOON, basis="contact", reason="Звонок")

    rights = relationship_rights(gleb, olga.pk, NOON)
    assert relationship_rights(gleb, sever.pk, NOON) is None
    assert relationship_rights(rights, sever.pk, NOON) is None
    assert not ContactMedium.objects.visible_to(rights).filter(party=sever).exists()


def test_the_opening_beyond_the_area_is_one_event(olga, gleb):
    before = Event.objects.count()

    opening = open_relationship(party=olga, by=gleb, at=NOON, basis="identifier", reason="Договор", door="api")

    assert (opening.door, opening.reason, opening.by) == ("api", "Договор", gleb)
    assert Event.objects.count() == before + 1


def test_an_opening_in_ones_area_is_recorded_and_is_no_event(olga, anna):
    before = Event.objects.count()

    open_relationship(party=olga, by=anna, at=NOON, basis="area")

    assert Opening.objects.get().opens_until is None
    assert Event.objects.count() == before


def test_beyond_the_area_a_reason_is_needed(olga, gleb):
    with pytest.raises(OpeningNeedsReason):
        open_relationship(party=olga, by=gleb, at=NOON, basis="identifier", reason=" ")

    assert not Opening.objects.exists()


@pytest.mark.parametrize("basis", ["area", "unmasking"])
def test_a_stranger_opens_nothing_by_his_area(olga, gleb, basis):
    with pytest.raises(MayNotOpen):
        open_relationship(party=olga, by=gleb, at=NOON, basis=basis, reason="Любопытство")


def test_who_may_read_nobody_opens_nobody(olga, reader):
    with pytest.raises(MayNotOpen):
        open_relationship(party=olga, by=reader, at=NOON, basis="contact", reason="Звонок")
    assert not rights_of(reader).may("party:read")
