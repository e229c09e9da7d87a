"""What happens with money."""

from enum import StrEnum


class BillingEvent(StrEnum):
    """Changes of accounts, bills and payments."""

    ACCOUNT_OPENED = "billing_account.opened"
    ACCOUNT_CLOSED = "billing_account.closed"
    ACCOUNT_BLOCKED = "billing_account.blocked"
    ACCOUNT_UNBLOCKED = "billing_account.unblocked"
    PAYER_SET = "billing_account.pays_for"
    BILL_ISSUED = "bill.issued"
    BILL_DISPUTED = "bill.disputed"
    DISPUTE_ENDED = "bill.dispute_ended"
    BILL_ADJUSTED = "bill.adjusted"
    PAYMENT_RECEIVED = "payment.received"
    PAYMENT_REVERSED = "payment.reversed"
    PAYMENT_PROMISED = "payment_promise.made"
    PROMISE_RESOLVED = "payment_promise.resolved"
    INVOICE_RECEIVED = "supplier_invoice.received"
    INVOICE_SIGNED = "supplier_invoice.signed"
    INVOICE_PAID = "supplier_invoice.paid"
    SETTLED = "settlement.made"
