"""Values of a party's own fields."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from svyaz.fields.actions import put_own_values
from svyaz.fields.models import OwnField
from svyaz.parties.actions.checks import ChangedMeanwhile
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import Party
from svyaz.parties.queries import links_to_parties
from svyaz.users.models import User


@transaction.atomic
def set_own_values(
    *, party: Party, values: Mapping[str, Any], by: User | None, at: datetime,
    expected: Mapping[str, Any] | None = None,
) -> Party:  # fmt: skip
    """Change some of a party's own values; an empty one takes the value away. Nothing changes: no event.

    `expected` are the values that were seen: ChangedMeanwhile if others stand there now. Raises NoSuchOwnField,
    MayNotSetOwnField, InvalidOwnValue (of `svyaz.fields.actions`).
    """
    if expected is not None:
        party = Party.objects.select_for_update(of=("self",)).get(pk=party.pk)
        now = {code: party.own.get(code) for code in expected}
        if now != dict(expected):
            raise ChangedMeanwhile(now, dict(expected))
    return put_own_values(
        row=party, noun=OwnField.Noun.PARTY, values=values, event=PartyEvent.OWN_CHANGED, party_id=party.pk, by=by,
        at=at, party_kind=party.kind, may_link=links_to_parties(by),
    )  # fmt: skip
