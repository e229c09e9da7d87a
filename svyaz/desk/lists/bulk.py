"""Work given to many rows: begun, done row by row through the rows' own actions, stopped, and taken back."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone, translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from svyaz.desk.events import DeskEvent
from svyaz.desk.lists.acts import Act, ChangedSince, LeftOut
from svyaz.desk.lists.columns import Look
from svyaz.desk.lists.definition import list_for
from svyaz.desk.middleware import clock_of
from svyaz.desk.models import BulkRow, BulkRun
from svyaz.history.actions import record
from svyaz.users.models import User

# So few are done while one waits; more are a job.
AT_ONCE = 20
MOST = 10_000
CHUNK = 50
UNDONE_WITHIN = timedelta(minutes=15)


class UnknownAct(Exception):
    """There is no such act on the list, or the user may not do it."""


class NothingChosen(Exception):
    """No row was chosen that the user may see."""


class RunIsOver(Exception):
    """The run has ended; there is nothing to stop."""


class CannotBeUndone(Exception):
    """The run cannot be taken back: it goes on, its act has no inverse, or its time has passed."""


def act_of(list_name: str, key: str, look: Look) -> Act:
    """Return an act that the viewer may do on a list; raise UnknownAct."""
    listed = list_for(list_name, look)
    found = next((act for act in listed.acts if act.key == key), None) if listed else None
    if found is None or not found.may(look):
        raise UnknownAct(key)
    act: Act = found
    return act


@transaction.atomic
def begin_bulk(
    *, list_name: str, act: str, params: dict[str, Any], ids: Sequence[int], by: User, at: datetime
) -> BulkRun:
    """Give an act to rows: the few are done by `run_bulk` at once, the many by the worker. Raises NothingChosen."""
    if not ids:
        raise NothingChosen(act)
    run = BulkRun(list=list_name, act=act, params=params, by=by, total=len(ids), started_at=at)
    run.save()
    _rows(run, by).bulk_create([BulkRow(run=run, subject_id=pk) for pk in dict.fromkeys(ids)], batch_size=1000)
    record(DeskEvent.BULK_STARTED, subject=run, by=by, at=at, list=list_name, act=act, params=params, rows=run.total)
    if run.total > AT_ONCE:
        app.configure_task("desk:bulk").defer(run_id=run.pk, username=by.username)
    return run


def _rows(run: BulkRun, by: User) -> Any:
    # Through the run, which is its maker's alone.
    return BulkRun.objects.visible_to(by).get(pk=run.pk).rows


def run_bulk(*, run_id: int, by: User, at: datetime) -> BulkRun:
    """Go on with a run where it stands, forwards or back; safe to run twice. With its maker's rights and words."""
    run: BulkRun = BulkRun.objects.visible_to(by).get(pk=run_id)
    with translation.override(by.language), timezone.override(clock_of(by.time_zone)):
        look = Look(by, at)
        try:
            act = act_of(run.list, run.act, look)
        except UnknownAct:  # his rights have changed since
            return run if run.is_over else _end(run, BulkRun.Status.STOPPED, undo_until=None)
        if run.status == BulkRun.Status.RUNNING:
            _each(run, act, look, BulkRow.State.WAITING, _do)
            stopped = _is_stop_asked(run)
            status = BulkRun.Status.STOPPED if stopped else BulkRun.Status.FINISHED
            return _end(run, status, undo_until=now() + UNDONE_WITHIN if act.undo else None)
        if run.status == BulkRun.Status.UNDOING:
            _each(run, act, look, BulkRow.State.DONE, _undo)
            return _end(run, BulkRun.Status.UNDONE, undo_until=None)
    return run


def _each(
    run: BulkRun, act: Act, look: Look, state: str, step: Callable[[BulkRow, Any, BulkRun, Act, Look], None]
) -> None:
    """Take the rows in a state one by one, each in a transaction of its own, until none is left or it is stopped."""
    while rows := list(run.rows.filter(state=state).order_by("pk")[:CHUNK]):
        seen = act.rows([row.subject_id for row in rows], look)
        for row in rows:
            if run.status == BulkRun.Status.RUNNING and _is_stop_asked(run):
                return
            step(row, seen.get(row.subject_id), run, act, look)


def _is_stop_asked(run: BulkRun) -> bool:
    return bool(BulkRun.objects.visible_to(run.by).filter(pk=run.pk, is_stop_asked=True).exists())


def _do(row: BulkRow, subject: Any, run: BulkRun, act: Act, look: Look) -> None:
    try:
        with transaction.atomic():
            if subject is None:
                raise LeftOut(_("It is not yours to change."))
            row.undo = act.do(subject, run.params, look.user, now())
            row.state = BulkRow.State.DONE
            row.save(update_fields=["undo", "state"])
    except LeftOut as fact:
        row.state, row.reason, row.undo = BulkRow.State.SKIPPED, str(fact)[:200], {}
        row.save(update_fields=["state", "reason", "undo"])


def _undo(row: BulkRow, subject: Any, run: BulkRun, act: Act, look: Look) -> None:
    assert act.undo is not None
    try:
        with transaction.atomic():
            if subject is None:
                raise ChangedSince(row.subject_id)
            act.undo(subject, row.undo, look.user, now())
            row.state = BulkRow.State.UNDONE
            row.save(update_fields=["state"])
    except (ChangedSince, LeftOut):
        row.state = BulkRow.State.CHANGED
        row.save(update_fields=["state"])


@transaction.atomic
def _end(run: BulkRun, status: str, *, undo_until: datetime | None) -> BulkRun:
    run.status, run.ended_at, run.undo_until = status, now(), undo_until
    run.save(update_fields=["status", "ended_at", "undo_until"])
    kind = DeskEvent.BULK_UNDONE if status == BulkRun.Status.UNDONE else DeskEvent.BULK_ENDED
    record(kind, subject=run, by=run.by, at=run.ended_at, list=run.list, act=run.act, rows=counts_of(run))
    return run


def counts_of(run: BulkRun) -> dict[str, int]:
    """Return how many rows of a run stand in each state."""
    return dict(run.rows.order_by().values_list("state").annotate(rows=Count("pk")))


@transaction.atomic
def stop_bulk(*, run: BulkRun, by: User, at: datetime) -> BulkRun:
    """Ask a run to stop after the row in hand; what is done stays done and can be taken back. Raises RunIsOver."""
    found: BulkRun = BulkRun.objects.visible_to(by).select_for_update().get(pk=run.pk)
    if found.status != BulkRun.Status.RUNNING:
        raise RunIsOver(run)
    found.is_stop_asked = True
    found.save(update_fields=["is_stop_asked"])
    return found


@transaction.atomic
def undo_bulk(*, run: BulkRun, by: User, at: datetime) -> BulkRun:
    """Take a run back, row by row, by the inverse action; what was changed since stays. Raises CannotBeUndone."""
    found: BulkRun = BulkRun.objects.visible_to(by).select_for_update().get(pk=run.pk)
    if not found.can_be_undone(at):
        raise CannotBeUndone(run)
    found.status, found.ended_at = BulkRun.Status.UNDOING, None
    found.save(update_fields=["status", "ended_at"])
    if found.total > AT_ONCE:
        app.configure_task("desk:bulk").defer(run_id=found.pk, username=by.username)
    return found
