"""What happens on the market."""

from enum import StrEnum


class MarketEvent(StrEnum):
    """Changes of competitors' offers."""

    COMPETITOR_ADDED = "competitor.added"
    OFFER_HEARD = "competitor_offer.heard"
    OFFER_ANSWERED = "competitor_offer.answered"
    OFFER_RESOLVED = "competitor_offer.resolved"
