"""The nouns of decision memory. All rows but kinds and limits are append-only."""

from svyaz.decisions.models.decision import (
    AuthorityLimit,
    Decision,
    DecisionKind,
    DecisionQuerySet,
    Ground,
    RejectedOption,
)
from svyaz.decisions.models.memory import Approval, Outcome, Sighting
from svyaz.decisions.models.promise import Promise, PromiseQuerySet, PromiseResult, PromiseTransfer

__all__ = [
    "Approval",
    "AuthorityLimit",
    "Decision",
    "DecisionKind",
    "DecisionQuerySet",
    "Ground",
    "Outcome",
    "Promise",
    "PromiseQuerySet",
    "PromiseResult",
    "PromiseTransfer",
    "RejectedOption",
    "Sighting",
]
