"""How parties belong together."""

import pytest

from svyaz.history.models import Event
from svyaz.parties.actions import (
    AlreadyInHousehold,
    AlreadyRelated,
    CompanyAboveItself,
    InvalidField,
    NotInHousehold,
    RelatedToItself,
    RelationshipAlreadyEnded,
    create_organization,
    end_relationship,
    join_household,
    leave_household,
    relate_parties,
)
from svyaz.parties.models import PartyRelationship
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def test_a_person_is_a_companys_contact_person_with_decision_power(sever, olga, anna):
    relationship = relate_parties(
        party=sever, other=olga, kind="contact_person", title="Главный бухгалтер", decision_power="decides",
        by=anna, at=NOON,
    )  # fmt: skip

    assert list(PartyRelationship.objects.visible_to(anna)) == [relationship]
    assert Event.objects.latest("pk").details["name"] == "Смирнова Ольга Ивановна"


def test_a_relationship_is_made_once_at_a_time(sever, olga, anna):
    relationship = relate_parties(party=sever, other=olga, kind="payer", by=anna, at=NOON)
    with pytest.raises(AlreadyRelated):
        relate_parties(party=sever, other=olga, kind="payer", by=anna, at=NOON)

    end_relationship(relationship=relationship, by=anna, at=NOON)
    relate_parties(party=sever, other=olga, kind="payer", by=anna, at=NOON)

    with pytest.raises(RelationshipAlreadyEnded):
        end_relationship(relationship=relationship, by=anna, at=NOON)


def test_nobody_is_related_to_himself(olga, anna):
    with pytest.raises(RelatedToItself):
        relate_parties(party=olga, other=olga, kind="family", by=anna, at=NOON)


def test_companies_make_a_tree_and_no_ring(sever, anna):
    branch, office = (create_organization(name=name, by=anna, at=NOON) for name in ("Филиал", "Участок"))
    relate_parties(party=branch, other=sever, kind="parent_company", by=anna, at=NOON)
    relate_parties(party=office, other=branch, kind="parent_company", by=anna, at=NOON)

    with pytest.raises(CompanyAboveItself):
        relate_parties(party=sever, other=office, kind="parent_company", by=anna, at=NOON)


def test_a_person_is_no_parent_company(sever, olga, anna):
    with pytest.raises(InvalidField):
        relate_parties(party=sever, other=olga, kind="parent_company", by=anna, at=NOON)


def test_a_household_is_joined_and_left_once(olga, anna):
    member = join_household(party=olga, by=anna, at=NOON)
    assert member.household.name == "Смирнова"
    with pytest.raises(AlreadyInHousehold):
        join_household(party=olga, household=member.household, by=anna, at=NOON)

    leave_household(member=member, by=anna, at=NOON)

    with pytest.raises(NotInHousehold):
        leave_household(member=member, by=anna, at=NOON)


def test_a_company_lives_in_no_household(sever, anna):
    with pytest.raises(InvalidField):
        join_household(party=sever, by=anna, at=NOON)
