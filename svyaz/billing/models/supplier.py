"""What we owe suppliers and partners, and its setting off against their bills."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import PartyScopedQuerySet
from svyaz.billing.models.bill import Bill
from svyaz.billing.permissions import BillingPermission
from svyaz.lib.money import MoneyField
from svyaz.parties.models import Party


class SupplierQuerySet(PartyScopedQuerySet[Any]):
    """What we owe a party."""

    permission = BillingPermission.READ_SUPPLIERS


class SupplierInvoice(models.Model):
    """What we owe a supplier or partner."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("invoice"), max_length=40)
    subject = models.CharField(_("for what"), max_length=200, blank=True)
    issued_date = models.DateField(_("issued"))
    due_date = models.DateField(_("due"))
    amount = MoneyField(_("amount"))
    currency = models.CharField(max_length=3, default="RUB")
    signed_date = models.DateField(_("signed"), null=True, blank=True)
    paid_date = models.DateField(_("paid on"), null=True, blank=True)

    objects: ClassVar[Any] = SupplierQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "number"], name="supplier_invoice_number_once"),
            models.CheckConstraint(name="supplier_invoice_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return self.number


class Settlement(models.Model):
    """Bills and supplier invoices of one party set off against each other."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="settlements")
    invoice = models.ForeignKey(SupplierInvoice, on_delete=models.PROTECT, related_name="settlements")
    amount = MoneyField()
    at = models.DateTimeField()

    objects: ClassVar[Any] = SupplierQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="settlement_positive", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.amount}"
