"""Contacts as clients send them, in TM Forum's shape."""

from typing import Any

from pydantic import Field

from svyaz.api.drafts import FilledText, Id, Line, LongText, Moment, Period, Reference, Typed, Word
from svyaz.interactions.models import Channel, Interaction

MOST_PARTS = 50


class ChannelIn(Typed):
    """Where the contact took place: phone, email, web, post, fax, meeting or note."""

    id: Channel
    href: Line | None = None
    name: Line | None = None
    role: Word | None = None
    referred_type: Word | None = Field(None, alias="@referredType")


class ItemIn(Typed):
    """A service that the contact was about: a Product of the customer, or a ProductOffering."""

    id: Id | None = None
    reason: Line | None = None
    item: Reference


class NoteIn(Typed):
    """A remark; remarks follow the description."""

    id: Id | None = None
    author: Line | None = None
    date: Moment | None = None
    text: FilledText


class RelationshipIn(Typed):
    """An earlier contact with the same party, which this one answers."""

    id: Id
    href: Line | None = None
    relationship_type: Word | None = None


class ExternalIdentifierIn(Typed):
    """The contact's id in the system it came from; the same pair is taken once."""

    id: str = Field(min_length=1, max_length=255)
    owner: str = Field("", max_length=40)
    external_identifier_type: Word | None = None


class InteractionIn(Typed):
    """A contact as it is sent; status and the dates of record are the server's to fill, `attachment` is not taken."""

    channel: list[ChannelIn] = Field(min_length=1, max_length=1)
    direction: Interaction.Direction = Interaction.Direction.INBOUND
    reason: Line = ""
    description: LongText = ""
    interaction_date: Period = Period()
    related_party: list[Reference] = Field([], max_length=MOST_PARTS)
    interaction_item: list[ItemIn] = Field([], max_length=MOST_PARTS)
    note: list[NoteIn] = Field([], max_length=MOST_PARTS)
    interaction_relationship: list[RelationshipIn] = Field([], max_length=1)
    external_identifier: list[ExternalIdentifierIn] = Field([], max_length=1)
    attachment: list[dict[str, Any]] = Field([], max_length=0)
    status: Word | None = None
    status_change_date: Moment | None = None
    creation_date: Moment | None = None

    @property
    def text(self) -> str:
        """The description with the remarks below it."""
        return "\n\n".join(part for part in (self.description, *(note.text for note in self.note)) if part)
