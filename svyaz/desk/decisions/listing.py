"""The list of decisions as it is declared."""

from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from svyaz.decisions.models import Decision, Outcome
from svyaz.decisions.permissions import DecisionPermission
from svyaz.decisions.queries import kinds_in_use, proposals_to_judge
from svyaz.desk import party_cell
from svyaz.desk.lists.columns import Column, Kind, Look, Order, attribute, dim, words
from svyaz.desk.lists.definition import Empty, Group, ListOf, Preset, declare, provide
from svyaz.desk.lists.filters import ChoiceFilter, MomentFilter, NumberFilter, OneChoice, RowFilter, TextFilter
from svyaz.desk.own_columns import extras
from svyaz.desk.templatetags.desk import day_name
from svyaz.desk.work import OUTCOME_TONES, STANDINGS
from svyaz.workforce.models import Employee
from svyaz.workforce.queries import departments_in_use, staff_of

STATES = (
    ("in_force", _("in force")),
    ("proposed", _("waits for approval")),
    ("past", _("no longer in force")),
)
STANDING = {"in_force": "1_in_force", "proposed": "2_proposed", "past": "3_past"}
MONEY = "₽"


def _text(row: Any, value: Any, look: Look) -> str:
    party = party_cell.party_of(row, look)
    if party and party["is_open"]:
        return format_html('<a class="whole" href="{}">{}</a>', reverse("desk:customer", args=[party["id"]]), value)
    return format_html('<span class="strong">{}</span>', value)


def _party(row: Any, value: Any, look: Look) -> str:
    return party_cell.shown(row, value, look, whole=False)


def _state(row: Any, look: Look) -> str:
    words_of_state, _tone = STANDINGS.get(row.standing, (_past(row), ""))
    said = str(words_of_state)
    return said[:1].upper() + said[1:]


def _past(row: Any) -> Any:
    approval = getattr(row, "approval", None)
    return _("refused") if approval is not None and not approval.is_approved else _("no longer in force")


def _state_badge(row: Any, value: Any, look: Look) -> str:
    return format_html('<span class="badge {}">{}</span>', STANDINGS.get(row.standing, ("", ""))[1], value)


def _amount(row: Any, value: Any, look: Look) -> str:
    if value is None:
        return ""
    return format_html('<span class="nowrap">{} {}</span>', f"{value.normalize():f}".replace(".", ","), row.unit)


def _outcomes(row: Any, look: Look) -> str:
    return ", ".join(str(outcome.get_kind_display()) for outcome in row.outcomes.all())


def _outcome_badges(row: Any, value: Any, look: Look) -> str:
    found = [(OUTCOME_TONES.get(one.kind, ""), str(one.get_kind_display())) for one in row.outcomes.all()]
    return format_html_join(
        " ", '<span class="badge {}">{}</span>', ((tone, said.capitalize()) for tone, said in found)
    )


def _money(rows: Any, look: Look) -> Decimal | None:
    total: Decimal | None = rows.filter(unit=MONEY).aggregate(total=Sum("amount"))["total"]
    return total


COLUMNS = (
    Column("text", _("Decision"), attribute("text"), show=_text, joins=party_cell.JOINS, fetches=party_cell.FETCHES),
    Column("party", _("Customer"), party_cell.title, show=_party),
    Column("kind", _("Kind"), words("kind"), show=dim, joins=("kind",)),
    Column("amount", _("Amount"), attribute("amount"), Kind.NUMBER, show=_amount, is_shown=False),
    Column("unit", _("Unit"), attribute("unit"), show=dim, is_shown=False),
    Column("state", _("State"), _state, show=_state_badge, joins=("approval",)),
    Column(
        "maker", _("Decided by"), words("maker"), joins=("maker",),
        show=lambda row, value, look: party_cell.employee_link(row.maker_id, value),
    ),
    Column("department", _("Department"), words("department"), show=dim, joins=("department",), is_shown=False),
    Column("outcomes", _("How it ended"), _outcomes, show=_outcome_badges, fetches=("outcomes",)),
    Column("question", _("Question"), attribute("question"), show=dim, is_shown=False),
    Column("made", _("When"), attribute("made_at"), Kind.MOMENT, order=Order("made_at", newest_first=True)),
    Column("until", _("Valid until"), attribute("valid_until"), Kind.MOMENT, is_shown=False),
)  # fmt: skip


def _standing(operator: str, values: tuple[str, ...], look: Look) -> Q:
    found = Q(standing__in=[STANDING[value] for value in values])
    return ~found if operator == "not" else found


def _whose(operator: str, values: tuple[str, ...], look: Look) -> Q:
    if values == ("mine",):
        return Q(maker__user=look.user)
    if values == ("people",):
        return Q(maker__in=staff_of(look.user).values("pk"))
    return Q(pk__in=proposals_to_judge(look.user, at=look.at).order_by().values("pk"))


def _to_review(operator: str, values: tuple[str, ...], look: Look) -> Q:
    return Q(standing=STANDING["in_force"], review_on__lte=timezone.localdate(look.at))


FILTERS = (
    RowFilter("kind", _("Kind"), "kind", rows=lambda look: kinds_in_use()),
    ChoiceFilter("state", _("State"), custom=_standing, choices=STATES),
    OneChoice(
        "of", _("Whose"), custom=_whose,
        choices=(("mine", _("mine")), ("people", _("of my people")), ("judge", _("waiting for my approval"))),
    ),
    OneChoice("review", _("Look at it again"), custom=_to_review, choices=(("past", _("the day has come")),)),
    RowFilter(
        "maker", _("Decided by"), "maker", resolve=party_cell.my_employee, special=(("me", _("me")),),
        rows=lambda look: Employee.objects.visible_to(look.user).order_by("name_key", "pk"),
    ),
    RowFilter("department", _("Department"), "department", rows=lambda look: departments_in_use()),
    ChoiceFilter("outcome", _("How it ended"), "outcomes__kind", choices=Outcome.Kind.choices),
    NumberFilter("amount", _("Amount"), "amount"),
    MomentFilter("made", _("When"), "made_at"),
    TextFilter("text", _("Decision"), "text"),
)  # fmt: skip

DECISIONS = declare(
    ListOf(
        "decisions", _("Decisions"), _("List of decisions"), DecisionPermission.READ, "desk:decisions",
        lambda look, asked: Decision.objects.visible_to(look.user).with_standing(look.at),
        COLUMNS, FILTERS, sort="-made", prepare=party_cell.look_up,
        empty=Empty(
            "decision", _("No decisions yet"), _("What is decided in a contact stands here, with how it ended."),
        ),
        groups=(
            Group("day", _("Day"), lambda row, look: day_name(row.made_at), (
                lambda row, look: party_cell.day_of(row.made_at, look)
            ), of_sort="made"),
            Group("kind", _("Kind"), lambda row, look: str(row.kind), lambda row, look: row.kind_id, path="kind_id"),
            Group("maker", _("Decided by"), lambda row, look: str(row.maker), lambda row, look: row.maker_id,
                  path="maker_id"),
        ),
        joins=("kind", "maker"),
        presets=(
            Preset("mine", _("Mine"), "of=mine"),
            Preset("judge", _("To approve"), "of=judge", needs=DecisionPermission.APPROVE),
            Preset("review", _("To look at again"), "review=past"),
            Preset("force", _("In force"), "state=in_force"),
        ),
    )
)  # fmt: skip
provide("decisions", extras("decision"))
