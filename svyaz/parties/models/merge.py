"""Two parties that were found to be one."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import PartyScopedQuerySet
from svyaz.parties.models.party import Party
from svyaz.parties.permissions import PartyPermission


class MergeQuerySet(PartyScopedQuerySet["Merge"]):
    """Merges, seen from the survivor."""

    permission = PartyPermission.READ
    party_lookup = "survivor"

    def standing(self) -> Self:
        """Return those that have not been undone."""
        return self.filter(undone_at__isnull=True)


class Merge(models.Model):
    """A party counts as another, the survivor, until this is undone; what each of them has stays where it was written.

    `chosen` holds the values that the survivor took over from the merged one: {field: {"former": …, "chosen": …}},
    both as JSON. `kept` names those of them that undoing left alone, because they were changed again meanwhile.
    """

    survivor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("survivor"))
    merged = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("merged")
    )
    chosen = models.JSONField(default=dict)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.CharField(max_length=300, blank=True)
    kept = models.JSONField(default=list)

    objects: ClassVar[Any] = MergeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="merge_of_two", condition=~Q(survivor=F("merged"))),
            models.CheckConstraint(name="merge_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="merge_undone_after_made", condition=Q(undone_at__isnull=True) | Q(undone_at__gte=F("at"))
            ),
            models.CheckConstraint(
                name="merge_standing_is_undone_by_nobody",
                condition=Q(undone_at__isnull=False) | Q(undone_by__isnull=True, undo_reason="", kept=[]),
            ),
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at__isnull=True), name="merge_once_at_a_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-at", "-id"], name="merge_latest"),
            models.Index(fields=["merged", "-id"], name="merge_of_merged"),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.survivor_id}"

    @property
    def is_undone(self) -> bool:
        """Tell whether the two are apart again."""
        return self.undone_at is not None
