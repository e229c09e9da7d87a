"""Permissions about parties."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class PartyPermission(StrEnum):
    """Seeing and changing persons and companies."""

    READ = "party:read"
    WRITE = "party:write"
    READ_PERSONAL = "party:read_personal"
    UNMASK = "party:unmask"
    MERGE = "party:merge"
    UNMERGE = "party:unmerge"


# What the page of roles says: this part of the business, and each permission in plain words.
GROUP = _("Customers and partners")
WORDS: Mapping[StrEnum, str | Promise] = {
    PartyPermission.READ: _("see persons and companies"),
    PartyPermission.WRITE: _("change what is known of them"),
    PartyPermission.READ_PERSONAL: _("see documents, masked"),
    PartyPermission.UNMASK: _("show a document in full, with a reason"),
    PartyPermission.MERGE: _("merge two cards of one person or company"),
    PartyPermission.UNMERGE: _("part again what was merged"),
}
