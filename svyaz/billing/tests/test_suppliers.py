"""A supplier that owes us too: invoices and setting off."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from svyaz.billing.actions import (
    InvoiceAlreadyPaid,
    InvoiceAlreadySigned,
    InvoiceNumberTaken,
    NotASupplier,
    NothingToSettle,
    issue_bill,
    open_account,
    pay_supplier_invoice,
    receive_supplier_invoice,
    settle,
    sign_supplier_invoice,
)
from svyaz.billing.models import Bill, SupplierInvoice
from svyaz.parties.actions import InvalidField
from tests.cast import NOON

pytestmark = pytest.mark.django_db

MASTS: dict[str, Any] = {
    "number": "М-1",
    "issued_date": date(2026, 5, 1),
    "due_date": date(2026, 6, 1),
    "subject": "Мачты",
}


@pytest.fixture
def invoice(sever, anna):
    return receive_supplier_invoice(party=sever, amount=Decimal(1000), **MASTS, by=anna, at=NOON)


@pytest.fixture
def bill(sever, anna):
    account = open_account(party=sever, number="ЛС-С", kind="postpaid", by=anna, at=NOON)
    return issue_bill(
        account=account, number="5", month=date(2026, 4, 1), issued_date=date(2026, 4, 5), due_date=date(2026, 4, 25),
        amount=Decimal(600), by=anna, at=NOON,
    )  # fmt: skip


def test_bill_and_invoice_are_set_off_as_far_as_both_are_open(bill, invoice, anna):
    settlement = settle(bill=bill, invoice=invoice, by=anna, at=NOON)

    bill.refresh_from_db()
    invoice.refresh_from_db()
    assert settlement.amount == 600
    assert bill.paid_date == NOON.date()
    assert invoice.paid_date is None
    with pytest.raises(NothingToSettle):
        settle(bill=bill, invoice=invoice, by=anna, at=NOON)


def test_an_invoice_that_is_set_off_whole_is_paid(sever, bill, anna):
    small = receive_supplier_invoice(party=sever, amount=Decimal(100), **{**MASTS, "number": "М-2"}, by=anna, at=NOON)
    settle(bill=bill, invoice=small, by=anna, at=NOON)

    assert SupplierInvoice.objects.get(pk=small.pk).paid_date == NOON.date()
    assert Bill.objects.get(pk=bill.pk).open_amount == 500


def test_another_partys_bill_is_not_set_off(olgas_late_bill, invoice, anna):
    with pytest.raises(NothingToSettle):
        settle(bill=olgas_late_bill, invoice=invoice, by=anna, at=NOON)


def test_only_who_supplies_us_sends_invoices(olga, anna):
    with pytest.raises(NotASupplier):
        receive_supplier_invoice(party=olga, amount=Decimal(1), **MASTS, by=anna, at=NOON)


def test_an_invoice_comes_once(sever, invoice, anna):
    with pytest.raises(InvoiceNumberTaken):
        receive_supplier_invoice(party=sever, amount=Decimal(1), **MASTS, by=anna, at=NOON)


def test_an_invoice_is_of_something_and_due_after_it_is_written(sever, anna):
    for wrong in ({"amount": Decimal(0)}, {"due_date": date(2020, 1, 1)}):
        with pytest.raises(InvalidField):
            receive_supplier_invoice(**{"party": sever, "amount": Decimal(1), **MASTS, **wrong}, by=anna, at=NOON)


def test_an_invoice_is_signed_once_and_paid_once(invoice, anna):
    sign_supplier_invoice(invoice=invoice, by=anna, at=NOON)
    pay_supplier_invoice(invoice=invoice, by=anna, at=NOON)

    with pytest.raises(InvoiceAlreadySigned):
        sign_supplier_invoice(invoice=invoice, by=anna, at=NOON)
    with pytest.raises(InvoiceAlreadyPaid):
        pay_supplier_invoice(invoice=invoice, by=anna, at=NOON)


def test_invoices_need_a_permission_of_their_own(invoice, anna, vera, gleb, roles, spb):
    from tests.cast import person

    buyer = person("buyer", "Закупщик", roles["partner_manager"], spb)
    assert SupplierInvoice.objects.visible_to(buyer).get() == invoice
    for user in (anna, vera, gleb):
        assert not SupplierInvoice.objects.visible_to(user).exists()
