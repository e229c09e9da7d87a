"""Adding somebody to the people around a customer: one of the base, or somebody new with a phone."""

from datetime import datetime
from typing import Any

from svyaz.access.queries import Rights
from svyaz.parties.actions import introduce_person, relate_parties
from svyaz.parties.models import Party, PartyRelationship
from svyaz.parties.queries import find_by_identifier
from svyaz.users.models import User


class NobodyFound(Exception):
    """No party has this phone, e-mail, number or INN."""


class SeveralFound(Exception):
    """More than one party has it: a number shared by two people does not say who is meant."""


def add_person(party: Party, data: dict[str, Any], rights: Rights, *, by: User, at: datetime) -> PartyRelationship:
    """Relate somebody to the party. Raises NobodyFound, SeveralFound and what the actions raise."""
    relation = {name: data[name] for name in ("kind", "title", "decision_power")}
    if not data["known"].strip():
        names = {name: data[name] for name in ("family_name", "given_name", "middle_name", "phone")}
        return introduce_person(party=party, **names, **relation, by=by, at=at)
    found = list(find_by_identifier(data["known"], rights, at)[:2])
    if len(found) != 1:
        raise SeveralFound(data["known"]) if found else NobodyFound(data["known"])
    return relate_parties(party=party, other=found[0], **relation, by=by, at=at)
