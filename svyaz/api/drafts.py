"""Shapes of what clients send: words of TM Forum, lengths that the base keeps, moments of RFC 3339."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic.alias_generators import to_camel

from svyaz.api.resources.attributes import read_moment

LONGEST_TEXT = 100_000


def _moment(value: Any) -> datetime:
    if not isinstance(value, str):
        raise ValueError("must be a date-time (RFC 3339)")
    return read_moment(value)


Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
FilledLine = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_TEXT)]
FilledText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT)]


class Draft(BaseModel):
    """Something a client sends: spelled in camelCase, and nothing that nobody would read."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Typed(Draft):
    """TM Forum's extension points, taken and left aside."""

    type_: Word | None = Field(None, alias="@type")
    base_type: Word | None = Field(None, alias="@baseType")
    schema_location: Line | None = Field(None, alias="@schemaLocation")


class Reference(Typed):
    """A reference to something else."""

    id: Id
    href: Line | None = None
    name: Line | None = None
    role: Word | None = None
    referred_type: Word | None = Field(None, alias="@referredType")


class Period(Draft):
    """From when until when."""

    start_date_time: Moment | None = None
    end_date_time: Moment | None = None
