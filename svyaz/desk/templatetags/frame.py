"""What the frame of every page needs: the rail's items, the theme, who is at work."""

from dataclasses import dataclass

from django import template
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

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
def place_of_work(context: template.Context) -> str:
    """Return the reader's position and department; nothing for who is no employee."""
    user = getattr(context.get("request"), "user", None)
    employee = employee_of(user) if user is not None and user.pk else None
    return f"{employee.position} · {employee.department}" if employee else ""


@register.filter
def words(text: str) -> list[str]:
    """Return the words of a text, to repeat something for each."""
    return text.split()
