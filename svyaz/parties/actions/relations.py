"""How parties belong together: relationships and households."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from svyaz.history.actions import record
from svyaz.parties.actions.checks import InvalidField, as_expected, fits, one_of, required
from svyaz.parties.actions.create import create_individual
from svyaz.parties.actions.media import add_medium, phone_kind
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import Household, HouseholdMember, Party, PartyRelationship
from svyaz.parties.queries import group_of, groups_of, ids_of, is_one_party
from svyaz.places.models import Address
from svyaz.users.models import User

DEEPEST = 20


class AlreadyRelated(Exception):
    """The two parties are related in this way already."""


class RelatedToItself(Exception):
    """A party cannot be related to itself."""


class CompanyAboveItself(Exception):
    """The parent company already stands below this one."""


class RelationshipAlreadyEnded(Exception):
    """The relationship was ended before."""


class RelationshipStillHolds(Exception):
    """The relationship was not ended: there is nothing to restore."""


class AlreadyInHousehold(Exception):
    """The person lives in this household already."""


class NotInHousehold(Exception):
    """The person left the household before."""


@transaction.atomic
def relate_parties(
    *, party: Party, other: Party, kind: str, by: User | None, at: datetime, title: str = "", decision_power: str = "",
    valid_from: date | None = None,
) -> PartyRelationship:  # fmt: skip
    """Make `other` the contact person of, payer for, family of, parent of or representative of `party`.

    Raises RelatedToItself, AlreadyRelated, CompanyAboveItself, InvalidField.
    """
    one_of("kind", kind, PartyRelationship.Kind.values)
    one_of("decision_power", decision_power, PartyRelationship.DecisionPower.values)
    if is_one_party(party, other):
        raise RelatedToItself(party)
    if kind == PartyRelationship.Kind.PARENT_COMPANY:
        _refuse_ring(party, other)
    relationship = PartyRelationship(
        party=party, other=other, kind=kind, title=title.strip(), decision_power=decision_power,
        valid_from=valid_from or at.date(),
    )  # fmt: skip
    fits(relationship, "title")
    if not (party.is_alone and other.is_alone) and _are_related(party, other, kind):
        raise AlreadyRelated(party.pk, other.pk, kind)
    try:
        with transaction.atomic():
            relationship.save()
    except IntegrityError as error:
        if "party_relationship_once_at_a_time" in str(error):
            raise AlreadyRelated(party.pk, other.pk, kind) from error
        raise
    record(
        PartyEvent.RELATED, subject=relationship, party_id=party.pk, by=by, at=at,
        relationship=kind, other=other.pk, name=other.name, title=relationship.title,
    )  # fmt: skip
    return relationship


@transaction.atomic
def introduce_person(
    *, party: Party, kind: str, by: User | None, at: datetime, family_name: str = "", given_name: str = "",
    middle_name: str = "", phone: str = "", title: str = "", decision_power: str = "",
) -> PartyRelationship:  # fmt: skip
    """Create a person of the party's area, with a phone if there is one, and relate him to the party.

    Raises InvalidField and what `relate_parties` raises; then nothing is written.
    """
    if not (family_name + given_name + middle_name).strip():
        raise InvalidField("family_name", "", "empty")
    person = create_individual(
        family_name=family_name, given_name=given_name, middle_name=middle_name, home_area=party.home_area, by=by, at=at
    )
    if phone.strip():
        add_medium(party=person, kind=phone_kind(phone), value=phone, is_preferred=True, by=by, at=at)
    return relate_parties(
        party=party, other=person, kind=kind, title=title, decision_power=decision_power, by=by, at=at
    )


def _are_related(party: Party, other: Party, kind: str) -> bool:
    links = PartyRelationship.objects.filter(party__in=ids_of(party), other__in=ids_of(other), kind=kind)
    return links.filter(valid_to__isnull=True).exists()


def _refuse_ring(party: Party, parent: Party) -> None:
    if party.is_person or parent.is_person:
        raise InvalidField("kind", PartyRelationship.Kind.PARENT_COMPANY, "unknown")
    if party.canonical_pk in _companies_above(parent.pk) | {parent.canonical_pk}:
        raise CompanyAboveItself(party, parent)


def refuse_company_above_itself(pk: int) -> None:
    """Refuse what makes a company its own parent over others: a merge with one above it. Raises CompanyAboveItself."""
    if pk in _companies_above(pk):
        raise CompanyAboveItself(pk)


def _companies_above(pk: int) -> set[int]:
    """Return the canonical ids of the companies above one, those above what was merged into them included."""
    above: set[int] = set()
    level = set(group_of(pk))
    for _ in range(DEEPEST):
        links = PartyRelationship.objects.filter(
            party__in=level, kind=PartyRelationship.Kind.PARENT_COMPANY, valid_to__isnull=True
        )
        groups = groups_of(links.values_list("other_id", flat=True))
        new = set(groups.values()) - above
        if not new:
            break
        above |= new
        level = {member for member, canonical in groups.items() if canonical in new}
    return above


@transaction.atomic
def end_relationship(
    *, relationship: PartyRelationship, by: User | None, at: datetime, valid_to: date | None = None
) -> PartyRelationship:
    """End a relationship; it stays in the history of both. Raises RelationshipAlreadyEnded."""
    relationship = PartyRelationship.objects.select_for_update().get(pk=relationship.pk)
    if relationship.valid_to is not None:
        raise RelationshipAlreadyEnded(relationship)
    relationship.valid_to = max(valid_to or at.date(), relationship.valid_from)
    relationship.save(update_fields=["valid_to"])
    record(
        PartyEvent.RELATIONSHIP_ENDED, subject=relationship, party_id=relationship.party_id, by=by, at=at,
        relationship=relationship.kind, other=relationship.other_id,
    )  # fmt: skip
    return relationship


@transaction.atomic
def change_relationship(
    *, relationship: PartyRelationship, title: str, decision_power: str, by: User | None, at: datetime,
    expected: dict[str, str] | None = None,
) -> PartyRelationship:  # fmt: skip
    """Change position and decision power; `expected` are the `title` and `decision_power` that its author saw.

    Raises RelationshipAlreadyEnded, InvalidField, ChangedMeanwhile. Nothing changes: no event.
    """
    relationship = PartyRelationship.objects.select_for_update().get(pk=relationship.pk)
    if relationship.valid_to is not None:
        raise RelationshipAlreadyEnded(relationship)
    one_of("decision_power", decision_power, PartyRelationship.DecisionPower.values)
    former = {"title": relationship.title, "decision_power": relationship.decision_power}
    new = {"title": title.strip(), "decision_power": decision_power}
    as_expected(former, expected, new)
    if former == new:
        return relationship
    relationship.title, relationship.decision_power = new["title"], new["decision_power"]
    fits(relationship, "title")
    relationship.save(update_fields=["title", "decision_power"])
    record(
        PartyEvent.RELATIONSHIP_CHANGED, subject=relationship, party_id=relationship.party_id, by=by, at=at,
        former=former, new=new, other=relationship.other_id,
    )  # fmt: skip
    return relationship


@transaction.atomic
def restore_relationship(*, relationship: PartyRelationship, by: User | None, at: datetime) -> PartyRelationship:
    """Bring back a relationship that was ended by mistake. Raises RelationshipStillHolds, AlreadyRelated."""
    relationship = PartyRelationship.objects.select_for_update().get(pk=relationship.pk)
    if relationship.valid_to is None:
        raise RelationshipStillHolds(relationship)
    relationship.valid_to = None
    try:
        with transaction.atomic():
            relationship.save(update_fields=["valid_to"])
    except IntegrityError as error:
        if "party_relationship_once_at_a_time" in str(error):
            raise AlreadyRelated(relationship.party_id, relationship.other_id, relationship.kind) from error
        raise
    record(
        PartyEvent.RELATIONSHIP_RESTORED, subject=relationship, party_id=relationship.party_id, by=by, at=at,
        relationship=relationship.kind, other=relationship.other_id,
    )  # fmt: skip
    return relationship


@transaction.atomic
def join_household(
    *, party: Party, by: User | None, at: datetime, household: Household | None = None, name: str = "",
    address: Address | None = None, valid_from: date | None = None,
) -> HouseholdMember:  # fmt: skip
    """Count a person to a household, or to a new one of that name and address. Raises AlreadyInHousehold."""
    if not party.is_person:
        raise InvalidField("party", party.name, "unknown")
    if household is None:
        household = Household(name=required("name", name or party.family_name or party.name), address=address)
        fits(household, "name")
        household.save()
    if household.members.filter(party__in=ids_of(party), valid_to__isnull=True).exists():
        raise AlreadyInHousehold(party, household)
    member = HouseholdMember(household=household, party=party, valid_from=valid_from or at.date())
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError as error:
        if "household_member_once_at_a_time" in str(error):
            raise AlreadyInHousehold(party, household) from error
        raise
    record(PartyEvent.HOUSEHOLD_JOINED, subject=member, party_id=party.pk, by=by, at=at, household=household.name)
    return member


@transaction.atomic
def leave_household(
    *, member: HouseholdMember, by: User | None, at: datetime, valid_to: date | None = None
) -> HouseholdMember:
    """Count a person no longer to a household. Raises NotInHousehold."""
    member = HouseholdMember.objects.select_for_update(of=("self",)).select_related("household").get(pk=member.pk)
    if member.valid_to is not None:
        raise NotInHousehold(member)
    member.valid_to = max(valid_to or at.date(), member.valid_from)
    member.save(update_fields=["valid_to"])
    record(
        PartyEvent.HOUSEHOLD_LEFT, subject=member, party_id=member.party_id, by=by, at=at,
        household=member.household.name,
    )  # fmt: skip
    return member
