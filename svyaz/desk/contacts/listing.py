"""The list of contacts as it is declared."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from svyaz.desk import party_cell
from svyaz.desk.customers.values import CHANNEL_ICONS
from svyaz.desk.lists.columns import Column, Kind, Look, Order, attribute, choice, dim, words
from svyaz.desk.lists.definition import Empty, Group, ListOf, Preset, declare, provide
from svyaz.desk.lists.filters import NONE, ChoiceFilter, MomentFilter, OneChoice, RowFilter, TextFilter
from svyaz.desk.own_columns import extras
from svyaz.desk.templatetags.desk import day_name
from svyaz.interactions.models import Channel, Interaction
from svyaz.interactions.permissions import InteractionPermission
from svyaz.interactions.queries import topics_in_use
from svyaz.services.models import ProductOffering
from svyaz.workforce.models import Employee
from svyaz.workforce.queries import departments_in_use, staff_of


def _party(row: Any, value: Any, look: Look) -> str:
    return party_cell.shown(row, value, look, picture=CHANNEL_ICONS.get(row.channel, "note"))


def _words(row: Any, look: Look) -> str:
    return str(row.subject or row.text[:140])


def _clip(row: Any, value: Any, look: Look) -> str:
    return format_html('<span class="clip">{}</span>', value) if value else ""


def day(row: Any, look: Look) -> date:
    """Return the reader's day of a contact."""
    return timezone.localtime(row.at).date()


def _waiting(operator: str, values: tuple[str, ...], look: Look) -> Q:
    return Q(pk__in=Interaction.objects.visible_to(look.user).unanswered(look.at).order_by().values("pk"))


def _whose(operator: str, values: tuple[str, ...], look: Look) -> Q:
    return Q(employee__in=staff_of(look.user).values("pk"))


COLUMNS = (
    Column("party", _("Customer"), party_cell.title, show=_party, fetches=party_cell.FETCHES, joins=party_cell.JOINS),
    Column("text", _("What about"), _words, show=_clip),
    Column("topic", _("Topic"), words("topic"), show=dim, joins=("topic",)),
    Column("channel", _("Channel"), choice("channel"), show=dim, is_shown=False),
    Column("direction", _("Direction"), choice("direction"), show=dim, is_shown=False),
    Column(
        "employee", _("Employee"), words("employee"), joins=("employee",),
        show=lambda row, value, look: party_cell.employee_link(row.employee_id, value),
    ),
    Column("department", _("Department"), words("department"), show=dim, joins=("department",), is_shown=False),
    Column(
        "service", _("Service"), words("offering"), joins=("offering",),
        show=lambda row, value, look: party_cell.service_link(row.offering_id, value),
    ),
    Column("at", _("When"), attribute("at"), Kind.MOMENT, order=Order("at", newest_first=True)),
    Column("until", _("Until"), attribute("ended_at"), Kind.MOMENT, is_shown=False),
    Column("medium", _("Number or address"), attribute("medium"), show=dim, is_shown=False),
)  # fmt: skip

FILTERS = (
    ChoiceFilter("channel", _("Channel"), "channel", choices=Channel.choices),
    ChoiceFilter("direction", _("Direction"), "direction", choices=Interaction.Direction.choices),
    RowFilter("topic", _("Topic"), "topic", rows=lambda look: topics_in_use(), special=((NONE, _("none")),)),
    RowFilter(
        "employee", _("Employee"), "employee", resolve=party_cell.my_employee,
        special=(("me", _("me")), (NONE, _("nobody"))),
        rows=lambda look: Employee.objects.visible_to(look.user).order_by("name_key", "pk"),
    ),
    OneChoice("answer", _("Answer"), custom=_waiting, choices=(("missing", _("without an answer")),)),
    OneChoice("of", _("Whose"), custom=_whose, choices=(("people", _("of my people")),)),
    RowFilter("department", _("Department"), "department", rows=lambda look: departments_in_use()),
    RowFilter(
        "service", _("Service"), "offering", special=((NONE, _("none")),),
        rows=lambda look: ProductOffering.objects.visible_to(look.user).order_by("name", "pk"),
    ),
    MomentFilter("at", _("When"), "at"),
    TextFilter("subject", _("Subject"), "subject"),
)  # fmt: skip


def _alias(name: str, value: str) -> tuple[str, str] | None:
    return ("at", "today") if (name, value) == ("since", "today") else None


CONTACTS = declare(
    ListOf(
        "contacts", _("Contacts"), _("List of contacts"), InteractionPermission.READ, "desk:contacts",
        lambda look, asked: Interaction.objects.visible_to(look.user),
        COLUMNS, FILTERS, sort="-at", prepare=party_cell.look_up, aliases=_alias,
        empty=Empty(
            "message-square", _("No contacts yet"),
            _("The first call, letter or meeting will stand here, with what was decided."),
        ),
        groups=(
            Group("day", _("Day"), lambda row, look: day_name(row.at), day, of_sort="at"),
            Group(
                "employee", _("Employee"), lambda row, look: str(row.employee or _("nobody")),
                lambda row, look: row.employee_id, path="employee_id", is_nullable=True,
            ),
        ),
        group="day",
        joins=("employee",),
        presets=(
            Preset("mine", _("Mine"), "employee=me"),
            Preset("today", _("Today"), "at=today"),
            Preset("waiting", _("Without an answer"), "answer=missing"),
            Preset("written", _("Letters"), "channel=email,post,fax"),
        ),
    )
)  # fmt: skip
provide("contacts", extras("contact"))
