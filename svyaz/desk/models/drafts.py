"""Contacts that are being written: kept on the server while one types, so that no crash loses a word."""

import json
import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import connection, models
from django.db.models import Q

from svyaz.access.queries import Viewer, rights_of
from svyaz.lib.crypto import decrypt, encrypt
from svyaz.parties.models import Party

# A closed one can be fetched back for so long; one that nobody has touched for so long is nobody's work any more.
CLOSED_KEPT_FOR = timedelta(days=1)
UNTOUCHED_KEPT_FOR = timedelta(days=60)
# What a composer sends before anybody has typed a word.
_BY_ITSELF = re.compile(r"channel|direction|who|decision-kind|offer-service_kind|promise-\d+-due")


@dataclass(frozen=True)
class Written:
    """What stands in a composer: the pairs that its form would send, and what the pinned facts are called."""

    pairs: tuple[tuple[str, str], ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    # Why a colleague handed it over.
    reason: str = ""

    def value(self, name: str) -> str:
        """Return the first value of a field; nothing where it is not filled in."""
        return next((value for pair, value in self.pairs if pair == name), "")

    def says_something(self) -> bool:
        """Tell whether anybody has typed, chosen or pinned anything."""
        return any(value.strip() and not _BY_ITSELF.fullmatch(name) for name, value in self.pairs)

    def read_as(self, other: "Written") -> bool:
        """Tell whether both say the same."""
        mine, others = (sorted(pair for pair in one.pairs if pair[1]) for one in (self, other))
        return mine == others


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return one's own drafts: nobody else reads what is not said yet, not even a head."""
        return self.filter(owner=rights_of(viewer).user_id)

    def open(self) -> Self:
        """Return those being written."""
        return self.filter(ended="")


class Draft(models.Model):
    """A contact being written: whose, about whom (nobody known yet: empty), its words encrypted, its version."""

    class Ended(models.TextChoices):
        OPEN = "", "open"
        CLOSED = "closed", "closed"
        SAVED = "saved", "saved"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    channel = models.CharField(max_length=16, blank=True)
    content = models.BinaryField()
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended = models.CharField(max_length=8, choices=Ended, default=Ended.OPEN, blank=True)
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    handed_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = DraftQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "party"], name="draft_once_per_party", condition=Q(ended="", handed_at__isnull=True)
            ),
            models.CheckConstraint(
                name="draft_handed_over_is_whole",
                condition=Q(handed_by__isnull=True, handed_at__isnull=True)
                | Q(handed_by__isnull=False, handed_at__isnull=False),
            ),
            models.CheckConstraint(name="draft_ended_known", condition=Q(ended__in=["", "closed", "saved"])),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "opened_at"], name="draft_of_owner", condition=Q(ended="")),
            models.Index(fields=["party"], name="draft_of_party", condition=Q(party__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def written(self) -> Written:
        """Return what stands in it, decrypted."""
        kept = json.loads(decrypt(self.content))
        pairs = tuple((str(name), str(value)) for name, value in kept["pairs"])
        return Written(pairs, kept["labels"], kept["reason"])

    def write(self, written: Written) -> None:
        """Put words into the row, encrypted; the caller saves it."""
        kept = {"pairs": written.pairs, "labels": written.labels, "reason": written.reason}
        self.content = encrypt(json.dumps(kept, ensure_ascii=False))


def remove_drafts_of(party_id: int) -> int:
    """Remove every draft about a party, whoever writes it; return how many. For the erasure of a person."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM desk_draft WHERE party_id = %s", [party_id])
        return int(cursor.rowcount)


def forget_drafts(*, at: datetime) -> int:
    """Remove the drafts that ended a day ago and those untouched for two months; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM desk_draft WHERE (ended <> '' AND changed_at < %s) OR changed_at < %s",
            [at - CLOSED_KEPT_FOR, at - UNTOUCHED_KEPT_FOR],
        )
        return int(cursor.rowcount)
