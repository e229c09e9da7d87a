"""What the worker does with an import: checks it, carries it out, takes it back, and cleans up after its time."""

import traceback
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.timezone import now

from svyaz.exchange.actions.books import Request, alone, counts_of, finish, keep_counts
from svyaz.exchange.actions.customers import bound_to, policy_of, prepare, processes_for, run
from svyaz.exchange.actions.drafts import MissingColumns
from svyaz.exchange.actions.mapping import MappingError
from svyaz.exchange.actions.matching import UnknownKey
from svyaz.exchange.actions.reading import UnreadableFile
from svyaz.exchange.actions.reports import KeptReports
from svyaz.exchange.actions.undoing import take_back_import
from svyaz.exchange.actions.uploads import FileIsGone, folder, mapping_of, origin_of, wish_of
from svyaz.exchange.events import ExchangeEvent
from svyaz.exchange.models import BadRow, Import, ImportChange, ImportNotice
from svyaz.history.actions import record
from svyaz.lib.sealed import BrokenSeal
from svyaz.users.models import User

# What somebody must mend before it makes sense to try again.
HOPELESS = (FileIsGone, UnreadableFile, MappingError, MissingColumns, UnknownKey, BrokenSeal)
Asked = Callable[[], bool]


class WorkerLeaves(Exception):
    """The worker was told to end; the next one goes on."""


def work_on_import(*, import_id: int, by: User, at: datetime, is_leaving: Asked = lambda: False) -> None:
    """Do what the import waits for, from where it stands. Raises WorkerLeaves, ImportIsRunning."""
    batch: Import | None = Import.objects.select_related("by", "area").filter(pk=import_id).first()
    if batch is None or not batch.is_at_work:
        return
    todo = {Import.Status.TRYING: _try, Import.Status.RUNNING: _carry_out, Import.Status.UNDOING: _take_back}
    with translation.override(by.language), alone(batch.source):
        try:
            todo[Import.Status(batch.status)](batch, by, at, is_leaving)
        except HOPELESS as error:
            _fail(batch, str(error) or (type(error).__doc__ or ""), by=by, at=at)
        except WorkerLeaves:
            raise
        except Exception as error:
            _fail(batch, "".join(traceback.format_exception_only(error)).strip(), by=by, at=at)
            raise


def _request(batch: Import, *, dry_run: bool, is_to_stop: Asked) -> Request:
    mapping = mapping_of(batch)
    policy = policy_of(batch.by, batch.match, batch.matched, batch.unmatched)
    return Request(
        origin_of(batch), mapping, batch.as_of, dry_run, batch.area, wish_of(batch), policy,
        processes_for(batch.file_size, batch.match), is_to_stop=is_to_stop,
    )  # fmt: skip


def _asked(batch: Import, is_leaving: Asked) -> Asked:
    def is_to_stop() -> bool:
        return is_leaving() or Import.objects.filter(pk=batch.pk, stop_asked_at__isnull=False).exists()

    return is_to_stop


def _try(batch: Import, by: User, at: datetime, is_leaving: Asked) -> None:
    BadRow.objects.filter(taken_in=batch).delete()
    ImportNotice.objects.filter(taken_in=batch).delete()
    request = _request(batch, dry_run=True, is_to_stop=_asked(batch, is_leaving))
    work, result = prepare(request, batch.by)
    run(request, work, result, batch, KeptReports(batch.pk, is_trial=True))
    if not result.is_whole and is_leaving():
        raise WorkerLeaves(batch)
    keep_counts(batch, result)
    batch.status = Import.Status.TRIED if result.is_whole else Import.Status.DRAFT
    batch.stop_asked_at = None
    batch.save(update_fields=["status", "stop_asked_at"])


def _carry_out(batch: Import, by: User, at: datetime, is_leaving: Asked) -> None:
    request = _request(batch, dry_run=False, is_to_stop=_asked(batch, is_leaving))
    work, result = prepare(request, batch.by)
    for name, count in counts_of(batch).items():
        setattr(result, name, count)
    run(
        request,
        bound_to(batch, request, work, by=batch.by, at=at),
        result,
        batch,
        KeptReports(batch.pk, is_trial=False),
    )
    if not result.is_whole and is_leaving():
        raise WorkerLeaves(batch)
    finish(batch, result, by=batch.by)


def _take_back(batch: Import, by: User, at: datetime, is_leaving: Asked) -> None:
    is_over = take_back_import(batch, by=by, at=at, is_to_stop=_asked(batch, is_leaving))
    if is_over:
        return
    if is_leaving():
        raise WorkerLeaves(batch)
    batch.status, batch.stop_asked_at = Import.Status.STOPPED, None
    batch.save(update_fields=["status", "stop_asked_at"])


@transaction.atomic
def _fail(batch: Import, why: str, *, by: User, at: datetime) -> None:
    """Say what went wrong; what is in stays in, and the import can go on or be taken back."""
    was_trying = batch.status == Import.Status.TRYING
    batch.status = Import.Status.DRAFT if was_trying else Import.Status.FAILED
    batch.failure, batch.finished_at, batch.stop_asked_at = why[:1000], None if was_trying else at, None
    batch.save(update_fields=["status", "failure", "finished_at", "stop_asked_at"])
    record(ExchangeEvent.FAILED, subject=batch, by=by, at=at, reason=batch.failure[:200])


def clean_up(*, at: datetime) -> int:
    """Remove files after their time, drafts that nobody went on with, and what undoing took; return how many files."""
    kept = at - timedelta(days=settings.IMPORT_KEPT_DAYS)
    drafts = [Import.Status.DRAFT, Import.Status.TRIED]
    old = Import.objects.exclude(stored="").filter(started_at__lt=kept).exclude(status__in=Import.AT_WORK)
    removed = 0
    for batch in old:
        (folder() / batch.stored).unlink(missing_ok=True)
        removed += 1
        if batch.status in drafts:
            batch.delete()
        else:
            Import.objects.filter(pk=batch.pk).update(stored="")
    past = Import.objects.filter(finished_at__lt=at - timedelta(days=settings.IMPORT_UNDO_DAYS))
    # What stood in bad rows and former values are personal data without a further use.
    BadRow.objects.filter(taken_in__in=past).delete()
    ImportChange.objects.filter(taken_in__in=past).delete()
    _remove_strays(kept)
    return removed


def _remove_strays(before: datetime) -> None:
    """Remove sealed files that no import knows: their upload was cut off."""
    if not folder().is_dir():
        return
    known = set(Import.objects.exclude(stored="").values_list("stored", flat=True))
    for path in folder().glob("*.sealed"):
        if path.name not in known and path.stat().st_mtime < min(before, now()).timestamp():
            path.unlink(missing_ok=True)
