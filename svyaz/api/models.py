"""Requests that must not be done twice: what was answered to an Idempotency-Key."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import connection, models

from svyaz.access.queries import Viewer, rights_of

KEPT_FOR = timedelta(hours=24)


class IdempotencyKeyQuerySet(models.QuerySet["IdempotencyKey"]):
    """Keys."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the viewer's own keys."""
        return self.filter(user=rights_of(viewer).user_id)


class IdempotencyKey(models.Model):
    """A key that a caller gave to a request, with the request's digest and what was answered."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    location = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    created_at = models.DateTimeField()

    objects: ClassVar[Any] = IdempotencyKeyQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="idempotency_key_age")]

    def __str__(self) -> str:
        return self.key


def forget_keys(*, at: datetime) -> int:
    """Remove the keys that are older than a day; return how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM api_idempotencykey WHERE created_at < %s", [at - KEPT_FOR])
        return int(cursor.rowcount)
