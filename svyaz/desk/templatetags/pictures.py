"""Pictures drawn on the server: the paths of a sparkline, the cells of a payment strip, dots and bars."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from svyaz.desk.templatetags.desk import icon

register = template.Library()

Number = int | float | Decimal
WIDTH, HEIGHT, EDGE = 70, 20, 2
CELL = 10
DOTS = 5
TONES = ("good", "wait", "bad")


@dataclass(frozen=True, slots=True)
class Cell:
    """One month of a payment strip, ready to be drawn."""

    x: int
    y: int
    width: int
    height: int
    tone: str
    title: str


@register.filter
def spark_line(values: Sequence[Number]) -> str:
    """Return the line of a sparkline as an SVG path in a box of 70 by 20."""
    points = _points(values)
    return "M" + " ".join(f"{x:g} {y:g}" for x, y in points) if points else ""


@register.filter
def spark_area(values: Sequence[Number]) -> str:
    """Return the surface under a sparkline as an SVG path."""
    points = _points(values)
    if not points:
        return ""
    return (
        f"M{points[0][0]:g} {HEIGHT} " + " ".join(f"{x:g} {y:g}" for x, y in points) + f" {points[-1][0]:g} {HEIGHT}z"
    )


def _points(values: Sequence[Number]) -> list[tuple[float, float]]:
    numbers = [float(value) for value in values]
    if len(numbers) < 2:
        return []
    low, high = min(numbers), max(numbers)
    step = WIDTH / (len(numbers) - 1)
    if high == low:
        return [(round(index * step, 1), HEIGHT / 2) for index in range(len(numbers))]
    scale = (HEIGHT - 2 * EDGE) / (high - low)
    return [(round(index * step, 1), round(HEIGHT - EDGE - (n - low) * scale, 1)) for index, n in enumerate(numbers)]


@register.filter
def strip_cells(months: Iterable[Mapping[str, str]]) -> list[Cell]:
    """Turn months (`tone` good, wait, bad or empty; `title`) into cells; worse stands taller, also without colour."""
    sizes = {"good": (4, 18), "wait": (2, 20), "bad": (0, 22), "": (18, 4)}
    cells = []
    for index, month in enumerate(months):
        tone = month.get("tone", "") or ""
        y, height = sizes[tone]
        cells.append(Cell(x=index * CELL, y=y, width=CELL - 2, height=height, tone=tone, title=month.get("title", "")))
    return cells


@register.filter
def strip_width(cells: Sequence[Cell]) -> int:
    """Return how wide the strip's drawing is, in its own units."""
    return max(len(cells) * CELL - 2, 1)


@register.filter
def strip_words(months: Sequence[Mapping[str, str]]) -> str:
    """Say a payment strip in words: 24 months: 20 on time, 2 late, 2 unpaid."""
    count = {tone: sum(1 for month in months if month.get("tone") == tone) for tone in TONES}
    parts = (
        ngettext("%(count)s on time", "%(count)s on time", count["good"]) % {"count": count["good"]},
        ngettext("%(count)s late", "%(count)s late", count["wait"]) % {"count": count["wait"]},
        ngettext("%(count)s unpaid", "%(count)s unpaid", count["bad"]) % {"count": count["bad"]},
    )
    months_words = ngettext("%(count)s month", "%(count)s months", len(months)) % {"count": len(months)}
    return f"{months_words}: {', '.join(parts)}"


@register.filter
def dot_row(grade: int) -> list[tuple[int, bool]]:
    """Return the five dots of a grade: where each stands and whether it is filled."""
    return [(index * 12 + 4, index < int(grade)) for index in range(DOTS)]


@register.filter
def dot_tone(grade: int) -> str:
    """Return what a grade out of five means: 4 and 5 good, 3 wait, less bad."""
    return "good" if int(grade) >= 4 else "wait" if int(grade) == 3 else "bad"


@register.filter
def dot_words(grade: int) -> str:
    """Say a grade in words for those who do not see the dots."""
    return _("%(grade)s of 5") % {"grade": int(grade)}


@register.filter
def counted(number: int | str) -> range:
    """Return a range to repeat something in a template."""
    return range(int(number))


@register.filter
def percent(value: Number, maximum: Number = 100) -> int:
    """Return a share of a maximum in whole percent, from 0 to 100; for the width of a bar."""
    share = float(value) / float(maximum) * 100 if maximum else 0.0
    return round(min(100.0, max(0.0, share)))


@register.simple_tag
def pin(fact: str, label: str, row_id: int | None = None) -> SafeString:
    """Draw a pin as `<c-pin>` does, for long lists: a fact's key, what it says, and the row it stands on."""
    words, title = _("Pin as a ground: %(label)s") % {"label": label}, _("Pin as a ground")
    ref = fact if row_id is None else f"{fact}:{row_id}"
    return format_html(
        '<label class="pin" title="{}"><input type="checkbox" name="ground" value="{}" form="composer" data-pin '
        'data-pin-label="{}" aria-label="{}">{}</label>',
        title, ref, label, words, icon("pin"),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def edit(context: template.Context, fact: str, label: str, row_id: int | None = None) -> SafeString | str:
    """Draw the pencil that opens a fact's form beside it; nothing for who may not correct it."""
    if not context.get("may_edit"):
        return ""
    key = f"edit-{fact}" if row_id is None else f"edit-{fact}-{row_id}"
    return format_html(
        '<a class="edit" id="{}" href="{}" hx-get="{}" hx-target="closest [data-editable]" hx-swap="beforeend" '
        'data-edit aria-label="{}" title="{}">{}</a>',
        key, address := _address_of_fact(context, fact, row_id), address, _("Edit: %(label)s") % {"label": label},
        _("Edit (E)"), icon("pencil"),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def add(context: template.Context, fact: str, label: str) -> SafeString | str:
    """Draw the link in a panel's head that opens the form of one more; nothing for who may not add it."""
    if not context.get("may_edit"):
        return ""
    address = _address_of_fact(context, fact, None)
    return format_html(
        '<a id="edit-{}" href="{}" hx-get="{}" hx-target="closest .panel-head" hx-swap="afterend" data-edit '
        'aria-label="{}">{}</a>',
        fact, address, address, label, _("add"),
    )  # fmt: skip


def _address_of_fact(context: template.Context, fact: str, row_id: int | None) -> str:
    party_id = context["party"]["id"]
    if row_id is None:
        return reverse("desk:customer_fact", args=[party_id, fact])
    return reverse("desk:customer_fact_row", args=[party_id, fact, row_id])
