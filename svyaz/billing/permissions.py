"""Permissions about money."""

from enum import StrEnum


class BillingPermission(StrEnum):
    """Seeing and changing accounts, bills and payments."""

    READ = "bill:read"
    WRITE = "bill:write"
    PROMISE = "payment_promise:create"
    READ_SUPPLIERS = "supplier_invoice:read"
    WRITE_SUPPLIERS = "supplier_invoice:write"
