"""What happens to a decision after it was made: approved, kept, replaced, overridden, passed over."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from svyaz.decisions.actions.decide import DecisionDraft, NoAuthority, make_decision
from svyaz.decisions.events import DecisionEvent
from svyaz.decisions.models import Approval, Decision, Sighting
from svyaz.decisions.queries import authority_of
from svyaz.history.actions import PastEvent, record, record_many
from svyaz.interactions.models import Channel, Interaction
from svyaz.parties.queries import groups_of, is_one_party
from svyaz.users.models import User
from svyaz.workforce.models import Employee

_EVENT_OF = {
    Sighting.Outcome.KEPT: DecisionEvent.KEPT,
    Sighting.Outcome.CHANGED: DecisionEvent.CHANGED,
    Sighting.Outcome.OVERRIDDEN: DecisionEvent.OVERRIDDEN,
    Sighting.Outcome.NOT_DEALT_WITH: DecisionEvent.NOT_DEALT_WITH,
}


class AlreadyJudged(Exception):
    """The decision was approved or refused before, or never waited for it."""


class OwnProposal(Exception):
    """Nobody approves what he proposed himself."""


class DecisionOfAnotherParty(Exception):
    """A contact can only deal with decisions about its own party."""


@transaction.atomic
def approve_decision(*, decision: Decision, approver: Employee, by: User, at: datetime, reason: str = "") -> Approval:
    """Put a proposal into force; raise AlreadyJudged, OwnProposal, or NoAuthority above the approver's own limit."""
    _check_judge(decision, approver, by, at)
    approval = Approval.objects.create(decision=decision, approver=approver, is_approved=True, reason=reason, at=at)
    record(DecisionEvent.APPROVED, subject=decision, party_id=decision.party_id, by=by, at=at, reason=reason)
    return approval


@transaction.atomic
def refuse_decision(*, decision: Decision, approver: Employee, reason: str, by: User, at: datetime) -> Approval:
    """Refuse a proposal with a reason; raise as `approve_decision` does."""
    _check_judge(decision, approver, by, at)
    approval = Approval.objects.create(decision=decision, approver=approver, is_approved=False, reason=reason, at=at)
    record(DecisionEvent.REFUSED, subject=decision, party_id=decision.party_id, by=by, at=at, reason=reason)
    return approval


def _check_judge(decision: Decision, approver: Employee, by: User, at: datetime) -> None:
    decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if decision.state != Decision.State.PROPOSED or Approval.objects.filter(decision=decision).exists():
        raise AlreadyJudged(decision)
    if decision.maker_id == approver.pk:
        raise OwnProposal(decision)
    authority = authority_of(by, decision.kind, at=at)
    if authority is None or not authority.covers(decision.amount):
        raise NoAuthority(decision.kind)


def _sight(
    decision: Decision, interaction: Interaction, outcome: str, *, by: User | None, at: datetime, reason: str = ""
) -> Sighting:
    if decision.party_id != interaction.party_id and not _are_of_one_party(decision, interaction):
        raise DecisionOfAnotherParty(decision)
    sighting, is_new = Sighting.objects.get_or_create(
        decision=decision, interaction=interaction, outcome=outcome,
        defaults={"party_id": decision.party_id, "reason": reason, "by": by, "at": at},
    )  # fmt: skip
    if is_new:
        record(
            _EVENT_OF[Sighting.Outcome(outcome)], subject=decision, party_id=decision.party_id, by=by, at=at,
            interaction=interaction.pk, reason=reason,
        )  # fmt: skip
    return sighting


def _are_of_one_party(decision: Decision, interaction: Interaction) -> bool:
    about, met = decision.party, interaction.party
    return about is not None and met is not None and is_one_party(about, met)


@transaction.atomic
def keep_decisions(
    *, decisions: Iterable[Decision], interaction: Interaction, by: User, at: datetime
) -> list[Sighting]:
    """Say at a later contact that these decisions stand; raise DecisionOfAnotherParty."""
    return [_sight(decision, interaction, Sighting.Outcome.KEPT, by=by, at=at) for decision in decisions]


@transaction.atomic
def override_decision(*, decision: Decision, interaction: Interaction, reason: str, by: User, at: datetime) -> Sighting:
    """End a decision at a later contact because of a reason; raise DecisionOfAnotherParty."""
    return _sight(decision, interaction, Sighting.Outcome.OVERRIDDEN, by=by, at=at, reason=reason)


@transaction.atomic
def replace_decision(
    *, decision: Decision, draft: DecisionDraft, interaction: Interaction, maker: Employee, by: User, at: datetime
) -> Decision:
    """Change a decision at a later contact: the new one supersedes it as soon as it is in force."""
    assert decision.party is not None
    _sight(decision, interaction, Sighting.Outcome.CHANGED, by=by, at=at)
    return make_decision(
        party=decision.party, draft=draft, interaction=interaction, maker=maker, by=by, at=at, supersedes=decision
    )


@transaction.atomic
def note_undealt(*, interaction_ids: Iterable[int]) -> int:
    """Note for contacts that passed over a decision in force that it was not dealt with; return how many are new.

    Most parties have no decision: one query finds those that have, and only their contacts are looked at singly.
    """
    contacts = Interaction.objects.filter(pk__in=interaction_ids, party__isnull=False).exclude(channel=Channel.NOTE)
    canonical = groups_of(contacts.values_list("party", flat=True))
    groups: dict[int, list[int]] = defaultdict(list)
    for pk, survivor in canonical.items():
        groups[survivor].append(pk)
    decided = Decision.objects.filter(party__in=canonical).values_list("party", flat=True).distinct()
    concerned = [member for pk in decided for member in groups[canonical[pk]]]
    passed_over = [
        (decision, contact)
        for contact in contacts.filter(party__in=concerned)
        for decision in _passed_over(contact, groups[canonical[contact.party_id or 0]])
    ]
    _sight_undealt(passed_over)
    return len(passed_over)


def _passed_over(interaction: Interaction, group: list[int]) -> Iterable[Decision]:
    """Return the decisions in force that a contact passed over: about its party, and about whom it is one with."""
    earlier = Decision.objects.in_force(interaction.at).filter(party__in=group, made_at__lt=interaction.recorded_at)
    seen = Sighting.objects.filter(interaction=interaction).values("decision")
    found: Iterable[Decision] = earlier.exclude(pk__in=seen).exclude(interaction=interaction)
    return found


def _sight_undealt(passed_over: Iterable[tuple[Decision, Interaction]]) -> None:
    """Write the marks and their events, all at once: an import brings thousands."""
    outcome, marks, events = Sighting.Outcome.NOT_DEALT_WITH, [], []
    for decision, contact in passed_over:
        mark = {"decision": decision, "interaction": contact, "party_id": decision.party_id}
        marks.append(Sighting(**mark, outcome=outcome, at=contact.recorded_at))
        details = {"interaction": contact.pk, "reason": ""}
        events.append(
            PastEvent(
                str(_EVENT_OF[outcome]), decision._meta.label_lower, decision.pk, decision.party_id, None,
                contact.recorded_at, details,
            )
        )  # fmt: skip
    if marks:
        Sighting.objects.bulk_create(marks)
        record_many(events)
