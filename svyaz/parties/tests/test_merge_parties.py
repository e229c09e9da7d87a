"""Merging parties that are one."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from svyaz.history.models import Event
from svyaz.parties.actions import (
    CompanyAboveItself,
    CustomerMustSurvive,
    DifferentINN,
    DifferentKinds,
    DocumentAlreadyKnown,
    InvalidField,
    MediumAlreadyKnown,
    MergedAlready,
    MergedIntoItself,
    PartyAlreadyExists,
    RelatedToItself,
    RoleAlreadyGiven,
    add_identification,
    add_medium,
    create_individual,
    create_organization,
    give_role,
    merge_parties,
    relate_parties,
    undo_merge,
)
from svyaz.parties.models import Merge, Party, PartyRole
from svyaz.parties.queries import canonical_id_of, find_by_identifier, group_of, matches_of
from tests.cast import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(primorsky):
    """Olga once more, as an import brought her: married name, another phone, no birth date."""
    party = create_individual(family_name="Волкова", given_name="Ольга", home_area=primorsky, by=None, at=NOON)
    give_role(party=party, kind="customer", number="90000001", by=None, at=NOON)
    add_medium(party=party, kind="mobile", value="+79217770000", by=None, at=NOON)
    return party


def merged(survivor, *others, by=None, chosen=None):
    return merge_parties(survivor=survivor, merged=others, chosen=chosen, reason="Одна и та же", by=by, at=NOON)


def test_the_merged_one_counts_as_the_survivor(olga, twin, vera):
    [merge] = merged(olga, twin, by=vera)

    twin.refresh_from_db()
    olga.refresh_from_db()
    assert (twin.merged_into, twin.canonical, olga.merged_into, olga.canonical) == (olga, olga, None, olga)
    assert list(Party.objects.canonical().filter(family_name__in=["Смирнова", "Волкова"])) == [olga]
    assert group_of(twin.pk) == group_of(olga.pk) == [olga.pk, twin.pk]
    assert (merge.survivor, merge.merged, merge.reason, merge.by) == (olga, twin, "Одна и та же", vera)


def test_it_is_recorded_once(olga, twin, vera):
    [merge] = merged(olga, twin, by=vera)

    [event] = Event.objects.filter(kind="party.merged")
    assert (event.subject_id, event.party_id, event.by) == (merge.pk, olga.pk, vera)
    assert event.details == {"merged": twin.pk, "merged_name": "Волкова Ольга", "reason": "Одна и та же", "chosen": []}


def test_chosen_values_are_ordinary_changes_with_the_former_ones_kept(olga, twin, vera):
    [merge] = merged(olga, twin, by=vera, chosen={"family_name": twin.pk, "given_name": olga.pk})

    olga.refresh_from_db()
    assert olga.name == "Волкова Ольга Ивановна"
    assert merge.chosen == {"family_name": {"former": "Смирнова", "chosen": "Волкова"}}
    changed = Event.objects.get(kind="party.changed")
    assert (changed.party_id, changed.details["new"]) == (
        olga.pk,
        {"family_name": "Волкова", "name": "Волкова Ольга Ивановна"},
    )


def test_several_at_once_each_give_what_was_chosen_of_them(olga, twin, primorsky, spb, vera):
    third = create_individual(family_name="Смирнова", given_name="Оля", home_area=spb, inn="", by=None, at=NOON)

    of_twin, of_third = merged(olga, twin, third, by=vera, chosen={"family_name": twin.pk, "home_area": third.pk})

    olga.refresh_from_db()
    assert (olga.family_name, olga.home_area) == ("Волкова", spb)
    assert list(of_twin.chosen) == ["family_name"]
    assert of_third.chosen == {"home_area": {"former": primorsky.pk, "chosen": spb.pk}}


def test_old_numbers_find_the_survivor(olga, twin, vera):
    merged(olga, twin)

    for text in ("90000001", "+7 921 777-00-00", "78120441"):
        assert list(matches_of(text, NOON)) == [olga.pk]
    assert list(find_by_identifier("90000001", vera, NOON)) == [olga]
    assert PartyRole.objects.filter(number__in=["90000001", "78120441"]).count() == 2


def test_a_chain_counts_as_its_end(olga, twin, primorsky):
    last = create_individual(family_name="Смирнова", given_name="О.", home_area=primorsky, by=None, at=NOON)
    give_role(party=last, kind="customer", by=None, at=NOON)
    merged(olga, twin)
    merged(last, olga)

    assert canonical_id_of(twin.pk) == canonical_id_of(olga.pk) == last.pk
    twin.refresh_from_db()
    assert twin.merged_into == olga


def test_nobody_is_merged_twice_or_into_itself(olga, twin, primorsky):
    other = create_individual(family_name="Смирнова", home_area=primorsky, by=None, at=NOON)
    give_role(party=other, kind="customer", by=None, at=NOON)
    merged(olga, twin)

    with pytest.raises(MergedAlready):
        merged(other, twin)
    with pytest.raises(MergedAlready):
        merged(twin, other)
    with pytest.raises(MergedIntoItself):
        merged(olga, olga)
    with pytest.raises(MergedIntoItself):
        merged(olga, other, other)
    assert Merge.objects.count() == 1


def test_a_person_is_no_company_and_two_inns_are_two_taxpayers(olga, sever, primorsky):
    with pytest.raises(DifferentKinds):
        merged(sever, olga)
    one = create_individual(family_name="А", inn="500100732259", by=None, at=NOON)
    two = create_individual(family_name="А", inn="526317984689", by=None, at=NOON)
    with pytest.raises(DifferentINN):
        merged(one, two)
    assert not Party.objects.filter(merged_into__isnull=False).exists()


def test_a_customer_stays_a_customer(sever, spb):
    supplier = create_organization(name="Север", home_area=spb, by=None, at=NOON)
    give_role(party=supplier, kind="supplier", by=None, at=NOON)

    with pytest.raises(CustomerMustSurvive):
        merged(supplier, sever)
    merged(sever, supplier)


def test_what_does_not_exist_cannot_be_chosen_and_a_reason_is_wanted(olga, twin, sever):
    for chosen in ({"kpp": twin.pk}, {"id": twin.pk}, {"family_name": sever.pk}):
        with pytest.raises(InvalidField):
            merged(olga, twin, chosen=chosen)
    with pytest.raises(InvalidField):
        merge_parties(survivor=olga, merged=[twin], reason="  ", by=None, at=NOON)
    twin.refresh_from_db()
    assert twin.is_alone


def test_the_survivor_may_take_over_the_inn(spb):
    nameless = create_organization(name="Север", home_area=spb, by=None, at=NOON)
    known = create_organization(name="ООО Север", inn="7707083893", kpp="770701001", by=None, at=NOON)

    [merge] = merged(nameless, known, chosen={"inn": known.pk, "kpp": known.pk})

    nameless.refresh_from_db()
    assert (nameless.inn, nameless.kpp) == ("7707083893", "770701001")
    undo_merge(merge=merge, by=None, at=NOON)
    nameless.refresh_from_db()
    assert (nameless.inn, nameless.kpp) == ("", "")


def test_the_inn_of_a_merged_company_is_not_given_to_another(sever, spb):
    twin = create_organization(name="Север", home_area=spb, by=None, at=NOON)
    give_role(party=twin, kind="customer", by=None, at=NOON)
    merged(twin, sever)

    with pytest.raises(PartyAlreadyExists):
        create_organization(name="Юг", inn="7707083893", kpp="770701001", by=None, at=NOON)


def test_a_company_cannot_be_merged_with_one_above_it(sever, spb):
    holding, between = (create_organization(name=name, by=None, at=NOON) for name in ("Холдинг", "Запад"))
    for below, above in ((sever, between), (between, holding)):
        relate_parties(party=below, other=above, kind="parent_company", by=None, at=NOON)

    with pytest.raises(CompanyAboveItself):
        merged(sever, holding)
    assert not Merge.objects.exists()


def test_what_one_of_the_group_has_is_not_given_to_another_again(olga, twin, anna):
    add_identification(party=twin, kind="passport", number="4010 123456", by=anna, at=NOON)
    merged(olga, twin)
    olga.refresh_from_db()

    with pytest.raises(RoleAlreadyGiven):
        give_role(party=olga, kind="customer", by=anna, at=NOON)
    with pytest.raises(MediumAlreadyKnown):
        add_medium(party=olga, kind="mobile", value="+79217770000", by=anna, at=NOON)
    with pytest.raises(DocumentAlreadyKnown):
        add_identification(party=olga, kind="passport", number="4010123456", by=anna, at=NOON)
    twin.refresh_from_db()
    with pytest.raises(RelatedToItself):
        relate_parties(party=olga, other=twin, kind="family", by=anna, at=NOON)


def test_the_base_refuses_half_a_merge(olga, twin):
    for wrong in ({"merged_into": olga}, {"canonical": olga}, {"merged_into": olga, "canonical": twin}):
        with pytest.raises(IntegrityError, match="party_canonical_follows_merge"), transaction.atomic():
            Party.objects.filter(pk=twin.pk).update(**wrong)
    merged(olga, twin)
    with pytest.raises(IntegrityError, match="merge_once_at_a_time"), transaction.atomic():
        Merge.objects.create(survivor=olga, merged=twin, reason="x", at=NOON + timedelta(days=1))


def test_a_person_without_a_value_may_be_given_one(twin, olga):
    merged(twin, olga, chosen={"birth_date": olga.pk})

    twin.refresh_from_db()
    assert twin.birth_date == date(1984, 3, 8)
