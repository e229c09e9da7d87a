"""Decisions as clients send them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StrictBool, WithJsonSchema

from svyaz.api.drafts import Draft, FilledLine, FilledText, Id, Line, Moment, Period, Reference, Word
from svyaz.api.resources.attributes import read_moment
from svyaz.decisions.models import Decision

MOST_PARTS = 50


def _day(value: Any) -> date:
    if not isinstance(value, str):
        raise ValueError("must be a date (YYYY-MM-DD)")
    moment: datetime = read_moment(value)
    return moment.date()


def _amount(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("must be a number")
    return value


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Amount = Annotated[
    Decimal,
    BeforeValidator(_amount),
    Field(ge=0, max_digits=14, decimal_places=2, allow_inf_nan=False),
    WithJsonSchema({"type": "number", "minimum": 0, "multipleOf": 0.01}),
]


class LinkIn(Draft):
    """A reference by id."""

    id: Id
    href: Line | None = None


class GroundIn(Draft):
    """A fact to be pinned: its key and the row it stands on; the server reads its value."""

    fact: Word
    reference_id: Id | None = None


class RejectedIn(Draft):
    """An option that was considered and not taken, and why."""

    option: FilledLine
    reason: FilledLine


class PromiseIn(Draft):
    """What is promised, and by when; the maker answers for it."""

    what: FilledLine
    due_date_time: Moment


class SubjectIn(Draft):
    """What the decision binds, where it is not the whole party."""

    type: Decision.Subject
    id: Id


class DecisionIn(Draft):
    """A decision about a party, made in a contact or without one."""

    party: Reference | None = None
    interaction: LinkIn | None = None
    kind: Word
    text: FilledText
    question: Line = ""
    measure: Word = ""
    unit: Annotated[str, Field(max_length=16)] = ""
    amount: Amount | None = None
    subject: SubjectIn | None = None
    maker: Reference | None = None
    ground: list[GroundIn] = Field([], max_length=MOST_PARTS)
    rejected_option: list[RejectedIn] = Field([], max_length=MOST_PARTS)
    promise: list[PromiseIn] = Field([], max_length=MOST_PARTS)
    valid_for: Period = Period()
    review_date: Day | None = None
    supersedes: LinkIn | None = None


class ApprovalIn(Draft):
    """Whether a proposal goes into force, and why not."""

    is_approved: StrictBool
    reason: Line = ""
