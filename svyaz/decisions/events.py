"""What happens to decisions and promises."""

from enum import StrEnum


class DecisionEvent(StrEnum):
    """Changes of decisions, promises and what became of them."""

    MADE = "decision.made"
    APPROVED = "decision.approved"
    REFUSED = "decision.refused"
    KEPT = "decision.kept"
    CHANGED = "decision.changed"
    OVERRIDDEN = "decision.overridden"
    NOT_DEALT_WITH = "decision.not_dealt_with"
    OUTCOME_MEASURED = "decision.outcome_measured"
    PROMISE_MADE = "promise.made"
    PROMISE_RESOLVED = "promise.resolved"
    PROMISE_TRANSFERRED = "promise.transferred"
    PROMISE_PAST_DUE = "promise.past_due"
    KIND_SAVED = "decision_kind.saved"
    LIMIT_SET = "decision_kind.limit_set"
