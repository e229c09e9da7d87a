"""How the party that a row is about stands in a list: its name, a link where its card opens, and who else is named."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from svyaz.desk.icons import icon_name
from svyaz.desk.lists.columns import Look
from svyaz.desk.templatetags.desk import icon
from svyaz.desk.work import Reach, Row
from svyaz.workforce.queries import employee_of

FETCHES = ("party__roles",)
JOINS = ("party",)


def look_up(rows: list[Any], look: Look) -> None:
    """Read once for a page which cards the viewer can open."""
    look.loaded["reach"] = {0: Reach.of(look.user, look.at)}


def party_of(row: Any, look: Look) -> Row | None:
    """Return the row's party with its name and whether its card opens."""
    reach: Reach = look.loaded["reach"][0]
    return reach.party(row.party)


def title(row: Any, look: Look) -> str:
    """Return what the row's party is called."""
    party = party_of(row, look)
    return str(party["title"]) if party else _("nobody yet")


def shown(row: Any, value: Any, look: Look, *, picture: str = "", whole: bool = True) -> SafeString:
    """Show the row's party, the whole row as a link to its card."""
    party = party_of(row, look)
    mark = icon(icon_name(picture)) if picture else ""
    if party is None:
        return format_html('{} <span class="dim">{}</span>', mark, value)
    if not party["is_open"]:
        return format_html('{} {} <span class="badge line">{}</span>', mark, value, _("beyond my area"))
    kind = "whole" if whole else "dim"
    return format_html(
        '{} <a class="{}" href="{}">{}</a>', mark, kind, reverse("desk:customer", args=[party["id"]]), value
    )


def employee_link(employee_id: int | None, name: Any) -> str:
    """Show an employee as a link to his page."""
    if employee_id is None:
        return ""
    return format_html('<a class="dim" href="{}">{}</a>', reverse("desk:employee", args=[employee_id]), name)


def service_link(offering_id: int | None, name: Any) -> str:
    """Show a service as a link to its page."""
    if offering_id is None:
        return ""
    return format_html('<a class="dim" href="{}">{}</a>', reverse("desk:service", args=[offering_id]), name)


def my_employee(value: str, look: Look) -> int | None:
    """Return which employee `me` is."""
    employee = employee_of(look.user) if value == "me" else None
    return employee.pk if employee else None


def day_of(moment: Any, look: Look) -> Any:
    """Return the reader's day of a moment, under which rows are grouped."""
    from django.utils import timezone

    return timezone.localtime(moment).date()
