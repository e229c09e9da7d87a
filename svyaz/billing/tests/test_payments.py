"""Payments, and promises to pay."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svyaz.billing.actions import (
    PaymentAlreadyReceived,
    PaymentAlreadyReversed,
    PaymentPromiseStillOpen,
    issue_bill,
    open_account,
    promise_payment,
    receive_payment,
    resolve_payment_promises,
    reverse_payment,
)
from svyaz.billing.jobs import judge_payment_promises
from svyaz.billing.models import Bill, BillingAccount, Payment, PaymentAllocation, PaymentPromise
from svyaz.history.models import Event
from svyaz.parties.actions import InvalidField, change_party
from tests.cast import NOON

pytestmark = pytest.mark.django_db
FRIDAY = NOON.date() + timedelta(days=3)


def bill_of(account, month, amount, by):
    return issue_bill(
        account=account, number=f"2026-{month:02}", month=date(2026, month, 1), issued_date=date(2026, month, 5),
        due_date=date(2026, month, 25), amount=Decimal(amount), by=by, at=NOON,
    )  # fmt: skip


def pay(account, amount, by, at=NOON, **more):
    return receive_payment(account=account, amount=Decimal(amount), method="card", by=by, at=at, **more)


def test_a_payment_covers_the_oldest_bills_first(olgas_account, anna):
    march, april = bill_of(olgas_account, 3, 300, anna), bill_of(olgas_account, 4, 300, anna)

    pay(olgas_account, 400, anna)

    march.refresh_from_db()
    april.refresh_from_db()
    assert (march.paid_amount, march.paid_date) == (300, NOON.date())
    assert (april.paid_amount, april.paid_date, april.open_amount) == (100, None, 200)
    assert Event.objects.latest("pk").details["bills"] == ["2026-03", "2026-04"]


def test_two_payments_may_cover_one_bill(olgas_account, anna):
    bill = bill_of(olgas_account, 4, 300, anna)
    for _ in range(3):
        pay(olgas_account, 100, anna)

    bill.refresh_from_db()
    assert bill.paid_date == NOON.date()
    assert bill.allocations.count() == 3


def test_a_known_balance_moves_with_the_money(olga, anna):
    account = open_account(party=olga, number="П-1", kind="prepaid", by=anna, at=NOON)
    payment = pay(account, 500, anna)
    assert BillingAccount.objects.get(pk=account.pk).balance == 500

    reverse_payment(payment=payment, by=anna, at=NOON)
    assert BillingAccount.objects.get(pk=account.pk).balance == 0


def test_a_payment_comes_in_once(olgas_account, anna):
    pay(olgas_account, 100, anna, external_id="bank-1")

    with pytest.raises(PaymentAlreadyReceived):
        pay(olgas_account, 100, anna, external_id="bank-1")
    assert Payment.objects.count() == 1


def test_a_payment_is_of_something_by_something(olgas_account, anna):
    with pytest.raises(InvalidField):
        pay(olgas_account, 0, anna)
    with pytest.raises(InvalidField):
        receive_payment(account=olgas_account, amount=Decimal(1), method="shells", by=anna, at=NOON)


def test_a_reversed_payment_opens_its_bills_and_other_money_steps_in(olgas_account, anna):
    bill = bill_of(olgas_account, 4, 300, anna)
    wrong = pay(olgas_account, 300, anna)
    pay(olgas_account, 200, anna)

    reverse_payment(payment=wrong, reason="Чужой платёж", by=anna, at=NOON)

    bill.refresh_from_db()
    assert (bill.paid_amount, bill.paid_date) == (200, None)
    with pytest.raises(PaymentAlreadyReversed):
        reverse_payment(payment=wrong, by=anna, at=NOON)


def test_the_day_of_a_payment_is_the_customers_own(olga, novosibirsk, anna):
    change_party(party=olga, changes={"home_area": novosibirsk}, by=anna, at=NOON)
    account = open_account(party=olga, number="ЛС-7", kind="postpaid", by=anna, at=NOON)
    bill = bill_of(account, 4, 100, anna)

    pay(account, 100, anna, paid_at=datetime(2026, 4, 25, 18, 30, tzinfo=UTC))  # in Novosibirsk it is the 26th

    bill.refresh_from_db()
    assert bill.paid_date == date(2026, 4, 26)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_kopeck_is_lost_or_made(olgas_account, anna, data):
    start = Bill.objects.count() + Payment.objects.count()
    for step in range(data.draw(st.integers(1, 6))):
        amount = data.draw(st.integers(1, 500))
        if data.draw(st.booleans()):
            pay(olgas_account, amount, anna)
        else:
            issue_bill(
                account=olgas_account, number=f"{start}-{step}", month=date(2026, 5, 1), due_date=date(2026, 6, 1),
                amount=Decimal(amount), by=anna, at=NOON,
            )  # fmt: skip

    paid, used = sum(bill.paid_amount for bill in Bill.objects.all()), PaymentAllocation.objects.all()
    money = Payment.objects.all()
    assert paid == sum(part.amount for part in used) == sum(payment.amount - payment.unused for payment in money)
    assert not (Bill.objects.unpaid().exists() and money.filter(unused__gt=0).exists())
    assert all(bill.paid_amount <= bill.amount for bill in Bill.objects.all())


def promised(account, by, amount=500, due=FRIDAY):
    return promise_payment(account=account, amount=Decimal(amount), due_date=due, by=by, at=NOON)


def test_a_promise_is_kept_when_enough_came_in_time(olgas_account, anna):
    promise = promised(olgas_account, anna)
    for day in (1, 2):
        pay(olgas_account, 250, anna, at=NOON + timedelta(days=day))

    assert resolve_payment_promises(at=NOON + timedelta(days=2)) == 1

    promise.refresh_from_db()
    assert (promise.result, promise.resolved_date) == ("kept", NOON.date() + timedelta(days=2))
    assert Event.objects.latest("pk").by is None


def test_a_promise_is_broken_the_day_after_its_day(olgas_account, anna):
    promise = promised(olgas_account, anna)
    pay(olgas_account, 499, anna, at=NOON + timedelta(days=1))

    assert resolve_payment_promises(at=NOON + timedelta(days=3)) == 0
    assert resolve_payment_promises(at=NOON + timedelta(days=4)) == 1
    assert resolve_payment_promises(at=NOON + timedelta(days=5)) == 0

    promise.refresh_from_db()
    assert (promise.result, promise.resolved_date) == ("broken", FRIDAY + timedelta(days=1))


def test_what_came_before_or_too_late_keeps_no_promise(olgas_account, anna):
    pay(olgas_account, 500, anna, at=NOON - timedelta(days=1))
    promised(olgas_account, anna)
    pay(olgas_account, 500, anna, at=NOON + timedelta(days=4))

    resolve_payment_promises(at=NOON + timedelta(days=4))

    assert PaymentPromise.objects.get().result == "broken"


def test_one_promise_at_a_time(olgas_account, anna):
    promised(olgas_account, anna)

    with pytest.raises(PaymentPromiseStillOpen):
        promised(olgas_account, anna)


def test_a_promise_looks_ahead_and_is_of_something(olgas_account, anna):
    with pytest.raises(InvalidField):
        promised(olgas_account, anna, due=NOON.date() - timedelta(days=1))
    with pytest.raises(InvalidField):
        promised(olgas_account, anna, amount=0)


def test_the_job_judges_and_may_run_twice(olgas_account, anna):
    promised(olgas_account, anna)

    judge_payment_promises(timestamp=0)
    judge_payment_promises(timestamp=0)

    assert PaymentPromise.objects.get().result in {"", "broken"}
