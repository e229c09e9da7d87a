"""Accounts: who pays for what, and when an account was blocked."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import PartyScopedQuerySet
from svyaz.billing.permissions import BillingPermission
from svyaz.lib.money import MoneyField
from svyaz.lib.periods import period_is_forward
from svyaz.parties.models import Agreement, Party
from svyaz.services.models import Product


class BillingQuerySet(PartyScopedQuerySet[Any]):
    """Rows of money of a party."""

    permission = BillingPermission.READ


class BillingAccount(models.Model):
    """An account that a party pays: prepaid with a balance, or postpaid with bills and a limit."""

    class Kind(models.TextChoices):
        PREPAID = "prepaid", _("prepaid")
        POSTPAID = "postpaid", _("postpaid")

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        BLOCKED = "blocked", _("blocked")
        CLOSED = "closed", _("closed")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    number = models.CharField(_("account"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    status = models.CharField(_("state"), max_length=8, choices=Status, default=Status.ACTIVE)
    balance = MoneyField(_("balance"), null=True, blank=True)
    balance_at = models.DateTimeField(_("balance as of"), null=True, blank=True)
    credit_limit = MoneyField(_("credit limit"), null=True, blank=True)
    currency = models.CharField(max_length=3, default="RUB")
    characteristics = models.JSONField(default=dict, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True, blank=True)

    objects: ClassVar[Any] = BillingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            period_is_forward("billing_account_period_is_forward"),
            models.CheckConstraint(
                name="billing_account_limit_not_negative",
                condition=Q(credit_limit__isnull=True) | Q(credit_limit__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class AccountBlock(models.Model):
    """An account was blocked for a period: its holder could not use what it pays for."""

    class Reason(models.TextChoices):
        DEBT = "debt", _("debt")
        BALANCE = "balance", _("balance used up")
        REQUEST = "request", _("at the customer's request")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="blocks")
    reason = models.CharField(_("reason"), max_length=7, choices=Reason)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar[Any] = BillingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            period_is_forward("account_block_period_is_forward"),
            models.UniqueConstraint(
                fields=["account"], condition=Q(valid_to__isnull=True), name="account_block_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.get_reason_display()}"


class AccountProduct(models.Model):
    """An account pays for a product for a period; the payer may be another party than the product's."""

    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="products")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            period_is_forward("account_product_period_is_forward"),
            models.UniqueConstraint(
                fields=["product"], condition=Q(valid_to__isnull=True), name="account_product_one_payer_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.product_id}"
