"""The registry of what can be done at the desk: the palette and the list of keys are made of it, and of nothing else.

A new screen or action is one line here. A key is written as in `data-key`: a place on the keyboard (`KeyD`), with Mod
(Ctrl or Cmd), one after another (`KeyG>KeyD`), several with spaces between. The control that a key presses bears the
same words in its `data-key`; a test holds the two together.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from svyaz.access.permissions import AccessPermission
from svyaz.access.queries import Rights
from svyaz.decisions.permissions import DecisionPermission
from svyaz.exchange.permissions import ExchangePermission
from svyaz.interactions.permissions import InteractionPermission
from svyaz.markets.permissions import MarketPermission
from svyaz.parties.permissions import PartyPermission
from svyaz.workforce.permissions import WorkforcePermission


class Where(StrEnum):
    """Where something can be done."""

    CONTACT = "contact"  # a page with a composer: a customer's, or of a new contact
    ROW = "row"  # a list, mostly the row in hand
    EVERYWHERE = "everywhere"
    SCREEN = "screen"  # leads to a screen
    FORM = "form"  # inside a text field too


@dataclass(frozen=True)
class Command:
    """Something to do: its words, picture and key; what it presses (a selector), where it leads (an address's name)."""

    words: Any
    icon: str
    where: Where = Where.EVERYWHERE
    keys: str = ""
    press: str = ""
    url: str = ""
    permission: StrEnum | None = None
    # By which other words it is found.
    also: Any = ""
    # Only the list of keys tells of it.
    is_listed_only: bool = False
    # It comes when asked for, and does not stand there before a word is typed.
    is_asked_for: bool = False

    @property
    def selector(self) -> str:
        """Return the control that this presses: the one that it names, else the bearer of its first key."""
        first = self.keys.split(" ")[0]
        return self.press or (f'[data-key~="{first}"]' if first else "")

    @property
    def address(self) -> str:
        """Return where this leads; nothing where it leads nowhere or its screen is not there."""
        try:
            return reverse(self.url) if self.url else ""
        except NoReverseMatch:
            return ""

    def is_for(self, rights: Rights) -> bool:
        """Tell whether the viewer may do this at all; the action itself asks again."""
        return self.permission is None or rights.may(self.permission)


RECORD, DECIDE = InteractionPermission.RECORD, DecisionPermission.MAKE


def _kind(words: Any, icon: str, press: str) -> Command:
    """Return the choice of another kind of contact: one of many, so it comes when asked for."""
    return Command(words, icon, Where.CONTACT, press=press, permission=RECORD, is_asked_for=True)


COMMANDS: tuple[Command, ...] = (
    Command(_("Log a call"), "call", Where.CONTACT, "KeyC", url="desk:new_contact", permission=RECORD,
            also=_("write down a contact, incoming, talk")),
    Command(_("Record a decision"), "decision", Where.CONTACT, "KeyD Alt+KeyD", url="desk:new_contact",
            permission=DECIDE, also=_("decide, discount, grounds")),
    Command(_("Promise something"), "promise", Where.CONTACT, "KeyP Alt+KeyP", permission=DECIDE,
            also=_("call back, term")),
    Command(_("Note a competitor’s offer"), "offer", Where.CONTACT, "KeyO Alt+KeyO", permission=MarketPermission.RECORD,
            also=_("rival, price")),
    Command(_("Keep all decisions in force"), "check-check", Where.CONTACT, "KeyK", permission=DECIDE),
    Command(_("Hand over to a colleague"), "arrow-right-left", Where.CONTACT, "KeyH", permission=RECORD,
            also=_("give, transfer")),
    _kind(_("Write an e-mail down"), "email", '.kinds [value="email"]'),
    _kind(_("Write a letter down"), "letter", '.kinds [value="post"]'),
    _kind(_("Write a fax down"), "fax", '.kinds [value="fax"]'),
    _kind(_("Write a meeting down"), "meeting", '.kinds [value="meeting"]'),
    _kind(_("Write a message from the web down"), "web", '.kinds [value="web"]'),
    _kind(_("Write a note"), "note", '.kinds [value="note"]'),
    Command(_("Edit the card"), "pencil", Where.CONTACT, "KeyE", permission=PartyPermission.WRITE),
    Command(_("Select the row"), "square-check", Where.ROW, "KeyX", is_listed_only=True),
    Command(_("The promise is kept"), "check", Where.ROW, "KeyK", is_listed_only=True),
    Command(_("The promise is broken"), "x", Where.ROW, "KeyB", is_listed_only=True),
    Command(_("The promise is withdrawn"), "undo-2", Where.ROW, "KeyW", is_listed_only=True),
    Command(_("Approve the decision"), "check-check", Where.ROW, "KeyA", permission=DecisionPermission.APPROVE,
            is_listed_only=True),
    Command(_("Next or previous row"), "chevron-down", Where.ROW, "ArrowDown ArrowUp KeyJ", is_listed_only=True),
    Command(_("Add a filter"), "list-filter", Where.ROW, "KeyF", is_listed_only=True),
    Command(_("A new one in this list"), "plus", Where.ROW, "KeyN", is_listed_only=True),
    Command(_("Undo"), "undo-2", keys="KeyZ", is_listed_only=True),
    Command(_("New customer"), "user-plus", url="desk:new_contact", permission=RECORD,
            also=_("create, add, card, unknown caller")),
    Command(_("Search and commands"), "search", keys="Mod+KeyK Slash", url="desk:search", is_listed_only=True),
    Command(_("List of keys"), "keyboard", keys="Shift+Slash", url="desk:keys", also=_("help, hotkeys, shortcuts")),
    Command(_("Show or hide the side panel"), "panel-right", keys="BracketRight", also=_("aside, facts")),
    Command(_("Theme: light"), "sun", press='[data-theme-choice="light"]', url="desk:me", also=_("switch theme, day")),
    Command(_("Theme: dark"), "moon", press='[data-theme-choice="dark"]', url="desk:me", also=_("switch theme, night")),
    Command(_("Theme: as the system"), "monitor", press='[data-theme-choice="auto"]', url="desk:me",
            also=_("switch theme")),
    Command(_("Log out"), "log-out", press="[data-logs-out]", url="desk:me", also=_("exit, quit, end of shift")),
    Command(pgettext_lazy("screen", "My day"), "day", Where.SCREEN, "KeyG>KeyD", url="desk:day",
            also=_("home, tasks, promises due")),
    Command(_("Customers"), "customers", Where.SCREEN, "KeyG>KeyC", url="desk:customers",
            permission=PartyPermission.READ, also=_("subscribers, companies, people")),
    Command(_("Contacts"), "message-square", Where.SCREEN, "KeyG>KeyI", url="desk:contacts",
            permission=InteractionPermission.READ, also=_("inbox, calls, letters")),
    Command(_("Contacts in hand"), "square-check", Where.SCREEN, "KeyG>KeyT", url="desk:drafts", permission=RECORD,
            also=_("drafts, tabs")),
    Command(_("Decisions"), "scale", Where.SCREEN, "KeyG>KeyR", url="desk:decisions",
            permission=DecisionPermission.READ),
    Command(_("Promises"), "promise", Where.SCREEN, "KeyG>KeyP", url="desk:promises",
            permission=DecisionPermission.READ),
    Command(_("Employees"), "employees", Where.SCREEN, "KeyG>KeyE", url="desk:employees", also=_("colleagues, staff")),
    Command(_("Services"), "services", Where.SCREEN, "KeyG>KeyS", url="desk:services", also=_("tariffs, catalogue")),
    Command(_("Notifications"), "bell", Where.SCREEN, "KeyG>KeyN", url="desk:notices", also=_("news, messages, bell")),
    Command(_("My people’s day"), "users", Where.SCREEN, url="desk:people_day",
            permission=WorkforcePermission.READ_DEPARTMENT, also=_("head, load, stood still")),
    Command(_("Imports"), "upload", Where.SCREEN, url="desk:imports", permission=ExchangePermission.READ,
            also=_("file, table, spreadsheet, vCard")),
    Command(_("Exports"), "download", Where.SCREEN, url="desk:exports", permission=ExchangePermission.EXPORT),
    Command(_("Openings to review"), "eye", Where.SCREEN, url="desk:openings", permission=AccessPermission.REVIEW),
    Command(_("My settings"), "settings", Where.SCREEN, "KeyG>KeyM", url="desk:me",
            also=_("profile, language, password, time zone")),
    Command(_("Components"), "layout-grid", Where.SCREEN, url="desk:components", permission=AccessPermission.MANAGE,
            also=_("design system")),
    Command(_("Save the form"), "check", Where.FORM, "Mod+Enter", is_listed_only=True),
    Command(_("Leave the field, close what floats"), "x", Where.FORM, "Escape", is_listed_only=True),
)  # fmt: skip


def commands_for(rights: Rights) -> list[Command]:
    """Return what the viewer may do, in the order of the registry."""
    return [command for command in COMMANDS if command.is_for(rights)]
