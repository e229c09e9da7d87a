"""The list of employees as it is declared."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from svyaz.decisions.permissions import DecisionPermission
from svyaz.decisions.queries import promise_load
from svyaz.desk.employees.acts import ACTS
from svyaz.desk.lists.columns import Column, Kind, Look, Order, attribute, dim, loaded, words
from svyaz.desk.lists.definition import Empty, Group, ListOf, Preset, declare
from svyaz.desk.lists.filters import ChoiceFilter, DayFilter, OneChoice, RowFilter, TextFilter
from svyaz.desk.templatetags.desk import initials
from svyaz.interactions.queries import contacts_per_employee
from svyaz.lib.text import name_key
from svyaz.workforce.models import Employee, Presence
from svyaz.workforce.permissions import WorkforcePermission
from svyaz.workforce.queries import customers_managed, departments_below, departments_in_use, skills

MONTH = timedelta(days=30)
PRESENCE_TONES = {"available": "good", "busy": "wait"}


def _name(row: Any, value: Any, look: Look) -> str:
    return format_html(
        '<span class="avatar small neutral" aria-hidden="true">{}</span> <a class="whole" href="{}">{}</a>',
        initials(value), reverse("desk:employee", args=[row.pk]), value,
    )  # fmt: skip


def _skills(row: Any, look: Look) -> str:
    return ", ".join(str(one.skill) for one in row.skills.all())


def _skill_badges(row: Any, value: Any, look: Look) -> str:
    return format_html_join(" ", '<span class="badge line">{}</span>', ((one.skill,) for one in row.skills.all()))


def _presence(row: Any, look: Look) -> str:
    presence = getattr(row, "presence", None)
    return str(presence.get_state_display()).capitalize() if presence is not None else ""


def _presence_badge(row: Any, value: Any, look: Look) -> str:
    if not value:
        return ""
    return format_html('<span class="badge {}">{}</span>', PRESENCE_TONES.get(row.presence.state, ""), value)


def _promises(ids: Sequence[int], look: Look) -> Mapping[int, Any]:
    load = promise_load(ids, viewer=look.user, at=look.at)
    return {employee: found["open"] for employee, found in load.items()}


COLUMNS = (
    Column("name", _("Name"), attribute("name"), show=_name, order=Order("name_key")),
    Column("position", _("Position"), attribute("local_position"), show=dim, order=Order("position")),
    Column(
        "department", _("Department"), words("department"), show=dim, joins=("department",),
        order=Order("department__name"),
    ),
    Column("skills", _("Skills"), _skills, show=_skill_badges, fetches=("skills__skill",)),
    Column("presence", _("Presence"), _presence, show=_presence_badge, joins=("presence",)),
    Column("number", _("Staff number"), attribute("number"), show=dim, order=Order("number"), is_shown=False),
    Column(
        "hired", _("Works here since"), attribute("hired_date"), Kind.DATE, is_shown=False,
        order=Order("hired_date", newest_first=True),
    ),
    Column("left", _("Left on"), attribute("left_date"), Kind.DATE, is_shown=False),
    Column(
        "promises", _("Open promises"), loaded("promises", 0), Kind.NUMBER, load=_promises,
        needs=DecisionPermission.READ, is_shown=False,
    ),
    Column(
        "contacts", _("Contacts in 30 days"), loaded("contacts", 0), Kind.NUMBER, is_shown=False,
        needs=WorkforcePermission.READ_DEPARTMENT,
        load=lambda ids, look: contacts_per_employee(ids, since=look.at - MONTH),
    ),
    Column(
        "customers", _("Customers managed"), loaded("customers", 0), Kind.NUMBER, is_shown=False,
        load=lambda ids, look: customers_managed(ids, look.user, look.at.date()),
    ),
)  # fmt: skip

FILTERS = (
    RowFilter(
        "department", _("Department"), "department", rows=lambda look: departments_in_use(),
        beneath=lambda one: departments_below({one}),
    ),
    ChoiceFilter("presence", _("Presence"), "presence__state", choices=Presence.State.choices),
    RowFilter("skill", _("Skill"), "skills__skill", rows=lambda look: skills()),
    TextFilter("position", _("Position"), "position"),
    DayFilter("hired", _("Hired"), "hired_date"),
    OneChoice(
        "works", _("Works here"), on="works", choices=(("now", _("now")), ("left", _("no more")), ("any", _("any"))),
    ),
)  # fmt: skip


def _rows(look: Look, asked: Any) -> Any:
    found = Employee.objects.visible_to(look.user)
    works = next(iter(asked.values("works")), "now")
    if works == "now":
        return found.working()
    return found.filter(left_date__isnull=False) if works == "left" else found


def _search(rows: Any, text: str, look: Look) -> Any:
    for word in name_key(text).split():
        rows = rows.filter(name_key__contains=word)
    return rows


EMPLOYEES = declare(
    ListOf(
        "employees", _("Employees"), _("List of employees"), WorkforcePermission.READ, "desk:employees", _rows,
        COLUMNS, FILTERS, sort="name", search=_search, joins=("department",),
        empty=Empty(
            "employees", _("No employees yet"), _("The administrator sets up departments and who works in them."),
        ),
        groups=(
            Group(
                "department", _("Department"), lambda row, look: str(row.department),
                lambda row, look: row.department_id, path="department_id",
            ),
        ),
        acts=ACTS,
        presets=(Preset("there", _("Available now"), "presence=available"),),
    )
)  # fmt: skip
