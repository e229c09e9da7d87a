"""Making a decision: its grounds read again, its authority checked, its promises written with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from svyaz.decisions.actions.promises import PromiseDraft, make_promise
from svyaz.decisions.events import DecisionEvent
from svyaz.decisions.models import Decision, DecisionKind, Ground, RejectedOption
from svyaz.decisions.queries import Authority, authority_of, read_fact
from svyaz.fields.actions import checked_values
from svyaz.fields.models import OwnField
from svyaz.history.actions import record
from svyaz.interactions.models import Interaction
from svyaz.parties.models import Party
from svyaz.parties.queries import holding, links_to_parties
from svyaz.users.models import User
from svyaz.workforce.models import Employee


class NoAuthority(Exception):
    """None of the maker's roles lets him decide or propose in this kind."""


@dataclass(frozen=True)
class GroundDraft:
    """A fact to be pinned: its key and the row it stands on; the value is read by the server."""

    fact: str
    reference_id: int | None = None


@dataclass(frozen=True)
class RejectedDraft:
    """An option that was considered and not taken, with the reason."""

    option: str
    reason: str


@dataclass(frozen=True)
class DecisionDraft:
    """What is to be decided. Without grounds the contact itself is the ground; without a subject, the whole party."""

    kind: DecisionKind
    text: str
    question: str = ""
    measure: str = ""
    unit: str = ""
    amount: Decimal | None = None
    subject_type: str = Decision.Subject.PARTY
    subject_id: int | None = None
    grounds: Sequence[GroundDraft] = ()
    rejected: Sequence[RejectedDraft] = ()
    promises: Sequence[PromiseDraft] = ()
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    review_on: date | None = None
    own: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def make_decision(
    *, party: Party, draft: DecisionDraft, interaction: Interaction | None, maker: Employee, by: User, at: datetime,
    supersedes: Decision | None = None,
) -> Decision:  # fmt: skip
    """Decide about a party; above the maker's limit the decision waits as a proposal.

    Raises NoAuthority, and UnknownFact for a ground that the maker cannot see on this party.
    """
    authority = authority_of(by, draft.kind, at=at)
    if authority is None:
        raise NoAuthority(draft.kind)
    own = checked_values(OwnField.Noun.DECISION, draft.own, by=by, may_link=links_to_parties(by))
    decision = _write_decision(party, draft, interaction, maker, authority, at, supersedes, own)
    _write_grounds(decision, draft, by=by, at=at)
    RejectedOption.objects.bulk_create(
        RejectedOption(decision=decision, option=rejected.option, reason=rejected.reason) for rejected in draft.rejected
    )
    record(
        DecisionEvent.MADE,
        subject=decision,
        party_id=party.pk,
        by=by,
        at=at,
        kind=draft.kind.code,
        state=decision.state,
    )
    for promise in draft.promises:
        make_promise(
            party=party, draft=promise, decision=decision, interaction=interaction, employee=maker, by=by, at=at
        )
    return decision


def _write_decision(
    party: Party, draft: DecisionDraft, interaction: Interaction | None, maker: Employee, authority: Authority,
    at: datetime, supersedes: Decision | None, own: Mapping[str, Any],
) -> Decision:  # fmt: skip
    is_covered = authority.covers(draft.amount)
    return Decision.objects.create(
        party=party, interaction=interaction, subject_type=draft.subject_type, subject_id=draft.subject_id or party.pk,
        kind=draft.kind, question=draft.question, text=draft.text, measure=draft.measure,
        unit=draft.unit or draft.kind.unit, amount=draft.amount, maker=maker, department_id=maker.department_id,
        authority=authority.role, authority_limit=authority.limit,
        state=Decision.State.IN_FORCE if is_covered else Decision.State.PROPOSED,
        made_at=at, valid_from=draft.valid_from or at, valid_until=draft.valid_until, review_on=draft.review_on,
        supersedes=supersedes, own={code: value for code, value in own.items() if value is not None},
    )  # fmt: skip


def _write_grounds(decision: Decision, draft: DecisionDraft, *, by: User, at: datetime) -> None:
    """Pin each fact with its value of now; the contact itself where nothing else was pinned."""
    assert decision.party is not None
    drafts = list(dict.fromkeys(draft.grounds)) or [GroundDraft("interaction", decision.interaction_id)]
    rights = holding(by, decision.party)
    grounds = []
    for ground in drafts:
        fact = read_fact(
            ground.fact, rights=rights, party_id=decision.party.pk, reference_id=ground.reference_id, at=at
        )
        grounds.append(
            Ground(
                decision=decision, party_id=decision.party_id, fact=ground.fact, value=fact.value, label=fact.label,
                reference_type=fact.reference_type, reference_id=ground.reference_id, read_at=at,
            )
        )  # fmt: skip
    Ground.objects.bulk_create(grounds)
