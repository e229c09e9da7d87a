"""Accounts: opening, closing, blocking, and which products they pay for."""

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from svyaz.billing.events import BillingEvent
from svyaz.billing.models import AccountBlock, AccountProduct, BillingAccount
from svyaz.history.actions import record
from svyaz.parties.actions.checks import InvalidField, fits, one_of, required
from svyaz.parties.models import Agreement, Party
from svyaz.services.models import Product
from svyaz.users.models import User


class AccountNumberTaken(Exception):
    """Another account has this number."""


class AccountIsClosed(Exception):
    """The account was closed before."""


class AccountAlreadyBlocked(Exception):
    """The account is blocked already."""


class AccountNotBlocked(Exception):
    """The account is not blocked."""


@transaction.atomic
def open_account(
    *, party: Party, number: str, kind: str, by: User | None, at: datetime, agreement: Agreement | None = None,
    balance: Decimal | None = None, credit_limit: Decimal | None = None, currency: str = "RUB",
    valid_from: date | None = None,
) -> BillingAccount:  # fmt: skip
    """Open an account: a prepaid one starts with a balance of nothing. Raises AccountNumberTaken, InvalidField."""
    one_of("kind", kind, BillingAccount.Kind.values)
    if credit_limit is not None and credit_limit < 0:
        raise InvalidField("credit_limit", str(credit_limit), "out_of_range")
    if balance is None and kind == BillingAccount.Kind.PREPAID:
        balance = Decimal(0)
    account = BillingAccount(
        party=party, number=required("number", number), kind=kind, agreement=agreement, balance=balance,
        balance_at=None if balance is None else at, credit_limit=credit_limit, currency=currency,
        valid_from=valid_from or at.date(),
    )  # fmt: skip
    fits(account, "number", "currency")
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise AccountNumberTaken(account.number) from error
    record(
        BillingEvent.ACCOUNT_OPENED, subject=account, party_id=party.pk, by=by, at=at, number=account.number, kind=kind
    )
    return account


def locked(account: BillingAccount) -> BillingAccount:
    """Lock an account: money on it moves one step at a time."""
    rows: QuerySet[BillingAccount] = BillingAccount.objects.select_for_update(of=("self",))
    return rows.select_related("party__home_area").get(pk=account.pk)


def local_day(account: BillingAccount, at: datetime) -> date:
    """Return which day it is for the account's holder: terms run by his clock."""
    area = account.party.home_area
    return area.local_date(at) if area is not None else at.date()


def move_balance(account: BillingAccount, amount: Decimal, at: datetime) -> None:
    """Add to the balance of an account whose balance is known to us."""
    if account.balance is None:
        return
    account.balance, account.balance_at = account.balance + amount, at
    account.save(update_fields=["balance", "balance_at"])


@transaction.atomic
def close_account(*, account: BillingAccount, by: User | None, at: datetime) -> BillingAccount:
    """Close an account and end what it pays for; what is owed on it stays owed. Raises AccountIsClosed."""
    account = locked(account)
    if account.status == BillingAccount.Status.CLOSED:
        raise AccountIsClosed(account)
    day = local_day(account, at)
    account.status, account.valid_to = BillingAccount.Status.CLOSED, max(day, account.valid_from or day)
    account.save(update_fields=["status", "valid_to"])
    for row in (*account.blocks.filter(valid_to__isnull=True), *account.products.filter(valid_to__isnull=True)):
        row.valid_to = max(day, row.valid_from or day)
        row.save(update_fields=["valid_to"])
    record(BillingEvent.ACCOUNT_CLOSED, subject=account, party_id=account.party_id, by=by, at=at, number=account.number)
    return account


@transaction.atomic
def block_account(*, account: BillingAccount, reason: str, by: User | None, at: datetime) -> AccountBlock:
    """Block an account: for debt, for want of balance, or because its holder asks for it.

    Raises AccountAlreadyBlocked, AccountIsClosed.
    """
    one_of("reason", reason, AccountBlock.Reason.values)
    account = locked(account)
    if account.status == BillingAccount.Status.CLOSED:
        raise AccountIsClosed(account)
    if account.status == BillingAccount.Status.BLOCKED:
        raise AccountAlreadyBlocked(account)
    account.status = BillingAccount.Status.BLOCKED
    account.save(update_fields=["status"])
    block = AccountBlock.objects.create(
        party=account.party, account=account, reason=reason, valid_from=local_day(account, at)
    )
    record(
        BillingEvent.ACCOUNT_BLOCKED, subject=account, party_id=account.party_id, by=by, at=at,
        number=account.number, reason=reason,
    )  # fmt: skip
    return block


@transaction.atomic
def unblock_account(*, account: BillingAccount, by: User | None, at: datetime) -> BillingAccount:
    """Lift an account's block. Raises AccountNotBlocked."""
    account = locked(account)
    if account.status != BillingAccount.Status.BLOCKED:
        raise AccountNotBlocked(account)
    account.status = BillingAccount.Status.ACTIVE
    account.save(update_fields=["status"])
    for block in account.blocks.filter(valid_to__isnull=True):
        block.valid_to = max(local_day(account, at), block.valid_from)
        block.save(update_fields=["valid_to"])
    record(
        BillingEvent.ACCOUNT_UNBLOCKED, subject=account, party_id=account.party_id, by=by, at=at, number=account.number
    )
    return account


@transaction.atomic
def pay_for_product(
    *, account: BillingAccount, product: Product, by: User | None, at: datetime, valid_from: date | None = None
) -> AccountProduct:
    """Let an account pay for a product from a day on, in place of the former payer; it may be another party's.

    Raises AccountIsClosed.
    """
    account = locked(account)
    if account.status == BillingAccount.Status.CLOSED:
        raise AccountIsClosed(account)
    day = valid_from or local_day(account, at)
    for former in AccountProduct.objects.select_for_update().filter(product=product, valid_to__isnull=True):
        former.valid_to = max(day, former.valid_from or day)
        former.save(update_fields=["valid_to"])
    paid = AccountProduct.objects.create(account=account, product=product, valid_from=day)
    record(
        BillingEvent.PAYER_SET, subject=paid, party_id=product.party_id, by=by, at=at,
        account=account.number, payer=account.party_id,
    )  # fmt: skip
    return paid
