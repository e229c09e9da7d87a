"""Permissions about money."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class BillingPermission(StrEnum):
    """Seeing and changing accounts, bills and payments."""

    READ = "bill:read"
    WRITE = "bill:write"
    PROMISE = "payment_promise:create"
    READ_SUPPLIERS = "supplier_invoice:read"
    WRITE_SUPPLIERS = "supplier_invoice:write"


# What the page of roles says: this part of the business, and each permission in plain words.
GROUP = _("Bills and payments")
WORDS: Mapping[StrEnum, str | Promise] = {
    BillingPermission.READ: _("see accounts, bills and payments"),
    BillingPermission.WRITE: _("change accounts, bills and payments"),
    BillingPermission.PROMISE: _("take promises to pay"),
    BillingPermission.READ_SUPPLIERS: _("see suppliers' invoices"),
    BillingPermission.WRITE_SUPPLIERS: _("record suppliers' invoices"),
}
