"""What later contacts do with decisions in force: keep, change, override, or pass over."""

from svyaz.decisions.events import DecisionEvent
from svyaz.decisions.models import Sighting
from svyaz.demo.measures import OVERRIDES
from svyaz.demo.world import Client, Contact, Decided, World

Outcome = Sighting.Outcome
_EVENTS = {
    Outcome.KEPT: DecisionEvent.KEPT,
    Outcome.CHANGED: DecisionEvent.CHANGED,
    Outcome.OVERRIDDEN: DecisionEvent.OVERRIDDEN,
    Outcome.NOT_DEALT_WITH: DecisionEvent.NOT_DEALT_WITH,
}


def meet_decisions(world: World, client: Client, contact: Contact, new: Decided | None) -> None:
    """Gather, for every decision that binds at a contact, what was done with it."""
    if contact.channel == "note":
        return
    for earlier in client.decided:
        if earlier is new or not earlier.in_force or earlier.at >= contact.at:
            continue
        if new and earlier.until == new.at:
            _sight(world, client, earlier, contact, Outcome.CHANGED)
        elif earlier.until is None or earlier.until > contact.at:
            _sight(world, client, earlier, contact, _what(client))


def _what(client: Client) -> Outcome:
    chance = client.rng.random()
    if chance < 0.8:
        return Outcome.KEPT
    return Outcome.OVERRIDDEN if chance < 0.83 else Outcome.NOT_DEALT_WITH


def _sight(world: World, client: Client, decided: Decided, contact: Contact, outcome: Outcome) -> None:
    is_passed_over = outcome == Outcome.NOT_DEALT_WITH
    by = None if is_passed_over else contact.worker.user_id or world.system.pk
    reason = client.rng.choice(OVERRIDES) if outcome == Outcome.OVERRIDDEN else ""
    world.book.add(
        Sighting, decision_id=decided.id, interaction_id=contact.id, party_id=client.party_id, outcome=outcome.value,
        reason=reason, by_id=by, at=contact.at,
    )  # fmt: skip
    world.book.tell(
        _EVENTS[outcome], "decisions.decision", decided.id, client.party_id, contact.at, by=by,
        interaction=contact.id, reason=reason,
    )  # fmt: skip
    if outcome == Outcome.OVERRIDDEN:
        decided.until, decided.refused, decided.in_force = contact.at, True, False
