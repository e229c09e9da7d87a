"""Payments, and promises to pay that are judged by what came."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction

from svyaz.billing.actions.accounts import local_day, locked, move_balance
from svyaz.billing.actions.bills import allocate, cover, spread_advances
from svyaz.billing.events import BillingEvent
from svyaz.billing.models import BillingAccount, Payment, PaymentPromise
from svyaz.history.actions import record
from svyaz.parties.actions.checks import InvalidField, fits, one_of
from svyaz.users.models import User


class PaymentAlreadyReceived(Exception):
    """A payment with this number of its source was received before."""


class PaymentAlreadyReversed(Exception):
    """The payment was reversed before."""


class PaymentPromiseStillOpen(Exception):
    """An earlier promise to pay on this account is still open."""


@transaction.atomic
def receive_payment(
    *, account: BillingAccount, amount: Decimal, method: str, by: User | None, at: datetime,
    paid_at: datetime | None = None, external_id: str = "",
) -> Payment:  # fmt: skip
    """Take a payment in and set it against the oldest open bills; the rest stays as an advance.

    Raises PaymentAlreadyReceived, InvalidField.
    """
    one_of("method", method, Payment.Method.values)
    if amount <= 0:
        raise InvalidField("amount", str(amount), "out_of_range")
    account = locked(account)
    payment = Payment(
        party=account.party, account=account, amount=amount, currency=account.currency, method=method,
        paid_at=paid_at or at, external_id=external_id.strip(), unused=amount,
    )  # fmt: skip
    fits(payment, "external_id")
    try:
        with transaction.atomic():
            payment.save()
    except IntegrityError as error:
        if "payment_external_id_once" in str(error):
            raise PaymentAlreadyReceived(external_id) from error
        raise
    bills = allocate(payment, account)
    move_balance(account, amount, at)
    record(
        BillingEvent.PAYMENT_RECEIVED, subject=payment, party_id=payment.party_id, by=by, at=at,
        amount=str(amount), method=method, account=account.number, bills=[bill.number for bill in bills],
    )  # fmt: skip
    return payment


@transaction.atomic
def reverse_payment(*, payment: Payment, by: User | None, at: datetime, reason: str = "") -> Payment:
    """Take a payment back: the bills it covered are open again, unless other money covers them.

    Raises PaymentAlreadyReversed.
    """
    account = locked(payment.account)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.reversed_at is not None:
        raise PaymentAlreadyReversed(payment)
    payment.reversed_at, payment.unused = at, Decimal(0)
    payment.save(update_fields=["reversed_at", "unused"])
    bills = []
    for allocation in payment.allocations.select_related("bill"):
        cover(allocation.bill, -allocation.amount, local_day(account, at))
        bills.append(allocation.bill)
    payment.allocations.all().delete()
    move_balance(account, -payment.amount, at)
    spread_advances(account)
    record(
        BillingEvent.PAYMENT_REVERSED, subject=payment, party_id=payment.party_id, by=by, at=at,
        amount=str(payment.amount), reason=reason, bills=[bill.number for bill in bills],
    )  # fmt: skip
    return payment


@transaction.atomic
def promise_payment(
    *, account: BillingAccount, amount: Decimal, due_date: date, by: User | None, at: datetime
) -> PaymentPromise:
    """Note that the party promises to pay an amount by a day («обещанный платёж»), one promise at a time.

    Raises PaymentPromiseStillOpen, InvalidField.
    """
    account = locked(account)
    if amount <= 0:
        raise InvalidField("amount", str(amount), "out_of_range")
    if due_date < local_day(account, at):
        raise InvalidField("due_date", due_date.isoformat(), "out_of_range")
    if account.promises.filter(result=PaymentPromise.Result.OPEN).exists():
        raise PaymentPromiseStillOpen(account)
    promise = PaymentPromise.objects.create(
        party=account.party, account=account, amount=amount, promised_at=at, due_date=due_date
    )
    record(
        BillingEvent.PAYMENT_PROMISED, subject=promise, party_id=promise.party_id, by=by, at=at,
        amount=str(amount), due=due_date.isoformat(), account=account.number,
    )  # fmt: skip
    return promise


@transaction.atomic
def resolve_payment_promise(*, promise: PaymentPromise, at: datetime) -> PaymentPromise:
    """Judge a promise by what came since it was made: kept at once when enough came in time, broken after its day."""
    account = locked(promise.account)
    promise = PaymentPromise.objects.select_for_update().get(pk=promise.pk)
    if promise.result != PaymentPromise.Result.OPEN:
        return promise
    kept_date = _day_of_keeping(promise, account)
    if kept_date is None and local_day(account, at) <= promise.due_date:
        return promise
    promise.result = PaymentPromise.Result.KEPT if kept_date else PaymentPromise.Result.BROKEN
    promise.resolved_date = kept_date or promise.due_date + timedelta(days=1)
    promise.save(update_fields=["result", "resolved_date"])
    record(
        BillingEvent.PROMISE_RESOLVED, subject=promise, party_id=promise.party_id, by=None, at=at,
        result=promise.result, amount=str(promise.amount), due=promise.due_date.isoformat(),
    )  # fmt: skip
    return promise


def _day_of_keeping(promise: PaymentPromise, account: BillingAccount) -> date | None:
    """Return the day, not after the promised one, on which enough had come; None if it did not."""
    came = Decimal(0)
    payments = Payment.objects.filter(account=account, reversed_at__isnull=True, paid_at__gte=promise.promised_at)
    for payment in payments.order_by("paid_at", "pk"):
        day = local_day(account, payment.paid_at)
        came += payment.amount
        if day > promise.due_date:
            return None
        if came >= promise.amount:
            return day
    return None


def resolve_payment_promises(*, at: datetime) -> int:
    """Judge every open promise; return how many were kept or broken. Safe to run again."""
    resolved = 0
    for promise in (
        PaymentPromise.objects.filter(result=PaymentPromise.Result.OPEN).select_related("account").iterator()
    ):
        resolved += resolve_payment_promise(promise=promise, at=at).result != PaymentPromise.Result.OPEN
    return resolved
