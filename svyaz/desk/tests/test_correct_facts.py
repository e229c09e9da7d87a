"""Correcting facts on the customer's page: every kind, its refusals, conflicts, and the way back."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from svyaz.access.actions import assign_role
from svyaz.history.models import Event
from svyaz.parties.actions import add_address, add_medium, change_party, end_medium, relate_parties, replace_medium
from svyaz.parties.models import AddressUse, ContactMedium, Party, PartyRelationship, PartyRole, Preference
from svyaz.places.actions import create_address
from svyaz.places.models import Area
from svyaz.users.models import User

HTMX = {"HX-Request": "true"}


def fact_of(party: Party, name: str, row: Any = None) -> str:
    if row is None:
        return reverse("desk:customer_fact", args=[party.pk, name])
    return reverse("desk:customer_fact_row", args=[party.pk, name, row.pk])


def undo_of(party: Party) -> str:
    return reverse("desk:customer_undo", args=[party.pk, Event.objects.latest("pk").pk])


@pytest.fixture
def browser(login, anna: User) -> Client:
    found: Client = login(anna)
    return found


@pytest.fixture
def phone(olga: Party) -> ContactMedium:
    return ContactMedium.objects.get(party=olga)


@pytest.mark.parametrize(
    ("name", "sent", "field", "value"),
    [
        ("name", {"family_name": "Ёжикова", "given_name": "Ольга"}, "name", "Ёжикова Ольга"),
        ("registers", {"inn": "500100732259"}, "inn", "500100732259"),
        ("language", {"language": "en"}, "language", "en"),
    ],
)
def test_facts_of_a_person(browser: Client, olga: Party, name: str, sent: Any, field: str, value: str) -> None:
    assert browser.get(fact_of(olga, name)).status_code == 200
    assert browser.post(fact_of(olga, name), sent).status_code == 303

    olga.refresh_from_db()
    assert getattr(olga, field) == value


def test_facts_of_a_company(browser: Client, sever: Party) -> None:
    browser.post(fact_of(sever, "name"), {"name": "Север Плюс", "legal_form": "АО"})
    browser.post(fact_of(sever, "registers"), {"inn": "7707083893", "kpp": "770701002", "ogrn": ""})

    sever.refresh_from_db()
    assert (sever.name, sever.legal_form, sever.kpp) == ("Север Плюс", "АО", "770701002")
    assert browser.get(fact_of(sever, "birth")).status_code in {403, 404}


def test_a_tier_and_an_area(browser: Client, olga: Party, olga_customer: PartyRole, spb: Area) -> None:
    browser.post(fact_of(olga, "tier"), {"tier": "platinum"})
    browser.post(fact_of(olga, "area"), {"home_area": spb.pk})

    olga.refresh_from_db()
    olga_customer.refresh_from_db()
    assert (olga_customer.tier, olga.home_area) == ("platinum", spb)


def test_a_birth_date_is_for_who_may_see_it(login, browser: Client, vera: User, olga: Party) -> None:
    assert browser.get(fact_of(olga, "birth")).status_code == 403
    assert browser.post(fact_of(olga, "birth"), {"birth_date": "1985-03-08"}).status_code == 403

    assert login(vera).post(fact_of(olga, "birth"), {"birth_date": "1985-03-08"}).status_code == 303

    olga.refresh_from_db()
    assert str(olga.birth_date) == "1985-03-08"


def test_a_number_is_added_changed_and_ended(browser: Client, olga: Party, phone: ContactMedium) -> None:
    browser.post(fact_of(olga, "medium"), {"kind": "email", "value": "O@post.example", "is_preferred": "on"})
    browser.post(fact_of(olga, "medium", phone), {"value": "8 921 555-99-99"})
    current = ContactMedium.objects.filter(party=olga, valid_to__isnull=True).order_by("pk")
    assert [(row.value, row.is_preferred) for row in current] == [("o@post.example", True), ("+79215559999", False)]

    browser.post(fact_of(olga, "medium", current[1]), {"end": "1"})
    assert [row.value for row in current.all()] == ["o@post.example"]


def test_an_address_is_added_and_changed(browser: Client, olga: Party) -> None:
    sent = {"role": "actual", "locality": "Санкт-Петербург", "street": "Невский пр.", "house": "1"}
    browser.post(fact_of(olga, "address"), sent)
    use = AddressUse.objects.get(party=olga)
    assert "Невский" in browser.get(fact_of(olga, "address", use)).content.decode()

    browser.post(fact_of(olga, "address", use), sent | {"house": "2"})

    assert [str(row.address) for row in AddressUse.objects.filter(valid_to__isnull=True)] == [
        "Санкт-Петербург, Невский пр., 2"
    ]


def test_preferences(browser: Client, olga: Party) -> None:
    browser.post(fact_of(olga, "preference"), {"kind": "hours", "value": "после 18:00"})
    first = Preference.objects.get(party=olga)
    browser.post(fact_of(olga, "preference", first), {"value": "до обеда"})
    second = Preference.objects.get(party=olga, ended_date__isnull=True)
    assert second.value == "до обеда"

    browser.post(fact_of(olga, "preference", second), {"end": "1"})
    assert not Preference.objects.filter(ended_date__isnull=True).exists()


def test_people_by_number_or_by_name(browser: Client, sever: Party, olga: Party) -> None:
    browser.post(fact_of(sever, "person"), {"kind": "contact_person", "known": "8 921 555-12-34", "title": "Юрист"})
    new = {"kind": "contact_person", "family_name": "Громов", "phone": "+79215550701", "decision_power": "decides"}
    browser.post(fact_of(sever, "person"), new)

    found = PartyRelationship.objects.filter(party=sever).order_by("pk").select_related("other")
    assert [(row.other.name, row.title, row.decision_power) for row in found] == [
        ("Смирнова Ольга Ивановна", "Юрист", ""), ("Громов", "", "decides"),
    ]  # fmt: skip
    browser.post(fact_of(sever, "person", found[0]), {"title": "Директор", "decision_power": "influences"})
    assert PartyRelationship.objects.get(pk=found[0].pk).title == "Директор"


@pytest.mark.parametrize(
    ("name", "sent", "words"),
    [
        ("registers", {"inn": "500100732250"}, "inn"),
        ("medium", {"kind": "mobile", "value": "12"}, "value"),
        ("medium", {"kind": "mobile", "value": "+79215551234"}, "value"),
        ("medium", {"kind": "pigeon", "value": "x"}, "kind"),
        ("address", {"role": "actual"}, "locality"),
        ("preference", {"kind": "hours", "value": ""}, "value"),
        ("person", {"kind": "family"}, "known"),
        ("person", {"kind": "family", "known": "+79990000000"}, "known"),
        ("person", {"kind": "family", "known": "+79215551234"}, "known"),
        ("name", {"family_name": "А\x00"}, "family_name"),
        ("language", {"language": "xx"}, "language"),
        ("area", {"home_area": "99999999"}, "home_area"),
    ],
)
def test_bad_input_changes_nothing(browser: Client, olga: Party, name: str, sent: Any, words: str) -> None:
    count = Event.objects.count()

    answer = browser.post(fact_of(olga, name), sent, headers=HTMX)

    assert answer.status_code == 422
    assert words in answer.context["form"].errors
    assert Event.objects.count() == count


def test_another_companys_inn(browser: Client, sever: Party, romashka: Party) -> None:
    answer = browser.post(fact_of(romashka, "registers"), {"inn": sever.inn, "kpp": sever.kpp}, headers=HTMX)
    assert answer.status_code == 422
    assert "inn" in answer.context["form"].errors


def test_a_conflict_shows_both_values_and_lets_choose(browser: Client, boris: User, olga: Party) -> None:
    page = browser.get(fact_of(olga, "name"), headers=HTMX)
    seen = page.context["seen"]
    change_party(party=olga, changes={"family_name": "Белкина"}, by=boris, at=now())
    sent = {"family_name": "Ёжикова", "given_name": "Ольга", "middle_name": "Ивановна", "seen": seen}

    answer = browser.post(fact_of(olga, "name"), sent, headers=HTMX)

    words = answer.content.decode()
    assert answer.status_code == 409
    assert "Белкина" in words
    assert "Ёжикова" in words
    assert "Борис Новиков" in words
    olga.refresh_from_db()
    assert olga.family_name == "Белкина"
    assert browser.post(fact_of(olga, "name"), sent | {"seen": answer.context["seen"]}).status_code == 303
    olga.refresh_from_db()
    assert olga.family_name == "Ёжикова"


def test_a_number_replaced_meanwhile(browser: Client, boris: User, olga: Party, phone: ContactMedium) -> None:
    theirs = replace_medium(medium=phone, value="+79215557777", by=boris, at=now())

    answer = browser.post(fact_of(olga, "medium", phone), {"value": "+79215559999"}, headers=HTMX)

    assert answer.status_code == 409
    assert "+79215557777" in answer.content.decode()
    assert answer.context["address"] == fact_of(olga, "medium", theirs)
    assert browser.post(answer.context["address"], {"value": "+79215559999"}).status_code == 303
    assert ContactMedium.objects.get(party=olga, valid_to__isnull=True).value == "+79215559999"


def test_a_number_removed_meanwhile(browser: Client, boris: User, olga: Party, phone: ContactMedium) -> None:
    end_medium(medium=phone, by=boris, at=now())

    assert browser.post(fact_of(olga, "medium", phone), {"value": "+79215559999"}, headers=HTMX).status_code == 409
    assert browser.post(fact_of(olga, "medium", phone), {"end": "1"}, headers=HTMX).status_code == 422


def test_what_htmx_gets_shows_it_and_takes_it_back(browser: Client, olga: Party) -> None:
    answer = browser.post(fact_of(olga, "language"), {"language": "en"}, headers=HTMX)

    words = answer.content.decode()
    assert 'id="customer-head"' in words
    assert 'id="customer-facts"' in words
    assert json.loads(answer["HX-Trigger-After-Settle"]) == {"desk:edited": {"focus": "edit-language"}}
    assert undo_of(olga) in words

    assert browser.post(undo_of(olga), headers=HTMX).status_code == 200
    olga.refresh_from_db()
    assert olga.language == ""


def test_without_a_script_the_page_offers_the_way_back(browser: Client, olga: Party) -> None:
    answer = browser.post(fact_of(olga, "language"), {"language": "en"})

    assert undo_of(olga) in browser.get(answer["Location"]).content.decode()
    assert browser.post(undo_of(olga)).status_code == 303
    for nonsense in ("x", "0", "9" * 30):
        assert browser.get(reverse("desk:customer", args=[olga.pk]), {"undo": nonsense}).status_code == 200


def test_what_was_changed_since_is_not_taken_back(browser: Client, boris: User, olga: Party) -> None:
    browser.post(fact_of(olga, "language"), {"language": "en"})
    address = undo_of(olga)
    change_party(party=olga, changes={"language": "ru"}, by=boris, at=now())

    assert browser.post(address, headers=HTMX).status_code == 422
    olga.refresh_from_db()
    assert olga.language == "ru"


def test_a_colleague_takes_nothing_back(login, boris: User, browser: Client, olga: Party) -> None:
    browser.post(fact_of(olga, "language"), {"language": "en"})
    assert login(boris).post(undo_of(olga)).status_code == 404


def test_nobody_moves_a_customer_into_an_area_that_is_not_his(browser: Client, olga: Party, novosibirsk: Area) -> None:
    assert browser.post(fact_of(olga, "area"), {"home_area": novosibirsk.pk}, headers=HTMX).status_code == 422


def test_a_teammate_may_and_a_stranger_finds_nothing(login, boris: User, gleb: User, olga: Party) -> None:
    assert login(boris).post(fact_of(olga, "language"), {"language": "en"}).status_code == 303
    stranger = login(gleb)
    assert stranger.get(fact_of(olga, "name")).status_code == 404
    assert stranger.post(fact_of(olga, "name"), {"family_name": "X"}).status_code == 404
    assert stranger.post(undo_of(olga)).status_code == 404


def test_a_reader_is_refused(login, reader: User, admin: User, olga: Party, roles: Any) -> None:
    assert login(reader).get(fact_of(olga, "name")).status_code == 403
    assign_role(user=reader, role=roles["quality"], area=None, by=None, at=now())
    looks_on = login(reader)
    assert looks_on.post(fact_of(olga, "name"), {"family_name": "X"}).status_code == 403
    assert 'data-edit"' not in looks_on.get(reverse("desk:customer", args=[olga.pk])).content.decode()


def test_what_does_not_exist(browser: Client, olga: Party, sever: Party, phone: ContactMedium) -> None:
    assert browser.get(fact_of(olga, "shoe-size")).status_code == 404
    assert browser.get(reverse("desk:customer_fact_row", args=[olga.pk, "name", 1])).status_code == 404
    assert browser.get(fact_of(sever, "medium", phone)).status_code == 404
    assert browser.put(fact_of(olga, "name")).status_code == 405
    assert browser.get(undo_of(olga)).status_code == 405


def test_a_form_and_a_save_cost_the_same_for_one_and_three_numbers(browser: Client, anna: User, olga: Party) -> None:
    costs = []
    for language in ("ru", "en"):
        with CaptureQueriesContext(connection) as queries:
            browser.get(fact_of(olga, "language"), headers=HTMX)
            browser.post(fact_of(olga, "language"), {"language": language}, headers=HTMX)
        costs.append(len(queries))
        for last in (1, 2):
            add_medium(party=olga, kind="mobile", value=f"+792155599{len(costs)}{last}", by=anna, at=now())
    assert costs[0] == costs[1]


def test_who_is_who(login, anna: User, browser: Client, gleb: User, olga: Party, sever: Party, romashka: Party) -> None:
    relate_parties(
        party=sever, other=olga, kind="contact_person", title="Директор", decision_power="decides", by=anna, at=now()
    )
    relate_parties(party=sever, other=romashka, kind="parent_company", by=anna, at=now())
    address = reverse("desk:customer_circle", args=[sever.pk])

    picture = browser.get(address, headers=HTMX).content.decode()
    assert "Смирнова" in picture
    assert "Директор" in picture
    assert "decides" in picture
    assert "Ромашка" in browser.get(address).content.decode()
    assert "Север" in browser.get(reverse("desk:customer_circle", args=[olga.pk]), headers=HTMX).content.decode()
    assert login(gleb).get(address).status_code == 404
    assert browser.post(address).status_code == 405


def test_who_is_who_costs_the_same_for_one_and_three(
    browser: Client, anna: User, sever: Party, olga: Party, romashka: Party
) -> None:
    costs = []
    for kinds in (("payer",), ("contact_person", "representative")):
        for kind in kinds:
            relate_parties(party=sever, other=olga, kind=kind, by=anna, at=now())
        relate_parties(party=sever, other=romashka, kind=kinds[0], by=anna, at=now())
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("desk:customer_circle", args=[sever.pk]), headers=HTMX)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_picture_of_many_leaves_some_out(browser: Client, anna: User, sever: Party) -> None:
    for index in range(12):
        sent = {"kind": "contact_person", "family_name": f"Петров{index}"}
        browser.post(fact_of(sever, "person"), sent)
    answer = browser.get(reverse("desk:customer_circle", args=[sever.pk]), headers=HTMX)
    assert len(answer.context["nodes"]) + answer.context["left_out"] == 12


def test_an_address_as_written_is_kept(browser: Client, anna: User, olga: Party) -> None:
    address = create_address(text="до востребования", by=anna, at=now())
    use = add_address(party=olga, address=address, role="postal", by=anna, at=now())
    count = Event.objects.count()
    browser.post(fact_of(olga, "address", use), {"text": "до востребования"})
    assert Event.objects.count() == count
