"""How single values of a customer are called on the screen."""

from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import pgettext

from svyaz.desk.naming import CHANNEL_ICONS, label, title_of
from svyaz.lib import text
from svyaz.parties.models import PartyRole

__all__ = [
    "CHANNEL_ICONS", "Row", "day_of", "label", "local_name", "moment_of", "outcome_name", "role_badge", "short_name",
    "title_of",
]  # fmt: skip

Row = dict[str, Any]
ROLE_TONES = {"customer": "accent", "supplier": "money", "partner": "money", "dealer": "money", "competitor": "bad"}


def role_badge(kind: str) -> Row:
    """Return a role as a badge."""
    return {"name": label(PartyRole.Kind, kind), "tone": ROLE_TONES.get(kind, "")}


def local_name(row: Row, field: str) -> str:
    """Return a name in the language of the screen, where the row has it in both."""
    return text.local_name(str(row.get(field) or ""), str(row.get(f"{field}_en") or ""))


def short_name(name: str) -> str:
    """Return a colleague's name as one writes it beside a date: family name and initials."""
    family, *others = name.split()[:3] or [""]
    return " ".join([family, *(f"{other[0]}." for other in others)]).replace(" ", "\u00a0")


def outcome_name(outcome: str) -> str:
    """Return what a later contact did with a decision; a promise is kept in other words."""
    names = {
        "kept": pgettext("decision", "kept"), "changed": pgettext("decision", "changed"),
        "overridden": pgettext("decision", "overridden"), "not_dealt_with": pgettext("decision", "not dealt with"),
    }  # fmt: skip
    return names.get(outcome, outcome)


def moment_of(value: str | datetime | None) -> datetime | None:
    """Read a moment out of a panel."""
    return parse_datetime(value) if isinstance(value, str) else value


def day_of(value: str | date | None) -> date | None:
    """Read a day out of a panel."""
    return parse_date(value) if isinstance(value, str) else value
