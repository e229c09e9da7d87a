"""Who should know of an event, and why."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from svyaz.access.queries import rights_of
from svyaz.decisions.events import DecisionEvent
from svyaz.decisions.models import Decision, Promise
from svyaz.decisions.permissions import DecisionPermission
from svyaz.decisions.queries import approvers_of
from svyaz.history.models import Event
from svyaz.interactions.events import InteractionEvent
from svyaz.interactions.models import Channel, Interaction
from svyaz.notices.models import Notice
from svyaz.users.models import User
from svyaz.workforce.events import WorkforceEvent
from svyaz.workforce.models import AccountAssignment, Employee
from svyaz.workforce.queries import head_of

Kind, Reason = Notice.Kind, Notice.Reason
# A contact taken over from years ago is no news.
NEWS = timedelta(days=1)
SPOKEN = {Channel.PHONE, Channel.MEETING}


@dataclass(frozen=True)
class Telling:
    """One user should know of one event: as what kind of thing, about which party, for which reason."""

    event: Event
    recipient_id: int
    kind: str
    reason: str
    party_id: int | None
    department_id: int | None = None


def tellings(events: Sequence[Event]) -> list[Telling]:
    """Return who should know of these events: each user once an event, for his strongest reason, nobody of his own."""
    found: dict[tuple[int, int], Telling] = {}
    for reader, kinds in READERS.items():
        if concerned := [event for event in events if event.kind in kinds]:
            for telling in reader(concerned):
                if telling.recipient_id != telling.event.by_id:
                    found.setdefault((telling.event.pk, telling.recipient_id), telling)
    return sorted(found.values(), key=lambda telling: telling.event.pk)


def _contacts(events: Sequence[Event]) -> Iterator[Telling]:
    """Tell of a customer's contact who is named on it, who owes him something, whose decision is in force, who manages.

    What the employee at hand has taken himself is no news to him.
    """
    rows = Interaction.objects.filter(pk__in=[event.subject_id for event in events]).select_related("employee")
    news = {row.pk: row for row in rows if _is_news(row)}
    concerned = _Concerned([row for row in news.values() if row.party_id])
    for event in events:
        if row := news.get(event.subject_id):
            kind = Kind.CALL if row.channel in SPOKEN else Kind.MESSAGE
            for user_id, reason in [*_named(row), *concerned.by(row)]:
                yield Telling(event, user_id, kind, reason, row.party_id)


def _is_news(row: Interaction) -> bool:
    is_incoming = row.direction == Interaction.Direction.INBOUND and row.channel != Channel.NOTE
    return is_incoming and row.recorded_at - row.at < NEWS


def _named(row: Interaction) -> Iterator[tuple[int, str]]:
    if row.employee is not None and row.employee.user_id is not None:
        yield row.employee.user_id, Reason.NAMED


class _Concerned:
    """Whom the contacts of some parties concern: read for all of them at once, as it stood at the last of them."""

    def __init__(self, contacts: Sequence[Interaction]) -> None:
        self.reasons: dict[int, list[tuple[int, str]]] = defaultdict(list)
        if not contacts:
            return
        parties, at = {row.party_id for row in contacts}, max(row.at for row in contacts)
        promises = Promise.objects.open().with_owner().filter(party__in=parties)
        decisions = Decision.objects.in_force(at).filter(party__in=parties)
        managed = AccountAssignment.objects.in_force(at.date()).filter(party__in=parties)
        # The strongest reason first.
        concerned = [
            *((pair, Reason.OWES) for pair in promises.order_by().values_list("party_id", "owner_id").distinct()),
            *((pair, Reason.IN_FORCE) for pair in decisions.order_by().values_list("party_id", "maker_id").distinct()),
            *((pair, Reason.MANAGER) for pair in managed.values_list("party_id", "employee_id")),
        ]
        people = Employee.objects.filter(pk__in={employee for (_, employee), _ in concerned}, user__isnull=False)
        users = dict(people.values_list("pk", "user_id"))
        for (party_id, employee), reason in concerned:
            if employee in users:
                self.reasons[party_id].append((users[employee], reason))

    def by(self, row: Interaction) -> list[tuple[int, str]]:
        """Return whom a contact concerns, the strongest reason first."""
        return self.reasons.get(row.party_id or 0, [])


def _decisions(events: Sequence[Event]) -> Iterator[Telling]:
    """Tell of a proposal who may approve it, of a judgement who proposed, of a change who had decided."""
    rows = Decision.objects.select_related("maker__department__head", "kind", "party")
    decisions = rows.in_bulk([event.subject_id for event in events])
    for event in events:
        decision = decisions.get(event.subject_id)
        if decision is None:
            continue
        if event.kind == DecisionEvent.MADE:
            yield from _approvals(event, decision)
        elif decision.maker.user_id is not None:
            is_judged = event.kind in {DecisionEvent.APPROVED, DecisionEvent.REFUSED}
            kind = Kind.JUDGED if is_judged else Kind.OVERTURNED
            yield Telling(event, decision.maker.user_id, kind, Reason.DECIDED, decision.party_id)


def _approvals(event: Event, decision: Decision) -> Iterator[Telling]:
    if event.details.get("state") != Decision.State.PROPOSED:
        return
    area_id = decision.party.home_area_id if decision.party else None
    head = head_of(decision.maker)
    for user in User.objects.filter(pk__in=approvers_of(decision, at=event.at), is_active=True):
        if not rights_of(user).may_in(DecisionPermission.READ, area_id):
            continue
        is_head = head is not None and head.user_id == user.pk
        department = decision.maker.department_id if is_head else None
        reason = Reason.HEAD if is_head else Reason.APPROVER
        yield Telling(event, user.pk, Kind.APPROVAL, reason, decision.party_id, department)


def _promises(events: Sequence[Event]) -> Iterator[Telling]:
    """Tell of a promise past due its owner and his head, of one handed over or given in his name its owner."""
    promises = Promise.objects.with_owner().in_bulk([event.subject_id for event in events])
    answers = {event.pk: _who_answers(event, promises.get(event.subject_id)) for event in events}
    employees = Employee.objects.select_related("department__head").in_bulk({pk for pk in answers.values() if pk})
    for event in events:
        promise, employee = promises.get(event.subject_id), employees.get(answers[event.pk] or 0)
        if promise is not None and employee is not None:
            yield from _of_promise(event, promise, employee)


def _who_answers(event: Event, promise: Any) -> int | None:
    """Return who answered for a promise when the event came: it may have gone further since."""
    if event.kind == DecisionEvent.PROMISE_TRANSFERRED:
        return int(event.details["to"])
    if promise is None:
        return None
    return int(promise.employee_id if event.kind == DecisionEvent.PROMISE_MADE else promise.owner_id)


def _of_promise(event: Event, promise: Promise, employee: Employee) -> Iterator[Telling]:
    if event.kind == DecisionEvent.PROMISE_PAST_DUE:
        if employee.user_id is not None:
            reason = Reason.PROMISED if promise.employee_id == employee.pk else Reason.RECEIVED
            yield Telling(event, employee.user_id, Kind.LATE, reason, promise.party_id)
        head = head_of(employee)
        if head is not None and head.user_id is not None:
            yield Telling(event, head.user_id, Kind.LATE, Reason.HEAD, promise.party_id, employee.department_id)
    elif employee.user_id is not None:
        reason = Reason.IN_NAME if event.kind == DecisionEvent.PROMISE_MADE else Reason.RECEIVED
        yield Telling(event, employee.user_id, Kind.HANDED, reason, promise.party_id)


def _accounts(events: Sequence[Event]) -> Iterator[Telling]:
    """Tell who got a customer to manage."""
    rows = AccountAssignment.objects.select_related("employee").in_bulk([event.subject_id for event in events])
    for event in events:
        assignment = rows.get(event.subject_id)
        if assignment is not None and assignment.employee.user_id is not None:
            yield Telling(
                event, assignment.employee.user_id, Kind.HANDED, Reason.MANAGER, assignment.party_id
            )  # fmt: skip


Reader = Callable[[Sequence[Event]], Iterable[Telling]]
READERS: dict[Reader, frozenset[str]] = {
    _contacts: frozenset({InteractionEvent.RECORDED, InteractionEvent.MATCHED}),
    _decisions: frozenset(
        {
            DecisionEvent.MADE, DecisionEvent.APPROVED, DecisionEvent.REFUSED, DecisionEvent.CHANGED,
            DecisionEvent.OVERRIDDEN,
        }
    ),
    _promises: frozenset(
        {DecisionEvent.PROMISE_MADE, DecisionEvent.PROMISE_TRANSFERRED, DecisionEvent.PROMISE_PAST_DUE}
    ),
    _accounts: frozenset({WorkforceEvent.ACCOUNT_ASSIGNED}),
}  # fmt: skip
