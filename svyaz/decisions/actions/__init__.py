"""The verbs of decision memory."""

from svyaz.decisions.actions.decide import (
    DecisionDraft,
    GroundDraft,
    NoAuthority,
    RejectedDraft,
    make_decision,
)
from svyaz.decisions.actions.judge import (
    AlreadyJudged,
    DecisionOfAnotherParty,
    OwnProposal,
    approve_decision,
    keep_decisions,
    note_undealt,
    override_decision,
    refuse_decision,
    replace_decision,
)
from svyaz.decisions.actions.kinds import remove_limit, save_kind, set_limit
from svyaz.decisions.actions.outcomes import measure_outcomes
from svyaz.decisions.actions.promises import (
    PromiseAlreadyResolved,
    PromiseDraft,
    hand_over_promises_of_leaver,
    make_promise,
    note_past_due_promises,
    resolve_promise,
    transfer_promise,
)

__all__ = [
    "AlreadyJudged",
    "DecisionDraft",
    "DecisionOfAnotherParty",
    "GroundDraft",
    "NoAuthority",
    "OwnProposal",
    "PromiseAlreadyResolved",
    "PromiseDraft",
    "RejectedDraft",
    "approve_decision",
    "hand_over_promises_of_leaver",
    "keep_decisions",
    "make_decision",
    "make_promise",
    "measure_outcomes",
    "note_past_due_promises",
    "note_undealt",
    "override_decision",
    "refuse_decision",
    "remove_limit",
    "replace_decision",
    "resolve_promise",
    "save_kind",
    "set_limit",
    "transfer_promise",
]
