"""Permissions about places."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class PlacePermission(StrEnum):
    """Areas are everyone's to read."""

    MANAGE = "area:manage"


# What the page of roles says: this part of the business, and each permission in plain words.
GROUP = _("Territories")
WORDS: Mapping[StrEnum, str | Promise] = {
    PlacePermission.MANAGE: _("set the tree of territories"),
}
