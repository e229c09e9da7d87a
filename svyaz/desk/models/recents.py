"""Whom one looked at last, so that the palette can offer them again on any machine."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import connection, models

from svyaz.access.queries import Viewer, rights_of

# So many are kept of each user.
MOST_KEPT = 30

NOTE = """
INSERT INTO desk_recent (user_id, party_id, at) VALUES (%(user)s, %(party)s, %(at)s)
ON CONFLICT (user_id, party_id) DO UPDATE SET at = excluded.at
"""
FORGET = """
DELETE FROM desk_recent WHERE id IN (
  SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY user_id ORDER BY at DESC) AS place FROM desk_recent) r
  WHERE place > %s)
"""


class RecentQuerySet(models.QuerySet["Recent"]):
    """What was looked at."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return one's own, the last first; whether the party itself may still be seen is asked beside it."""
        return self.filter(user=rights_of(viewer).user_id).order_by("-at")


class Recent(models.Model):
    """The last time that a user opened a party's card."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    party_id = models.BigIntegerField()
    at = models.DateTimeField()

    objects: ClassVar[Any] = RecentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "party_id"], name="recent_once")]
        indexes: ClassVar = [models.Index(fields=["party_id"], name="recent_of_party")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.party_id}"


def note_recent(*, user_id: int, party_id: int, at: datetime) -> None:
    """Remember that a user opened a party's card."""
    with connection.cursor() as cursor:
        cursor.execute(NOTE, {"user": user_id, "party": party_id, "at": at})


def forget_recents() -> int:
    """Remove all but everybody's last thirty; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [MOST_KEPT])
        return int(cursor.rowcount)


def remove_recents_of(party_id: int) -> int:
    """Remove a party from everybody's list; return from how many. For the erasure of a person."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM desk_recent WHERE party_id = %s", [party_id])
        return int(cursor.rowcount)
