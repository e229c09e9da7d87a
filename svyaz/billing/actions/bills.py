"""Bills: issuing, disputing, changing."""

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from svyaz.billing.actions.accounts import local_day, locked, move_balance
from svyaz.billing.events import BillingEvent
from svyaz.billing.models import Adjustment, Bill, BillingAccount, Payment, PaymentAllocation
from svyaz.history.actions import record
from svyaz.parties.actions.checks import InvalidField, fits, required
from svyaz.users.models import User


class BillNumberTaken(Exception):
    """The account has a bill with this number already."""


class BillAlreadyPaid(Exception):
    """The bill is paid."""


class BillAlreadyDisputed(Exception):
    """The bill is disputed already."""


class BillNotDisputed(Exception):
    """The bill is not disputed."""


class AdjustmentExceedsBill(Exception):
    """More would be taken off the bill than there is on it."""


@transaction.atomic
def issue_bill(
    *, account: BillingAccount, number: str, month: date, amount: Decimal, due_date: date, by: User | None,
    at: datetime, issued_date: date | None = None,
) -> Bill:  # fmt: skip
    """Bill an account for a month; what was paid in advance is set against it at once.

    Raises BillNumberTaken, InvalidField.
    """
    account = locked(account)
    issued = issued_date or local_day(account, at)
    _check(amount, issued, due_date)
    bill = Bill(
        party=account.party, account=account, number=required("number", number), month=month.replace(day=1),
        issued_date=issued, due_date=due_date, amount=amount, currency=account.currency,
    )  # fmt: skip
    fits(bill, "number")
    try:
        with transaction.atomic():
            bill.save()
    except IntegrityError as error:
        if "bill_number_once_per_account" in str(error):
            raise BillNumberTaken(bill.number) from error
        raise
    move_balance(account, -amount, at)
    if amount == 0:
        cover(bill, amount, issued)
    spread_advances(account)
    bill.refresh_from_db()
    record(
        BillingEvent.BILL_ISSUED, subject=bill, party_id=bill.party_id, by=by, at=at,
        number=bill.number, amount=str(amount), due=due_date.isoformat(), account=account.number,
    )  # fmt: skip
    return bill


def _check(amount: Decimal, issued: date, due: date) -> None:
    if amount < 0:
        raise InvalidField("amount", str(amount), "out_of_range")
    if due < issued:
        raise InvalidField("due_date", due.isoformat(), "out_of_range")


def cover(bill: Bill, amount: Decimal, day: date) -> None:
    """Count money towards a bill (or, below nothing, away from it); on the day it becomes paid, say so."""
    bill.paid_amount += amount
    bill.paid_date = (bill.paid_date or day) if bill.paid_amount >= bill.amount else None
    bill.save(update_fields=["paid_amount", "paid_date"])


def allocate(payment: Payment, account: BillingAccount) -> list[Bill]:
    """Spread what is left of a payment over the account's open bills, the oldest first; return the bills it reached.

    A disputed bill waits for the end of the dispute.
    """
    reached = []
    paid = local_day(account, payment.paid_at)
    open_bills = Bill.objects.unpaid().filter(account=account, disputed_date__isnull=True, currency=payment.currency)
    for bill in open_bills.select_for_update().order_by("due_date", "pk"):
        part = min(payment.unused, bill.open_amount)
        if part <= 0:
            break
        _allocate_part(payment, bill, part)
        # An advance pays on the day of the bill, not on the day it came.
        cover(bill, part, max(paid, bill.issued_date))
        reached.append(bill)
    payment.save(update_fields=["unused"])
    return reached


def _allocate_part(payment: Payment, bill: Bill, part: Decimal) -> None:
    allocation, is_new = PaymentAllocation.objects.get_or_create(payment=payment, bill=bill, defaults={"amount": part})
    if not is_new:
        allocation.amount += part
        allocation.save(update_fields=["amount"])
    payment.unused -= part


def spread_advances(account: BillingAccount) -> None:
    """Set payments that are not used up against open bills."""
    for payment in Payment.objects.filter(account=account, unused__gt=0).order_by("paid_at", "pk"):
        allocate(payment, account)


def _locked_bill(bill: Bill) -> Bill:
    locked(bill.account)
    rows: QuerySet[Bill] = Bill.objects.select_for_update(of=("self",))
    return rows.select_related("account__party__home_area").get(pk=bill.pk)


@transaction.atomic
def dispute_bill(*, bill: Bill, by: User | None, at: datetime, reason: str) -> Bill:
    """Note that the party disputes a bill: while it does, the bill is not late.

    Raises BillAlreadyPaid, BillAlreadyDisputed, InvalidField.
    """
    reason = required("reason", reason)
    bill = _locked_bill(bill)
    if bill.paid_date is not None:
        raise BillAlreadyPaid(bill)
    if bill.disputed_date is not None:
        raise BillAlreadyDisputed(bill)
    bill.disputed_date = local_day(bill.account, at)
    bill.save(update_fields=["disputed_date"])
    record(
        BillingEvent.BILL_DISPUTED, subject=bill, party_id=bill.party_id, by=by, at=at,
        number=bill.number, reason=reason,
    )  # fmt: skip
    return bill


@transaction.atomic
def end_dispute(*, bill: Bill, due_date: date, by: User | None, at: datetime, outcome: str) -> Bill:
    """End a dispute: what stays owed is due on a new day, so that the time of the dispute makes nobody late.

    What was wrong on the bill is an adjustment. Raises BillNotDisputed, InvalidField.
    """
    outcome = required("outcome", outcome)
    bill = _locked_bill(bill)
    if bill.disputed_date is None:
        raise BillNotDisputed(bill)
    if due_date < bill.due_date:
        raise InvalidField("due_date", due_date.isoformat(), "out_of_range")
    bill.disputed_date, bill.due_date = None, due_date
    bill.save(update_fields=["disputed_date", "due_date"])
    spread_advances(bill.account)
    bill.refresh_from_db()
    record(
        BillingEvent.DISPUTE_ENDED, subject=bill, party_id=bill.party_id, by=by, at=at,
        number=bill.number, outcome=outcome, due=due_date.isoformat(),
    )  # fmt: skip
    return bill


@transaction.atomic
def adjust_bill(*, bill: Bill, amount: Decimal, reason: str, by: User | None, at: datetime) -> Adjustment:
    """Change a bill's amount after issue, up or down; what was paid too much is set against other bills.

    Raises AdjustmentExceedsBill, InvalidField.
    """
    reason = required("reason", reason)
    if amount == 0:
        raise InvalidField("amount", str(amount), "out_of_range")
    bill = _locked_bill(bill)
    if bill.amount + amount < 0:
        raise AdjustmentExceedsBill(bill, amount)
    bill.amount += amount
    bill.save(update_fields=["amount"])
    adjustment = Adjustment(bill=bill, amount=amount, reason=reason, at=at)
    fits(adjustment, "reason")
    adjustment.save()
    day = local_day(bill.account, at)
    cover(bill, -_free_excess(bill), day)
    move_balance(bill.account, -amount, at)
    spread_advances(bill.account)
    record(
        BillingEvent.BILL_ADJUSTED, subject=bill, party_id=bill.party_id, by=by, at=at,
        number=bill.number, amount=str(amount), reason=reason,
    )  # fmt: skip
    return adjustment


def _free_excess(bill: Bill) -> Decimal:
    """Give back to its payments what a bill got beyond its amount, the newest first; return how much."""
    wanted: Decimal = max(bill.paid_amount - bill.amount, Decimal(0))
    excess = wanted
    for allocation in bill.allocations.select_related("payment").order_by("-payment__paid_at", "-pk"):
        part = min(excess, allocation.amount)
        if part <= 0:
            break
        excess -= part
        allocation.payment.unused += part
        allocation.payment.save(update_fields=["unused"])
        if part == allocation.amount:
            allocation.delete()
        else:
            allocation.amount -= part
            allocation.save(update_fields=["amount"])
    return wanted - excess
