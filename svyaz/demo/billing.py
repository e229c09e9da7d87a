"""What customers owe and pay: accounts, two years of bills and payments, with the discipline people really show."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from svyaz.billing.events import BillingEvent
from svyaz.billing.models import (
    AccountBlock,
    AccountProduct,
    Adjustment,
    Bill,
    BillingAccount,
    Payment,
    PaymentAllocation,
    PaymentPromise,
)
from svyaz.demo.chance import month_start
from svyaz.demo.world import Client, Held, Late, World

MONTHS = 24
_DAY = timedelta(days=1)
_KOPECK = Decimal("0.01")
_DUE_DAYS = 20


@dataclass(frozen=True)
class Discipline:
    """How a customer pays: how often late, and how many of the newest bills stay open."""

    weight: int
    late: float
    open_bills: int
    methods: tuple[str, ...]


_AUTOPAY = Payment.Method.AUTOPAY.value
_CARD, _BANK = Payment.Method.CARD.value, Payment.Method.BANK.value
_CASH, _TERMINAL = Payment.Method.CASH.value, Payment.Method.TERMINAL.value
DISCIPLINES = (
    Discipline(34, 0.0, 0, (_AUTOPAY,)),
    Discipline(38, 0.02, 0, (_CARD, _CARD, _BANK)),
    Discipline(18, 0.18, 0, (_CARD, _TERMINAL)),
    Discipline(7, 0.45, 2, (_CARD, _CASH, _TERMINAL)),
    Discipline(3, 0.65, 4, (_CASH, _TERMINAL)),
)


@dataclass
class Account:
    """An account while its rows are gathered."""

    id: int
    number: str
    discipline: Discipline
    promised_until: date | None = None


def open_account(world: World, client: Client) -> None:
    """Gather a customer's account with everything that was billed and paid on it."""
    rng = client.rng
    client.prepaid = bool(client.person) and rng.random() < 0.4
    discipline = rng.choices(DISCIPLINES, [one.weight for one in DISCIPLINES])[0]
    in_debt = discipline.open_bills >= 4 and not client.prepaid and client.left is None
    status = BillingAccount.Status.CLOSED if client.left else BillingAccount.Status.ACTIVE
    if in_debt:
        status = BillingAccount.Status.BLOCKED
    number = f"4{client.number}1"
    balance = Decimal(rng.randint(-5, 900)) + Decimal(rng.randint(0, 99)) / 100
    account_id = world.book.add(
        BillingAccount, party_id=client.party_id, agreement_id=client.agreement_id, number=number,
        kind=(BillingAccount.Kind.PREPAID if client.prepaid else BillingAccount.Kind.POSTPAID).value,
        status=status.value, balance=balance if client.prepaid else None,
        balance_at=world.moment if client.prepaid else None,
        credit_limit=None if client.prepaid else Decimal(3000 if client.person else 50000),
        valid_from=client.since, valid_to=client.left,
    )  # fmt: skip
    world.book.tell(
        BillingEvent.ACCOUNT_OPENED, "billing.billingaccount", account_id, client.party_id, client.at(client.since, 11),
        number=number,
    )  # fmt: skip
    account = Account(account_id, number, discipline)
    for held in client.products:
        _pay_for(world, client, account, held)
    if client.left:
        world.book.tell(
            BillingEvent.ACCOUNT_CLOSED, "billing.billingaccount", account_id, client.party_id,
            client.at(client.left, 23), number=number,
        )  # fmt: skip
    if client.prepaid:
        _top_up(world, client, account)
    else:
        _bill(world, client, account)
        if in_debt:
            _block(world, client, account, world.as_of - timedelta(days=rng.randint(5, 25)), None, "debt")


def _pay_for(world: World, client: Client, account: Account, held: Held) -> None:
    number = world.book.add(
        AccountProduct, account_id=account.id, product_id=held.id, valid_from=held.since, valid_to=held.until
    )
    world.book.tell(
        BillingEvent.PAYER_SET, "billing.accountproduct", number, client.party_id, client.at(held.since, 12),
        account=account.number, payer=client.party_id,
    )  # fmt: skip


def _bill(world: World, client: Client, account: Account) -> None:
    """Gather a bill for every month in which something ran, and what came of it."""
    for ago in range(MONTHS, 0, -1):
        month, next_month = month_start(world.as_of, ago), month_start(world.as_of, ago - 1)
        amount = sum((held.price for held in client.products if held.runs_in(month, next_month - _DAY)), Decimal(0))
        if not amount:
            continue
        if client.rng.random() < 0.3:
            amount += Decimal(client.rng.randint(100, 25_000)) / 100
        issued = next_month + timedelta(days=client.rng.randint(0, 2))
        if issued < world.as_of:
            _issue(world, client, account, month, issued, amount, ago)


def _issue(
    world: World, client: Client, account: Account, month: date, issued: date, amount: Decimal, ago: int
) -> None:
    rng, due = client.rng, issued + timedelta(days=_DUE_DAYS)
    is_disputed = rng.random() < 0.004
    paid = None if is_disputed and ago < 4 else _pay_day(client, account, issued, due, ago)
    if paid is not None and paid >= world.as_of:
        paid = None
    number, billed = f"{account.number}-{month:%y%m}", amount
    if is_disputed and paid:
        amount = (amount * Decimal("0.9")).quantize(_KOPECK)
    bill_id = world.book.add(
        Bill, party_id=client.party_id, account_id=account.id, number=number, month=month, issued_date=issued,
        due_date=due, amount=amount, paid_amount=amount if paid else Decimal(0), paid_date=paid,
        disputed_date=min(issued + timedelta(days=9), world.as_of - _DAY) if is_disputed and not paid else None,
    )  # fmt: skip
    world.book.tell(
        BillingEvent.BILL_ISSUED, "billing.bill", bill_id, client.party_id, client.at(issued, 6),
        number=number, amount=str(billed),
    )  # fmt: skip
    if is_disputed:
        _dispute(world, client, bill_id, issued, amount - billed)
    if paid:
        payment = _pay(world, client, account, paid, amount)
        world.book.add(PaymentAllocation, payment_id=payment, bill_id=bill_id, amount=amount)
    if due < world.as_of and (paid is None or paid > due) and not is_disputed:
        client.lates.append(Late(bill_id, number, amount, due, paid))
        _promise_to_pay(world, client, account, client.lates[-1])


def _pay_day(client: Client, account: Account, issued: date, due: date, ago: int) -> date | None:
    """Return when a bill is paid; None where it stays open."""
    rng, discipline = client.rng, account.discipline
    if ago <= discipline.open_bills and client.left is None and rng.random() < 0.85:
        return None
    if rng.random() < discipline.late:
        return due + timedelta(days=1 + int(rng.expovariate(1 / 12)))
    if discipline.methods == (_AUTOPAY,):
        return issued + timedelta(days=3)
    return issued + timedelta(days=rng.randint(1, _DUE_DAYS))


def _pay(world: World, client: Client, account: Account, day: date, amount: Decimal) -> int:
    rng = client.rng
    at = client.at(day, rng.randint(8, 21)) + timedelta(minutes=rng.randint(0, 59))
    method = rng.choice(account.discipline.methods) if client.person else _BANK
    payment = world.book.add(
        Payment, party_id=client.party_id, account_id=account.id, amount=amount, paid_at=at, method=method
    )
    world.book.tell(
        BillingEvent.PAYMENT_RECEIVED, "billing.payment", payment, client.party_id, at,
        amount=str(amount), method=method,
    )  # fmt: skip
    return payment


def _dispute(world: World, client: Client, bill_id: int, issued: date, less: Decimal) -> None:
    """Tell of a dispute; where it is over, the bill became less."""
    at = min(client.at(issued + timedelta(days=9), 12), world.moment)
    world.book.tell(BillingEvent.BILL_DISPUTED, "billing.bill", bill_id, client.party_id, at)
    if not less:
        return
    reason, over = "Перерасчёт за дни без связи", min(at + timedelta(days=4), world.moment)
    world.book.add(Adjustment, bill_id=bill_id, amount=less, reason=reason, at=over)
    world.book.tell(BillingEvent.DISPUTE_ENDED, "billing.bill", bill_id, client.party_id, over, outcome=reason)
    world.book.tell(
        BillingEvent.BILL_ADJUSTED, "billing.bill", bill_id, client.party_id, over, amount=str(less), reason=reason
    )


def _promise_to_pay(world: World, client: Client, account: Account, late: Late) -> None:
    """One late payer in four promises to pay in a week; the promise is kept if the money came by then."""
    rng, day = client.rng, late.due + timedelta(days=5)
    too_early = account.promised_until is not None and day <= account.promised_until
    if rng.random() > 0.27 or day >= world.as_of or too_early or (late.paid and late.paid < day):
        return
    by = day + timedelta(days=7)
    account.promised_until = by
    result, resolved = _result_of_promise(world, late, by)
    at = client.at(day, 13)
    number = world.book.add(
        PaymentPromise, party_id=client.party_id, account_id=account.id, amount=late.amount, promised_at=at,
        due_date=by, result=result, resolved_date=resolved,
    )  # fmt: skip
    world.book.tell(
        BillingEvent.PAYMENT_PROMISED, "billing.paymentpromise", number, client.party_id, at,
        amount=str(late.amount), due_date=by.isoformat(),
    )  # fmt: skip
    if resolved:
        world.book.tell(
            BillingEvent.PROMISE_RESOLVED, "billing.paymentpromise", number, client.party_id,
            client.at(resolved, 23), result=result,
        )  # fmt: skip


def _result_of_promise(world: World, late: Late, by: date) -> tuple[str, date | None]:
    if late.paid and late.paid <= by:
        return PaymentPromise.Result.KEPT.value, late.paid
    if by < world.as_of - _DAY:
        return PaymentPromise.Result.BROKEN.value, by + _DAY
    return PaymentPromise.Result.OPEN.value, None


def _top_up(world: World, client: Client, account: Account) -> None:
    """Gather a prepaid customer's top-ups, and the days on which the balance was used up."""
    rng = client.rng
    fee = sum((held.price for held in client.products if held.until is None), Decimal(0)) or Decimal(300)
    amount = (fee / 50).to_integral_value() * 50 + rng.choice((0, 50, 100))
    last = client.left or world.as_of
    for ago in range(MONTHS, 0, -1):
        day = month_start(world.as_of, ago) + timedelta(days=rng.randint(0, 26))
        if not client.since <= day < last:
            continue
        if rng.random() < account.discipline.late / 3:
            until = day + timedelta(days=rng.randint(1, 9))
            if until < last:
                _block(world, client, account, day, until, "balance")
                day = until
        _pay(world, client, account, day, max(amount, Decimal(50)))


def _block(world: World, client: Client, account: Account, since: date, until: date | None, reason: str) -> None:
    world.book.add(
        AccountBlock, party_id=client.party_id, account_id=account.id, reason=reason, valid_from=since, valid_to=until
    )
    moments: list[tuple[BillingEvent, date]] = [(BillingEvent.ACCOUNT_BLOCKED, since)]
    if until:
        moments.append((BillingEvent.ACCOUNT_UNBLOCKED, until))
    for kind, day in moments:
        world.book.tell(
            kind, "billing.billingaccount", account.id, client.party_id, client.at(day, 0),
            number=account.number, reason=reason,
        )  # fmt: skip
