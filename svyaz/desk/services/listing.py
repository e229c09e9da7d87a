"""The catalogue as a list."""

from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from svyaz.desk.lists.columns import Column, Kind, Look, Order, attribute, badge, choice, dim
from svyaz.desk.lists.definition import Empty, Group, ListOf, Preset, declare
from svyaz.desk.lists.filters import NONE, ChoiceFilter, NumberFilter, RowFilter, TextFilter
from svyaz.desk.templatetags.desk import icon, money
from svyaz.places.queries import areas_on_sale
from svyaz.services.models import ProductOffering
from svyaz.services.permissions import ServicePermission


def _name(row: Any, value: Any, look: Look) -> str:
    return format_html(
        '{} <a class="whole" href="{}">{}</a>', icon(row.kind), reverse("desk:service", args=[row.pk]), value
    )


def _areas(row: Any, look: Look) -> str:
    return ", ".join(str(area) for area in row.areas.all()) or str(_("everywhere"))


def _price(row: Any, value: Any, look: Look) -> str:
    if value is None:
        return format_html('<span class="faint">{}</span>', _("by agreement"))
    return money(value, row.currency)


COLUMNS = (
    Column("name", _("Service"), lambda row, look: str(row), show=_name, order=Order("name")),
    Column("kind", _("Kind"), choice("kind"), show=dim, is_shown=False),
    Column("areas", _("Where"), _areas, show=dim, fetches=("areas",)),
    Column(
        "status", _("State"), choice("status"), show=badge({"draft": "wait"}, "status", quiet="active"),
        order=Order("status"),
    ),
    Column("price", _("A month"), attribute("price"), Kind.MONEY, show=_price, order=Order("price", is_nullable=True)),
    Column("currency", _("Currency"), attribute("currency"), show=dim, is_shown=False),
    Column("code", _("Code"), attribute("code"), show=dim, order=Order("code"), is_shown=False),
    Column("description", _("Description"), attribute("description"), show=dim, is_shown=False),
)  # fmt: skip

FILTERS = (
    ChoiceFilter("kind", _("Kind"), "kind", choices=ProductOffering.Kind.choices),
    ChoiceFilter("status", _("State"), "status", choices=ProductOffering.Status.choices),
    RowFilter("area", _("Sold in"), "areas", rows=lambda look: areas_on_sale(), special=((NONE, _("everywhere")),)),
    NumberFilter("price", _("A month"), "price"),
    TextFilter("name", _("Service"), "name"),
)  # fmt: skip


def _rows(look: Look, asked: Any) -> Any:
    places = [When(kind=kind, then=Value(place)) for place, kind in enumerate(ProductOffering.Kind.values)]
    # The kinds in the order in which people think of them, not by their codes.
    place = Case(*places, default=Value(99), output_field=IntegerField())
    return ProductOffering.objects.visible_to(look.user).annotate(place=place)


def _search(rows: Any, text: str, look: Look) -> Any:
    name = "name_en" if get_language() == "en" else "name"
    for word in text.split():
        rows = rows.filter(**{f"{name}__icontains": word})
    return rows


SERVICES = declare(
    ListOf(
        "services", _("Services"), _("List of services"), ServicePermission.READ_CATALOG, "desk:services", _rows,
        COLUMNS, FILTERS, sort="name", search=_search,
        empty=Empty(
            "services", _("The catalogue is empty"), _("Services come with an import or from the administrator."),
        ),
        groups=(
            Group(
                "kind", _("Kind"), lambda row, look: choice("kind")(row, look), lambda row, look: row.place,
                path="place",
            ),
        ),
        group="kind",
        presets=(Preset("sale", _("On sale"), "status=active"),),
    )
)  # fmt: skip
