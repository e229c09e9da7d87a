"""Permissions about decisions."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DecisionPermission(StrEnum):
    """Seeing, making and approving decisions, and keeping promises."""

    READ = "decision:read"
    MAKE = "decision:make"
    APPROVE = "decision:approve"
    RESOLVE_PROMISE = "promise:resolve"
    MANAGE_KINDS = "decision_kind:manage"


# What the page of roles says: this part of the business, and each permission in plain words.
GROUP = _("Decisions and promises")
WORDS: Mapping[StrEnum, str | Promise] = {
    DecisionPermission.READ: _("see decisions with their grounds"),
    DecisionPermission.MAKE: _("decide and promise"),
    DecisionPermission.APPROVE: _("approve or refuse proposals"),
    DecisionPermission.RESOLVE_PROMISE: _("close and pass on promises"),
    DecisionPermission.MANAGE_KINDS: _("set kinds of decisions and limits"),
}
