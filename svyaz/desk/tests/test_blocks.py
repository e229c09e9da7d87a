"""Employees and services: the lists, and the faces of the triangle on their pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from svyaz.interactions.actions import InteractionDraft, record_interaction
from svyaz.interactions.models import Interaction, Topic
from svyaz.parties.models import Party
from svyaz.services.models import Product, ProductOffering
from svyaz.users.models import User
from svyaz.workforce.models import Employee


@pytest.fixture
def desk(client: Client, anna: User) -> Client:
    client.force_login(anna)
    return client


@pytest.fixture
def contact(olga: Party, olgas_internet: Product, outage: Topic, anna: User, anna_employee: Employee) -> Interaction:
    draft = InteractionDraft(channel="phone", text="Рвётся связь", topic=outage, products=[olgas_internet])
    at = now() - timedelta(hours=1)
    return record_interaction(party=olga, draft=draft, employee=anna_employee, by=anna, at=at)


def test_employees_stand_by_name_and_are_found_by_part_of_it(
    desk: Client, boris_employee: Employee, vera_employee: Employee
) -> None:
    assert [row.name for row in desk.get("/employees/").context["rows"]] == [
        "Анна Козлова", "Борис Новиков", "Вера Лебедева",
    ]  # fmt: skip
    assert [row.name for row in desk.get("/employees/?q=нов бор").context["rows"]] == ["Борис Новиков"]


def test_the_next_page_begins_where_the_last_one_ended(
    desk: Client, boris_employee: Employee, vera_employee: Employee, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("svyaz.desk.lists.reading.page.__kwdefaults__", {"size": 2})
    first = desk.get("/employees/")
    second = desk.get(first.context["next"])
    assert [row.name for row in first.context["rows"]] == ["Анна Козлова", "Борис Новиков"]
    assert [row.name for row in second.context["rows"]] == ["Вера Лебедева"]
    assert second.context["next"] == ""
    assert second.context["first"] == "/employees/"


def test_an_employees_page_shows_whom_he_serves_on_what(
    desk: Client, contact: Interaction, anna_employee: Employee
) -> None:
    page = desk.get(f"/employees/{anna_employee.pk}/")
    assert [(row["offering__name"], row["contacts"], row["customers"]) for row in page.context["services"]] == [
        ("Домашний 500", 1, 1)
    ]
    assert [row["party__name"] for row in page.context["customers"]] == ["Смирнова Ольга Ивановна"]
    assert "Удержание" in page.content.decode()


def test_a_strangers_view_of_an_employee_holds_no_foreign_customer(
    client: Client, gleb: User, contact: Interaction, anna_employee: Employee
) -> None:
    client.force_login(gleb)
    page = client.get(f"/employees/{anna_employee.pk}/")
    assert page.status_code == 200
    assert list(page.context["customers"]) == []
    assert "Смирнова" not in page.content.decode()


def test_a_services_page_shows_who_deals_with_it_and_why_people_come(
    desk: Client, contact: Interaction, internet: ProductOffering
) -> None:
    page = desk.get(f"/services/{internet.pk}/")
    assert page.context["owners"] == 1
    assert [row["employee__name"] for row in page.context["people"]] == ["Анна Козлова"]
    assert [row["name"] for row in page.context["topics"]] == ["Обрывы связи"]
    assert [row["words"] for row in page.context["contacts"]] == ["Рвётся связь"]


def test_a_strangers_view_of_a_service_holds_no_foreign_contact(
    client: Client, gleb: User, contact: Interaction, internet: ProductOffering
) -> None:
    client.force_login(gleb)
    page = client.get(f"/services/{internet.pk}/")
    assert page.context["owners"] == 0
    assert "Рвётся" not in page.content.decode()
    assert client.get("/contacts/").context["count"] == 0


def test_the_catalogue_stands_by_kind_in_the_readers_language(
    desk: Client, anna: User, internet: ProductOffering
) -> None:
    ProductOffering.objects.create(code="tv", kind="tv", name="ТВ 60", name_en="TV 60")
    assert [group["name"] for group in desk.get("/services/").context["groups"]] == ["Интернет", "Телевидение"]
    assert [group["name"] for group in desk.get("/services/?kind=tv").context["groups"]] == ["Телевидение"]
    anna.language = "en"
    anna.save()
    assert "Home 500" in desk.get("/services/").content.decode()


@pytest.mark.parametrize("path", ["/employees/999999/", "/services/999999/", "/employees/99999999999999999999/"])
def test_what_does_not_exist_is_404(desk: Client, path: str) -> None:
    assert desk.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/employees/", "/services/", "/decisions/", "/contacts/", "/promises/", "/openings/"])
def test_a_reader_gets_403_and_a_wrong_method_405(client: Client, reader: User, path: str) -> None:
    client.force_login(reader)
    assert client.get(path).status_code == 403
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/employees/", "/decisions/", "/contacts/", "/promises/", "/services/"])
@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=9999999999999999999:a",
        "after=2026-99-99T00:00~1",
        "kind=x&state=y&of=z",
        "employee=%00",
        "q=%00",
    ],
)
def test_an_address_that_means_nothing_filters_nothing(desk: Client, path: str, query: str) -> None:
    assert desk.get(f"{path}?{query}").status_code == 200


def test_htmx_gets_the_list_alone(desk: Client) -> None:
    part = desk.get("/employees/", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div class="stack list" id="list"')
    assert "<html" not in part


@pytest.mark.parametrize("path", ["/employees/", "/services/"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    desk: Client, path: str, boris: User, vera: User, internet: ProductOffering
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(path).status_code == 200
        return len(captured)

    desk.get(path)
    before = queries()
    template = Employee.objects.get(user=boris)
    for number in range(3):
        Employee.objects.create(
            number=f"X{number}", name=f"Х{number}", name_key=f"х{number}", department=template.department,
            position="Оператор", hired_date=template.hired_date,
        )  # fmt: skip
        ProductOffering.objects.create(code=f"x{number}", kind="vas", name=f"Х{number}")
    assert queries() == before
