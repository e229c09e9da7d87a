"""What an employee did at a customer while the card was open to him, in words out of the events."""

from collections import Counter
from collections.abc import Callable

from django.utils.translation import ngettext

from svyaz.decisions.events import DecisionEvent
from svyaz.desk.customers.values import Row
from svyaz.interactions.events import InteractionEvent
from svyaz.markets.events import MarketEvent
from svyaz.parties.events import PartyEvent

CORRECTIONS = frozenset(PartyEvent) - {PartyEvent.IDENTIFICATION_UNMASKED, PartyEvent.SCORED}
DOINGS: tuple[tuple[frozenset[str], str, str, Callable[[int], str]], ...] = (
    (
        frozenset({InteractionEvent.RECORDED}), "message-square", "good",
        lambda count: ngettext("%(count)s contact", "%(count)s contacts", count),
    ),
    (
        frozenset({DecisionEvent.MADE, DecisionEvent.CHANGED, DecisionEvent.OVERRIDDEN, DecisionEvent.KEPT}),
        "decision", "good", lambda count: ngettext("%(count)s decision", "%(count)s decisions", count),
    ),
    (
        frozenset({DecisionEvent.PROMISE_MADE}), "promise", "good",
        lambda count: ngettext("%(count)s promise", "%(count)s promises", count),
    ),
    (
        frozenset({MarketEvent.OFFER_HEARD}), "offer", "",
        lambda count: ngettext("%(count)s offer of a competitor", "%(count)s offers of competitors", count),
    ),
    (
        frozenset(str(kind) for kind in CORRECTIONS), "pencil", "wait",
        lambda count: ngettext("%(count)s fact corrected", "%(count)s facts corrected", count),
    ),
    (
        frozenset({PartyEvent.IDENTIFICATION_UNMASKED}), "eye", "bad",
        lambda count: ngettext("%(count)s document shown", "%(count)s documents shown", count),
    ),
)  # fmt: skip


def done_words(done: Counter[str]) -> list[Row]:
    """Return what was done, each with how often; nothing where the card was only looked at."""
    found = [(sum(done[kind] for kind in kinds), icon, tone, words) for kinds, icon, tone, words in DOINGS]
    return [
        {"icon": icon, "tone": tone, "words": words(count) % {"count": count}}
        for count, icon, tone, words in found
        if count
    ]
