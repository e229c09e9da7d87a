"""When the sample operator is loaded, and that it is the same each time."""

import hashlib
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from svyaz.billing.models import Bill
from svyaz.demo import north, olga
from svyaz.demo.actions import BaseIsNotEmpty, TooEarly, TooManyCustomers, load_demo

AS_OF = date(2026, 5, 19)

# What a load is compared by: columns that do not depend on the numbers the sequences stood at.
DIGESTED = (
    ("parties_party", "name, inn, ogrn, birth_date, created_at"),
    ("parties_contactmedium", "kind, value, valid_from"),
    ("services_product", "status, price, valid_from, valid_to"),
    ("services_usage", "month, megabytes, minutes, faults"),
    ("billing_bill", "number, amount, due_date, paid_date"),
    ("billing_payment", "amount, paid_at, method"),
    ("interactions_interaction", "channel, at, subject, text"),
    ("decisions_decision", "text, amount, state, made_at"),
    ("decisions_promise", "what, due_at"),
    ("markets_competitoroffer", "price, gift, heard_date, result"),
    ("history_event", "kind, at"),
)


def digest() -> str:
    """Return a digest of everything that a load writes."""
    parts = []
    with connection.cursor() as cursor:
        for table, columns in DIGESTED:
            rows = f"SELECT {columns} FROM {table}"
            cursor.execute(f"SELECT md5(string_agg(r::text, '|' ORDER BY r::text)) FROM ({rows}) r")
            parts.append(cursor.fetchone()[0])
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()


def load_and_undo() -> str:
    """Load, and leave the base as it was; return the digest of what was loaded."""
    with transaction.atomic():
        load_demo(AS_OF, 30)
        digested = digest()
        transaction.set_rollback(True)
    return digested


def test_the_same_day_gives_the_same_rows(db: None) -> None:
    assert load_and_undo() == load_and_undo()


@pytest.mark.parametrize("day", [1, 20, 21, 22])
def test_two_bills_are_late_on_any_day_of_the_month(db: None, day: int) -> None:
    load_demo(date(2026, 3, day), 1)

    for name in (olga.NAME, north.NAME):
        bills = Bill.objects.filter(party__name=name)
        assert [bill.is_overdue(date(2026, 3, day)) for bill in bills].count(True) == 2


def test_a_base_with_data_is_left_alone(db: None) -> None:
    load_demo(AS_OF, 1)

    with pytest.raises(BaseIsNotEmpty):
        load_demo(AS_OF, 1)
    with pytest.raises(CommandError, match="holds data already"):
        call_command("demo", customers=1)


def test_a_day_before_the_story_and_too_many_customers_are_refused(db: None) -> None:
    with pytest.raises(TooEarly):
        load_demo(date(2019, 12, 31), 1)
    with pytest.raises(TooManyCustomers):
        load_demo(AS_OF, 1_000_000)
