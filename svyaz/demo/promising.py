"""What is promised in contacts and decisions, and what became of it."""

from datetime import datetime, timedelta

from svyaz.decisions.events import DecisionEvent
from svyaz.decisions.models import Promise, PromiseResult
from svyaz.demo.measures import MEASURES
from svyaz.demo.wording import day_words
from svyaz.demo.world import Client, Contact, Decided, World

_CALL_BACK = ("перезвонить", "перезвонить с ответом", "сообщить результат проверки", "прислать документы")
_DUE_HOURS = (12, 15, 18, 18, 20)
# Longer than this no promise stays without a word of what became of it.
_LONGEST_SILENCE = timedelta(days=8)


def promise_of_contact(world: World, client: Client, contact: Contact, decided: Decided | None) -> None:
    """Gather the promise of a contact: often with a decision, sometimes alone."""
    rng = client.rng
    if contact.channel == "note" or rng.random() > (0.6 if decided else 0.09):
        return
    words = MEASURES[decided.kind].promises if decided else _CALL_BACK
    due = client.at(contact.until, rng.choice(_DUE_HOURS))
    what = f"{rng.choice(words)} до {day_words(contact.until)}".capitalize()
    made = decided.at if decided else contact.at
    number = world.book.add(
        Promise, decision_id=decided.id if decided else None, interaction_id=contact.id, party_id=client.party_id,
        what=what, due_at=due, employee_id=contact.worker.id, made_at=made,
    )  # fmt: skip
    world.book.tell(
        DecisionEvent.PROMISE_MADE, "decisions.promise", number, client.party_id, made, by=contact.worker.user_id,
        what=what, due_at=due.isoformat(),
    )  # fmt: skip
    _resolve(world, client, contact, number, what, made, due)


def _resolve(
    world: World, client: Client, contact: Contact, number: int, what: str, made: datetime, due: datetime
) -> None:
    """Say what became of a promise: kept in time, kept early, broken, or past due and still open."""
    chance = client.rng.random()
    if due < world.moment:
        is_open = chance > 0.93 and world.moment - due < _LONGEST_SILENCE
        result = PromiseResult.Result.KEPT if chance < 0.86 else PromiseResult.Result.BROKEN
        at = made + (due - made) * 0.8 if result == PromiseResult.Result.KEPT else due + timedelta(hours=20)
    else:
        is_open, result, at = chance > 0.2, PromiseResult.Result.KEPT, made + (due - made) * 0.3
    if not is_open and at < world.moment:
        world.book.add(
            PromiseResult, promise_id=number, result=result.value, at=at,
            note="" if result == PromiseResult.Result.KEPT else "Не успели в срок",
            by_id=contact.worker.user_id or world.system.pk,
        )  # fmt: skip
        world.book.tell(
            DecisionEvent.PROMISE_RESOLVED, "decisions.promise", number, client.party_id, at,
            by=contact.worker.user_id, result=result.value,
        )  # fmt: skip
    elif due < world.moment:
        world.book.tell(
            DecisionEvent.PROMISE_PAST_DUE, "decisions.promise", number, client.party_id, due + timedelta(minutes=1),
            what=what,
        )  # fmt: skip
