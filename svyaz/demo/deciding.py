"""Decisions that contacts end in: grounds with the values of then, rejected options, approvals, and how they ended."""

from datetime import datetime, timedelta
from decimal import Decimal

from svyaz.decisions.events import DecisionEvent
from svyaz.decisions.models import Approval, Decision, Ground, Outcome, RejectedOption
from svyaz.demo.grammar import quoted
from svyaz.demo.kinds import KINDS
from svyaz.demo.measures import APPROVAL_REFUSALS, MEASURES, Measure
from svyaz.demo.roles import ROLES
from svyaz.demo.staff import Worker
from svyaz.demo.wording import day_words
from svyaz.demo.world import Client, Contact, Decided, World

_TERMS = {plan.code: plan.judged_after for plan in KINDS}
_CHANNEL_WORDS = {
    "phone": "Телефон", "email": "Электронная почта", "web": "Сайт", "post": "Почта", "fax": "Факс",
    "meeting": "Личная встреча", "note": "Заметка",
}  # fmt: skip
# What companies are given is so many times more.
_COMPANY_FACTOR = 8
_MONEY_KINDS = {"recalculation", "compensation"}


def decide(world: World, client: Client, contact: Contact) -> Decided | None:
    """Gather the decision that a contact ends in, if it does."""
    kind = _kind_of(client, contact)
    if kind is None:
        return None
    rng, measure = client.rng, MEASURES[kind]
    maker, limit = _maker(world, client, contact, kind)
    amount = rng.choice(measure.amounts) if measure.amounts else None
    if amount and kind in _MONEY_KINDS and client.person is None:
        amount *= _COMPANY_FACTOR
    is_covered = amount is None or limit is None or amount <= limit
    at = contact.at + timedelta(minutes=rng.randint(2, 9))
    until = at + timedelta(days=measure.days)
    earlier = next((one for one in client.decided if one.kind == kind and _binds(one, at)), None)
    supersedes = earlier if earlier and rng.random() < 0.6 else None
    number = world.book.add(
        Decision, party_id=client.party_id, interaction_id=contact.id, subject_id=_subject(client, contact),
        subject_type="product" if contact.held else "party", kind_id=world.kinds[kind].pk, question=measure.question,
        text=_text(client, contact, measure, amount), measure=measure.measure, unit=world.kinds[kind].unit,
        amount=amount, maker_id=maker.id, department_id=maker.department_id, authority=ROLES[maker.role].name,
        authority_limit=limit, state=(Decision.State.IN_FORCE if is_covered else Decision.State.PROPOSED).value,
        made_at=at, valid_from=at, valid_until=until,
        review_on=(at + timedelta(days=measure.days // 2)).date() if measure.days > 100 else None,
        supersedes_id=supersedes.id if supersedes else None,
    )  # fmt: skip
    world.book.tell(
        DecisionEvent.MADE, "decisions.decision", number, client.party_id, at, by=maker.user_id,
        kind=kind, state="in_force" if is_covered else "proposed",
    )  # fmt: skip
    decided = Decided(number, kind, contact, at, until, is_covered)
    _ground(world, client, decided)
    for option, reason in rng.sample(measure.rejected, min(len(measure.rejected), rng.randint(0, 2))):
        world.book.add(RejectedOption, decision_id=number, option=option, reason=reason)
    if not is_covered:
        _judge(world, client, decided, maker)
    if supersedes and decided.in_force:
        supersedes.until = at
    client.decided.append(decided)
    return decided


def _kind_of(client: Client, contact: Contact) -> str | None:
    """Return the kind of decision, if the talk ends in one."""
    if contact.channel == "note":
        return None
    chance = client.rng.random()
    for kind, share in contact.talk.decisions:
        if chance < share:
            return kind
        chance -= share
    return None


def _binds(decided: Decided, at: datetime) -> bool:
    return decided.in_force and (decided.until is None or decided.until > at)


def _maker(world: World, client: Client, contact: Contact, kind: str) -> tuple[Worker, Decimal | None]:
    """Return who decides and up to which amount: the employee of the contact, or his head where he may not."""
    worker = contact.worker
    if (kind, worker.role) not in world.limits:
        worker = world.staff.head(contact.talk.department, client.region.code)
    return worker, world.limits[kind, worker.role]


def _subject(client: Client, contact: Contact) -> int:
    return contact.held.id if contact.held else client.party_id


def _text(client: Client, contact: Contact, measure: Measure, amount: int | None) -> str:
    tariff = quoted(contact.held.tariff.name) if contact.held else "все услуги"
    return client.rng.choice(measure.texts).format(amount=amount, tariff=tariff, until=day_words(contact.until))


def _ground(world: World, client: Client, decided: Decided) -> None:
    """Pin the contact, and what the talk was about, with the values of that moment."""
    contact = decided.contact
    label = f"{_CHANNEL_WORDS[contact.channel]}, {contact.at:%d.%m.%Y}: {contact.text[:120]}"
    value = {"channel": contact.channel, "at": contact.at.isoformat(), "text": contact.text}
    _pin(world, client, decided, "interaction", value, label, "interaction", contact.id)
    if contact.late:
        late = contact.late
        bill = {"amount": str(late.amount), "open": str(late.amount), "due_date": late.due.isoformat()}
        _pin(world, client, decided, "bill", bill, f"Счёт {late.number}: {late.amount} ₽", "bill", late.bill_id)
    held = contact.held
    if held and held.faults and contact.talk.topic in {"outage", "slow", "recalculation"}:
        faults = {"faults": held.faults}
        label = f"{held.tariff.name}: обрывов за месяц {held.faults}"
        _pin(world, client, decided, "product.faults", faults, label, "product", held.id)
    if decided.kind in {"discount", "equipment", "compensation"}:
        label = f"Клиент с {client.since.year} года"
        _pin(world, client, decided, "customer.since", client.since.isoformat(), label, "party_role", None)


def _pin(
    world: World, client: Client, decided: Decided, fact: str, value: object, label: str, kind: str, row: int | None
) -> None:
    world.book.add(
        Ground, decision_id=decided.id, party_id=client.party_id, fact=fact, value=value, label=label[:300],
        reference_type=kind, reference_id=row, read_at=decided.at,
    )  # fmt: skip


def _judge(world: World, client: Client, decided: Decided, maker: Worker) -> None:
    """Have the head approve or refuse what lies above the maker's limit; the newest still wait."""
    rng = client.rng
    approver = world.staff.head(decided.contact.talk.department, client.region.code)
    at = decided.at + timedelta(minutes=rng.randint(20, 1500))
    if approver.id == maker.id or at >= world.moment - timedelta(hours=rng.randint(0, 60)):
        return
    decided.in_force = rng.random() < 0.85
    decided.refused = not decided.in_force
    world.book.add(
        Approval, decision_id=decided.id, approver_id=approver.id, is_approved=decided.in_force, at=at,
        reason="" if decided.in_force else rng.choice(APPROVAL_REFUSALS),
    )  # fmt: skip
    world.book.tell(
        DecisionEvent.APPROVED if decided.in_force else DecisionEvent.REFUSED, "decisions.decision", decided.id,
        client.party_id, at, by=approver.user_id,
    )  # fmt: skip


def judge_outcomes(world: World, client: Client) -> None:
    """Measure the decisions whose term of judgement has passed, by the rule of `measure_outcomes`."""
    for decided in client.decided:
        days = _TERMS[decided.kind]
        until = decided.at + timedelta(days=days)
        if until > world.moment:
            continue
        has_left = client.left is not None and decided.at.date() <= client.left <= until.date()
        is_overridden = decided.refused and decided.until is not None and decided.until <= until
        outcomes: list[tuple[Outcome.Kind, dict[str, int]]] = [
            (Outcome.Kind.LEFT, {"role": client.role_id}) if has_left else (Outcome.Kind.STAYED, {}),
            (Outcome.Kind.REFUSED if is_overridden else Outcome.Kind.ACCEPTED, {}),
        ]
        if again := _complained_again(client, decided, until):
            outcomes.append((Outcome.Kind.COMPLAINED_AGAIN, {"interaction": again}))
        for kind, evidence in outcomes:
            world.book.add(
                Outcome, decision_id=decided.id, kind=kind.value, within_days=days, evidence=evidence, measured_at=until
            )
            world.book.tell(
                DecisionEvent.OUTCOME_MEASURED, "decisions.decision", decided.id, client.party_id, until,
                outcome=kind.value,
            )  # fmt: skip


def _complained_again(client: Client, decided: Decided, until: datetime) -> int | None:
    contact = decided.contact
    for later in client.contacts:
        if contact.at < later.at <= until and later.inbound and later.talk.topic == contact.talk.topic:
            return later.id
    return None
