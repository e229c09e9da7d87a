"""Permissions about contacts."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class InteractionPermission(StrEnum):
    """Seeing and recording contacts."""

    READ = "interaction:read"
    RECORD = "interaction:record"
    RECORD_FOR_OTHERS = "interaction:record_for_others"
    MANAGE_TOPICS = "topic:manage"


# What the page of roles says: this part of the business, and each permission in plain words.
GROUP = _("Contacts")
WORDS: Mapping[StrEnum, str | Promise] = {
    InteractionPermission.READ: _("see contacts"),
    InteractionPermission.RECORD: _("record contacts"),
    InteractionPermission.RECORD_FOR_OTHERS: _("record contacts for a colleague"),
    InteractionPermission.MANAGE_TOPICS: _("set the tree of topics"),
}
