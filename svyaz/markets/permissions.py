"""Permissions about markets."""

from enum import StrEnum


class MarketPermission(StrEnum):
    """Seeing and recording what competitors offer."""

    READ = "competitor_offer:read"
    RECORD = "competitor_offer:record"
