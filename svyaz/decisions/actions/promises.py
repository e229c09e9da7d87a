"""Promises: given, kept or broken, handed over, past due."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from svyaz.decisions.events import DecisionEvent
from svyaz.decisions.models import Decision, Promise, PromiseResult, PromiseTransfer
from svyaz.history.actions import record
from svyaz.history.models import Event
from svyaz.interactions.models import Interaction
from svyaz.parties.models import Party
from svyaz.users.models import User
from svyaz.workforce.models import Employee


class PromiseAlreadyResolved(Exception):
    """The promise has its result already."""


@dataclass(frozen=True)
class PromiseDraft:
    """What is promised, by when, and who answers for it (the maker, if nobody is named)."""

    what: str
    due_at: datetime
    employee: Employee | None = None


@transaction.atomic
def make_promise(
    *, party: Party, draft: PromiseDraft, decision: Decision | None, interaction: Interaction | None,
    employee: Employee, by: User, at: datetime,
) -> Promise:  # fmt: skip
    """Promise something to a party, in a decision or in a contact alone."""
    promise = Promise.objects.create(
        party=party, decision=decision, interaction=interaction, what=draft.what, due_at=draft.due_at,
        employee=draft.employee or employee, made_at=at,
    )  # fmt: skip
    record(
        DecisionEvent.PROMISE_MADE, subject=promise, party_id=party.pk, by=by, at=at,
        what=draft.what, due_at=draft.due_at.isoformat(),
    )  # fmt: skip
    return promise


@transaction.atomic
def resolve_promise(*, promise: Promise, result: str, by: User | None, at: datetime, note: str = "") -> PromiseResult:
    """Say that a promise was kept, broken or withdrawn; raise PromiseAlreadyResolved."""
    promise = Promise.objects.select_for_update().get(pk=promise.pk)
    if PromiseResult.objects.filter(promise=promise).exists():
        raise PromiseAlreadyResolved(promise)
    resolution = PromiseResult.objects.create(promise=promise, result=result, note=note, by=by, at=at)
    record(
        DecisionEvent.PROMISE_RESOLVED,
        subject=promise,
        party_id=promise.party_id,
        by=by,
        at=at,
        result=result,
        note=note,
    )
    return resolution


@transaction.atomic
def transfer_promise(*, promise: Promise, to: Employee, reason: str, by: User | None, at: datetime) -> PromiseTransfer:
    """Hand an open promise to another employee; raise PromiseAlreadyResolved."""
    promise = Promise.objects.select_for_update().get(pk=promise.pk)
    if PromiseResult.objects.filter(promise=promise).exists():
        raise PromiseAlreadyResolved(promise)
    transfer = PromiseTransfer.objects.create(promise=promise, to=to, reason=reason, by=by, at=at)
    record(
        DecisionEvent.PROMISE_TRANSFERRED, subject=promise, party_id=promise.party_id, by=by, at=at,
        to=to.pk, reason=reason,
    )  # fmt: skip
    return transfer


@transaction.atomic
def hand_over_promises_of_leaver(*, employee: Employee, to: Employee, by: User | None, at: datetime) -> int:
    """Hand all open promises of one who left to his head; return how many."""
    promises = list(Promise.objects.open().with_owner().filter(owner_id=employee.pk))
    for promise in promises:
        transfer_promise(promise=promise, to=to, reason=f"{employee.name} left", by=by, at=at)
    return len(promises)


@transaction.atomic
def note_past_due_promises(*, at: datetime) -> int:
    """Record once, for every open promise whose time has passed, that it is past due; return how many are new."""
    told = Event.objects.filter(kind=DecisionEvent.PROMISE_PAST_DUE, subject_type="decisions.promise")
    new = list(Promise.objects.past_due(at).exclude(pk__in=told.values("subject_id"))[:5000])
    for promise in new:
        record(
            DecisionEvent.PROMISE_PAST_DUE,
            subject=promise,
            party_id=promise.party_id,
            by=None,
            at=at,
            what=promise.what,
        )
    return len(new)
