"""The list of customers as it is declared: its columns, filters, orders and groups."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from svyaz.billing.permissions import BillingPermission
from svyaz.customer360.queries import listing as queries
from svyaz.desk.customers.acts import ACTS
from svyaz.desk.customers.values import role_badge, title_of
from svyaz.desk.lists.columns import Column, Kind, Look, Order, attribute, dim, loaded, words
from svyaz.desk.lists.definition import Empty, Group, ListOf, Preset, declare, provide
from svyaz.desk.lists.filters import NONE, ChoiceFilter, DayFilter, MomentFilter, OneChoice, RowFilter, TextFilter
from svyaz.desk.own_columns import extras
from svyaz.desk.templatetags.desk import initials, money, phone
from svyaz.interactions.permissions import InteractionPermission
from svyaz.lib.text import name_key
from svyaz.parties.models import Party, PartyRole
from svyaz.parties.permissions import PartyPermission
from svyaz.parties.queries import shown_birth_date
from svyaz.search.queries import find_by_identifier, find_by_name, looks_exact
from svyaz.services.models import ProductOffering
from svyaz.services.permissions import ServicePermission
from svyaz.workforce.models import Employee
from svyaz.workforce.permissions import WorkforcePermission
from svyaz.workforce.queries import employee_of

MOST_FOUND = 100
STATUS_TONES = {"suspended": "wait", "prospect": "accent"}
TIER_TONES = {"gold": "money", "platinum": "money"}


def _roles(party: Any) -> Iterable[PartyRole]:
    roles: Iterable[PartyRole] = party.listed_roles
    return roles


def _role(party: Any) -> PartyRole | None:
    """Return the role that stands for the party in a line: as a customer, else the first of today."""
    customer = next((role for role in _roles(party) if role.kind == PartyRole.Kind.CUSTOMER), None)
    return customer or next(iter(_current(party)), None)


def _current(party: Any) -> list[PartyRole]:
    roles = list(_roles(party))
    return [role for role in roles if role.valid_to is None] or roles[:1]


def title(party: Any, look: Look) -> str:
    """Return what a party is called."""
    form = "" if party.is_person else party.legal_form
    return title_of(party.name, [role.number for role in _roles(party)], party.pk, form)


def _named(party: Any, value: Any, look: Look) -> str:
    square = "" if party.is_person else " square neutral"
    return format_html(
        '<span class="avatar small{}" aria-hidden="true">{}</span> <a class="whole{}" href="{}">{}</a>',
        square, initials(value) if party.name else "#", "" if party.name else " num",
        reverse("desk:customer", args=[party.pk]), value,
    )  # fmt: skip


def _number(party: Any, look: Look) -> str:
    role = _role(party)
    return role.number if role else ""


def _role_names(party: Any, look: Look) -> str:
    return ", ".join(str(role.get_kind_display()) for role in _current(party))


def _role_badges(party: Any, value: Any, look: Look) -> str:
    # That a customer is one says nothing on this list; his other hats do.
    kinds = [role.kind for role in _current(party)]
    badges = [role_badge(kind) for kind in kinds if kind != PartyRole.Kind.CUSTOMER or len(kinds) > 1]
    return format_html_join(
        " ", '<span class="badge {}">{}</span>', ((one["tone"], _cap(one["name"])) for one in badges)
    )


def _cap(text: Any) -> str:
    said = str(text)
    return said[:1].upper() + said[1:]


def _status(party: Any, look: Look) -> str:
    role = _role(party)
    return _cap(role.get_status_display()) if role else ""


def _status_badge(party: Any, value: Any, look: Look) -> str:
    role = _role(party)
    if role is None or role.status == PartyRole.Status.ACTIVE:
        return dim(party, value, look)
    return format_html('<span class="badge {}">{}</span>', STATUS_TONES.get(role.status, ""), value)


def _tier(party: Any, look: Look) -> str:
    role = _role(party)
    return _cap(role.get_tier_display()) if role and role.tier else ""


def _tier_badge(party: Any, value: Any, look: Look) -> str:
    role = _role(party)
    if not value or role is None or role.tier not in TIER_TONES:
        return dim(party, value, look)
    return format_html('<span class="badge money">{}</span>', value)


def _since(party: Any, look: Look) -> date | None:
    role = _role(party)
    return role.valid_from if role else None


def _medium(party: Any, look: Look) -> str:
    medium = next(iter(party.listed_media), None)
    return medium.value if medium else ""


def _medium_shown(party: Any, value: Any, look: Look) -> str:
    return format_html('<span class="dim nowrap">{}</span>', value if "@" in value else phone(value)) if value else ""


def today(look: Look) -> date:
    """Return the reader's day."""
    return timezone.localdate(look.at)


def _managers(ids: Sequence[int], look: Look) -> Mapping[int, Any]:
    return {party: str(one) for party, one in queries.managers_of(ids, look.user, today(look)).items()}


def look_up(rows: list[Any], look: Look) -> None:
    """Forget what was fetched for the rows before these."""
    look.loaded.pop("products", None)


def _products(ids: Sequence[int], look: Look) -> Mapping[int, Any]:
    """Fetch how many services each party has and what they cost, once for both columns."""
    if "products" not in look.loaded:
        look.loaded["products"] = queries.monthly_of(ids, look.user)
    return look.loaded["products"]


def _counts(ids: Sequence[int], look: Look) -> Mapping[int, Any]:
    return {party: count for party, (count, _price) in _products(ids, look).items()}


def _prices(ids: Sequence[int], look: Look) -> Mapping[int, Any]:
    return {party: price for party, (_count, price) in _products(ids, look).items()}


def _bad_money(party: Any, value: Any, look: Look) -> str:
    return format_html('<span class="bad">{}</span>', money(value)) if value else ""


COLUMNS = (
    Column("name", _("Name"), title, show=_named, order=Order("name_key")),
    Column("number", _("Number"), _number, show=dim),
    Column("roles", _("Roles"), _role_names, show=_role_badges),
    Column("status", _("State"), _status, show=_status_badge),
    Column("tier", _("Worth tier"), _tier, show=_tier_badge, is_shown=False),
    Column("area", _("Area"), words("home_area"), show=dim, joins=("home_area",)),
    Column(
        "medium", _("Phone or e-mail"), _medium, show=_medium_shown, fetches=(queries.listed_media,),
    ),
    Column("since", _("Customer since"), _since, kind=Kind.DATE, is_shown=False),
    Column(
        "manager", _("Account manager"), loaded("manager"), show=dim, load=_managers, needs=WorkforcePermission.READ,
        is_shown=False,
    ),
    Column(
        "services", _("Services"), loaded("services", 0), Kind.NUMBER, load=_counts, needs=ServicePermission.READ,
        total=lambda rows, look: queries.monthly_total(rows.values("pk"), look.user)[0],
    ),
    Column(
        "monthly", _("A month"), loaded("monthly", 0), Kind.MONEY, load=_prices, needs=ServicePermission.READ,
        total=lambda rows, look: queries.monthly_total(rows.values("pk"), look.user)[1],
    ),
    Column(
        "overdue", _("Overdue"), loaded("overdue"), Kind.MONEY, show=_bad_money, needs=BillingPermission.READ,
        load=lambda ids, look: queries.overdue_of(ids, look.user, today(look)), is_shown=False,
        total=lambda rows, look: queries.overdue_total(rows.values("pk"), look.user, today(look)),
    ),
    Column(
        "contact", _("Last contact"), loaded("contact"), Kind.MOMENT, needs=InteractionPermission.READ, is_shown=False,
        load=lambda ids, look: queries.last_contacts_of(ids, look.user),
    ),
    Column(
        "created", _("In the base since"), attribute("created_at"), Kind.MOMENT, is_shown=False,
        order=Order("created_at", newest_first=True),
    ),
    Column("kind", _("Kind"), lambda row, look: _cap(row.get_kind_display()), show=dim, is_shown=False),
    Column("inn", _("INN"), attribute("inn"), show=dim, is_shown=False),
    Column("birth", _("Birth date"), lambda row, look: shown_birth_date(row, look.rights), show=dim, is_shown=False),
)  # fmt: skip


def my_employee(value: str, look: Look) -> int | None:
    """Return which employee `me` is."""
    employee = employee_of(look.user) if value == "me" else None
    return employee.pk if employee else None


def _managed(operator: str, values: tuple[str, ...], look: Look) -> Q:
    found = queries.managed_by(MANAGER.ids(values, look), today(look))
    if NONE in values:
        found |= ~queries.managed_at_all(today(look))
    return ~found if operator == "not" else found


def _having(operator: str, values: tuple[str, ...], look: Look) -> Q:
    found = queries.having_offering([int(value) for value in values])
    return ~found if operator == "not" else found


def _owing(operator: str, values: tuple[str, ...], look: Look) -> Q:
    found = queries.having_overdue(today(look))
    return found if values == ("overdue",) else ~found


def _named_like(operator: str, values: tuple[str, ...], look: Look) -> Q:
    key = name_key(values[0])
    found = Q(name_key=key) if operator == "" else Q()
    for word in key.split() if operator == "has" else ():
        found &= Q(name_key__contains=word)
    return found


MANAGER = RowFilter(
    "manager", _("Account manager"), custom=_managed, needs=WorkforcePermission.READ, resolve=my_employee,
    special=(("me", _("me")), (NONE, _("nobody"))),
    rows=lambda look: Employee.objects.visible_to(look.user).working().order_by("name_key", "pk"),
)  # fmt: skip
FILTERS = (
    OneChoice(
        "role", _("Role"), on="role", choices=(*PartyRole.Kind.choices, (queries.ANY_ROLE, _("any role"))),
        custom=lambda operator, values, look: Q(),
    ),
    ChoiceFilter("state", _("State"), "status", on="role", choices=PartyRole.Status.choices),
    ChoiceFilter("tier", _("Worth tier"), "tier", on="role", choices=PartyRole.Tier.choices),
    DayFilter("since", _("Became a customer"), "valid_from", on="role"),
    ChoiceFilter("kind", _("Kind"), "kind", choices=Party.Kind.choices),
    RowFilter(
        "area", _("Area"), "home_area", beneath=queries.areas_below, special=((NONE, _("not set")),),
        rows=lambda look: queries.areas_of_parties(look.user, PartyPermission.READ),
    ),
    MANAGER,
    RowFilter(
        "service", _("Has service"), custom=_having, needs=ServicePermission.READ,
        rows=lambda look: ProductOffering.objects.visible_to(look.user).order_by("name", "pk"),
    ),
    OneChoice(
        "debt", _("Bills"), custom=_owing, needs=BillingPermission.READ,
        choices=(("overdue", _("overdue")), ("none", _("nothing overdue"))),
    ),
    TextFilter("name", _("Name"), custom=_named_like),
    TextFilter("inn", _("INN"), "inn"),
    MomentFilter("created", _("Entered the base"), "created_at"),
)  # fmt: skip


def _rows(look: Look, asked: Any) -> Any:
    # Words search among parties of any role, unless one is named.
    usual = queries.ANY_ROLE if asked.text else PartyRole.Kind.CUSTOMER
    role = next(iter(asked.values("role")), usual)
    return queries.listed(look.user, role=role, roles=asked.gathered("role", look), ended=bool(asked.text))


def _search(rows: Any, text: str, look: Look) -> Any:
    found = look.loaded.get("found")
    if found is None:
        # As the search box finds; what lies beyond the viewer's areas is not on his list anyway.
        exact = find_by_identifier(look.user, text, limit=MOST_FOUND) if looks_exact(text) else []
        named = find_by_name(look.user, text, limit=MOST_FOUND) if "@" not in text else []
        found = {row.party_id: row for row in (*exact, *named)}
    return rows.filter(pk__in=list(found))


CUSTOMERS = declare(
    ListOf(
        "customers", _("Customers"), _("List of customers"), PartyPermission.READ, "desk:customers", _rows,
        COLUMNS, FILTERS, sort="name", search=_search, fetches=(queries.listed_roles,), prepare=look_up,
        empty=Empty(
            "users", _("No customers yet"),
            _("They come with an import (svyaz import customers FILE) or with their first contact."),
        ),
        groups=(
            Group(
                "area", _("Area"), lambda row, look: str(row.home_area or _("no area yet")),
                lambda row, look: row.home_area_id, path="home_area_id", is_nullable=True,
            ),
        ),
        joins=("home_area",),
        acts=ACTS,
        presets=(
            Preset("mine", _("My customers"), "manager=me", needs=WorkforcePermission.READ),
            Preset("companies", _("Companies"), "kind=organization"),
            Preset("suspended", _("Suspended"), "state=suspended"),
        ),
    )
)  # fmt: skip
provide("customers", extras("party"))
