"""One action upon many rows of a list."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import Viewer, rights_of


class BulkRunQuerySet(models.QuerySet["BulkRun"]):
    """Runs."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the viewer's own runs: nobody else leaves, stops or undoes them."""
        return self.filter(by=rights_of(viewer).user_id)


class BulkRun(models.Model):
    """An action that somebody gave to many rows of a list: how far it is, and until when it can be taken back."""

    class Status(models.TextChoices):
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        STOPPED = "stopped", _("stopped half-way")
        UNDOING = "undoing", _("being taken back")
        UNDONE = "undone", _("taken back")

    list = models.CharField(max_length=40)
    act = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=Status, default=Status.RUNNING)
    total = models.PositiveIntegerField()
    is_stop_asked = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    undo_until = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = BulkRunQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["by", "-started_at"], name="bulk_run_of_user")]

    def __str__(self) -> str:
        return f"{self.list}: {self.act}"

    @property
    def is_over(self) -> bool:
        """Tell whether nothing happens any more."""
        return self.status in {self.Status.FINISHED, self.Status.STOPPED, self.Status.UNDONE}

    def can_be_undone(self, at: datetime) -> bool:
        """Tell whether the run can be taken back at a moment."""
        is_done = self.status in {self.Status.FINISHED, self.Status.STOPPED}
        return is_done and self.undo_until is not None and at < self.undo_until


class BulkRow(models.Model):
    """One row of a run: done, left out with a reason, taken back or not; `undo` is what the inverse action needs."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        SKIPPED = "skipped", _("left as it was")
        UNDONE = "undone", _("taken back")
        CHANGED = "changed", _("changed since, left as it is")

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="rows")
    subject_id = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=200, blank=True)
    undo = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "subject_id"], name="bulk_row_once_per_run"),
            models.CheckConstraint(name="bulk_row_skipped_has_reason", condition=~Q(state="skipped") | ~Q(reason="")),
        ]
        indexes: ClassVar = [models.Index(fields=["run", "state", "id"], name="bulk_row_of_run")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.subject_id}"
