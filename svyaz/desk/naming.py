"""What to call a party, and by which picture a channel is known: the same on every screen."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

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


def label(choices: Any, value: str) -> str:
    """Return the words of a choice; of an unknown one the value itself."""
    try:
        return str(choices(value).label)
    except ValueError:
        return value
