"""How single values of a customer are called on the screen."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from svyaz.parties.models import PartyRole

Row = dict[str, Any]
ROLE_TONES = {"customer": "accent", "supplier": "money", "partner": "money", "dealer": "money", "competitor": "bad"}
CHANNEL_ICONS = {
    "phone": "call", "email": "email", "web": "web", "post": "letter", "fax": "fax", "meeting": "meeting",
    "note": "note",
}  # fmt: skip


def title_of(name: str, numbers: Iterable[str], party_id: int, legal_form: str = "") -> str:
    """Return what to call a party: its name, else its number, else the number of its card."""
    if name:
        return name if not legal_form or legal_form in name else f"{legal_form} «{name}»"
    number = next((number for number in numbers if number), "")
    return _("No. %(number)s") % {"number": number} if number else _("Card %(number)s") % {"number": party_id}


def role_badge(kind: str) -> Row:
    """Return a role as a badge."""
    return {"name": label(PartyRole.Kind, kind), "tone": ROLE_TONES.get(kind, "")}


def label(choices: Any, value: str) -> str:
    """Return the words of a choice; of an unknown one the value itself."""
    try:
        return str(choices(value).label)
    except ValueError:
        return value


def local_name(row: Row, field: str) -> str:
    """Return a name in the language of the screen, where the row has it in both."""
    english = row.get(f"{field}_en")
    return str(english if english and get_language() == "en" else row.get(field) or "")


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
