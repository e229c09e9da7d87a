"""The list of customers and the search box."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from svyaz.access.models import Opening
from svyaz.parties.actions import create_individual, give_role
from svyaz.parties.models import Party
from svyaz.places.models import Area
from svyaz.users.models import User
from tests.cast import NOON, OLGAS_PHONE

LIST = "/customers/"


def customers(area: Area, count: int) -> None:
    for index in range(count):
        party = create_individual(family_name=f"Петров{index:02}", given_name="Иван", home_area=area, by=None, at=NOON)
        give_role(party=party, kind="customer", by=None, at=NOON)


def test_customers_of_ones_area_by_name(login, anna: User, olga: Party, primorsky: Area) -> None:
    customers(primorsky, 1)

    page = login(anna).get(LIST).content.decode()

    assert page.index("Петров00 Иван") < page.index("Смирнова Ольга Ивановна")
    assert "78120441" in page


def test_a_stranger_sees_nobody(login, gleb: User, olga: Party) -> None:
    assert "Смирнова" not in login(gleb).get(LIST).content.decode()


def test_a_reader_is_refused(login, reader: User) -> None:
    assert login(reader).get(LIST).status_code == 403


def test_nobody_is_asked_to_log_in(db: None) -> None:
    answer = Client().get(LIST)

    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('account_login')}?next={LIST}"


def test_it_is_only_read(login, anna: User) -> None:
    assert login(anna).post(LIST).status_code == 405


@pytest.mark.parametrize(
    "query",
    ["state=nonsense", "area=999999999", "area=x", "kind=%00", "after=abc", "after=9999999999999999999:x", "q=%00"],
)
def test_a_filter_that_means_nothing_filters_nothing(login, anna: User, olga: Party, query: str) -> None:
    assert login(anna).get(f"{LIST}?{query}").status_code == 200


def test_filters_by_state_kind_role_and_area(login, anna: User, olga: Party, sever: Party, primorsky: Area) -> None:
    browser = login(anna)

    def shown(query: str) -> tuple[bool, bool]:
        page = browser.get(f"{LIST}?{query}").content.decode()
        return "Смирнова" in page, "«Север»" in page

    assert shown("") == (True, True)
    assert shown("kind=organization") == (False, True)
    assert shown(f"area={primorsky.pk}") == (True, False)
    assert shown("role=supplier") == (False, True)
    assert shown("state=suspended") == (False, False)


def test_pages_follow_one_another_by_key(login, anna: User, primorsky: Area) -> None:
    customers(primorsky, 53)
    browser = login(anna)

    first = browser.get(LIST)
    second = browser.get(first.context["next"])

    assert [len(page.context["rows"]) for page in (first, second)] == [50, 3]
    assert second.context["rows"][0].name == "Петров50 Иван"
    assert second.context["next"] == ""


def test_htmx_gets_the_list_alone(login, anna: User, olga: Party) -> None:
    part = login(anna).get(LIST, headers={"HX-Request": "true"}).content.decode()

    assert part.strip().startswith('<div class="stack list" id="list"')
    assert "Смирнова" in part


def test_part_of_a_name_finds(login, anna: User, olga: Party, sever: Party) -> None:
    page = login(anna).get(f"{LIST}?q=ольг+смир").content.decode()

    assert "Смирнова Ольга Ивановна" in page
    assert "«Север»" not in page


@pytest.mark.parametrize("text", ["8 921 555-12-34", "78120441"])
def test_the_only_one_meant_exactly_opens_at_once(login, anna: User, olga: Party, text: str) -> None:
    answer = login(anna).get(LIST, {"q": text})

    assert answer.status_code == 302
    assert answer["Location"] == reverse("desk:customer", args=[olga.pk])


def test_an_exact_number_opens_a_customer_beyond_the_area(login, gleb: User, olga: Party) -> None:
    browser = login(gleb)
    page = reverse("desk:customer", args=[olga.pk])
    assert browser.get(page).status_code == 404

    answer = browser.get(LIST, {"q": OLGAS_PHONE}, follow=True)

    assert answer.redirect_chain[-1][0] == page
    assert answer.context["opened"]
    assert Opening.objects.filter(by=gleb, party_id=olga.pk, basis=Opening.Basis.IDENTIFIER).exists()


def test_a_nameless_customer_shows_by_number(login, anna: User, primorsky: Area) -> None:
    party = create_individual(home_area=primorsky, by=None, at=NOON)
    give_role(party=party, kind="customer", number="7590-VHVEG", by=None, at=NOON)
    browser = login(anna)

    assert "№ 7590-VHVEG" in browser.get(LIST).content.decode()
    assert "№ 7590-VHVEG" in browser.get(reverse("desk:customer", args=[party.pk])).content.decode()


def test_one_and_three_rows_cost_the_same_queries(login, anna: User, primorsky: Area) -> None:
    browser = login(anna)
    costs = []
    for more in (1, 2):
        customers_before = Party.objects.count()
        for index in range(more):
            party = create_individual(
                given_name=f"Имя{customers_before + index}", home_area=primorsky, by=None, at=NOON
            )
            give_role(party=party, kind="customer", by=None, at=NOON)
        with CaptureQueriesContext(connection) as queries:
            browser.get(LIST)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 17
