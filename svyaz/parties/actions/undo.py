"""Taking back a change of what is known of a party, while it is fresh: each by the verb that is its inverse."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction

from svyaz.fields.actions import InvalidOwnValue, MayNotSetOwnField, NoSuchOwnField
from svyaz.history.models import Event
from svyaz.parties.actions import addresses, media, relations, wishes
from svyaz.parties.actions.checks import ChangedMeanwhile
from svyaz.parties.actions.create import change_party
from svyaz.parties.actions.own import set_own_values
from svyaz.parties.actions.roles import RoleAlreadyEnded, set_tier
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import AddressUse, ContactMedium, Party, PartyRelationship, PartyRole, Preference
from svyaz.places.models import Area
from svyaz.users.models import User

# As long as a toast may reasonably be thought of again; later a change is made like any other.
UNDO_WITHIN = timedelta(minutes=10)


class CannotBeUndone(Exception):
    """Only one's own change of a kind that has an inverse can be taken back."""


class TooLateToUndo(Exception):
    """The change was made too long ago to be taken back by one key."""


class ChangedSince(Exception):
    """What the change left is not so any more: taking it back would take back somebody else's work."""


# What the single verbs say when the state is no longer the one that the change left.
CHANGED_SINCE = (
    ChangedMeanwhile, RoleAlreadyEnded, media.MediumAlreadyEnded, media.MediumStillInUse, media.MediumAlreadyKnown,
    addresses.AddressAlreadyEnded, addresses.AddressStillInUse, relations.RelationshipAlreadyEnded,
    relations.RelationshipStillHolds, relations.AlreadyRelated, wishes.PreferenceAlreadyEnded,
    wishes.PreferenceStillHeld, wishes.PreferenceAlreadyKnown,
)  # fmt: skip


@transaction.atomic
def undo_change(*, event: Event, by: User, at: datetime) -> None:
    """Take back what an event tells of by the inverse verb, which records an event of its own.

    Raises CannotBeUndone, TooLateToUndo, ChangedSince; then nothing is changed.
    """
    if event.by_id != by.pk or event.kind not in INVERSES:
        raise CannotBeUndone(event)
    if at - event.at > UNDO_WITHIN:
        raise TooLateToUndo(event)
    try:
        INVERSES[event.kind](event, by, at)
    except CHANGED_SINCE as fact:
        raise ChangedSince(event) from fact


def _party(event: Event, by: User, at: datetime) -> None:
    former, new = dict(event.details["former"]), dict(event.details["new"])
    party = Party.objects.get(pk=event.subject_id)
    if party.is_person:
        # A person's name is made of its parts.
        former.pop("name", None)
    if "birth_date" in former:
        former["birth_date"] = date.fromisoformat(former["birth_date"]) if former["birth_date"] else None
    if "home_area" in former:
        former["home_area"] = Area.objects.filter(pk=former["home_area"]).first()
    change_party(party=party, changes=former, expected=new, by=by, at=at)


def _own(event: Event, by: User, at: datetime) -> None:
    party, was = Party.objects.get(pk=event.subject_id), event.details["new"]
    try:
        set_own_values(party=party, values=event.details["former"], expected=was, by=by, at=at)
    except (NoSuchOwnField, MayNotSetOwnField, InvalidOwnValue) as fact:
        # The field was archived, restricted or made required meanwhile.
        raise ChangedMeanwhile({}, was) from fact


def _tier(event: Event, by: User, at: datetime) -> None:
    role = PartyRole.objects.get(pk=event.subject_id)
    set_tier(role=role, tier=event.details["former"], expected=event.details["new"], by=by, at=at)


def _medium_of(event: Event) -> ContactMedium:
    return ContactMedium.objects.get(pk=event.subject_id)


def _prefer_again(event: Event, by: User, at: datetime) -> None:
    """Give the preference back to the medium that had it, if it is still in use."""
    former = ContactMedium.objects.current().filter(pk=event.details.get("former_preferred")).first()
    if former is not None:
        media.change_medium(medium=former, is_preferred=True, by=by, at=at)


def _added_medium(event: Event, by: User, at: datetime) -> None:
    media.end_medium(medium=_medium_of(event), valid_to=_medium_of(event).valid_from, by=by, at=at)
    _prefer_again(event, by, at)


def _changed_medium(event: Event, by: User, at: datetime) -> None:
    medium, was = _medium_of(event), bool(event.details.get("was_preferred"))
    if medium.is_preferred != event.details["is_preferred"]:
        raise ChangedMeanwhile({"is_preferred": medium.is_preferred}, event.details)
    media.change_medium(medium=medium, is_preferred=was, by=by, at=at)
    _prefer_again(event, by, at)


def _ended_medium(event: Event, by: User, at: datetime) -> None:
    was_preferred = bool(event.details.get("was_preferred"))
    media.restore_medium(medium=_medium_of(event), is_preferred=was_preferred, by=by, at=at)


def _replaced_medium(event: Event, by: User, at: datetime) -> None:
    former = ContactMedium.objects.get(pk=event.details["former"])
    media.end_medium(medium=_medium_of(event), valid_to=_medium_of(event).valid_from, by=by, at=at)
    media.restore_medium(medium=former, is_preferred=bool(event.details["was_preferred"]), by=by, at=at)
    _prefer_again(event, by, at)


def _added_address(event: Event, by: User, at: datetime) -> None:
    use = AddressUse.objects.get(pk=event.subject_id)
    addresses.end_address(use=use, valid_to=use.valid_from, by=by, at=at)
    for former in AddressUse.objects.filter(pk__in=event.details.get("ended", ())):
        addresses.restore_address(use=former, by=by, at=at)


def _ended_address(event: Event, by: User, at: datetime) -> None:
    addresses.restore_address(use=AddressUse.objects.get(pk=event.subject_id), by=by, at=at)


def _relationship_of(event: Event) -> PartyRelationship:
    return PartyRelationship.objects.get(pk=event.subject_id)


def _related(event: Event, by: User, at: datetime) -> None:
    relationship = _relationship_of(event)
    relations.end_relationship(relationship=relationship, valid_to=relationship.valid_from, by=by, at=at)


def _changed_relationship(event: Event, by: User, at: datetime) -> None:
    former, new = event.details["former"], event.details["new"]
    relations.change_relationship(relationship=_relationship_of(event), **former, expected=new, by=by, at=at)


def _ended_relationship(event: Event, by: User, at: datetime) -> None:
    relations.restore_relationship(relationship=_relationship_of(event), by=by, at=at)


def _saved_preference(event: Event, by: User, at: datetime) -> None:
    if not event.details.get("was_known"):
        wishes.end_preference(preference=Preference.objects.get(pk=event.subject_id), by=by, at=at)
    for former in Preference.objects.filter(pk__in=event.details.get("ended", ())):
        wishes.restore_preference(preference=former, by=by, at=at)


def _ended_preference(event: Event, by: User, at: datetime) -> None:
    wishes.restore_preference(preference=Preference.objects.get(pk=event.subject_id), by=by, at=at)


INVERSES: dict[str, Callable[[Event, User, datetime], None]] = {
    PartyEvent.CHANGED: _party,
    PartyEvent.OWN_CHANGED: _own,
    PartyEvent.TIER_CHANGED: _tier,
    PartyEvent.MEDIUM_ADDED: _added_medium,
    PartyEvent.MEDIUM_CHANGED: _changed_medium,
    PartyEvent.MEDIUM_ENDED: _ended_medium,
    PartyEvent.MEDIUM_REPLACED: _replaced_medium,
    PartyEvent.ADDRESS_ADDED: _added_address,
    PartyEvent.ADDRESS_ENDED: _ended_address,
    PartyEvent.RELATED: _related,
    PartyEvent.RELATIONSHIP_CHANGED: _changed_relationship,
    PartyEvent.RELATIONSHIP_ENDED: _ended_relationship,
    PartyEvent.PREFERENCE_SAVED: _saved_preference,
    PartyEvent.PREFERENCE_ENDED: _ended_preference,
}
