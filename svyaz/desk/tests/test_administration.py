"""Administration: who may enter, what is changed there, what is taken back, what is refused."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from svyaz.access.models import Assignment, Role
from svyaz.access.queries import rights_of
from svyaz.decisions.models import AuthorityLimit
from svyaz.interactions.models import Topic
from svyaz.markets.queries import competitors
from svyaz.places.models import Area
from svyaz.services.models import ProductOffering
from svyaz.users.models import ApiToken, User
from svyaz.workforce.models import Department, Employee, Skill

pytestmark = pytest.mark.django_db

LISTS = ("roles", "people", "departments", "areas", "topics", "kinds", "offerings", "competitors", "programs")
HTMX = {"HTTP_HX_REQUEST": "true"}


def at(name, *args):
    return reverse(f"desk:administration_{name}", args=args)


def undo_of(answer):
    """Return where the last toast's undo goes and what it sends."""
    form = re.findall(r'<form class="undo".*?</form>', answer.content.decode(), re.S)[-1]
    address = re.search(r'action="([^"]+)"', form)
    assert address
    fields = re.findall(r'name="([^"]+)" value="([^"]*)"', form)
    sent: dict[str, list[str]] = {}
    for name, value in fields:
        if name != "csrfmiddlewaretoken":
            sent.setdefault(name, []).append(value)
    return address[1], sent


@pytest.mark.parametrize("name", LISTS)
def test_the_ladder_of_a_list(name, login, admin, anna, reader, vera, discount, internet, romashka, outage):
    assert login(admin).get(at(name)).status_code == 200
    for user in (anna, reader, vera):
        assert login(user).get(at(name)).status_code == 403
    assert login(admin).post(at(name)).status_code == 405


def test_the_first_place_is_one_that_is_open(login, admin, anna, roles):
    assert login(admin).get(reverse("desk:administration")).url == at("roles")
    assert login(anna).get(reverse("desk:administration")).status_code == 403
    assert reverse("desk:administration") in login(admin).get("/me/").content.decode()
    assert reverse("desk:administration") not in login(anna).get("/me/").content.decode()


@pytest.mark.parametrize("name", [name for name in LISTS if name not in {"roles", "people", "programs"}])
def test_a_row_that_is_not_there(name, login, admin, reader):
    assert login(admin).get(at(f"{name}_row", 999999)).status_code == 404
    assert login(reader).get(at(f"{name}_row", 999999)).status_code == 403
    assert login(admin).delete(at(f"{name}_new")).status_code == 405


def test_a_cell_is_changed_and_taken_back(login, admin, roles):
    browser, agent = login(admin), roles["agent"]
    sent = {"permission": "decision:approve", "held": "yes"}
    answer = browser.post(at("permission", agent.pk), sent, **HTMX)
    assert answer.status_code == 200
    assert 'aria-pressed="true"' in answer.content.decode()
    assert "decision:approve" in Role.objects.get(pk=agent.pk).permissions

    address, former = undo_of(answer)
    assert browser.post(address, former).status_code == 303
    assert "decision:approve" not in Role.objects.get(pk=agent.pk).permissions


def test_a_cell_works_without_a_script(login, admin, roles):
    agent = roles["agent"]
    answer = login(admin).post(at("permission", agent.pk), {"cell": "party:write no"}, follow=True)
    assert answer.status_code == 200
    assert "party:write" not in Role.objects.get(pk=agent.pk).permissions


def test_what_a_cell_refuses(login, admin, anna, roles):
    browser = login(admin)
    last = browser.post(at("permission", roles["admin"].pk), {"permission": "role:manage", "held": "no"}, **HTMX)
    assert last.status_code == 422
    own = browser.post(at("permission", roles["admin"].pk), {"permission": "decision:approve", "held": "yes"}, **HTMX)
    assert own.status_code == 422
    unknown = browser.post(at("permission", roles["agent"].pk), {"permission": "x:y", "held": "yes"}, **HTMX)
    assert unknown.status_code == 422
    assert browser.get(at("permission", roles["agent"].pk)).status_code == 405
    assert browser.post(at("permission", 999999), {"permission": "party:read", "held": "yes"}).status_code == 404
    assert login(anna).post(at("permission", roles["agent"].pk), {}).status_code == 403


def test_a_role_is_made_named_given_and_taken_away(login, admin, reader, roles, spb):
    browser = login(admin)
    browser.post(at("role_new"), {"name": "Архивариус", "name_en": "Archivist", "like": roles["agent"].pk})
    role = Role.objects.get(code="archivist")
    assert role.permissions == roles["agent"].permissions
    browser.post(at("role", role.pk), {"name": "Хранитель", "name_en": "Keeper"})
    assert Role.objects.get(pk=role.pk).name == "Хранитель"

    browser.post(at("holding", role.pk), {"user": reader.pk, "area": spb.pk})
    given = Assignment.objects.get(user=reader)
    assert rights_of(User.objects.get(pk=reader.pk)).holds_throughout("party:read", spb.pk)
    answer = browser.post(at("ending", given.pk), {"back": "//evil.example"}, follow=True)
    assert answer.redirect_chain[0][0] == at("role", role.pk)
    assert not rights_of(User.objects.get(pk=reader.pk)).may("party:read")
    address, former = undo_of(answer)
    browser.post(address, former)
    assert rights_of(User.objects.get(pk=reader.pk)).holds_throughout("party:read", spb.pk)


def test_a_role_is_not_given_wrongly(login, admin, reader, roles):
    browser, page = login(admin), at("holding", roles["agent"].pk)
    assert browser.post(page, {"user": ""}).status_code == 422
    past = {"user": reader.pk, "valid_from": "2026-05-02", "valid_to": "2020-05-01"}
    assert browser.post(page, past).status_code == 422
    assert browser.post(at("user_roles", admin.pk), {"role": roles["head"].pk}).status_code == 422
    assert not Assignment.objects.filter(user=reader).exists()


def test_the_last_administrator_stays(login, admin):
    browser, own = login(admin), Assignment.objects.get(user=admin)
    assert browser.post(at("ending", own.pk), {}, **HTMX).status_code == 422
    assert browser.post(at("bar", admin.pk), {"barred": "yes"}, **HTMX).status_code == 422
    assert User.objects.get(pk=admin.pk).is_active


def test_somebody_is_taken_on_and_chooses_his_password(login, client, admin, retention, roles, spb):
    skill = Skill.objects.create(code="tv", name="Телевидение")
    sent = {
        "name": "Новый Пётр", "number": "Т-5", "department": retention.pk, "position": "Оператор", "username": "petr",
        "language": "en", "time_zone": "Asia/Omsk", "role": roles["agent"].pk, "area": spb.pk, f"skill_{skill.pk}": 4,
    }  # fmt: skip
    page = login(admin).post(at("person_new"), sent).content.decode()
    link = re.search(r'value="http://testserver(/welcome/[^"]+)"', page)
    assert link

    assert client.get(link[1]).status_code == 200
    assert client.post(link[1], {"password": "12345", "again": "12345"}).status_code == 422
    assert client.post(link[1], {"password": "слово и дело", "again": "иное"}).status_code == 422
    assert client.post(link[1], {"password": "слово и дело", "again": "слово и дело"}).status_code == 303
    assert client.get(link[1]).status_code == 404
    assert User.objects.get(username="petr").check_password("слово и дело")
    assert (employee := Employee.objects.get(number="Т-5")).skills.get().level == 4
    assert employee.user is not None
    assert employee.user.language == "en"


def test_nobody_is_taken_on_by_halves(login, admin, anna, retention):
    sent = {"name": "Пётр", "number": "Т-5", "department": retention.pk, "position": "О", "username": "anna",
            "language": "ru", "time_zone": "UTC"}  # fmt: skip
    assert login(admin).post(at("person_new"), sent).status_code == 422
    assert login(admin).post(at("person_new"), {"name": ""}).status_code == 422
    assert not Employee.objects.filter(number="Т-5").exists()


def test_an_employee_is_moved_back_with_one_press(login, admin, anna_employee, far_shops, retention):
    browser, page = login(admin), at("person", anna_employee.pk)
    work = {"name": anna_employee.name, "number": anna_employee.number, "position": "Старший оператор"}
    answer = browser.post(page, {**work, "department": far_shops.pk}, follow=True)
    moved = Employee.objects.get(pk=anna_employee.pk)
    assert (moved.department, moved.position) == (far_shops, "Старший оператор")
    address, former = undo_of(answer)
    browser.post(address, former)
    back = Employee.objects.get(pk=anna_employee.pk)
    assert (back.department, back.position) == (retention, "Оператор")
    assert browser.post(page, {**work, "department": "x"}).status_code == 422
    assert browser.get(at("person", 999999)).status_code == 404


def test_an_employee_leaves(login, admin, anna_employee, vera):
    assert login(vera).post(at("leaving", anna_employee.pk)).status_code == 403
    assert login(admin).post(at("leaving", anna_employee.pk)).status_code == 303
    assert login(admin).post(at("leaving", anna_employee.pk), **HTMX).status_code == 422
    assert not User.objects.get(username="anna").is_active


def test_a_log_in_is_reset_locked_and_barred(login, admin, anna, reader):
    browser = login(admin)
    first = browser.post(at("password", anna.pk)).content.decode()
    assert "/welcome/" in first
    assert "/welcome/" not in browser.get(at("user", anna.pk)).content.decode()
    assert browser.post(at("lock", anna.pk)).status_code == 303
    answer = browser.post(at("bar", anna.pk), {"barred": "yes"}, follow=True)
    assert not User.objects.get(pk=anna.pk).is_active
    address, former = undo_of(answer)
    browser.post(address, former)
    assert User.objects.get(pk=anna.pk).is_active
    assert login(reader).post(at("password", admin.pk)).status_code == 403


def test_a_program_gets_a_token_that_is_shown_once(login, admin, roles, reader):
    browser = login(admin)
    browser.post(at("program_new"), {"name": "Сайт", "username": "site"})
    program = User.objects.get(username="site")
    assert program.kind == "integration"
    browser.post(at("user_roles", program.pk), {"role": roles["agent"].pk})
    until = (localdate() + timedelta(days=30)).isoformat()
    page = browser.post(at("issuing", program.pk), {"name": "Боевой", "expires_on": until, "scopes": ["party:read"]})
    assert "svz_" in page.content.decode()
    assert "svz_" not in browser.get(at("program", program.pk)).content.decode()
    token = ApiToken.objects.get(user=program)
    assert token.scopes == ["party:read"]
    assert browser.post(at("issuing", program.pk), {"name": "Вчера", "expires_on": "2020-01-01"}).status_code == 422
    assert browser.post(at("issuing", program.pk), {"name": "", "expires_on": "завтра"}).status_code == 422
    assert login(reader).post(at("revoking", token.pk)).status_code == 403
    assert browser.post(at("revoking", token.pk)).status_code == 303
    assert browser.post(at("revoking", token.pk), **HTMX).status_code == 422


def test_a_department_is_made_changed_and_taken_back(login, admin, retention, vera_employee, spb):
    browser = login(admin)
    browser.post(at("departments_new"), {"code": "night", "name": "Ночь", "parent": retention.pk})
    night = Department.objects.get(code="night")
    changed = {"name": "Ночная смена", "area": spb.pk, "head": vera_employee.pk}
    answer = browser.post(at("departments_row", night.pk), {**changed, "parent": retention.pk}, follow=True)
    night.refresh_from_db()
    assert (night.name, night.area, night.head) == ("Ночная смена", spb, vera_employee)
    assert "Ночная смена" in answer.content.decode()
    address, former = undo_of(answer)
    browser.post(address, former)
    night.refresh_from_db()
    assert (night.name, night.area, night.head) == ("Ночь", None, None)
    ring = {"name": "Удержание", "parent": night.pk}
    assert browser.post(at("departments_row", retention.pk), ring).status_code == 422
    assert browser.post(at("departments_new"), {"code": "night", "name": "Ещё"}).status_code == 422


def test_a_territory_is_made_and_moved(login, admin, spb, novosibirsk, primorsky):
    browser = login(admin)
    sent = {"kind": "town", "parent": primorsky.pk, "code": "T-1", "name": "Лахта"}
    browser.post(at("areas_new"), sent)
    assert Area.objects.get(code="T-1").time_zone == "Europe/Moscow"
    moved = {"parent": novosibirsk.pk, "code": primorsky.code, "name": primorsky.name, "time_zone": "Europe/Moscow"}
    browser.post(at("areas_row", primorsky.pk), moved)
    assert Area.objects.get(code="T-1").path[1] == novosibirsk.pk
    assert browser.post(at("areas_row", spb.pk), {**moved, "parent": spb.pk}).status_code == 422
    assert browser.post(at("areas_new"), {**sent, "parent": ""}).status_code == 422


def test_a_topic_is_retired_and_comes_back(login, admin, outage):
    browser = login(admin)
    answer = browser.post(at("topics_row", outage.pk), {"name": outage.name, "name_en": outage.name_en}, follow=True)
    assert not Topic.objects.get(pk=outage.pk).is_active
    address, former = undo_of(answer)
    browser.post(address, former)
    assert Topic.objects.get(pk=outage.pk).is_active
    assert browser.post(at("topics_new"), {"code": "Not A Code", "name": "Икс"}).status_code == 422


def test_limits_of_a_kind(login, admin, discount, roles):
    browser, page = login(admin), at("kinds_row", discount.pk)
    agent, head = roles["agent"].pk, roles["head"].pk
    kind = {"name": "Скидка", "name_en": "Discount", "unit": "%", "outcome_after_days": 90, "is_active": "on"}
    wider = {f"mode_{agent}": "up_to", f"limit_{agent}": "12.5", f"mode_{head}": "unlimited"}
    answer = browser.post(page, {**kind, **wider}, follow=True)
    limits = dict(AuthorityLimit.objects.filter(kind=discount).values_list("role", "amount"))
    assert limits == {agent: 12.5, head: None}
    address, former = undo_of(answer)
    browser.post(address, former)
    assert dict(AuthorityLimit.objects.filter(kind=discount).values_list("role", "amount")) == {agent: 15, head: 30}
    assert browser.post(page, {**kind, f"mode_{agent}": "up_to"}).status_code == 422
    own = browser.post(page, {**kind, f"mode_{roles['admin'].pk}": "unlimited"})
    assert own.status_code == 422


def test_an_offering_and_its_prices(login, admin, spb, reader):
    browser = login(admin)
    sent = {"code": "mega", "kind": "mobile", "name": "Мега", "price": "500", "status": "active", "areas": [spb.pk]}
    browser.post(at("offerings_new"), sent)
    mega = ProductOffering.objects.get(code="mega")
    assert (mega.price, list(mega.areas.all())) == (500, [spb])
    answer = browser.post(at("offerings_row", mega.pk), {"kind": "mobile", "name": "Мега+", "status": "retired"},
                          follow=True)  # fmt: skip
    mega.refresh_from_db()
    assert (mega.name, mega.status, mega.price, mega.areas.count()) == ("Мега+", "retired", 500, 0)
    address, former = undo_of(answer)
    browser.post(address, former)
    mega.refresh_from_db()
    assert (mega.name, mega.status, list(mega.areas.all())) == ("Мега", "active", [spb])

    day = localdate() + timedelta(days=3)
    assert browser.post(at("prices", mega.pk), {"price": "600", "valid_from": day.isoformat()}).status_code == 303
    assert "600" in browser.get(at("offerings_row", mega.pk)).content.decode()
    assert browser.post(at("prices", mega.pk), {"price": "600", "valid_from": "2020-01-01"}).status_code == 422
    assert browser.post(at("prices", mega.pk), {"price": "x", "valid_from": day}).status_code == 422
    assert browser.get(at("prices", mega.pk)).status_code == 405
    assert login(reader).post(at("prices", mega.pk)).status_code == 403


def test_a_competitor_comes_and_goes(login, admin):
    browser = login(admin)
    browser.post(at("competitors_new"), {"name": "Гром", "legal_form": "ООО"})
    grom = competitors().get()
    answer = browser.post(at("competitors_row", grom.pk), {"name": "Гром-Связь", "legal_form": "ООО"}, follow=True)
    assert not competitors().exists()
    address, former = undo_of(answer)
    browser.post(address, former)
    assert competitors().get().name == grom.name
    assert browser.post(at("competitors_new"), {"name": "Икс", "inn": "123"}).status_code == 422


@pytest.mark.parametrize("name", LISTS)
def test_as_many_queries_for_one_row_as_for_three(name, login, admin, retention, country, discount, roles,
                                                  django_assert_max_num_queries):  # fmt: skip
    def more(number):
        Department.objects.create(code=f"d{number}", name=f"Отдел {number}", valid_from=date(2020, 1, 1))
        Topic.objects.create(code=f"t{number}", name=f"Тема {number}")
        ProductOffering.objects.create(code=f"o{number}", kind="tv", name=f"ТВ {number}")
        User.objects.create(username=f"p{number}", kind="integration", name=f"Программа {number}")
        Employee.objects.create(number=f"e{number}", name="Е", name_key="е", department=retention, position="О",
                                hired_date=date(2020, 1, 1))  # fmt: skip
        Role.objects.create(code=f"r{number}", name=f"Роль {number}")
        Area.objects.create(kind="region", code=f"a{number}", name="А", parent=country, path=[country.pk])

    browser = login(admin)
    more(0)
    with CaptureQueriesContext(connection) as one:
        browser.get(at(name))
    for number in (1, 2):
        more(number)
    with django_assert_max_num_queries(len(one)):
        browser.get(at(name))


def test_employees_are_found_and_paged(login, admin, retention, anna_employee):
    Employee.objects.bulk_create(
        Employee(number=f"n{i}", name=f"Сотрудник {i:03}", name_key=f"сотрудник {i:03}", department=retention,
                 position="О", hired_date=date(2020, 1, 1))
        for i in range(60)
    )  # fmt: skip
    browser = login(admin)
    first = browser.get(at("people")).content.decode()
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = browser.get(following[1].replace("&amp;", "&")).content.decode()
    assert ("Сотрудник 000" in first, "Сотрудник 059" in first) == (True, False)
    assert ("Сотрудник 000" in second, "Сотрудник 059" in second) == (False, True)
    found = browser.get(at("people"), {"q": "козлова"}, **HTMX).content.decode()
    assert ("Анна Козлова" in found, "Сотрудник" in found) == (True, False)
