"""Parting again what was merged."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from svyaz.history.models import Event
from svyaz.parties.actions import (
    MergeAlreadyUndone,
    TakenMeanwhile,
    change_party,
    create_individual,
    create_organization,
    merge_parties,
    undo_merge,
)
from svyaz.parties.models import Merge, Party
from svyaz.parties.queries import canonical_id_of
from tests.cast import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=7)


@pytest.fixture
def people(primorsky):
    return [
        create_individual(
            family_name=f"Смирнова{letter}", given_name="Ольга", birth_date=date(1980 + number, 1, 1),
            home_area=primorsky, by=None, at=NOON,
        )
        for number, letter in enumerate("АБВГ")
    ]  # fmt: skip


def merged(survivor, other, *fields):
    chosen = dict.fromkeys(fields, other.pk)
    return merge_parties(survivor=survivor, merged=[other], chosen=chosen, reason="Одна", by=None, at=NOON)[0]


def state():
    return list(Party.objects.order_by("pk").values())


def test_everything_is_as_it_was(people, vera):
    one, two, *_ = people
    before = state()
    merge = merged(one, two, "family_name", "birth_date")
    assert state() != before

    merge = undo_merge(merge=merge, by=vera, at=LATER, reason="Разные люди")

    assert state() == before
    assert (merge.undone_by, merge.undone_at, merge.undo_reason, merge.kept) == (vera, LATER, "Разные люди", [])
    [event] = Event.objects.filter(kind="party.unmerged")
    assert (event.party_id, event.details["merged"]) == (one.pk, two.pk)


def test_later_edits_stay_and_are_named(people):
    one, two, *_ = people
    merge = merged(one, two, "family_name", "birth_date")
    change_party(party=one, changes={"family_name": "Третья"}, by=None, at=NOON)

    merge = undo_merge(merge=merge, by=None, at=LATER)

    one.refresh_from_db()
    assert (one.family_name, one.name, one.birth_date) == ("Третья", "Третья Ольга", date(1980, 1, 1))
    assert merge.kept == ["family_name"]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0), (0, 2, 1)])
def test_a_chain_is_undone_in_any_order(people, order):
    before = state()
    merges = [merged(below, above, "family_name") for above, below in pairwise(people)]
    assert {canonical_id_of(person.pk) for person in people} == {people[-1].pk}

    for number in order:
        undo_merge(merge=merges[number], by=None, at=LATER)

    assert state() == before


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0), (0, 2, 1)])
def test_a_star_whose_rays_took_turns_in_a_field_is_undone_in_any_order(people, order):
    before = state()
    survivor, *others = people
    merges = [merged(survivor, other, "family_name") for other in others]

    for number in order:
        undo_merge(merge=merges[number], by=None, at=LATER)

    assert state() == before


def test_the_middle_of_a_chain_takes_its_own_with_it(people):
    first, second, third, _ = people
    merged(second, first)
    merge = merged(third, second)

    undo_merge(merge=merge, by=None, at=LATER)

    assert canonical_id_of(first.pk) == canonical_id_of(second.pk) == second.pk
    third.refresh_from_db()
    assert third.is_alone


def test_it_is_undone_once(people):
    merge = merged(*people[:2])
    undo_merge(merge=merge, by=None, at=LATER)

    with pytest.raises(MergeAlreadyUndone):
        undo_merge(merge=merge, by=None, at=LATER)
    assert Event.objects.filter(kind="party.unmerged").count() == 1


def test_parted_they_may_be_merged_again(people):
    one, two, *_ = people
    undo_merge(merge=merged(one, two), by=None, at=LATER)

    merged(two, one)

    assert canonical_id_of(one.pk) == two.pk
    assert Merge.objects.count() == 2


def test_an_inn_that_somebody_has_now_is_not_given_back(spb):
    one = create_organization(name="Север", inn="7707083893", kpp="770701001", home_area=spb, by=None, at=NOON)
    two = create_organization(name="Север", inn="7707083893", kpp="780201001", home_area=spb, by=None, at=NOON)
    merge = merged(one, two, "kpp")
    create_organization(name="Север", inn="7707083893", kpp="770701001", by=None, at=NOON)

    with pytest.raises(TakenMeanwhile):
        undo_merge(merge=merge, by=None, at=LATER)
    two.refresh_from_db()
    assert two.merged_into == one
