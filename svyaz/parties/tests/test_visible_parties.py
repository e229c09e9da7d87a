"""Who sees which parties, and what of them in clear."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svyaz.access.queries import rights_of
from svyaz.parties.actions import change_party, create_individual
from svyaz.parties.models import ContactMedium, Party, PartyRole
from svyaz.parties.queries import canonical_party, may_for_party, sees_personal, shown_birth_date
from tests.cast import NOON


@pytest.mark.django_db
def test_the_ladder_of_access(olga, anna, boris, vera, gleb, reader, admin):
    for user in (anna, boris, vera, admin):
        assert Party.objects.visible_to(user).filter(pk=olga.pk).exists()
        assert ContactMedium.objects.visible_to(user).filter(party=olga).exists()
        assert PartyRole.objects.visible_to(user).filter(party=olga).exists()
        assert may_for_party(rights_of(user), "party:read", olga.pk)
    for user in (gleb, reader):
        assert not Party.objects.visible_to(user).filter(pk=olga.pk).exists()
        assert not ContactMedium.objects.visible_to(user).filter(party=olga).exists()
        assert not PartyRole.objects.visible_to(user).filter(party=olga).exists()
        assert not may_for_party(rights_of(user), "party:read", olga.pk)


@pytest.mark.django_db
def test_the_birth_date_shows_in_clear_only_with_the_permission(olga, anna, vera, gleb):
    assert shown_birth_date(olga, vera) == "1984-03-08"
    assert shown_birth_date(olga, anna) == "1984-••-••"
    assert sees_personal(rights_of(vera).in_hand(olga.pk), olga)
    assert not sees_personal(rights_of(anna).in_hand(olga.pk), olga)
    assert not sees_personal(gleb, olga)


@pytest.mark.django_db
def test_names_stand_as_russians_expect(anna):
    for name in ("Ёлкин", "Жуков", "елисеев", "Емельянов", "ЁРШОВ"):
        create_individual(family_name=name, by=anna, at=NOON)

    order = list(Party.objects.order_by("name_key").values_list("name", flat=True))
    assert order == ["елисеев", "Ёлкин", "Емельянов", "ЁРШОВ", "Жуков"]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["смирн", "ОЛЬГА смир", "ивановна ольга", "мирнова"])
def test_parts_of_a_name_find_it_in_any_order(olga, text):
    assert Party.objects.named_like(text).get() == olga


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["%", "_", "смирнова%пётр", "смирнова пётр", "*"])
def test_wildcards_find_nobody(olga, text):
    assert not Party.objects.named_like(text).exists()


@pytest.mark.django_db
def test_a_merged_party_counts_as_its_survivor(olga, sever, anna):
    assert canonical_party(olga) == olga
    Party.objects.filter(pk=olga.pk).update(merged_into=sever, canonical=sever)
    olga.refresh_from_db()

    assert canonical_party(olga) == sever
    assert list(Party.objects.canonical()) == [sever]


@pytest.mark.django_db
@settings(max_examples=100)
@given(st.text(max_size=40))
def test_no_text_breaks_the_search_by_name(text):
    assert not Party.objects.exists()
    assert not Party.objects.named_like(text).exists()


@pytest.mark.django_db
def test_a_change_of_area_moves_the_party_to_other_eyes(olga, anna, gleb, novosibirsk):
    change_party(party=olga, changes={"home_area": novosibirsk}, by=anna, at=NOON)

    assert not Party.objects.visible_to(anna).filter(pk=olga.pk).exists()
    assert Party.objects.visible_to(gleb).filter(pk=olga.pk).exists()
