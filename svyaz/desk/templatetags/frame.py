"""What the frame of every page needs: the rail's items, the theme, who is at work."""

from dataclasses import dataclass

from django import template
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import rights_of
from svyaz.desk.administration.sections import sections_of
from svyaz.desk.commands import Command, Where, commands_for
from svyaz.desk.drafts.queries import TaskTab, task_tabs
from svyaz.exchange.permissions import ExchangePermission
from svyaz.workforce.queries import employee_of

register = template.Library()

THEMES = ("auto", "light", "dark")
SECTIONS = (
    ("desk:day", "day", _("Day")),
    ("desk:customers", "customers", _("Customers")),
    ("desk:contacts", "message-square", _("Contacts")),
    ("desk:decisions", "scale", _("Decisions")),
    ("desk:employees", "employees", _("Employees")),
    ("desk:services", "services", _("Services")),
)


@dataclass(frozen=True, slots=True)
class RailItem:
    """One place of the rail."""

    url: str
    icon: str
    name: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Tasks:
    """The contacts in hand, and which of them this page is about."""

    tabs: list[TaskTab]
    current: str


@register.simple_tag(takes_context=True)
def rail_items(context: template.Context) -> list[RailItem]:
    """Return the rail's items; current is the one whose address is the longest beginning of this page's."""
    request = context.get("request")
    path = request.path if isinstance(request, HttpRequest) else ""
    found = []
    for name, icon, label in SECTIONS:
        try:
            found.append((reverse(name), icon, label))
        except NoReverseMatch:
            continue
    if isinstance(request, HttpRequest) and rights_of(request.user).may(ExchangePermission.READ):
        found.append((reverse("desk:imports"), "upload", _("Imports")))
    if isinstance(request, HttpRequest) and sections_of(request.user):
        found.append((reverse("desk:administration"), "settings", _("Administration")))
    current = max((url for url, _icon, _label in found if path.startswith(url)), key=len, default="")
    return [RailItem(url, icon, str(label), url == current) for url, icon, label in found]


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """Return the user's theme, before the log-in this browser's, so that the first paint is right without a script."""
    request = context.get("request")
    if not isinstance(request, HttpRequest):
        return THEMES[0]
    user = getattr(request, "user", None)
    wanted = user.theme if user is not None and user.is_authenticated else request.COOKIES.get("theme", "")
    return wanted if wanted in THEMES else THEMES[0]


@register.simple_tag(takes_context=True)
def side(context: template.Context) -> str:
    """Return whether this browser shows the side panel, so that the first paint is right without a script."""
    request = context.get("request")
    kept = request.COOKIES.get("side", "") if isinstance(request, HttpRequest) else ""
    return "hidden" if kept == "hidden" else "shown"


@register.simple_tag(takes_context=True)
def screen_keys(context: template.Context) -> list[Command]:
    """Return the screens that keys lead to and the reader may see, as the registry has them."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.pk:
        return []
    commands = commands_for(rights_of(user))
    return [one for one in commands if one.where == Where.SCREEN and one.keys and one.address]


@register.simple_tag(takes_context=True)
def place_of_work(context: template.Context) -> str:
    """Return the reader's position and department; nothing for who is no employee."""
    user = getattr(context.get("request"), "user", None)
    employee = employee_of(user) if user is not None and user.pk else None
    return f"{employee.local_position} · {employee.department}" if employee else ""


@register.simple_tag(takes_context=True)
def tasks_in_hand(context: template.Context) -> Tasks:
    """Return the contacts in hand as tabs; where one may be begun on this very page, that too."""
    if "tabs" in context:
        return Tasks(context["tabs"], context["current"])
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.pk:
        return Tasks([], "")
    composer, party = context.get("composer") or {}, context.get("party") or {}
    current = composer.get("uid", "")
    tabs = task_tabs(user, current=current)
    if current and not any(tab.is_current for tab in tabs):
        title = party.get("title") or gettext("New contact")
        tabs.append(TaskTab(current, "#composer", title, "call", is_current=True, is_written=False, is_passing=True))
    return Tasks(tabs, current)


@register.filter
def words(text: str) -> list[str]:
    """Return the words of a text, to repeat something for each."""
    return text.split()
