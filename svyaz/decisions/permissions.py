"""Permissions about decisions."""

from enum import StrEnum


class DecisionPermission(StrEnum):
    """Seeing, making and approving decisions, and keeping promises."""

    READ = "decision:read"
    MAKE = "decision:make"
    APPROVE = "decision:approve"
    RESOLVE_PROMISE = "promise:resolve"
    MANAGE_KINDS = "decision_kind:manage"
