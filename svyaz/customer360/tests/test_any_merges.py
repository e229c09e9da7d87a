"""Whatever is merged and undone, in any order: no row is lost, moved or seen twice; all comes back as it was."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svyaz.access.queries import PartyScopedQuerySet
from svyaz.billing.models import Bill, BillingAccount
from svyaz.customer360.actions import ContactDraft, save_contact
from svyaz.decisions.actions import DecisionDraft, PromiseDraft
from svyaz.interactions.actions import InteractionDraft
from svyaz.parties.actions import (
    MergedAlready,
    MergedIntoItself,
    add_medium,
    create_individual,
    give_consent,
    give_role,
    merge_parties,
    save_preference,
    undo_merge,
)
from svyaz.parties.models import Merge, Party
from svyaz.parties.queries import holding
from svyaz.services.models import Product
from tests.cast import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=7)
FIELDS = ("family_name", "birth_date", "home_area")
PEOPLE = 4
# What tells of merges, and what only notes that something happened.
ASIDE = ("parties_merge", "history_", "procrastinate_", "django_")

merges = st.tuples(
    st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1), st.frozensets(st.sampled_from(FIELDS), min_size=1)
)
undos = st.integers(0, 3)
# More merges than undos: chains and stars have to grow before they can be taken apart.
stories = st.lists(st.one_of(merges, merges, merges, undos), min_size=3, max_size=12)


@pytest.fixture
def people(primorsky, spb, discount, internet, anna, anna_employee) -> list[Party]:
    """Four cards of what may be one Olga; of each everything that a customer has."""
    return [
        person(number, area, discount, internet, anna, anna_employee)
        for number, area in enumerate((primorsky, spb, None, spb))
    ]


def person(number: int, area, kind, internet, anna, anna_employee) -> Party:
    party = create_individual(
        family_name=f"Смирнова{'абвг'[number]}", given_name="Ольга", birth_date=date(1980 + number, 1, 1),
        language="ru" if number % 2 else "en", home_area=area, by=None, at=NOON,
    )  # fmt: skip
    give_role(party=party, kind="customer", number=f"C-{number}", by=None, at=NOON)
    add_medium(party=party, kind="mobile", value=f"+792155512{number:02d}", is_preferred=True, by=None, at=NOON)
    save_preference(party=party, kind="interest", value=f"{number}", by=None, at=NOON)
    give_consent(party=party, purpose="marketing", text_version="1", channel="web", by=None, at=NOON)
    Product.objects.create(party=party, offering=internet, price=Decimal(650), valid_from=date(2019, 2, 1))
    account = BillingAccount.objects.create(party=party, number=f"A-{number}", kind="postpaid", valid_from=NOON.date())
    Bill.objects.create(
        party=party, account=account, number="1", month=date(2026, 4, 1), issued_date=date(2026, 4, 5),
        due_date=date(2026, 4, 25), amount=Decimal(100 + number),
    )  # fmt: skip
    decision = DecisionDraft(kind=kind, text="Скидка", amount=Decimal(5), promises=[PromiseDraft("Позвонить", LATER)])
    draft = ContactDraft(InteractionDraft(channel="phone", text=f"{number}"), decision=decision)
    save_contact(party=party, draft=draft, employee=anna_employee, by=anna, at=NOON)
    return party


def base() -> dict[str, list[Any]]:
    """Return every row of every table, but of those that only tell of it."""
    tables = [name for name in connection.introspection.table_names() if not name.startswith(ASIDE)]
    with connection.cursor() as cursor:
        return {name: _rows(cursor, name) for name in tables}


def _rows(cursor: Any, table: str) -> list[Any]:
    cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t ORDER BY 1')
    return list(cursor.fetchall())


def scoped_models() -> Iterator[type[models.Model]]:
    """Find what belongs to a party and is read through visible_to."""
    for model in apps.get_models():
        rows: Any = model._default_manager.all()
        if isinstance(rows, PartyScopedQuerySet) and rows.party_lookup == "party":
            yield model


def seen(viewer) -> dict[str, Counter[int]]:
    """Count how often each row shows on the cards of the survivors."""
    found: dict[str, Counter[int]] = {}
    for model in scoped_models():
        counted = found.setdefault(model._meta.label, Counter())
        for party in Party.objects.canonical():
            manager: Any = model._default_manager
            counted.update(manager.visible_to(holding(viewer, party)).values_list("pk", flat=True))
    return found


def play(story, people, by) -> None:
    """Merge and undo as a story says; what cannot be done is refused and changes nothing."""
    for step in story:
        if isinstance(step, int):
            standing = list(Merge.objects.standing().order_by("pk"))
            if standing:
                undo_merge(merge=standing[step % len(standing)], by=by, at=LATER)
            continue
        survivor, merged, fields = people[step[0]], people[step[1]], step[2]
        try:
            merge_parties(
                survivor=survivor, merged=[merged], chosen=dict.fromkeys(fields, merged.pk), reason="Одна",
                by=by, at=NOON,
            )  # fmt: skip
        except (MergedAlready, MergedIntoItself):
            continue


def check_links() -> None:
    """What is derived agrees with the truth: everyone counts as the end of his chain."""
    parties = Party.objects.in_bulk()
    for party in parties.values():
        end = party
        while end.merged_into_id is not None:
            end = parties[end.merged_into_id]
        is_alone = end == party and not any(other.merged_into_id == party.pk for other in parties.values())
        assert party.canonical_id == (None if is_alone else end.pk)


@given(story=stories, order=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_story_of_merges_and_undos(people, vera, story, order) -> None:
    with transaction.atomic():
        before = base()
        whole = {model._meta.label: model._default_manager.count() for model in scoped_models()}

        play(story, people, vera)
        check_links()
        shown = seen(vera)
        assert {label: len(rows) for label, rows in shown.items()} == whole
        assert {times for rows in shown.values() for times in rows.values()} <= {1}

        left = list(Merge.objects.standing())
        order.shuffle(left)
        for merge in left:
            undo_merge(merge=merge, by=vera, at=LATER)
            check_links()
        assert base() == before
        transaction.set_rollback(True)
