"""An export as a row: who took what out, how far it is, and until when its file can be fetched."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import Viewer, rights_of


class ExportJobQuerySet(models.QuerySet["ExportJob"]):
    """Exports."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the viewer's own exports: what one may see another may not, so nobody fetches another's file."""
        return self.filter(by=rights_of(viewer).user_id)


class ExportJob(models.Model):
    """One export: what (a list and its query), into which kind of file, by whom, and what came of it."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel (XLSX)"
        JSONL = "jsonl", "JSON Lines"
        PARQUET = "parquet", "Parquet"

    class Status(models.TextChoices):
        RUNNING = "running", _("running")
        SENT = "sent", _("sent at once")
        READY = "ready", _("ready")
        STOPPED = "stopped", _("stopped")
        FAILED = "failed", _("failed")
        EXPIRED = "expired", _("no longer kept")

    what = models.CharField(_("what"), max_length=40)
    query = models.CharField(max_length=4000, blank=True)
    format = models.CharField(_("file"), max_length=8, choices=Format)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("state"), max_length=8, choices=Status, default=Status.RUNNING)
    expected = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    is_stop_asked = models.BooleanField(default=False)
    file_name = models.CharField(max_length=120, blank=True)
    file_size = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = ExportJobQuerySet.as_manager()

    class Meta:
        app_label = "exchange"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="export_over_has_end",
                condition=Q(status="running", ended_at__isnull=True)
                | (~Q(status="running") & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="export_ready_expires", condition=~Q(status="ready") | Q(expires_at__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["by", "-started_at"], name="export_of_user"),
            models.Index(fields=["expires_at"], name="export_to_expire", condition=Q(status="ready")),
        ]

    def __str__(self) -> str:
        return f"{self.what}.{self.format}"

    def can_be_fetched(self, at: datetime) -> bool:
        """Tell whether its file can be fetched at a moment."""
        return self.status == self.Status.READY and self.expires_at is not None and at < self.expires_at
