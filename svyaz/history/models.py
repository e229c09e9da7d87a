"""One append-only row per change."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func


class TransactionIdField(models.Field[int, int]):
    """PostgreSQL's xid8: the number of the transaction that wrote the row; never wraps."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "xid8"

    def get_placeholder(self, value: Any, compiler: Any, connection: BaseDatabaseWrapper) -> str:
        """A number is not taken for an xid8 by itself."""
        return "%s::text::xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)


class CurrentTransaction(Func):
    """pg_current_xact_id(): what the first migration gave to each event."""

    function = "pg_current_xact_id"
    template = "%(function)s()"
    arity = 0
    output_field = TransactionIdField()


class HistoryTransaction(CurrentTransaction):
    """The number of this transaction, which grows on where a data base was restored on another server."""

    function = "history_transaction"


class Event(models.Model):
    """What happened: one row per change, written in the change's own transaction, never altered.

    `party_id` and `subject` are loose references, so that history stays below everything it tells of.
    """

    kind = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    party_id = models.BigIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    details = models.JSONField(default=dict)
    xid = TransactionIdField(db_default=HistoryTransaction(), editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["xid", "id"], name="event_commit_order"),
            models.Index(fields=["party_id", "-id"], name="event_of_party", condition=models.Q(party_id__isnull=False)),
            models.Index(fields=["subject_id", "subject_type"], name="event_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type} {self.subject_id}"


class Cursor(models.Model):
    """How far a subscriber has read, in commit order."""

    subscriber = models.CharField(max_length=100, primary_key=True)
    xid = TransactionIdField(default=0)
    event_id = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.subscriber


class FailedDelivery(models.Model):
    """An event that a subscriber could not take; kept until a retry succeeds, without holding up the others."""

    subscriber = models.CharField(max_length=100)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    attempts = models.PositiveIntegerField(default=1)
    failed_at = models.DateTimeField()
    retry_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscriber", "event"], name="failed_delivery_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["retry_at"], name="failed_delivery_due")]

    def __str__(self) -> str:
        return f"{self.subscriber}: {self.reason}"
