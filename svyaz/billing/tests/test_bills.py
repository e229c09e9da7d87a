"""Bills: issued, disputed, adjusted."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from svyaz.billing.actions import (
    AdjustmentExceedsBill,
    BillAlreadyDisputed,
    BillAlreadyPaid,
    BillNotDisputed,
    BillNumberTaken,
    adjust_bill,
    dispute_bill,
    end_dispute,
    issue_bill,
    receive_payment,
)
from svyaz.billing.models import Bill, Payment
from svyaz.history.models import Event
from svyaz.parties.actions import InvalidField
from tests.cast import NOON

pytestmark = pytest.mark.django_db

MAY: dict[str, Any] = {"number": "2026-05", "month": date(2026, 5, 1), "due_date": date(2026, 6, 20)}


def pay(account, amount, by, at=NOON):
    return receive_payment(account=account, amount=Decimal(amount), method="card", by=by, at=at)


def test_a_bill_is_issued_for_a_month(olgas_account, anna):
    bill = issue_bill(
        account=olgas_account, amount=Decimal(965), **{**MAY, "month": date(2026, 5, 9)}, by=anna, at=NOON
    )

    assert (bill.month, bill.issued_date, bill.party_id) == (date(2026, 5, 1), NOON.date(), olgas_account.party_id)
    assert Event.objects.latest("pk").details["amount"] == "965"


def test_an_advance_pays_the_next_bill_on_the_day_of_issue(olgas_account, anna):
    pay(olgas_account, 500, anna, at=NOON - timedelta(days=20))

    bill = issue_bill(account=olgas_account, amount=Decimal(450), **MAY, by=anna, at=NOON)

    assert (bill.paid_amount, bill.paid_date) == (450, NOON.date())
    assert Payment.objects.get().unused == 50


def test_a_bill_over_nothing_is_paid(olgas_account, anna):
    assert issue_bill(account=olgas_account, amount=Decimal(0), **MAY, by=anna, at=NOON).paid_date == NOON.date()


def test_a_bills_number_is_given_once_per_account(olgas_account, anna):
    issue_bill(account=olgas_account, amount=Decimal(1), **MAY, by=anna, at=NOON)

    with pytest.raises(BillNumberTaken):
        issue_bill(account=olgas_account, amount=Decimal(1), **MAY, by=anna, at=NOON)


@pytest.mark.parametrize(("field", "value"), [("amount", Decimal(-1)), ("due_date", date(2020, 1, 1)), ("number", "")])
def test_what_cannot_be_is_refused(olgas_account, anna, field, value):
    with pytest.raises(InvalidField) as refusal:
        issue_bill(**{"account": olgas_account, "amount": Decimal(1), **MAY, field: value}, by=anna, at=NOON)
    assert refusal.value.field == field


def test_a_disputed_bill_is_not_late_and_waits(olgas_late_bill, olgas_account, anna):
    bill = dispute_bill(bill=olgas_late_bill, reason="Не было связи", by=anna, at=NOON)
    pay(olgas_account, 965, anna)

    bill.refresh_from_db()
    assert not bill.is_overdue(NOON.date())
    assert bill.paid_amount == 0
    with pytest.raises(BillAlreadyDisputed):
        dispute_bill(bill=bill, reason="Ещё раз", by=anna, at=NOON)


def test_after_the_dispute_the_money_that_waited_pays_it(olgas_late_bill, olgas_account, anna):
    dispute_bill(bill=olgas_late_bill, reason="Не было связи", by=anna, at=NOON)
    pay(olgas_account, 965, anna)

    bill = end_dispute(bill=olgas_late_bill, due_date=date(2026, 6, 10), outcome="Верно", by=anna, at=NOON)

    assert (bill.due_date, bill.disputed_date, bill.paid_date) == (date(2026, 6, 10), None, NOON.date())
    with pytest.raises(BillNotDisputed):
        end_dispute(bill=bill, due_date=date(2026, 6, 10), outcome="Верно", by=anna, at=NOON)


def test_a_paid_bill_is_not_disputed(olgas_late_bill, olgas_account, anna):
    pay(olgas_account, 965, anna)

    with pytest.raises(BillAlreadyPaid):
        dispute_bill(bill=olgas_late_bill, reason="Поздно", by=anna, at=NOON)


def test_what_is_taken_off_a_paid_bill_becomes_an_advance(olgas_late_bill, olgas_account, anna):
    payment = pay(olgas_account, 965, anna)

    adjust_bill(bill=olgas_late_bill, amount=Decimal(-165), reason="Простой", by=anna, at=NOON)

    bill = Bill.objects.get()
    assert (bill.amount, bill.paid_amount) == (800, 800)
    assert bill.paid_date == NOON.date()
    payment.refresh_from_db()
    assert payment.unused == 165


def test_what_is_put_on_a_paid_bill_opens_it_again(olgas_late_bill, olgas_account, anna):
    pay(olgas_account, 965, anna)

    adjust_bill(bill=olgas_late_bill, amount=Decimal(35), reason="Роуминг", by=anna, at=NOON)

    bill = Bill.objects.get()
    assert (bill.open_amount, bill.paid_date) == (35, None)


def test_no_more_is_taken_off_than_there_is(olgas_late_bill, anna):
    with pytest.raises(AdjustmentExceedsBill):
        adjust_bill(bill=olgas_late_bill, amount=Decimal(-966), reason="Ошибка", by=anna, at=NOON)
    with pytest.raises(InvalidField):
        adjust_bill(bill=olgas_late_bill, amount=Decimal(0), reason="Ничего", by=anna, at=NOON)


def test_the_ladder_of_seeing_bills(olgas_late_bill, anna, gleb, reader):
    assert Bill.objects.visible_to(anna).get() == olgas_late_bill
    assert not Bill.objects.visible_to(gleb).exists()
    assert not Bill.objects.visible_to(reader).exists()
