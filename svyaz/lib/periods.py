"""Half-open periods: valid_from is in, valid_to is out, an empty valid_to is open."""

from datetime import date, datetime

from django.db.models import CheckConstraint, F, Q


def period_is_forward(name: str, start: str = "valid_from", end: str = "valid_to") -> CheckConstraint:
    """Return the named constraint that a period does not end before it begins."""
    return CheckConstraint(name=name, condition=Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": F(start)}))


def holds_at(moment: date | datetime, prefix: str = "") -> Q:
    """Return the condition that a row's period holds the moment."""
    start = Q(**{f"{prefix}valid_from__lte": moment})
    return start & (Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": moment}))
