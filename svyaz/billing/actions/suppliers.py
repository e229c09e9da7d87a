"""What we owe suppliers and partners: their invoices, and setting them off against what they owe us."""

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Sum

from svyaz.billing.actions.accounts import local_day, locked, move_balance
from svyaz.billing.actions.bills import cover
from svyaz.billing.events import BillingEvent
from svyaz.billing.models import Bill, Settlement, SupplierInvoice
from svyaz.history.actions import record
from svyaz.parties.actions.checks import InvalidField, fits, required
from svyaz.parties.models import Party, PartyRole
from svyaz.parties.queries import ids_of, is_one_party
from svyaz.users.models import User

SUPPLY = (PartyRole.Kind.SUPPLIER, PartyRole.Kind.PARTNER, PartyRole.Kind.DEALER)


class NotASupplier(Exception):
    """The party is neither supplier, partner nor dealer."""


class InvoiceNumberTaken(Exception):
    """The party sent an invoice with this number before."""


class InvoiceAlreadySigned(Exception):
    """The invoice was signed before."""


class InvoiceAlreadyPaid(Exception):
    """The invoice was paid or set off before."""


class NothingToSettle(Exception):
    """Bill and invoice are of two parties or currencies, or nothing is left open on one of them."""


@transaction.atomic
def receive_supplier_invoice(
    *, party: Party, number: str, amount: Decimal, issued_date: date, due_date: date, by: User | None, at: datetime,
    subject: str = "", currency: str = "RUB",
) -> SupplierInvoice:  # fmt: skip
    """Take in what a supplier, partner or dealer asks of us. Raises NotASupplier, InvoiceNumberTaken, InvalidField."""
    if amount <= 0:
        raise InvalidField("amount", str(amount), "out_of_range")
    if due_date < issued_date:
        raise InvalidField("due_date", due_date.isoformat(), "out_of_range")
    if not PartyRole.objects.current().filter(party__in=ids_of(party), kind__in=SUPPLY).exists():
        raise NotASupplier(party)
    invoice = SupplierInvoice(
        party=party, number=required("number", number), subject=subject.strip(), issued_date=issued_date,
        due_date=due_date, amount=amount, currency=currency,
    )  # fmt: skip
    fits(invoice, "number", "subject", "currency")
    try:
        with transaction.atomic():
            invoice.save()
    except IntegrityError as error:
        if "supplier_invoice_number_once" in str(error):
            raise InvoiceNumberTaken(invoice.number) from error
        raise
    record(
        BillingEvent.INVOICE_RECEIVED, subject=invoice, party_id=party.pk, by=by, at=at,
        number=invoice.number, amount=str(amount), due=due_date.isoformat(),
    )  # fmt: skip
    return invoice


def _locked_invoice(invoice: SupplierInvoice) -> SupplierInvoice:
    rows: QuerySet[SupplierInvoice] = SupplierInvoice.objects.select_for_update()
    return rows.get(pk=invoice.pk)


@transaction.atomic
def sign_supplier_invoice(*, invoice: SupplierInvoice, by: User | None, at: datetime) -> SupplierInvoice:
    """Accept an invoice for payment. Raises InvoiceAlreadySigned."""
    invoice = _locked_invoice(invoice)
    if invoice.signed_date is not None:
        raise InvoiceAlreadySigned(invoice)
    invoice.signed_date = at.date()
    invoice.save(update_fields=["signed_date"])
    record(BillingEvent.INVOICE_SIGNED, subject=invoice, party_id=invoice.party_id, by=by, at=at, number=invoice.number)
    return invoice


@transaction.atomic
def pay_supplier_invoice(*, invoice: SupplierInvoice, by: User | None, at: datetime) -> SupplierInvoice:
    """Note that what was left of an invoice is paid. Raises InvoiceAlreadyPaid."""
    invoice = _locked_invoice(invoice)
    if invoice.paid_date is not None:
        raise InvoiceAlreadyPaid(invoice)
    invoice.paid_date = at.date()
    invoice.save(update_fields=["paid_date"])
    record(
        BillingEvent.INVOICE_PAID, subject=invoice, party_id=invoice.party_id, by=by, at=at,
        number=invoice.number, amount=str(open_amount_of(invoice)),
    )  # fmt: skip
    return invoice


def open_amount_of(invoice: SupplierInvoice) -> Decimal:
    """Return what of an invoice is not set off."""
    amount: Decimal = invoice.amount
    return amount - (invoice.settlements.aggregate(sum=Sum("amount"))["sum"] or Decimal(0))


@transaction.atomic
def settle(*, bill: Bill, invoice: SupplierInvoice, by: User | None, at: datetime) -> Settlement:
    """Set a bill and an invoice of the same party off against each other, as far as both are open.

    Raises NothingToSettle.
    """
    account = locked(bill.account)
    bill = Bill.objects.select_for_update().get(pk=bill.pk)
    invoice = _locked_invoice(invoice)
    amount = min(bill.open_amount, open_amount_of(invoice))
    fits_together = is_one_party(bill.party, invoice.party) and bill.currency == invoice.currency
    if not fits_together or invoice.paid_date is not None or amount <= 0:
        raise NothingToSettle(bill, invoice)
    settlement = Settlement.objects.create(party=account.party, bill=bill, invoice=invoice, amount=amount, at=at)
    cover(bill, amount, local_day(account, at))
    move_balance(account, amount, at)
    if open_amount_of(invoice) <= 0:
        invoice.paid_date = at.date()
        invoice.save(update_fields=["paid_date"])
    record(
        BillingEvent.SETTLED, subject=settlement, party_id=bill.party_id, by=by, at=at,
        bill=bill.number, invoice=invoice.number, amount=str(amount),
    )  # fmt: skip
    return settlement
