"""Values of a party's own fields."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from svyaz.fields.actions import put_own_values
from svyaz.fields.models import OwnField
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import Party
from svyaz.parties.queries import links_to_parties
from svyaz.users.models import User


def set_own_values(*, party: Party, values: Mapping[str, Any], by: User | None, at: datetime) -> Party:
    """Change some of a party's own values; an empty one takes the value away. Nothing changes: no event.

    Raises NoSuchOwnField, MayNotSetOwnField, InvalidOwnValue (of `svyaz.fields.actions`).
    """
    return put_own_values(
        row=party, noun=OwnField.Noun.PARTY, values=values, event=PartyEvent.OWN_CHANGED, party_id=party.pk, by=by,
        at=at, party_kind=party.kind, may_link=links_to_parties(by),
    )  # fmt: skip
