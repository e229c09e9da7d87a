"""Permissions about markets."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class MarketPermission(StrEnum):
    """Seeing and recording what competitors offer."""

    READ = "competitor_offer:read"
    RECORD = "competitor_offer:record"
    MANAGE = "competitor:manage"


# What the page of roles says: this part of the business, and each permission in plain words.
GROUP = _("Competitors")
WORDS: Mapping[StrEnum, str | Promise] = {
    MarketPermission.READ: _("see competitors' offers"),
    MarketPermission.RECORD: _("record competitors' offers"),
    MarketPermission.MANAGE: _("keep the list of competitors"),
}
