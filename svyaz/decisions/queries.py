"""Facts that can be pinned as grounds, precedents, and who must act on what."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from svyaz.access.models import Assignment
from svyaz.access.queries import Rights, Viewer, rights_of
from svyaz.decisions.models import (
    AuthorityLimit,
    Decision,
    DecisionKind,
    Outcome,
    Promise,
    PromiseQuerySet,
    PromiseTransfer,
)
from svyaz.decisions.permissions import DecisionPermission
from svyaz.history.models import Event
from svyaz.history.queries import changes_of
from svyaz.users.models import User
from svyaz.workforce.models import Department, Employee


class UnknownFact(Exception):
    """No fact of this key and reference can be seen on this party."""


@dataclass(frozen=True)
class Fact:
    """A fact as it is now: its value (JSON), a label for people, and what it was read from."""

    value: Any
    label: str
    reference_type: str = ""


FactReader = Callable[[Rights, int, int | None, datetime], Fact]
FACT_READERS: dict[str, FactReader] = {}


def reads_fact(key: str) -> Callable[[FactReader], FactReader]:
    """Register the function that reads a fact: (rights with the party in hand, party id, reference id, at) -> Fact."""

    def register(reader: FactReader) -> FactReader:
        FACT_READERS[key] = reader
        return reader

    return register


def read_fact(key: str, *, rights: Rights, party_id: int, reference_id: int | None, at: datetime) -> Fact:
    """Read a fact now, as the viewer may see it; raise UnknownFact."""
    if key not in FACT_READERS:
        raise UnknownFact(key)
    return FACT_READERS[key](rights, party_id, reference_id, at)


@dataclass(frozen=True)
class Authority:
    """How far a user decides alone in a kind: through which role, up to which amount (None: without limit)."""

    role: str
    limit: Decimal | None

    def covers(self, amount: Decimal | None) -> bool:
        """Tell whether an amount lies within the authority; a decision without an amount needs the role alone."""
        return self.limit is None or amount is None or amount <= self.limit


def authority_of(user: User, kind: DecisionKind, *, at: datetime) -> Authority | None:
    """Return the widest authority that the user's roles give in a kind, or None when they give none."""
    roles = Assignment.objects.in_force(at).filter(user=user).values("role_id")
    limits = list(AuthorityLimit.objects.filter(kind=kind, role__in=roles).select_related("role"))
    if not limits:
        return None
    widest = max(limits, key=lambda limit: (limit.amount is None, limit.amount or 0))
    return Authority(widest.role.name, widest.amount)


def approvers_of(decision: Decision, *, at: datetime) -> list[int]:
    """Return the ids of the users whose authority covers a proposal, its maker aside."""
    enough = Q(amount__isnull=True) | Q(amount__gte=decision.amount or 0)
    roles = AuthorityLimit.objects.filter(enough, kind=decision.kind_id).values("role_id")
    holders = Assignment.objects.in_force(at).filter(role__in=roles, role__permissions__contains=["decision:approve"])
    return sorted(set(holders.exclude(user=decision.maker.user_id).values_list("user_id", flat=True)))


def promises_of_employee(employee: Employee, *, viewer: Viewer) -> PromiseQuerySet:
    """Return the open promises that an employee answers for now, the most urgent first.

    His own are his to see in any area: a promise does not end because the customer's card has closed.
    """
    rights = rights_of(viewer)
    is_own = employee.user_id == rights.user_id and rights.may(DecisionPermission.READ)
    found: PromiseQuerySet = Promise.objects.all() if is_own else Promise.objects.visible_to(viewer)
    return _owned(found.open(), [employee.pk])


def promise_within_reach(promise_id: int, *, user: User, rights: Rights) -> Promise | None:
    """Return a promise that a user may see with these rights, or that he himself answers for."""
    seen: Promise | None = Promise.objects.visible_to(rights).filter(pk=promise_id).first()
    if seen is not None or not rights.may(DecisionPermission.READ):
        return seen
    own: PromiseQuerySet = Promise.objects.filter(pk=promise_id).with_owner()
    return own.filter(Q(owner_id__in=Employee.objects.filter(user=user).values("pk"))).first()


def promises_of_employees(employees: Iterable[int], *, viewer: Viewer) -> PromiseQuerySet:
    """Return the open promises that any of these employees answers for now, the most urgent first."""
    found: PromiseQuerySet = Promise.objects.visible_to(viewer).open()
    return _owned(found, list(employees))


def _owned(promises: PromiseQuerySet, employees: list[int]) -> PromiseQuerySet:
    """Keep those that these employees own; first by index the few they gave or got, then by who has them last."""
    got = list(PromiseTransfer.objects.filter(to__in=employees).values_list("promise", flat=True))
    concerned = promises.filter(Q(employee__in=employees) | Q(pk__in=got))
    owned: PromiseQuerySet = concerned.with_owner().filter(Q(owner_id__in=employees))
    return owned.select_related("party", "employee", "decision").order_by("due_at", "pk")


def promises_of_department(department: Department, *, viewer: Viewer, at: datetime) -> PromiseQuerySet:
    """Return the promises past due of a department's employees: its head's morning."""
    members = Employee.objects.filter(department=department).values_list("pk", flat=True)
    return promises_of_employees(members, viewer=viewer).filter(due_at__lt=at)


def promise_load(employees: Iterable[int], *, viewer: Viewer, at: datetime) -> dict[int, dict[str, int]]:
    """Return for each of these employees how many promises are open and how many of them past due."""
    found: Any = promises_of_employees(employees, viewer=viewer).select_related(None).order_by()
    rows = found.values("owner_id").annotate(
        open=Count("pk", distinct=True), past_due=Count("pk", distinct=True, filter=Q(due_at__lt=at))
    )
    return {row["owner_id"]: {"open": row["open"], "past_due": row["past_due"]} for row in rows}


def proposals_to_judge(approver: User, *, at: datetime) -> "QuerySet[Decision]":
    """Return the proposals that a user's authority covers, others' only, the oldest first."""
    if not rights_of(approver).may(DecisionPermission.APPROVE):
        return Decision.objects.none()
    roles = Assignment.objects.in_force(at).filter(user=approver).values("role_id")
    enough = Q(amount__isnull=True) | Q(amount__gte=Coalesce(OuterRef("amount"), Decimal(0)))
    limits = AuthorityLimit.objects.filter(enough, kind=OuterRef("kind"), role__in=roles)
    found: QuerySet[Decision] = Decision.objects.visible_to(approver).awaiting_approval().filter(Exists(limits))
    others = found.exclude(maker__user=approver)
    return others.select_related("party", "kind", "maker", "department").order_by("made_at", "pk")


def proposals_of(makers: Iterable[int], *, viewer: Viewer) -> "QuerySet[Decision]":
    """Return the proposals of these employees that nobody has judged yet."""
    found: QuerySet[Decision] = Decision.objects.visible_to(viewer).awaiting_approval()
    return found.filter(maker__in=list(makers))


def decisions_to_review(makers: Iterable[int], *, viewer: Viewer, at: datetime, today: date) -> "QuerySet[Decision]":
    """Return the decisions in force of these employees whose day of review has come."""
    due = Decision.objects.visible_to(viewer).filter(maker__in=list(makers), review_on__lte=today)
    found: QuerySet[Decision] = due.with_standing(at).filter(standing="1_in_force")
    return found


def decisions_made_by(employee: Employee, *, viewer: Viewer, at: datetime) -> "QuerySet[Decision]":
    """Return an employee's decisions that the viewer may see, with how they stand and ended, the latest first."""
    return decisions_listed(viewer, at=at).filter(maker=employee)


def decisions_listed(viewer: Viewer, *, at: datetime) -> "QuerySet[Decision]":
    """Return the decisions that the viewer may see, with how they stand and ended, the latest first."""
    found: QuerySet[Decision] = Decision.objects.visible_to(viewer).with_standing(at)
    return (
        found.select_related("party", "kind", "maker", "department", "approval")
        .prefetch_related("outcomes")
        .order_by("-made_at", "-pk")
    )


def precedents(kind: DecisionKind, *, tier: str = "", area_id: int | None = None) -> list[dict[str, Any]]:
    """Return how decisions of a kind ended, for parties like this: [{kind, decisions, share}] of those measured.

    Precedents are totals without names, so they do not pass through visible_to.
    """
    from svyaz.parties.models import PartyRole

    tiers = PartyRole.objects.filter(party=OuterRef("decision__party"), kind="customer").order_by("-id").values("tier")
    measured = Outcome.objects.filter(decision__kind=kind).annotate(tier=Subquery(tiers[:1]))
    if tier:
        measured = measured.filter(tier=tier)
    if area_id is not None:
        measured = measured.filter(decision__party__home_area=area_id)
    rows = list(measured.values("kind").annotate(decisions=Count("decision", distinct=True)).order_by("kind"))
    total = measured.aggregate(total=Count("decision", distinct=True))["total"]
    return [{**row, "total": total, "share": round(row["decisions"] / total, 4)} for row in rows]


def totals_by_kind(viewer: Viewer, *, since: datetime) -> Any:
    """Return per kind how many decisions were made since a moment and the sum of their amounts."""
    found = Decision.objects.visible_to(viewer).filter(made_at__gte=since)
    return (
        found.values("kind__code", "kind__name").annotate(decisions=Count("pk"), amount=Sum("amount")).order_by("kind")
    )


def kinds_in_use() -> "QuerySet[DecisionKind]":
    """Return the kinds in which decisions are made today, in the order in which they were set up."""
    return DecisionKind.objects.filter(is_active=True).order_by("pk")


def all_kinds() -> "QuerySet[DecisionKind]":
    """Return every kind of decision with its limits, by name."""
    return DecisionKind.objects.prefetch_related("limits__role").order_by("name", "pk")


def changes_of_kind(kind: DecisionKind) -> "QuerySet[Event]":
    """Return what happened to a kind of decision and its limits, the latest first."""
    return changes_of((DecisionKind, [kind.pk]))


def promises_owned_by(employees: list[int]) -> Q:
    """Return the condition on a promise, with its owner, that one of these employees answers for it now."""
    got = list(PromiseTransfer.objects.filter(to__in=employees).values_list("promise", flat=True))
    # First by index the few they gave or got, then by who has them last.
    return (Q(employee__in=employees) | Q(pk__in=got)) & Q(owner_id__in=employees)


def promises_listed(viewer: Viewer) -> PromiseQuerySet:
    """Return the promises that the viewer may see, with their owners: those of his areas, and his own in any area."""
    rights = rights_of(viewer)
    seen: PromiseQuerySet = Promise.objects.visible_to(viewer)
    if not rights.may(DecisionPermission.READ):
        return seen
    me = list(Employee.objects.filter(user=rights.user_id).values_list("pk", flat=True))
    own = _owned(Promise.objects.open(), me).order_by().values_list("pk", flat=True) if me else []
    found: PromiseQuerySet = (seen | Promise.objects.filter(pk__in=list(own))).with_owner()
    return found
