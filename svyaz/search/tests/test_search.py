"""One box: part of a name in any order, any exact identifier, areas and openings."""

import pytest

from svyaz.access.models import Opening
from svyaz.access.queries import is_in_hand, rights_of
from svyaz.billing.models import BillingAccount
from svyaz.parties.actions import add_medium, create_individual, give_role, merge_parties, undo_merge
from svyaz.parties.models import Party
from svyaz.places.models import Area
from svyaz.search.actions import search
from svyaz.search.queries import find_by_identifier, find_by_name, name_search_params
from svyaz.users.models import User
from tests.cast import NOON, OLGAS_PHONE


@pytest.mark.parametrize("text", ["смирн", "ОЛЬГА смир", "мирно льга", "иванов", "см ол", "Смирнова Ольга Ивановна"])
def test_any_part_of_a_name_in_any_order(olga: Party, anna: User, text: str) -> None:
    assert [found.party_id for found in find_by_name(anna, text)] == [olga.pk]


def test_yo_and_ye_are_one_letter(spb: Area, anna: User) -> None:
    party = create_individual(family_name="Соловьёв", given_name="Пётр", home_area=spb, by=None, at=NOON)
    assert [found.party_id for found in find_by_name(anna, "петр соловьев")] == [party.pk]


@pytest.mark.parametrize("text", ["%", "_", "\\", "", "   ", "'", "смирнова петровна", "%ольга%x"])
def test_wildcards_are_letters_like_others(olga: Party, anna: User, text: str) -> None:
    assert find_by_name(anna, text) == []


@pytest.mark.parametrize(
    "text", ["+7 921 555-12-34", "8 (921) 555 12 34", "89215551234", "79215551234", "78120441", "ЛС-1"]
)
def test_exact_identifiers_in_any_spelling(olga: Party, olgas_account: BillingAccount, anna: User, text: str) -> None:
    found = find_by_identifier(anna, text)
    assert [row.party_id for row in found] == [olga.pk]
    assert found[0].matched


def test_a_company_by_its_inn(sever: Party, anna: User) -> None:
    assert [(row.party_id, row.matched) for row in find_by_identifier(anna, "7707083893")] == [(sever.pk, "inn")]


def test_a_name_finds_nothing_beyond_the_area(olga: Party, gleb: User, reader: User) -> None:
    assert search(text="Смирнова", by=gleb, at=NOON) == []
    assert search(text=OLGAS_PHONE, by=reader, at=NOON) == []
    assert not Opening.objects.exists()


def test_an_exact_phone_opens_beyond_the_area_with_its_reason(olga: Party, gleb: User) -> None:
    for _ in range(2):
        assert [found.party_id for found in search(text="8 921 555-12-34", by=gleb, at=NOON)] == [olga.pk]

    opening = Opening.objects.get()
    assert (opening.party_id, opening.basis, opening.reason, opening.by) == (olga.pk, "identifier", "mobile", gleb)
    assert is_in_hand(rights_of(gleb), olga.pk, at=NOON)


def test_words_that_begin_the_name_stand_first(spb: Area, anna: User) -> None:
    for family in ("Ковалёв", "Нековалев", "Подковальская"):
        create_individual(family_name=family, given_name="Иван", home_area=spb, by=None, at=NOON)

    assert find_by_name(anna, "ковал")[0].name == "Ковалёв Иван"
    assert len(find_by_name(anna, "ковал")) == 3


def test_short_words_must_begin_a_word() -> None:
    assert name_search_params("ООО се") == ((True, False), ["%ооо%", "се%", "% се%", "ооо%"])


def test_no_more_than_a_limit(spb: Area, anna: User) -> None:
    for number in range(5):
        create_individual(family_name="Петров", given_name=f"Иван{number}", home_area=spb, by=None, at=NOON)
    assert len(search(text="петров", by=anna, at=NOON, limit=3)) == 3


def test_old_names_and_numbers_find_the_survivor_once(olga: Party, primorsky: Area, anna: User) -> None:
    twin = create_individual(family_name="Волкова", given_name="Ольга", home_area=primorsky, by=None, at=NOON)
    give_role(party=twin, kind="customer", number="90000001", by=None, at=NOON)
    add_medium(party=twin, kind="mobile", value=OLGAS_PHONE, by=None, at=NOON)
    [merge] = merge_parties(survivor=olga, merged=[twin], reason="Одна", by=None, at=NOON)

    for text in ("Волкова", "Ольга", "Смирнова", "90000001", "78120441", OLGAS_PHONE):
        assert [(row.party_id, row.name) for row in search(text=text, by=anna, at=NOON)] == [(olga.pk, olga.name)], text

    undo_merge(merge=merge, by=None, at=NOON)
    assert [row.party_id for row in search(text="Волкова", by=anna, at=NOON)] == [twin.pk]


def test_who_knows_one_of_them_finds_the_survivor_without_opening(
    olga: Party, novosibirsk: Area, gleb: User, anna: User
) -> None:
    twin = create_individual(family_name="Волкова", given_name="Ольга", home_area=novosibirsk, by=None, at=NOON)
    merge_parties(survivor=olga, merged=[twin], reason="Одна", by=None, at=NOON)

    [by_name], [by_number] = (search(text=text, by=gleb, at=NOON) for text in ("Волкова", "78120441"))

    assert (by_name.party_id, by_number.party_id, by_number.is_own_area) == (olga.pk, olga.pk, True)
    assert not Opening.objects.exists()
    assert search(text="Волкова", by=anna, at=NOON) == []
