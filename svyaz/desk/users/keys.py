"""The keys of the desk on a page of their own: for who has no scripts, prints it, or wants to learn them in peace."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from svyaz.access.permissions import authenticated
from svyaz.desk.rendering import EmployeeRequest


@dataclass(frozen=True)
class Key:
    """What a key does; several that do the same stand together. Keys are places, the same in every layout."""

    keys: tuple[str, ...]
    words: Any


# By where they work; a test holds this list to the keys that the templates bind.
KEYS: tuple[tuple[Any, tuple[Key, ...]], ...] = (
    (
        _("Everywhere"),
        (
            Key(("Slash", "Mod+KeyK"), _("Search")),
            Key(("Shift+Slash",), _("List of keys")),
            Key(("KeyC",), _("New contact, or what was said in it")),
            Key(("Mod+Enter",), _("Save the form")),
            Key(("KeyZ",), _("Take back what was just done")),
            Key(("Escape",), _("Close, or leave the field")),
        ),
    ),
    (
        _("With a customer"),
        (
            Key(("KeyD",), _("Decision")),
            Key(("KeyP",), _("Promise")),
            Key(("KeyO",), _("Competitor's offer")),
            Key(("KeyK",), _("Keep the decisions in force")),
            Key(("KeyE",), _("Correct the fact in hand")),
            Key(("KeyH",), _("Hand over to a colleague")),
        ),
    ),
    (
        _("In lists and on the day"),
        (
            Key(("ArrowDown", "ArrowUp", "KeyJ", "KeyK"), _("Walk through the rows")),
            Key(("KeyF",), _("Filter")),
            Key(("KeyX",), _("Choose the row")),
            Key(("KeyK",), _("In a row: kept, or justified")),
            Key(("KeyB",), _("In a row: broken")),
            Key(("KeyW",), _("In a row: withdrawn by agreement")),
            Key(("KeyA",), _("In a row: approve")),
            Key(("KeyN",), _("In the administration: new")),
        ),
    ),
)


@require_safe
@authenticated
def keys(request: EmployeeRequest) -> HttpResponse:
    """Show the keys."""
    return render(request, "desk/users/keys.html", {"groups": KEYS})
