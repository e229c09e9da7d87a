"""Kinds of decisions, and up to which amount each role decides alone."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from svyaz.access.actions import OwnRightsWidened
from svyaz.access.actions.grants import is_the_system
from svyaz.access.models import Assignment, Role
from svyaz.decisions.events import DecisionEvent
from svyaz.decisions.models import AuthorityLimit, DecisionKind
from svyaz.history.actions import record
from svyaz.lib.changes import difference
from svyaz.users.models import User


@transaction.atomic
def save_kind(
    *, code: str, name: str, by: User | None, at: datetime, name_en: str = "", unit: str = "",
    outcome_after_days: int = 90, is_active: bool = True,
) -> DecisionKind:  # fmt: skip
    """Create a kind of decision or change it; one that is not active is offered no more. Nothing changes: no event."""
    kind = DecisionKind.objects.select_for_update().filter(code=code).first() or DecisionKind(code=code)
    before = _values(kind) if kind.pk else {}
    kind.name, kind.name_en, kind.unit = name, name_en, unit
    kind.outcome_after_days, kind.is_active = outcome_after_days, is_active
    former, new = difference(before, _values(kind))
    if new:
        kind.save()
        record(DecisionEvent.KIND_SAVED, subject=kind, by=by, at=at, code=code, name=name, former=former, new=new)
    return kind


def _values(kind: DecisionKind) -> dict[str, Any]:
    fields = ("name", "name_en", "unit", "outcome_after_days", "is_active")
    return {field: getattr(kind, field) for field in fields}


@transaction.atomic
def set_limit(
    *, kind: DecisionKind, role: Role, amount: Decimal | None, by: User | None, at: datetime
) -> AuthorityLimit:
    """Say up to which amount, in the kind's unit, a role decides alone (None: without limit).

    Nobody raises the limit of a role that he holds himself: OwnRightsWidened.
    """
    limit = AuthorityLimit.objects.select_for_update().filter(kind=kind, role=role).first()
    if limit is not None and limit.amount == amount:
        return limit
    is_wider = limit is None or amount is None or (limit.amount is not None and amount > limit.amount)
    is_own = not is_the_system(by) and Assignment.objects.not_over(at).filter(role=role, user=by).exists()
    if is_wider and is_own:
        raise OwnRightsWidened(by)
    before = {} if limit is None else {"limit": _text(limit.amount)}
    limit, _ = AuthorityLimit.objects.update_or_create(kind=kind, role=role, defaults={"amount": amount})
    record(
        DecisionEvent.LIMIT_SET, subject=kind, by=by, at=at, role=role.code, role_name=role.name, former=before,
        new={"limit": _text(amount)},
    )  # fmt: skip
    return limit


@transaction.atomic
def remove_limit(*, kind: DecisionKind, role: Role, by: User | None, at: datetime) -> None:
    """Let a role neither decide nor propose in a kind any more; where it did not, nothing changes."""
    limit = AuthorityLimit.objects.select_for_update().filter(kind=kind, role=role).first()
    if limit is None:
        return
    limit.delete()
    record(
        DecisionEvent.LIMIT_SET, subject=kind, by=by, at=at, role=role.code, role_name=role.name,
        former={"limit": _text(limit.amount)},        new={"limit": "none"},
    )  # fmt: skip


def _text(amount: Decimal | None) -> str:
    """Say a limit in an event: its amount, or that there is none."""
    return "unlimited" if amount is None else f"{amount:f}"
