"""Solvency: month by month, with a grade and its reasons."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from svyaz.access.queries import rights_of
from svyaz.billing.models import AccountBlock, Bill, BillingAccount, Payment, PaymentPromise
from svyaz.billing.queries import MONTHS, RULE, solvency
from tests.cast import NOON

pytestmark = pytest.mark.django_db
DAY = NOON.date()  # 19 May 2026


def month_before(count):
    year, month = divmod(2026 * 12 + 4 - count, 12)
    return date(year, month + 1, 1)


def bill(account, months_ago, *, late=None, paid=True, disputed=False, amount=500):
    """A bill of a month before, due on the 25th of it; `late` days late if that is said."""
    month = month_before(months_ago)
    due = month.replace(day=25)
    return Bill.objects.create(
        party=account.party, account=account, number=f"{month}{amount}", month=month, issued_date=month.replace(day=2),
        due_date=due, amount=Decimal(amount), paid_amount=Decimal(amount if paid else 0),
        paid_date=due + timedelta(days=late or 0) if paid else None, disputed_date=due if disputed else None,
    )  # fmt: skip


def seen(party, viewer, day=DAY):
    view = solvency(party.pk, viewer, day)
    assert view is not None
    return view


def reasons(view):
    return {reason["code"]: (reason["value"], reason["points"]) for reason in view["reasons"]}


def state(view, months_ago):
    return next(
        (month["state"], month["days"])
        for month in view["months"]
        if month["month"] == f"{month_before(months_ago):%Y-%m}"
    )


def test_without_history_there_is_no_grade(olga, anna):
    view = seen(olga, anna)

    assert (view["grade"], view["dots"], view["points"]) == (None, 0, None)
    assert len(view["months"]) == MONTHS
    assert [view["months"][0]["month"], view["months"][-1]["month"]] == ["2024-06", "2026-05"]
    assert {month["state"] for month in view["months"]} == {"none"}
    assert reasons(view) == {"no_history": (1, 0)}


def test_who_always_paid_on_time_is_an_a(olga, olgas_account, anna):
    for months_ago in range(1, 24):
        bill(olgas_account, months_ago)

    view = seen(olga, anna)
    assert (view["grade"], view["dots"], view["points"], view["on_time"]) == ("A", 5, 100, 23)
    assert reasons(view) == {"bills_on_time": (23, 0)}
    assert state(view, 5) == ("on_time", 0)


def test_late_bills_cost_more_when_recent_and_when_long(olga, olgas_account, anna):
    bill(olgas_account, 2, late=5)
    bill(olgas_account, 12, late=5)
    bill(olgas_account, 13, late=40)

    view = seen(olga, anna)
    cost = RULE.late_bill * RULE.recent + RULE.late_bill + RULE.late_bill + RULE.late_over_month
    assert reasons(view) == {"late_bills": (3, -cost), "longest_delay_days": (40, 0)}
    assert view["points"] == 100 - cost
    assert state(view, 13) == ("late", 40)
    assert state(view, 2) == ("late", 5)


def test_two_open_bills_make_a_c(olga, olgas_account, anna):
    bill(olgas_account, 1, paid=False, amount=965)
    bill(olgas_account, 2, paid=False, amount=635)
    bill(olgas_account, 3)

    view = seen(olga, anna)
    assert (view["unpaid"], view["overdue_amount"], view["grade"], view["dots"]) == (2, Decimal("1600.00"), "C", 3)
    assert state(view, 1) == ("unpaid", 24)
    assert reasons(view)["unpaid_bills"] == (2, -(2 * RULE.unpaid_bill + RULE.unpaid_over_month))


def test_many_open_bills_make_an_e(olga, olgas_account, anna):
    for months_ago in range(1, 6):
        bill(olgas_account, months_ago, paid=False)

    assert (seen(olga, anna)["grade"], seen(olga, anna)["points"]) == ("E", 0)


def test_a_disputed_bill_is_not_late(olga, olgas_account, anna):
    bill(olgas_account, 1, paid=False, disputed=True)

    view = seen(olga, anna)
    assert (view["grade"], view["disputed"], view["unpaid"], view["overdue_amount"]) == ("A", 1, 0, 0)
    assert state(view, 1)[0] == "disputed"


def test_a_bill_that_is_not_due_yet_is_open(olga, olgas_account, anna):
    bill(olgas_account, 0, paid=False)

    view = seen(olga, anna)
    assert state(view, 0) == ("open", 0)
    assert view["grade"] is None


def test_a_debt_older_than_the_window_still_counts(olga, olgas_account, anna):
    bill(olgas_account, 30, paid=False, amount=700)

    view = seen(olga, anna)
    assert (view["unpaid"], view["overdue_amount"]) == (1, Decimal("700.00"))
    assert view["points"] == 100 - RULE.unpaid_bill - RULE.unpaid_over_month


def test_it_is_seen_as_it_stood_on_the_day(olga, olgas_account, anna):
    bill(olgas_account, 1, late=20)  # due 25 April, paid 15 May

    assert state(seen(olga, anna, date(2026, 5, 1)), 1) == ("unpaid", 6)
    assert state(seen(olga, anna), 1) == ("late", 20)


def test_promises_kept_give_points_back_and_broken_ones_cost(olga, olgas_account, anna):
    bill(olgas_account, 1, late=3)
    for number, result in enumerate(["kept", "broken", "broken"]):
        PaymentPromise.objects.create(
            party=olga, account=olgas_account, amount=1, promised_at=NOON, due_date=DAY, result=result,
            resolved_date=DAY - timedelta(days=number),
        )  # fmt: skip

    view = seen(olga, anna)
    assert (view["promises_kept"], view["promises_broken"]) == (1, 2)
    assert reasons(view)["promises_broken"] == (2, -2 * RULE.promise_broken)
    assert reasons(view)["promises_kept"] == (1, -RULE.promise_kept)
    assert view["points"] == 100 - RULE.late_bill * RULE.recent - 2 * RULE.promise_broken - RULE.promise_kept


def test_points_given_back_never_exceed_a_hundred(olga, olgas_account, anna):
    PaymentPromise.objects.create(
        party=olga, account=olgas_account, amount=1, promised_at=NOON, due_date=DAY, result="kept", resolved_date=DAY
    )

    assert seen(olga, anna)["points"] == 100


def test_a_prepaid_account_shows_its_top_ups_and_blocked_days(olga, anna):
    account = BillingAccount.objects.create(party=olga, number="П-1", kind="prepaid")
    paid_at = NOON - timedelta(days=60)
    for reversed_at in (None, NOON):
        Payment.objects.create(
            party=olga, account=account, amount=300, method="card", paid_at=paid_at, reversed_at=reversed_at
        )
    AccountBlock.objects.create(
        party=olga, account=account, reason="balance", valid_from=date(2026, 4, 20), valid_to=date(2026, 5, 5)
    )
    AccountBlock.objects.create(party=olga, account=account, reason="request", valid_from=date(2026, 5, 6))

    view = seen(olga, anna)
    assert (view["top_ups"], view["topped_up_amount"], view["blocked_days"]) == (1, Decimal("300.00"), 15)
    assert [state(view, 2), state(view, 1), state(view, 0)] == [("topped_up", 0), ("blocked", 11), ("blocked", 4)]
    assert reasons(view)["blocked_days"] == (15, -(15 // RULE.blocked_days))


def test_a_month_shows_the_worst_of_its_bills(olga, olgas_account, anna):
    second = BillingAccount.objects.create(party=olga, number="ЛС-3", kind="postpaid")
    bill(olgas_account, 3)
    bill(second, 3, late=9)

    assert state(seen(olga, anna), 3) == ("late", 9)


def test_another_partys_bills_do_not_count(olga, sever, olgas_account, anna):
    bill(olgas_account, 1, paid=False)

    assert seen(sever, anna)["grade"] is None


def test_the_ladder(olga, olgas_account, anna, vera, gleb, reader):
    bill(olgas_account, 1)

    assert solvency(olga.pk, anna, DAY) == solvency(olga.pk, vera, DAY)
    assert solvency(olga.pk, gleb, DAY) is None
    assert solvency(olga.pk, reader, DAY) is None
    assert solvency(olga.pk, rights_of(gleb).in_hand(olga.pk), DAY) is not None


def test_it_is_one_query_however_long_the_history(olga, olgas_account, anna, django_assert_num_queries):
    rights = rights_of(anna).in_hand(olga.pk)
    for months_ago in range(1, 24):
        bill(olgas_account, months_ago, late=months_ago)

    with django_assert_num_queries(1):
        solvency(olga.pk, rights, DAY)
