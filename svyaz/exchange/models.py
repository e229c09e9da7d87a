"""What was taken over, from which file, and which party each row became."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import Viewer, rights_of
from svyaz.exchange.export_job import ExportJob
from svyaz.exchange.permissions import ExchangePermission
from svyaz.parties.models import Party
from svyaz.places.models import Area

__all__ = ["ExportJob", "Import", "ImportedRow"]


class ImportQuerySet(models.QuerySet["Import"]):
    """Imports."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return all imports to who may read them: one file holds customers of any area."""
        return self if rights_of(viewer).may(ExchangePermission.READ) else self.none()

    def unfinished(self) -> Self:
        """Return those that go on, or were cut off before their end."""
        return self.filter(status=Import.Status.RUNNING)


class Import(models.Model):
    """One file taken over: who, which file, by which mapping, as of which day, and what came of its rows."""

    class Status(models.TextChoices):
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        STOPPED = "stopped", _("stopped half-way")

    source = models.CharField(_("source"), max_length=64)
    mapping = models.CharField(_("mapping"), max_length=64)
    file_name = models.CharField(_("file"), max_length=255)
    file_size = models.BigIntegerField()
    file_digest = models.CharField(max_length=64)
    as_of = models.DateField(_("as of"))
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("state"), max_length=8, choices=Status, default=Status.RUNNING)
    rows = models.PositiveIntegerField(_("rows read"), default=0)
    added = models.PositiveIntegerField(_("added"), default=0)
    unchanged = models.PositiveIntegerField(_("known already"), default=0)
    bad = models.PositiveIntegerField(_("bad rows"), default=0)
    notices = models.PositiveIntegerField(_("notices"), default=0)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects: ClassVar[Any] = ImportQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="import_finished_when_over",
                condition=Q(status="running", finished_at__isnull=True)
                | (~Q(status="running") & Q(finished_at__isnull=False)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "-started_at"], name="import_of_source"),
            models.Index(fields=["file_digest"], name="import_of_file"),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportedRow(models.Model):
    """A row of a source and the party that it became: the same row of the same source comes in once."""

    source = models.CharField(max_length=64, db_collation="C")
    external_id = models.CharField(max_length=400, db_collation="C")
    digest = models.BinaryField(max_length=16)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    taken_in = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="imported_row_once_per_source"),
        ]
        indexes: ClassVar = [models.Index(fields=["taken_in", "line"], name="imported_row_of_import")]

    def __str__(self) -> str:
        return f"{self.source}: {self.external_id}"
