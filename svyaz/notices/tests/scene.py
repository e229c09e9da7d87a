"""What happens in the tests of notices: contacts, decisions and promises, and who is told of them."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from svyaz.decisions.actions import DecisionDraft, PromiseDraft, make_decision, make_promise
from svyaz.decisions.models import Decision, DecisionKind, Promise
from svyaz.history.models import Event
from svyaz.interactions.actions import InteractionDraft, record_interaction
from svyaz.interactions.models import Interaction
from svyaz.notices.actions import give_notices
from svyaz.notices.models import Notice
from svyaz.notices.subscribers import TOLD_OF
from svyaz.parties.models import Party
from svyaz.users.models import User
from svyaz.workforce.models import Employee
from tests.cast import NOON

DUE = NOON + timedelta(hours=6)


def tell() -> list[tuple[str, str, str]]:
    """Let the subscriber hear of everything; return who was told of what for which reason, in order."""
    events = Event.objects.filter(kind__in=[str(kind) for kind in TOLD_OF]).order_by("pk")
    give_notices(events=list(events))
    rows = Notice.objects.order_by("event_id", "recipient__username")
    return list(rows.values_list("recipient__username", "kind", "reason"))


def contact(party: Party | None, by: User, employee: Employee | None = None, **fields: Any) -> Interaction:
    """Record a contact."""
    known: dict[str, Any] = {"channel": "phone", "text": "Нет связи", "at": NOON} | fields
    draft = InteractionDraft(**known)
    return record_interaction(party=party, draft=draft, employee=employee, by=by, at=NOON)


def promise(party: Party, by: User, employee: Employee, at: datetime = NOON) -> Promise:
    """Promise something in an employee's name."""
    draft = PromiseDraft("Перезвонить", DUE)
    return make_promise(party=party, draft=draft, decision=None, interaction=None, employee=employee, by=by, at=at)


def decision(party: Party, kind: DecisionKind, by: User, maker: Employee, amount: int) -> Decision:
    """Decide on a discount."""
    call = contact(party, by, maker, direction="outbound")
    draft = DecisionDraft(kind=kind, text="Скидка на 6 месяцев", amount=Decimal(amount))
    return make_decision(party=party, draft=draft, interaction=call, maker=maker, by=by, at=NOON)
