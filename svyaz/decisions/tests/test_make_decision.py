"""A decision: grounds with their value then, authority, rejected options, promises."""

from datetime import timedelta
from decimal import Decimal

import pytest

from svyaz.decisions.actions import (
    DecisionDraft,
    GroundDraft,
    NoAuthority,
    PromiseDraft,
    RejectedDraft,
    make_decision,
)
from svyaz.decisions.models import Decision, DecisionKind
from svyaz.decisions.queries import UnknownFact
from svyaz.history.models import Event
from svyaz.interactions.actions import InteractionDraft, record_interaction
from svyaz.interactions.models import Interaction
from svyaz.parties.models import Party
from svyaz.services.models import Product, ProductOffering
from svyaz.users.models import User
from svyaz.workforce.models import Employee
from tests.cast import NOON


@pytest.fixture
def call(olga: Party, anna: User, anna_employee: Employee) -> Interaction:
    draft = InteractionDraft(channel="phone", text="Просит отключить интернет")
    return record_interaction(party=olga, draft=draft, employee=anna_employee, by=anna, at=NOON)


def decide(call: Interaction, kind: DecisionKind, by: User, maker: Employee, **fields: object) -> Decision:
    draft = DecisionDraft(kind=kind, text="Скидка на 6 месяцев", **fields)  # type: ignore[arg-type]
    assert call.party is not None
    return make_decision(party=call.party, draft=draft, interaction=call, maker=maker, by=by, at=NOON)


def test_within_the_limit_it_is_in_force_at_once(
    call: Interaction, discount: DecisionKind, anna: User, anna_employee: Employee
) -> None:
    decision = decide(call, discount, anna, anna_employee, amount=Decimal(15))

    assert decision.state == Decision.State.IN_FORCE
    assert (decision.authority, decision.authority_limit) == ("Оператор контакт-центра", Decimal(15))
    assert list(Decision.objects.visible_to(anna).in_force(NOON)) == [decision]


def test_above_the_limit_it_waits_for_approval(
    call: Interaction, discount: DecisionKind, anna: User, anna_employee: Employee
) -> None:
    decision = decide(call, discount, anna, anna_employee, amount=Decimal("15.01"))

    assert decision.state == Decision.State.PROPOSED
    assert not Decision.objects.in_force(NOON).exists()
    assert list(Decision.objects.awaiting_approval()) == [decision]


def test_without_any_limit_of_ones_roles_nothing_is_decided(
    call: Interaction, discount: DecisionKind, admin: User, anna_employee: Employee
) -> None:
    with pytest.raises(NoAuthority):
        decide(call, discount, admin, anna_employee, amount=Decimal(1))

    assert not Decision.objects.exists()


def test_the_contact_is_the_ground_when_nothing_is_pinned(
    call: Interaction, discount: DecisionKind, anna: User, anna_employee: Employee
) -> None:
    ground = decide(call, discount, anna, anna_employee).grounds.get()

    assert (ground.fact, ground.reference_id) == ("interaction", call.pk)
    assert ground.value["text"] == "Просит отключить интернет"


def test_a_ground_keeps_the_value_of_its_moment(
    call: Interaction, discount: DecisionKind, anna: User, anna_employee: Employee, olgas_internet: Product
) -> None:
    decision = decide(
        call,
        discount,
        anna,
        anna_employee,
        grounds=[GroundDraft("product", olgas_internet.pk), GroundDraft("solvency")],
    )
    olgas_internet.price = Decimal(900)
    olgas_internet.save()

    product, solvency = decision.grounds.order_by("id")
    assert product.value["price"] == "650.00"
    assert solvency.value["overdue_amount"] == 0


def test_a_fact_of_another_party_is_no_ground(
    call: Interaction,
    discount: DecisionKind,
    anna: User,
    anna_employee: Employee,
    sever: Party,
    internet: ProductOffering,
) -> None:
    foreign = Product.objects.create(party=sever, offering=internet, price=1, valid_from=NOON.date())

    with pytest.raises(UnknownFact):
        decide(call, discount, anna, anna_employee, grounds=[GroundDraft("product", foreign.pk)])
    with pytest.raises(UnknownFact):
        decide(call, discount, anna, anna_employee, grounds=[GroundDraft("horoscope")])

    assert not Decision.objects.exists()


def test_rejected_options_and_promises_are_written_with_it(
    call: Interaction, discount: DecisionKind, anna: User, anna_employee: Employee
) -> None:
    friday = NOON + timedelta(days=3)
    decision = decide(
        call, discount, anna, anna_employee,
        rejected=[RejectedDraft("Смена тарифа", "клиент против")], promises=[PromiseDraft("Подтвердить", friday)],
    )  # fmt: skip

    assert decision.rejected.get().reason == "клиент против"
    promise = decision.promises.get()
    assert (promise.due_at, promise.employee, promise.party_id) == (friday, anna_employee, call.party_id)
    kinds = list(Event.objects.filter(party_id=call.party_id).order_by("id").values_list("kind", flat=True))
    assert kinds[-3:] == ["interaction.recorded", "decision.made", "promise.made"]
