"""What happens with money."""

from enum import StrEnum


class BillingEvent(StrEnum):
    """Changes of accounts, bills and payments."""

    ACCOUNT_OPENED = "billing_account.opened"
    BILL_ISSUED = "bill.issued"
    BILL_DISPUTED = "bill.disputed"
    BILL_ADJUSTED = "bill.adjusted"
    PAYMENT_RECEIVED = "payment.received"
    PAYMENT_REVERSED = "payment.reversed"
    PAYMENT_PROMISED = "payment_promise.made"
    PROMISE_RESOLVED = "payment_promise.resolved"
    INVOICE_RECEIVED = "supplier_invoice.received"
    SETTLED = "settlement.made"
