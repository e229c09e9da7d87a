"""Expressions that attributes are made of: ids as text, references, periods."""

from typing import Any

from django.db.models import Case, F, Func, JSONField, OuterRef, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf

from svyaz.access.queries import Rights
from svyaz.api.resources.attributes import Attribute, Filter, Key, read_id
from svyaz.customer360.queries.compile import JsonObject
from svyaz.parties.models import PartyRole

TEXT = {"type": "string"}
CUSTOMER_PATH = "/tmf-api/customerManagement/v4/customer"
EMPLOYEE_PATH = "/tmf-api/svyaz/v1/employee"


class TitleCase(Func):
    """initcap(word): Individual, Organization."""

    function = "initcap"
    output_field = TextField()


class Joined(Func):
    """One text after another; none of them may be missing."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = TextField()


class JsonArray(Func):
    """json_build_array(value, …)."""

    function = "json_build_array"
    output_field = TextField()


def as_text(lookup: str) -> Any:
    """Return an id as the text that TM Forum wants."""
    return Cast(lookup, TextField())


def filled(lookup: str) -> Any:
    """Return a text, or nothing if it is empty."""
    return NullIf(F(lookup), Value(""))


def constant(text: str) -> Any:
    """Return a text that is always the same."""
    return Value(text, output_field=TextField())


def address(path: str, lookup: str = "pk") -> Any:
    """Return the address of a resource by its id."""
    return Joined(constant(f"{path}/"), as_text(lookup))


def midnight(lookup: str) -> Any:
    """Return the moment at which a day begins, in UTC: as text, which takes half as long as by way of a timestamp."""
    return Joined(as_text(lookup), constant("T00:00:00+00:00"))


def period(start: str, end: str, *, are_dates: bool = False) -> Any:
    """Return TM Forum's TimePeriod of two moments, or of two dates."""
    moment = midnight if are_dates else F
    begun = {"startDateTime": moment(start)}
    ended = JsonObject(**begun, endDateTime=moment(end))
    return Case(When(**{f"{end}__isnull": True, "then": JsonObject(**begun)}), default=ended)


def party_reference(path: str, **more: Any) -> Any:
    """Return a reference to a party: Individual or Organization."""
    kind = F(f"{path}__kind")
    href = Joined(constant("/tmf-api/party/v4/"), kind, constant("/"), as_text(path))
    referred = {"@type": constant("RelatedParty"), "@referredType": TitleCase(kind)}
    return JsonObject(id=as_text(path), href=href, name=F(f"{path}__name"), **more, **referred)


def customer_reference(rights: Rights, path: str = "party") -> Any:
    """Return a reference to the customer that a party is, or to the party itself where it is no customer."""
    roles = PartyRole.objects.visible_to(rights).customers().filter(party=OuterRef(path))
    shown = JsonObject(
        id=as_text("pk"), href=address(CUSTOMER_PATH), name=Coalesce(filled("party__name"), F("number")),
        role=constant("customer"), **{"@type": constant("RelatedParty"), "@referredType": constant("Customer")},
    )  # fmt: skip
    latest = roles.order_by(F("valid_to").desc(nulls_first=True), "-pk").values_list(shown, flat=True)[:1]
    party = Case(When(**{f"{path}__isnull": False, "then": party_reference(path, role=constant("party"))}))
    return Coalesce(Subquery(latest, output_field=JSONField()), party)


def employee_reference(path: str) -> Any:
    """Return a reference to an employee."""
    return JsonObject(
        id=as_text(path), href=address(EMPLOYEE_PATH, path), name=F(f"{path}__name"), role=constant("employee"),
        **{"@type": constant("RelatedParty"), "@referredType": constant("Employee")},
    )  # fmt: skip


def identity(path: str, kind: str) -> tuple[Attribute, ...]:
    """Return the attributes that every resource has and always gives: id, href, @type."""
    by_id = Filter("pk", "bigint", read_id)
    return (
        Attribute(
            "id",
            TEXT,
            lambda rights: as_text("pk"),
            filters=(by_id,),
            sort=(Key("pk", "bigint"),),
            is_always_given=True,
        ),
        Attribute("href", TEXT, lambda rights: address(path), is_always_given=True),
        Attribute("@type", TEXT, lambda rights: constant(kind), is_always_given=True),
    )
