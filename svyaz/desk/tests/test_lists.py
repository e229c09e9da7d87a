"""Lists: filters, orders, groups, columns and pages, all of it in the address."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from svyaz.desk.lists import definition
from svyaz.desk.lists.columns import Column, Look
from svyaz.desk.lists.definition import Extras
from svyaz.desk.lists.filters import ChoiceFilter
from svyaz.parties.actions import create_individual, give_role
from svyaz.parties.models import Party
from svyaz.places.models import Area
from svyaz.services.models import Product, ProductOffering
from svyaz.users.models import User
from svyaz.workforce.actions import assign_account_manager
from svyaz.workforce.models import Employee
from tests.cast import NOON

LISTS = ("customers", "contacts", "decisions", "promises", "employees", "services")


@pytest.fixture
def desk(client: Client, vera: User) -> Client:
    client.force_login(vera)
    return client


def names(desk: Client, query: str) -> list[str]:
    return [party.name for party in desk.get(f"/customers/?{query}").context["rows"]]


def customer(name: str, area: Area | None, **role: object) -> Party:
    party = create_individual(family_name=name, home_area=area, by=None, at=NOON)
    give_role(party=party, kind="customer", by=None, at=NOON, **role)  # type: ignore[arg-type]
    return party


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=active", ["Олег", "Яна"]),
        ("state=active&tier=gold", ["Яна"]),
        ("tier.not=gold", ["Олег"]),
        ("since.before=2020-01-01", ["Олег"]),
        ("since.from=2020-01-01", ["Яна"]),
        ("since=2021-03-01", ["Яна"]),
        ("name.has=ол", ["Олег"]),
        ("name=ОЛЕГ", ["Олег"]),
        ("sort=-name", ["Яна", "Олег"]),
        ("since=nonsense&tier=lead&sort=shoe&group=x&columns=y&since.last=0", ["Олег", "Яна"]),
    ],
)
def test_filters_and_orders_stand_in_the_address(desk: Client, primorsky: Area, query: str, found: list[str]) -> None:
    customer("Олег", primorsky, valid_from=date(2019, 5, 1))
    customer("Яна", primorsky, valid_from=date(2021, 3, 1), tier="gold")

    assert names(desk, query) == found


def test_a_filter_says_itself_in_words(desk: Client, primorsky: Area) -> None:
    customer("Олег", primorsky)
    page = desk.get(f"/customers/?state=active,suspended&area={primorsky.pk}&since.before=2030-01-01")

    assert [(chip["label"], chip["operator"], chip["words"]) for chip in page.context["chips"]] == [
        ("Состояние", "—", "активен или приостановлен"),
        ("Территория", "—", "Приморский район"),
        ("Стал клиентом", "раньше", "1 января 2030"),
    ]
    drop = page.context["chips"][0]["drop"]
    assert "state=" not in drop
    assert f"area={primorsky.pk}" in drop


def test_the_form_of_a_filter_leads_to_the_address_that_says_the_same(desk: Client, primorsky: Area) -> None:
    customer("Олег", primorsky)
    sent = desk.get("/customers/?tier=gold&set=state&op=not&value=closed&value=suspended")
    assert sent.headers["Location"] == "/customers/?tier=gold&state.not=closed,suspended"
    days = desk.get("/customers/?set=since&op=last&value=&days=30")
    assert days.headers["Location"] == "/customers/?since.last=30"
    taken_away = desk.get("/customers/?set=tier&op=&tier=gold")
    assert taken_away.headers["Location"] == "/customers/"


def test_the_form_of_a_filter_comes_alone_or_in_its_place(desk: Client, primorsky: Area) -> None:
    alone = desk.get("/lists/customers/filter/?edit=area", headers={"HX-Request": "true"}).content.decode()
    assert alone.lstrip().startswith("<form")
    assert "Приморский район" in alone
    found = desk.get("/lists/customers/filter/?edit=area&find=нет", headers={"HX-Request": "true"}).content.decode()
    assert found.startswith('<div class="filter-form-choices"')
    assert "Приморский" not in found
    assert desk.get("/lists/customers/filter/?edit=area").headers["Location"] == "/customers/?edit=area"
    assert 'class="filter-form"' in desk.get("/customers/?edit=area").content.decode()
    assert desk.get("/lists/customers/filter/?edit=shoe", headers={"HX-Request": "true"}).status_code == 404
    assert desk.get("/lists/shoes/filter/?edit=area").status_code == 404


def test_mine_are_those_that_i_manage(
    desk: Client, vera_employee: Employee, primorsky: Area, anna_employee: Employee
) -> None:
    mine, other = customer("Мой", primorsky), customer("Чужой", primorsky)
    customer("Ничей", primorsky)
    assign_account_manager(party=mine, employee=vera_employee, by=None, at=NOON)
    assign_account_manager(party=other, employee=anna_employee, by=None, at=NOON)

    assert names(desk, "manager=me") == ["Мой"]
    assert names(desk, "manager=none") == ["Ничей"]
    assert names(desk, f"manager={anna_employee.pk},none") == ["Ничей", "Чужой"]
    assert names(desk, "manager.not=me") == ["Ничей", "Чужой"]


@pytest.mark.parametrize("query", ["group=area", "group=area&sort=-name", "sort=-created", "group=area&sort=-created"])
def test_every_row_comes_once_whatever_the_order(
    desk: Client, spb: Area, primorsky: Area, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place, area in enumerate([spb, None, primorsky, spb, None, primorsky, primorsky]):
        customer(f"Имя{place}", area)
    monkeypatch.setattr("svyaz.desk.lists.reading.page.__kwdefaults__", {"size": 2})
    whole: list[int] = []
    address = f"/customers/?{query}"
    while address:
        page = desk.get(address)
        whole += [party.pk for party in page.context["rows"]]
        address = page.context["next"]

    assert len(whole) == len(set(whole)) == 7
    rows = {party.pk: party for party in Party.objects.all()}
    areas = [rows[pk].home_area_id for pk in whole]
    if "group" in query:
        assert areas == sorted(areas, key=lambda area: (area is None, area or 0))


def test_groups_have_heads_with_counts(desk: Client, spb: Area, primorsky: Area) -> None:
    for name, area in (("А", spb), ("Б", primorsky), ("В", spb), ("Г", None)):
        customer(name, area)

    groups = desk.get("/customers/?group=area").context["groups"]

    assert [(group["name"], group["count"], len(group["rows"])) for group in groups] == [
        ("Санкт-Петербург", 2, 2), ("Приморский район", 1, 1), ("Территория не указана", 1, 1),
    ]  # fmt: skip


def test_columns_are_chosen_and_ordered(desk: Client, primorsky: Area) -> None:
    customer("Олег", primorsky)
    page = desk.get("/customers/?columns=area,number,shoe")
    assert [head["key"] for head in page.context["heads"]] == ["name", "area", "number"]
    moved = next(one for one in page.context["column_choices"] if one["key"] == "number")
    assert moved["up"] == "/customers/?columns=name,number,area"
    assert moved["toggle"] == "/customers/?columns=name,area"


def test_totals_stand_in_the_foot(desk: Client, olga: Party, olgas_internet: Product, primorsky: Area) -> None:
    customer("Олег", primorsky)
    totals = desk.get("/customers/?columns=name,services,monthly").context["totals"]
    assert [total["words"].replace("\xa0", " ") for total in totals] == ["1", "650 ₽"]
    assert desk.get("/customers/?columns=name,number").context["totals"] == []


@pytest.mark.parametrize("path", LISTS)
def test_every_list_draws_each_of_its_columns(desk: Client, olga: Party, internet: ProductOffering, path: str) -> None:
    assert desk.get(f"/{path}/?columns=all").status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_every_form_of_a_filter_can_be_drawn(desk: Client, olga: Party, path: str) -> None:
    page = desk.get(f"/{path}/")
    for one in page.context["addable"]:
        form = desk.get(f"/lists/{path}/filter/?{one['edit']}", headers={"HX-Request": "true"})
        assert form.status_code == 200, one["key"]


@pytest.mark.parametrize("path", LISTS)
def test_bad_keys_begin_at_the_first_page(desk: Client, olga: Party, path: str) -> None:
    for after in ("[", "[]", "[1]", '["a"]', "[null,null]", '["x",99999999999999999999]', '[{"a":1},2]', "[[1],2]"):
        assert desk.get(f"/{path}/", {"after": after}).status_code == 200


def test_words_are_looked_for_where_a_list_can(desk: Client, internet: ProductOffering) -> None:
    assert 'name="q"' in desk.get("/services/").content.decode().split("<h1>")[1]
    assert desk.get("/services/?q=домашний").context["count"] == 1
    assert desk.get("/services/?q=космос").context["count"] == 0
    assert 'name="q"' not in desk.get("/decisions/").content.decode().split("<h1>")[1]


def test_an_older_links_words_are_understood(desk: Client) -> None:
    page = desk.get("/contacts/?since=today")
    assert [chip["words"] for chip in page.context["chips"]] == ["сегодня"]


def test_tabs_count_what_they_hold(desk: Client, primorsky: Area) -> None:
    customer("Олег", primorsky)
    answer = desk.get("/lists/customers/counts/")
    assert '<span class="count" id="count-all" hx-swap-oob="true">1</span>' in answer.content.decode()
    assert answer.headers["Cache-Control"] == "private, max-age=60"


def test_a_stranger_and_a_reader(client: Client, gleb: User, reader: User, olga: Party) -> None:
    client.force_login(gleb)
    assert client.get("/customers/?name.has=смирн").context["count"] == 0
    client.force_login(reader)
    assert client.get("/lists/customers/filter/?edit=area").status_code == 403
    assert client.get("/lists/customers/counts/").status_code == 403
    assert client.post("/lists/customers/counts/").status_code == 405


def test_an_installations_own_columns_and_filters_join_a_list(
    desk: Client, primorsky: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer("Олег", primorsky)

    def provider(look: Look) -> Extras:
        shoe = Column("shoe", "Размер", lambda row, _look: 43)
        return Extras((shoe,), (ChoiceFilter("kin", "Кто", "kind", choices=[("organization", "они")]),))

    monkeypatch.setattr(definition, "_PROVIDERS", {})
    definition.provide("customers", provider)

    page = desk.get("/customers/?columns=name,shoe")
    assert page.context["groups"][0]["rows"][0]["cells"][1]["html"] == "43"
    assert names(desk, "kin=organization") == []


@pytest.mark.parametrize(
    "query", ["", "columns=all", "group=area&columns=all", "state=active&manager=me,none&kind=individual"]
)
def test_one_and_three_rows_cost_the_same(desk: Client, primorsky: Area, query: str) -> None:
    costs = []
    for more in (1, 2):
        for place in range(more):
            customer(f"Имя{more}{place}", primorsky)
        desk.get(f"/customers/?{query}")
        with CaptureQueriesContext(connection) as queries:
            desk.get(f"/customers/?{query}")
        costs.append(len(queries))
    assert costs[0] == costs[1]
