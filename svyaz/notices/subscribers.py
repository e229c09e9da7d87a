"""What is told to whom when lower packages report something."""

from collections.abc import Sequence

from svyaz.decisions.events import DecisionEvent
from svyaz.history.actions import subscribe
from svyaz.history.models import Event
from svyaz.interactions.events import InteractionEvent
from svyaz.notices.actions import give_notices
from svyaz.workforce.events import WorkforceEvent

TOLD_OF = (
    InteractionEvent.RECORDED,
    InteractionEvent.MATCHED,
    DecisionEvent.MADE,
    DecisionEvent.APPROVED,
    DecisionEvent.REFUSED,
    DecisionEvent.CHANGED,
    DecisionEvent.OVERRIDDEN,
    DecisionEvent.PROMISE_MADE,
    DecisionEvent.PROMISE_TRANSFERRED,
    DecisionEvent.PROMISE_PAST_DUE,
    WorkforceEvent.ACCOUNT_ASSIGNED,
)


@subscribe("notices.give", TOLD_OF)
def tell(events: Sequence[Event]) -> None:
    """Whoever should know of something gets a notice with the reason why."""
    give_notices(events=events)
