"""The nouns of money."""

from svyaz.billing.models.account import AccountBlock, AccountProduct, BillingAccount, BillingQuerySet
from svyaz.billing.models.bill import Adjustment, Bill, BillQuerySet, Payment, PaymentAllocation, PaymentPromise
from svyaz.billing.models.supplier import Settlement, SupplierInvoice, SupplierQuerySet
from svyaz.lib.money import MoneyField

__all__ = [
    "AccountBlock",
    "AccountProduct",
    "Adjustment",
    "Bill",
    "BillQuerySet",
    "BillingAccount",
    "BillingQuerySet",
    "MoneyField",
    "Payment",
    "PaymentAllocation",
    "PaymentPromise",
    "Settlement",
    "SupplierInvoice",
    "SupplierQuerySet",
]
