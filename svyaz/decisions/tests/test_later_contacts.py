"""What later contacts do with a decision: keep, change, override, pass over; approval of proposals."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from svyaz.decisions.actions import (
    AlreadyJudged,
    DecisionDraft,
    DecisionOfAnotherParty,
    NoAuthority,
    OwnProposal,
    approve_decision,
    keep_decisions,
    make_decision,
    note_undealt,
    override_decision,
    refuse_decision,
    replace_decision,
)
from svyaz.decisions.models import Decision, DecisionKind, Sighting
from svyaz.interactions.actions import InteractionDraft, record_interaction
from svyaz.interactions.models import Interaction
from svyaz.parties.models import Party
from svyaz.users.models import User
from svyaz.workforce.models import Employee
from tests.cast import NOON

THURSDAY = NOON + timedelta(days=2)


@pytest.fixture
def decision(olga: Party, anna: User, anna_employee: Employee, discount: DecisionKind) -> Decision:
    return made(olga, anna, anna_employee, discount, 15)


def made(party: Party, by: User, maker: Employee, kind: DecisionKind, amount: int, at: datetime = NOON) -> Decision:
    call = contact(party, by, maker, at)
    draft = DecisionDraft(kind=kind, text=f"Скидка {amount} %", amount=Decimal(amount))
    return make_decision(party=party, draft=draft, interaction=call, maker=maker, by=by, at=at)


def contact(party: Party, by: User, employee: Employee, at: datetime, channel: str = "email") -> Interaction:
    return record_interaction(party=party, draft=InteractionDraft(channel=channel), employee=employee, by=by, at=at)


def test_it_is_kept_once_per_contact(decision: Decision, olga: Party, boris: User, boris_employee: Employee) -> None:
    email = contact(olga, boris, boris_employee, THURSDAY)
    for _ in range(2):
        keep_decisions(decisions=[decision], interaction=email, by=boris, at=THURSDAY)

    assert Sighting.objects.get().outcome == Sighting.Outcome.KEPT
    assert Decision.objects.in_force(THURSDAY).get() == decision


def test_an_overridden_decision_no_longer_binds(
    decision: Decision, olga: Party, boris: User, boris_employee: Employee
) -> None:
    email = contact(olga, boris, boris_employee, THURSDAY)
    override_decision(decision=decision, interaction=email, reason="Клиент переехал", by=boris, at=THURSDAY)

    assert not Decision.objects.in_force(THURSDAY).exists()
    assert Sighting.objects.get().reason == "Клиент переехал"


def test_a_changed_decision_binds_until_its_successor_is_in_force(
    decision: Decision, olga: Party, boris: User, boris_employee: Employee, vera: User, vera_employee: Employee
) -> None:
    email = contact(olga, boris, boris_employee, THURSDAY)
    draft = DecisionDraft(kind=decision.kind, text="Скидка 25 %", amount=Decimal(25))
    successor = replace_decision(
        decision=decision, draft=draft, interaction=email, maker=boris_employee, by=boris, at=THURSDAY
    )
    assert Decision.objects.in_force(THURSDAY).get() == decision

    approve_decision(decision=successor, approver=vera_employee, by=vera, at=THURSDAY)
    assert Decision.objects.in_force(THURSDAY).get() == successor


def test_a_contact_deals_only_with_its_own_partys_decisions(
    decision: Decision, sever: Party, boris: User, boris_employee: Employee
) -> None:
    with pytest.raises(DecisionOfAnotherParty):
        keep_decisions(
            decisions=[decision], interaction=contact(sever, boris, boris_employee, THURSDAY), by=boris, at=THURSDAY
        )


def test_proposals_are_judged_once_by_another_with_authority(
    olga: Party, anna: User, anna_employee: Employee, discount: DecisionKind,
    boris: User, boris_employee: Employee, vera: User, vera_employee: Employee,
) -> None:  # fmt: skip
    proposal = made(olga, anna, anna_employee, discount, 20)
    with pytest.raises(OwnProposal):
        approve_decision(decision=proposal, approver=anna_employee, by=anna, at=NOON)
    with pytest.raises(NoAuthority):
        approve_decision(decision=proposal, approver=boris_employee, by=boris, at=NOON)

    refuse_decision(decision=proposal, approver=vera_employee, reason="Слишком много", by=vera, at=NOON)
    with pytest.raises(AlreadyJudged):
        approve_decision(decision=proposal, approver=vera_employee, by=vera, at=NOON)
    assert not Decision.objects.in_force(NOON).exists()


def test_above_the_heads_own_limit_not_even_the_head_approves(
    olga: Party, anna: User, anna_employee: Employee, discount: DecisionKind, vera: User, vera_employee: Employee
) -> None:
    with pytest.raises(NoAuthority):
        approve_decision(
            decision=made(olga, anna, anna_employee, discount, 31), approver=vera_employee, by=vera, at=NOON
        )


def test_a_contact_that_passes_a_decision_over_leaves_a_mark(
    decision: Decision, olga: Party, boris: User, boris_employee: Employee
) -> None:
    passed = contact(olga, boris, boris_employee, THURSDAY)
    dealt = contact(olga, boris, boris_employee, THURSDAY)
    note = contact(olga, boris, boris_employee, THURSDAY, channel="note")
    keep_decisions(decisions=[decision], interaction=dealt, by=boris, at=THURSDAY)

    ids = [passed.pk, dealt.pk, note.pk, decision.interaction_id or 0]
    assert note_undealt(interaction_ids=ids) == 1
    assert note_undealt(interaction_ids=ids) == 0
    assert Sighting.objects.get(outcome=Sighting.Outcome.NOT_DEALT_WITH).interaction == passed


def test_a_term_that_has_passed_binds_no_more(decision: Decision, olga: Party, anna: User, anna_employee: Employee,
                                              discount: DecisionKind) -> None:  # fmt: skip
    draft = DecisionDraft(kind=discount, text="До среды", valid_until=NOON + timedelta(days=1))
    short = make_decision(
        party=olga, draft=draft, interaction=decision.interaction, maker=anna_employee, by=anna, at=NOON
    )

    assert set(Decision.objects.in_force(NOON)) == {decision, short}
    assert set(Decision.objects.in_force(NOON + timedelta(days=1))) == {decision}


def test_standings_are_told_in_one_reading(
    decision: Decision, olga: Party, anna: User, anna_employee: Employee, discount: DecisionKind
) -> None:
    made(olga, anna, anna_employee, discount, 20)
    email = contact(olga, anna, anna_employee, THURSDAY)
    override_decision(decision=decision, interaction=email, reason="Иначе", by=anna, at=THURSDAY)
    made(olga, anna, anna_employee, discount, 5)

    rows = Decision.objects.with_standing(THURSDAY).order_by("standing").values_list("standing", "text")
    assert list(rows) == [("1_in_force", "Скидка 5 %"), ("2_proposed", "Скидка 20 %"), ("3_past", "Скидка 15 %")]
