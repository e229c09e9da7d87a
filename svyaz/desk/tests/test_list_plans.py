"""Each order that a long list comes in is answered by an index: its first page is read without sorting the rest."""

import pytest
from django.db import connection

from svyaz.desk.lists import keyset, reading
from svyaz.desk.lists.asked import read
from svyaz.desk.lists.columns import Look
from svyaz.desk.lists.definition import list_for
from svyaz.users.models import User
from tests.cast import NOON

ORDERS = [
    ("customers", "", "party_by_name"),
    ("customers", "sort=-name", "party_by_name"),
    ("customers", "sort=-created", "party_by_age"),
    ("customers", "sort=created", "party_by_age"),
    ("contacts", "", "interaction_latest"),
    ("contacts", "sort=at", "interaction_latest"),
    ("decisions", "", "decision_latest"),
    ("promises", "", "promise_due"),
    ("employees", "", "employee_by_name"),
]


@pytest.mark.parametrize(("name", "query", "index"), ORDERS)
def test_an_index_answers_the_order(admin: User, name: str, query: str, index: str) -> None:
    look = Look(admin, NOON)
    listed = list_for(name, look)
    assert listed is not None
    asked = read(listed, query, look)
    part = keyset.ordered(reading.found(asked, look), reading.steps(asked))[:51]
    with connection.cursor() as cursor:
        # In a base of a few rows the planner would rather read it all and sort it.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_hashjoin = off")
        cursor.execute("SET LOCAL enable_mergejoin = off")
        plan = part.explain()

    assert index in plan, plan


def test_the_next_page_begins_in_the_index(admin: User) -> None:
    look = Look(admin, NOON)
    listed = list_for("customers", look)
    assert listed is not None
    asked = read(listed, "", look)
    rows = reading.found(asked, look)
    order = reading.steps(asked)
    ((part, by),) = keyset._parts(rows, order, ["петров", 7])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_hashjoin = off")
        plan = part.order_by(*by)[:51].explain()

    assert "Index Cond: (ROW((name_key)::text, id) > ROW(" in plan.replace("parties_party.", ""), plan
