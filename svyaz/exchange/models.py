"""What was taken over, from which file, which party each row became, and what it takes to undo it."""

from datetime import datetime, timedelta
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
        """Return the imports of the viewer's areas and his own; none without the permission.

        Who may read imports everywhere sees all: one file holds customers of any area.
        """
        rights = rights_of(viewer)
        if not rights.may(ExchangePermission.READ):
            return self.none()
        areas = rights.areas[ExchangePermission.READ]
        return self if areas is None else self.filter(Q(area__in=areas) | Q(by=rights.user_id))

    def unfinished(self) -> Self:
        """Return those that go on, or were cut off before their end."""
        return self.filter(status=Import.Status.RUNNING)


class Import(models.Model):
    """One file taken over: who, which file, by which mapping, as of which day, and what came of its rows."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        TRYING = "trying", _("being checked")
        TRIED = "tried", _("checked")
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        STOPPED = "stopped", _("stopped half-way")
        FAILED = "failed", _("failed")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    class Matched(models.TextChoices):
        FILL = "fill", _("fill what is empty")
        OVERWRITE = "overwrite", _("overwrite with what the file says")
        SKIP = "skip", _("leave as they are")
        REFUSE = "refuse", _("list among the bad rows")

    class Unmatched(models.TextChoices):
        CREATE = "create", _("add as new customers")
        SKIP = "skip", _("leave out")

    # At work: a job of the worker, or the command line, has it in hand.
    AT_WORK = frozenset({Status.TRYING, Status.RUNNING, Status.UNDOING})
    OVER = frozenset({Status.FINISHED, Status.STOPPED, Status.FAILED, Status.UNDOING, Status.UNDONE})

    source = models.CharField(_("source"), max_length=64)
    mapping = models.CharField(_("mapping"), max_length=64, blank=True)
    file_name = models.CharField(_("file"), max_length=255)
    file_size = models.BigIntegerField()
    file_digest = models.CharField(max_length=64)
    # Name of the sealed file in the state folder; empty: a file of the command line, or removed after its time.
    stored = models.CharField(max_length=64, blank=True)
    as_of = models.DateField(_("as of"))
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # How the file is read ("reading") and what its columns are ("mapping"), as docs/import.md describes them.
    plan = models.JSONField(default=dict)
    match = models.JSONField(_("matching keys"), default=list)
    matched = models.CharField(_("known customers"), max_length=9, choices=Matched, default=Matched.REFUSE)
    unmatched = models.CharField(_("unknown customers"), max_length=6, choices=Unmatched, default=Unmatched.CREATE)
    repairs = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    status = models.CharField(_("state"), max_length=8, choices=Status, default=Status.DRAFT)
    rows = models.PositiveIntegerField(_("rows read"), default=0)
    added = models.PositiveIntegerField(_("added"), default=0)
    updated = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("known already"), default=0)
    skipped = models.PositiveIntegerField(_("left out"), default=0)
    bad = models.PositiveIntegerField(_("bad rows"), default=0)
    notices = models.PositiveIntegerField(_("notices"), default=0)
    undone = models.PositiveIntegerField(_("taken back"), default=0)
    position = models.BigIntegerField(default=0)
    failure = models.TextField(blank=True)
    stop_asked_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    objects: ClassVar[Any] = ImportQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="import_finished_when_over",
                condition=Q(status__in=["draft", "trying", "tried", "running"], finished_at__isnull=True)
                | Q(status__in=["finished", "stopped", "failed", "undoing", "undone"], finished_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "-started_at"], name="import_of_source"),
            models.Index(fields=["file_digest"], name="import_of_file"),
            models.Index(fields=["-started_at", "-id"], name="import_newest"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_at_work(self) -> bool:
        """Tell whether it is being checked, run or undone."""
        return self.status in self.AT_WORK

    @property
    def is_to_be_continued(self) -> bool:
        """Tell whether it was cut off and its file is still there."""
        is_cut_off = self.status in {self.Status.STOPPED, self.Status.FAILED}
        return is_cut_off and bool(self.stored) and not self.undone

    def may_be_undone(self, at: datetime) -> bool:
        """Tell whether it wrote anything that can still be taken back."""
        is_over = self.status in {self.Status.FINISHED, self.Status.STOPPED, self.Status.FAILED}
        return is_over and self.added + self.updated > 0 and at < self.undo_until

    @property
    def written(self) -> int:
        """Return how many customers it added and changed."""
        return self.added + self.updated

    @property
    def undo_until(self) -> datetime:
        """Return until when what it takes to undo it is kept."""
        return (self.finished_at or self.started_at) + timedelta(days=settings.IMPORT_UNDO_DAYS)


class ImportedRow(models.Model):
    """A row of a source and the party that it became or was found to be: the same row of a source comes in once."""

    source = models.CharField(max_length=64, db_collation="C")
    external_id = models.CharField(max_length=400, db_collation="C")
    digest = models.BinaryField(max_length=16)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    taken_in = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.PositiveIntegerField()
    # Whether the row brought the party into being, or found it there.
    is_new = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="imported_row_once_per_source"),
        ]
        indexes: ClassVar = [models.Index(fields=["taken_in", "line"], name="imported_row_of_import")]

    def __str__(self) -> str:
        return f"{self.source}: {self.external_id}"


class ImportChunk(models.Model):
    """A stretch of lines that one transaction took over, written in it: where an import that was cut off goes on."""

    taken_in = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+", db_index=False)
    first_line = models.PositiveIntegerField()
    last_line = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    updated = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    skipped = models.PositiveIntegerField()
    bad = models.PositiveIntegerField()
    notices = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["taken_in", "first_line"], name="import_chunk_once"),
        ]

    def __str__(self) -> str:
        return f"{self.taken_in_id}: {self.first_line}-{self.last_line}"


class BadRow(models.Model):
    """A row that stayed out: its line, why, and its cells as they stood in the file, encrypted."""

    taken_in = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+", db_index=False)
    line = models.PositiveIntegerField()
    reasons = models.JSONField()  # pairs of field and reason, in the language of who imports
    cells = models.BinaryField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["taken_in", "line"], name="bad_row_of_import")]

    def __str__(self) -> str:
        return f"{self.taken_in_id}: {self.line}"


class ImportNotice(models.Model):
    """Something to know of a row that was taken over."""

    taken_in = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+", db_index=False)
    line = models.PositiveIntegerField()
    customer = models.CharField(max_length=400)
    field = models.CharField(max_length=300)
    text = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["taken_in", "line"], name="import_notice_of_import")]

    def __str__(self) -> str:
        return f"{self.taken_in_id}: {self.line} {self.text}"


class ImportChange(models.Model):
    """What a row changed of a party that was there before: every touched row of the base, as it was and as it became.

    `journal` holds {table, id, was, now}: of a new row `was` is empty, of a changed one both name what differs.
    """

    taken_in = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+", db_index=False)
    line = models.PositiveIntegerField()
    party_id = models.BigIntegerField(db_index=True)
    journal = models.JSONField()
    # The events that this change wrote: once it is undone they no longer count as "changed since".
    first_event = models.BigIntegerField()
    last_event = models.BigIntegerField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["taken_in", "-line"], name="import_change_of_import")]

    def __str__(self) -> str:
        return f"{self.taken_in_id}: {self.line}"


class Remnant(models.Model):
    """What the undoing of an import left in place, because somebody has worked on it since."""

    taken_in = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+", db_index=False)
    line = models.PositiveIntegerField()
    party_id = models.BigIntegerField()
    fields = models.JSONField(default=list)  # what of a changed party stayed; empty: a new party stayed whole
    reason = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["taken_in", "line", "party_id"], name="remnant_once_per_row"),
        ]

    def __str__(self) -> str:
        return f"{self.taken_in_id}: {self.line} {self.reason}"


class SavedMappingQuerySet(models.QuerySet["SavedMapping"]):
    """Saved mappings."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return one's own and the shared ones, to who may import."""
        rights = rights_of(viewer)
        if not rights.may(ExchangePermission.IMPORT):
            return self.none()
        return self.filter(Q(owner=rights.user_id) | Q(is_shared=True))


class SavedMapping(models.Model):
    """Columns of files and what they are, kept under a name for the next file of that kind; private or shared."""

    name = models.CharField(_("name"), max_length=60)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_shared = models.BooleanField(_("shared"), default=False)
    mapping = models.JSONField()
    options = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    objects: ClassVar[Any] = SavedMappingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "name"], name="saved_mapping_once_per_owner")]

    def __str__(self) -> str:
        return self.name
