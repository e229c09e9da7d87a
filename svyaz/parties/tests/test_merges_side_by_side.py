"""Several people merge and part the same parties at the same moment: one succeeds, the others are told why not."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from django.db import connection

from svyaz.parties.actions import (
    MergeAlreadyUndone,
    MergedAlready,
    create_individual,
    merge_parties,
    undo_merge,
)
from svyaz.parties.models import Merge, Party
from tests.cast import NOON

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TOGETHER = 6
LATER = NOON + timedelta(days=1)


def people(count: int) -> list[Party]:
    return [create_individual(family_name=f"Смирнова {'абвгдежз'[n]}", by=None, at=NOON) for n in range(count)]


def at_once(*verbs: Callable[[], object]) -> Counter[str]:
    """Run verbs in threads with a connection of their own, all from one moment on; count what came of them."""
    start, ended = threading.Barrier(len(verbs)), Counter[str]()
    lock = threading.Lock()

    def run(verb: Callable[[], object]) -> None:
        start.wait(timeout=20)
        try:
            verb()
            outcome = "done"
        except Exception as fact:
            outcome = type(fact).__name__
        finally:
            connection.close()
        with lock:
            ended[outcome] += 1

    threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return ended


def restlessly(seed: int, people: list[Party]) -> Callable[[], object]:
    """Return a verb that merges and parts some people at random, taking every refusal."""

    def run() -> None:
        random = Random(seed)
        for _ in range(25):
            one, two = random.sample(people, 2)
            standing = list(Merge.objects.standing().order_by("pk"))
            try:
                if standing and random.random() < 0.4:
                    undo_merge(merge=random.choice(standing), by=None, at=LATER)
                else:
                    merge_parties(
                        survivor=one, merged=[two], chosen={"given_name": two.pk}, reason="?", by=None, at=NOON
                    )
            except (MergedAlready, MergeAlreadyUndone):
                continue

    return run


def merging(survivor: Party, merged: Party) -> Callable[[], object]:
    return lambda: merge_parties(survivor=survivor, merged=[merged], reason="Одна", by=None, at=NOON)


def test_the_same_two_merged_at_once_are_merged_once() -> None:
    one, two = people(2)

    ended = at_once(*(merging(*pair) for pair in [(one, two), (two, one)] * (TOGETHER // 2)))

    assert ended == {"done": 1, MergedAlready.__name__: TOGETHER - 1}
    assert Merge.objects.count() == 1
    assert Party.objects.canonical().count() == 1


def test_a_ring_of_merges_at_once_leaves_a_tree() -> None:
    ring = people(TOGETHER)

    ended = at_once(*(merging(ring[n], ring[n - 1]) for n in range(TOGETHER)))

    assert set(ended) <= {"done", MergedAlready.__name__}
    assert ended["done"] == Merge.objects.count() >= 1
    for party in Party.objects.filter(merged_into__isnull=False).select_related("canonical"):
        assert party.canonical is not None
        assert party.canonical.merged_into_id is None
    assert Party.objects.canonical().count() == TOGETHER - ended["done"]


def test_a_merge_is_undone_once_while_others_are_joined_to_it() -> None:
    survivor, *others = people(TOGETHER)
    [merge] = merge_parties(survivor=survivor, merged=[others[0]], reason="Одна", by=None, at=NOON)

    ended = at_once(
        *[lambda: undo_merge(merge=merge, by=None, at=LATER)] * 3, *(merging(survivor, other) for other in others[1:])
    )

    assert ended == {"done": 1 + len(others[1:]), MergeAlreadyUndone.__name__: 2}
    others[0].refresh_from_db()
    assert others[0].is_alone
    assert Party.objects.filter(canonical=survivor).count() == len(others)


def test_restless_people_leave_a_base_that_can_be_taken_apart() -> None:
    all_of_them = people(TOGETHER)
    before = list(Party.objects.order_by("pk").values())

    ended = at_once(*(restlessly(seed, all_of_them) for seed in range(4)))

    assert ended == {"done": 4}
    assert Merge.objects.count() > 10
    into = dict(Party.objects.values_list("pk", "merged_into"))
    for party in Party.objects.all():
        end: int = party.pk
        while (further := into[end]) is not None:
            end = further
        assert party.canonical_pk == end
        assert party.is_alone == (end == party.pk and end not in into.values())
    for merge in Merge.objects.standing().order_by("?"):
        undo_merge(merge=merge, by=None, at=LATER)
    assert list(Party.objects.order_by("pk").values()) == before
