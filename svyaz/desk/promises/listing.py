"""The list of promises as it is declared."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from svyaz.decisions.models import PromiseResult
from svyaz.decisions.permissions import DecisionPermission
from svyaz.decisions.queries import promises_listed, promises_owned_by
from svyaz.desk import party_cell
from svyaz.desk.lists.columns import Column, Kind, Look, Order, attribute, dim, loaded, words
from svyaz.desk.lists.definition import Empty, Group, ListOf, Preset, declare
from svyaz.desk.lists.filters import MomentFilter, OneChoice, RowFilter, TextFilter
from svyaz.desk.promises.acts import ACTS
from svyaz.desk.templatetags.desk import day_name, moment
from svyaz.desk.work import end_of_day
from svyaz.workforce.models import Employee
from svyaz.workforce.queries import staff_of

OPEN = "open"
RESULT_TONES = {"kept": "good", "broken": "bad"}


def _what(row: Any, value: Any, look: Look) -> str:
    party = party_cell.party_of(row, look)
    if party and party["is_open"]:
        return format_html('<a class="whole" href="{}">{}</a>', reverse("desk:customer", args=[party["id"]]), value)
    return format_html('<span class="strong">{}</span>', value)


def _party(row: Any, value: Any, look: Look) -> str:
    return party_cell.shown(row, value, look, whole=False)


def _due(row: Any, value: Any, look: Look) -> str:
    left = (value - look.at).total_seconds() / 3600
    tone = "bad" if left < 2 else "wait" if left < 26 else ""
    if getattr(row, "result", None) is not None or not tone:
        return format_html('<span class="dim">{}</span>', moment(value))
    return format_html('<span class="badge {}">{}</span>', tone, moment(value))


def _result(row: Any, look: Look) -> str:
    result = getattr(row, "result", None)
    return str(result.get_result_display()).capitalize() if result is not None else ""


def _result_badge(row: Any, value: Any, look: Look) -> str:
    if not value:
        return ""
    return format_html('<span class="badge {}">{}</span>', RESULT_TONES.get(row.result.result, ""), value)


def look_up(rows: list[Any], look: Look) -> None:
    """Read once for a page which cards the viewer can open, and who answers for the promises now."""
    party_cell.look_up(rows, look)
    owners = Employee.objects.visible_to(look.user).in_bulk({row.owner_id for row in rows})
    look.loaded["owner"] = {row.pk: owners.get(row.owner_id) for row in rows}


def _owner(row: Any, look: Look) -> str:
    return str(loaded("owner")(row, look) or "")


COLUMNS = (
    Column("what", _("Promise"), attribute("what"), show=_what, joins=party_cell.JOINS, fetches=party_cell.FETCHES),
    Column("party", _("Customer"), party_cell.title, show=_party),
    Column("due", _("By when"), attribute("due_at"), Kind.MOMENT, show=_due, order=Order("due_at")),
    Column(
        "owner", _("Who answers for it"), _owner,
        show=lambda row, value, look: party_cell.employee_link(row.owner_id if value else None, value),
    ),
    Column("decision", _("Decision"), words("decision"), show=dim, joins=("decision",)),
    Column("result", _("Result"), _result, show=_result_badge, joins=("result",), is_shown=False),
    Column(
        "giver", _("Given by"), words("employee"), joins=("employee",), is_shown=False,
        show=lambda row, value, look: party_cell.employee_link(row.employee_id, value),
    ),
    Column("made", _("Given"), attribute("made_at"), Kind.MOMENT, is_shown=False),
)  # fmt: skip


def _is_due(operator: str, values: tuple[str, ...], look: Look) -> Q:
    tonight = end_of_day(look.at)
    return {
        "past": Q(due_at__lt=look.at),
        "today": Q(due_at__gte=look.at, due_at__lt=tonight),
        "coming": Q(due_at__gte=tonight),
    }[values[0]]


def _of(operator: str, values: tuple[str, ...], look: Look) -> Q:
    own = Employee.objects.visible_to(look.user).filter(user=look.user)
    people = own if values == ("me",) else staff_of(look.user)
    return promises_owned_by(list(people.values_list("pk", flat=True)))


def _owned(operator: str, values: tuple[str, ...], look: Look) -> Q:
    found = promises_owned_by(OWNER.ids(values, look))
    return ~found if operator == "not" else found


OWNER = RowFilter(
    "employee", _("Who answers for it"), custom=_owned, resolve=party_cell.my_employee, special=(("me", _("me")),),
    rows=lambda look: Employee.objects.visible_to(look.user).order_by("name_key", "pk"),
)  # fmt: skip
FILTERS = (
    OneChoice(
        "due", _("Due"), custom=_is_due,
        choices=(("past", _("past due")), ("today", _("due today")), ("coming", _("coming"))),
    ),
    OneChoice("of", _("Whose"), custom=_of, choices=(("me", _("mine")), ("mine", _("of my people")))),
    OWNER,
    OneChoice(
        "state", _("Result"), on="state",
        choices=((OPEN, _("open")), *PromiseResult.Result.choices, ("any", _("any"))),
        custom=lambda operator, values, look: Q(),
    ),
    MomentFilter("by", _("By when"), "due_at"),
    MomentFilter("made", _("Given"), "made_at"),
    TextFilter("what", _("Promise"), "what"),
)  # fmt: skip


def _rows(look: Look, asked: Any) -> Any:
    found = promises_listed(look.user)
    state = next(iter(asked.values("state")), OPEN)
    if state == OPEN:
        return found.open()
    return found if state == "any" else found.filter(result__result=state)


PROMISES = declare(
    ListOf(
        "promises", _("Promises"), _("List of promises"), DecisionPermission.READ, "desk:promises", _rows,
        COLUMNS, FILTERS, sort="due", prepare=look_up, joins=("result",),
        empty=Empty(
            "promise", _("Nothing is promised"),
            _("What is promised to a customer stands here until somebody says how it ended."),
        ),
        groups=(
            Group(
                "day", _("Day"), lambda row, look: day_name(row.due_at),
                lambda row, look: party_cell.day_of(row.due_at, look), of_sort="due",
            ),
        ),
        group="day",
        acts=ACTS,
        presets=(
            Preset("mine", _("Mine"), "of=me"),
            Preset("past", _("Past due"), "due=past"),
            Preset("people", _("Of my people"), "of=mine"),
        ),
    )
)  # fmt: skip
