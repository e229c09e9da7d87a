"""Two years of contacts with a customer, on every channel, and what came of each."""

from datetime import date, datetime, timedelta
from random import Random

from svyaz.demo.chance import weighted, working_moment
from svyaz.demo.deciding import decide, judge_outcomes
from svyaz.demo.memory import meet_decisions
from svyaz.demo.promising import promise_of_contact
from svyaz.demo.rivalry import hear_offer
from svyaz.demo.talks import MAIN, Talk
from svyaz.demo.talks_business import BUSINESS_TALKS, CLAIM_TALK, DEBT_TALK
from svyaz.demo.talks_household import HOUSEHOLD_TALKS
from svyaz.demo.wording import answer_of, facts_of, words_of
from svyaz.demo.world import Client, Contact, Held, Late, Rival, World
from svyaz.interactions.events import InteractionEvent
from svyaz.interactions.models import Interaction, InteractionProduct, Participant

HORIZON_DAYS = 730
# A few customers are in contact all the time.
HEAVY_EVERY, HEAVY_AT = 2500, 7
_PEOPLE = (("phone", 52), ("email", 15), ("web", 12), ("meeting", 11), ("post", 3), ("fax", 1), ("note", 6))
_COMPANIES = (("phone", 38), ("email", 33), ("web", 3), ("meeting", 11), ("post", 5), ("fax", 6), ("note", 4))
_CLAIMS = (("post", 65), ("email", 20), ("meeting", 10), ("fax", 5))
_DEBTS = (("phone", 70), ("email", 15), ("web", 10), ("meeting", 5))


def add_contacts(world: World, client: Client) -> None:
    """Gather a customer's contacts in order of time, each with its decisions and promises."""
    for day, talk, late in sorted(_plan(world, client), key=lambda plan: plan[0]):
        _meet(world, client, day, talk, late)
    judge_outcomes(world, client)


def _plan(world: World, client: Client) -> list[tuple[date, Talk, Late | None]]:
    """Return on which days the customer is in contact, and why."""
    rng = client.rng
    talks = BUSINESS_TALKS if client.is_business else HOUSEHOLD_TALKS
    kinds = {str(held.tariff.kind) for held in client.products}
    fitting = [talk for talk in talks if not talk.kinds or kinds & {str(kind) for kind in talk.kinds}]
    last = client.left or world.as_of
    span = min((last - client.since).days, HORIZON_DAYS)
    count = min(int(rng.lognormvariate(1.1, 0.9)), 40)
    if client.index % HEAVY_EVERY == HEAVY_AT:
        count = rng.randint(260, 520)
    plan: list[tuple[date, Talk, Late | None]] = []
    for _ in range(count):
        day = last - timedelta(days=1 + int(rng.random() ** 1.6 * max(span - 1, 0)))
        plan.append((day, CLAIM_TALK if rng.random() < 0.025 else weighted(rng, fitting), None))
    for late in client.lates:
        day = late.due + timedelta(days=rng.randint(3, 15))
        if rng.random() < 0.3 and day < last and (late.paid is None or day <= late.paid):
            plan.append((day, DEBT_TALK, late))
    return plan


def _meet(world: World, client: Client, day: date, talk: Talk, late: Late | None) -> None:
    """Gather one contact and what it leads to."""
    rng = client.rng
    channel = _channel(client, talk)
    at = working_moment(rng, day, client.region.zone)
    if at >= world.moment:
        at = world.moment - timedelta(minutes=rng.randint(10, 600))
    inbound = channel != "note" and rng.random() > (0.6 if talk is DEBT_TALK else 0.1)
    until = at.date() + timedelta(days=rng.randint(1, 6))
    held = _subject(rng, client, talk)
    rival = _rival(world, client) if talk.topic in {"rival-offer", "leased-line"} else None
    price = int((held.price if held else 500) * rng.choice((60, 65, 70, 75, 80, 85)) / 100) // 10 * 10 or 10
    facts = facts_of(client, at.date(), until, held, late, rival, price)
    worker = world.staff.pick(rng, talk.department, client.region.code)
    text = words_of(rng, talk, channel, facts, client, inbound=inbound)
    contact = Contact(0, at, talk, channel, inbound, worker, text, until, rival, price, held, late)
    _record(world, client, contact, rng.choice(talk.subjects))
    client.contacts.append(contact)
    decided = decide(world, client, contact)
    meet_decisions(world, client, contact, decided)
    promise_of_contact(world, client, contact, decided)
    if rival and talk.topic == "rival-offer":
        hear_offer(world, client, contact, decided)
    if channel == "email" and inbound and rng.random() < 0.55:
        _answer(world, client, contact)


def _channel(client: Client, talk: Talk) -> str:
    shares: tuple[tuple[str, int], ...] = _PEOPLE if client.person else _COMPANIES
    if talk is CLAIM_TALK:
        shares = _CLAIMS
    elif talk is DEBT_TALK:
        shares = _DEBTS
    channel = client.rng.choices([name for name, _ in shares], [share for _, share in shares])[0]
    return "phone" if channel == "email" and not client.email else channel


def _subject(rng: Random, client: Client, talk: Talk) -> Held | None:
    """Return the product that a contact is about."""
    fitting = [held for held in client.products if held.tariff.kind in (talk.kinds or MAIN)]
    return rng.choice(fitting) if fitting and rng.random() < 0.9 else None


def _rival(world: World, client: Client) -> Rival:
    near = [rival for rival in world.rivals if client.region.code in rival.regions]
    return client.rng.choice(near)


def _record(world: World, client: Client, contact: Contact, subject: str) -> None:
    rng, worker = client.rng, contact.worker
    minutes = {"phone": rng.randint(1, 14), "meeting": rng.randint(10, 60)}.get(contact.channel)
    medium = client.mobile if contact.channel == "phone" else client.email if contact.channel == "email" else ""
    contact.id = _write(
        world, client, contact.at, contact.channel, subject=subject, text=contact.text,
        direction=_direction(inbound=contact.inbound), medium=medium,
        ended_at=contact.at + timedelta(minutes=minutes) if minutes else None,
        topic_id=world.topics[contact.talk.topic].pk, employee_id=worker.id, department_id=worker.department_id,
        position=worker.position, offering_id=world.offerings[contact.held.tariff.code] if contact.held else None,
        by=worker.user_id,
    )  # fmt: skip
    if contact.held:
        world.book.add(InteractionProduct, interaction_id=contact.id, product_id=contact.held.id)
    if client.contact_persons and rng.random() < 0.35:
        world.book.add(
            Participant, interaction_id=contact.id, party_id=rng.choice(client.contact_persons),
            role="представитель", on_behalf_of_id=client.party_id, state=Participant.State.CONFIRMED.value,
        )  # fmt: skip


def _direction(*, inbound: bool) -> str:
    return (Interaction.Direction.INBOUND if inbound else Interaction.Direction.OUTBOUND).value


def _write(world: World, client: Client, at: datetime, channel: str, *, by: int | None, **values: object) -> int:
    number = world.book.add(Interaction, party_id=client.party_id, channel=channel, at=at, recorded_at=at, **values)
    world.book.tell(
        InteractionEvent.RECORDED, "interactions.interaction", number, client.party_id, at, by=by,
        channel=channel, direction=values["direction"],
    )  # fmt: skip
    return number


def _answer(world: World, client: Client, contact: Contact) -> None:
    """Gather our written answer to a letter."""
    at = contact.at + timedelta(minutes=client.rng.randint(30, 2600))
    if at >= world.moment:
        return
    worker = contact.worker
    _write(
        world, client, at, contact.channel, subject="Ответ на обращение", medium=client.email,
        text=answer_of(client.rng, client, worker.name, contact.until), direction=_direction(inbound=False),
        topic_id=world.topics[contact.talk.topic].pk, employee_id=worker.id, department_id=worker.department_id,
        position=worker.position, offering_id=world.offerings[contact.held.tariff.code] if contact.held else None,
        in_reply_to_id=contact.id, by=worker.user_id,
    )  # fmt: skip
