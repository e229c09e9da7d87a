"""Bills, what was changed on them, and payments with the bills they cover."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from svyaz.billing.models.account import BillingAccount, BillingQuerySet
from svyaz.lib.money import MoneyField
from svyaz.parties.models import Party


class BillQuerySet(BillingQuerySet):
    """Bills."""

    def unpaid(self) -> Self:
        """Return bills with something left to pay."""
        return self.filter(paid_date__isnull=True)


class Bill(models.Model):
    """What an account owes for a month: issued, due, paid; a disputed bill is not late while it is disputed."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="bills", db_index=False)
    number = models.CharField(_("bill"), max_length=40)
    month = models.DateField(_("month"))
    issued_date = models.DateField(_("issued"))
    due_date = models.DateField(_("due"))
    amount = MoneyField(_("amount"))
    paid_amount = MoneyField(_("paid"), default=Decimal(0))
    paid_date = models.DateField(_("paid on"), null=True, blank=True)
    disputed_date = models.DateField(_("disputed since"), null=True, blank=True)
    currency = models.CharField(max_length=3, default="RUB")

    objects: ClassVar[Any] = BillQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "number"], name="bill_number_once_per_account"),
            models.CheckConstraint(name="bill_due_after_issue", condition=Q(due_date__gte=F("issued_date"))),
            models.CheckConstraint(name="bill_amount_not_negative", condition=Q(amount__gte=0, paid_amount__gte=0)),
            models.CheckConstraint(name="bill_month_is_first_day", condition=Q(month__day=1)),
        ]
        indexes: ClassVar = [
            # With what solvency reads: a party's bills lie on one page, though they were written month by month.
            models.Index(
                fields=["party", "-due_date"],
                include=["month", "issued_date", "amount", "paid_amount", "paid_date", "disputed_date"],
                name="bill_of_party",
            ),
            models.Index(
                fields=["account", "due_date"], name="bill_open_of_account", condition=Q(paid_date__isnull=True)
            ),
            models.Index(fields=["party", "due_date"], name="bill_open_of_party", condition=Q(paid_date__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def open_amount(self) -> Decimal:
        """Return what is left to pay."""
        left: Decimal = self.amount - self.paid_amount
        return left

    def is_overdue(self, day: date) -> bool:
        """Tell whether the bill is late on a day; a disputed one is not."""
        return self.paid_date is None and self.disputed_date is None and self.due_date < day


class Adjustment(models.Model):
    """A bill's amount is changed after issue, with a reason."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="adjustments")
    amount = MoneyField()
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.amount}: {self.reason}"


class Payment(models.Model):
    """Money received on an account; may be reversed."""

    class Method(models.TextChoices):
        CARD = "card", _("card")
        BANK = "bank", _("bank transfer")
        CASH = "cash", _("cash")
        TERMINAL = "terminal", _("terminal")
        AUTOPAY = "autopay", _("automatic payment")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="payments")
    amount = MoneyField(_("amount"))
    currency = models.CharField(max_length=3, default="RUB")
    paid_at = models.DateTimeField(_("paid at"))
    method = models.CharField(_("method"), max_length=8, choices=Method)
    external_id = models.CharField(max_length=64, blank=True)
    # Paid in advance: what no bill has used yet. Payments taken over from elsewhere count as used.
    unused = MoneyField(_("not used yet"), default=Decimal(0), db_default=Decimal(0))
    reversed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = BillingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="payment_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="payment_unused_within_amount", condition=Q(unused__gte=0, unused__lte=F("amount"))
            ),
            models.UniqueConstraint(
                fields=["external_id"], condition=~Q(external_id=""), name="payment_external_id_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["party", "-paid_at"], name="payment_of_party"),
            models.Index(fields=["account"], name="payment_with_advance", condition=Q(unused__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class PaymentAllocation(models.Model):
    """A part of a payment covers a part of a bill."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="allocations")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="allocations")
    amount = MoneyField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payment", "bill"], name="payment_allocation_once"),
            models.CheckConstraint(name="payment_allocation_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class PaymentPromise(models.Model):
    """The party promised to pay an amount by a day; kept or broken, judged by what came."""

    class Result(models.TextChoices):
        OPEN = "", _("open")
        KEPT = "kept", _("kept")
        BROKEN = "broken", _("broken")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="promises")
    amount = MoneyField(_("amount"))
    promised_at = models.DateTimeField()
    due_date = models.DateField(_("by"))
    result = models.CharField(max_length=6, choices=Result, blank=True)
    resolved_date = models.DateField(null=True, blank=True)

    objects: ClassVar[Any] = BillingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="payment_promise_positive", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                fields=["account"], condition=Q(result=""), name="payment_promise_one_open_per_account"
            ),
            models.CheckConstraint(
                name="payment_promise_result_has_date",
                condition=Q(result="", resolved_date__isnull=True) | (~Q(result="") & Q(resolved_date__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.due_date}"
