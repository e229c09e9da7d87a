"""Expressions that attributes are made of: ids as text, references, periods."""

from typing import Any

from django.db.models import DateTimeField, F, Func, TextField, Value
from django.db.models.functions import Cast, NullIf

from svyaz.api.resources.attributes import Attribute, Filter, Key, read_id
from svyaz.customer360.queries.compile import JsonObject

TEXT = {"type": "string"}


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


def period(start: str, end: str) -> Any:
    """Return TM Forum's TimePeriod; a day begins at midnight UTC."""
    return JsonObject(startDateTime=Cast(start, DateTimeField()), endDateTime=Cast(end, DateTimeField()))


def party_reference(path: str, **more: Any) -> Any:
    """Return a reference to a party: Individual or Organization."""
    kind = F(f"{path}__kind")
    href = Joined(constant("/tmf-api/party/v4/"), kind, constant("/"), as_text(path))
    referred = {"@type": constant("RelatedParty"), "@referredType": TitleCase(kind)}
    return JsonObject(id=as_text(path), href=href, name=filled(f"{path}__name"), **more, **referred)


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
