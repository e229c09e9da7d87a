"""The notification centre: the count, the list with its reasons, reading and taking back, one's wishes."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from svyaz.notices.models import Notice, NoticeSetting, QuietHours
from svyaz.notices.tests.scene import contact, decision, promise, tell
from svyaz.parties.models import Party
from svyaz.users.models import User
from svyaz.workforce.models import Employee

PATHS = ("/notices/", "/notices/?show=all", "/notices/latest/", "/notices/news/", "/notices/settings/", "/live/desks/")


@pytest.fixture
def notice(olga: Party, anna: User, boris: User, boris_employee: Employee) -> Notice:
    """Boris was promised for, by Anna."""
    promise(olga, anna, boris_employee)
    tell()
    found: Notice = Notice.objects.get()
    return found


def test_the_bell_counts_and_the_centre_says_why(login, notice: Notice, boris: User) -> None:
    browser = login(boris)
    assert "1 непрочитанное" in browser.get("/").content.decode()
    centre = browser.get("/notices/latest/", headers={"HX-Request": "true"}).content.decode()
    for words in ("Смирнова Ольга", "Перезвонить", "потому что обещано от вашего имени", "Анна Козлова"):
        assert words in centre


def test_without_a_script_the_page_shows_and_marks_them(login, notice: Notice, boris: User) -> None:
    browser = login(boris)
    assert "Перезвонить" in browser.get("/notices/").content.decode()
    answer = browser.post("/notices/read/", {"notice": notice.pk}, follow=True).content.decode()
    assert "Прочитано 1 уведомление" in answer
    assert "Ничего нового" in answer
    assert "Перезвонить" in browser.get("/notices/?show=all").content.decode()


def test_reading_offers_the_way_back(login, notice: Notice, boris: User) -> None:
    browser = login(boris)
    read = browser.post("/notices/read/", {"all": "1"}, headers={"HX-Request": "true"}).content.decode()
    assert f'name="notice" value="{notice.pk}"' in read
    assert 'id="notice-count" hidden' in read
    back = browser.post("/notices/unread/", {"notice": notice.pk}, headers={"HX-Request": "true"}).content.decode()
    assert "1 непрочитанное" in back


def test_anothers_notices_stay_unread(login, notice: Notice, anna: User) -> None:
    login(anna).post("/notices/read/", {"notice": notice.pk, "silent": "1"})
    assert Notice.objects.get().read_at is None


def test_news_are_told_but_not_of_the_card_that_is_open(login, notice: Notice, boris: User) -> None:
    browser = login(boris)
    assert "Перезвонить" in browser.get(f"/notices/news/?id={notice.pk}").content.decode()
    assert "Перезвонить" not in browser.get(f"/notices/news/?id={notice.pk}&party={notice.party_id}").content.decode()
    assert "Перезвонить" not in browser.get("/notices/news/?id=x&id=99999999999999999999").content.decode()


def test_what_one_wants_to_hear_of_is_saved(login, boris: User) -> None:
    wishes = {f"kind-{kind}": "loud" for kind in Notice.Kind.values} | {"kind-late": "quiet"}
    answer = login(boris).post("/notices/settings/", {**wishes, "begins": "20:00", "ends": "08:00", "weekends": "on"})
    assert answer.status_code == 302 or answer.status_code == 303
    assert list(NoticeSetting.objects.values_list("kind", "level")) == [("late", "quiet")]
    assert QuietHours.objects.get().weekends


@pytest.mark.parametrize(
    "wrong",
    [{"begins": "20:00"}, {"begins": "20:00", "ends": "20:00"}, {"weekends": "on"}, {"begins": "x", "ends": "8"}],
)
def test_wrong_wishes_are_422_and_change_nothing(login, boris: User, wrong: dict[str, str]) -> None:
    wishes = {f"kind-{kind}": "off" for kind in Notice.Kind.values}
    assert login(boris).post("/notices/settings/", {**wishes, **wrong}).status_code == 422
    assert not NoticeSetting.objects.exists()
    assert not QuietHours.objects.exists()


@pytest.mark.parametrize("path", PATHS)
def test_nobody_in_particular_is_asked_to_log_in(db: None, path: str) -> None:
    assert Client().get(path).status_code == 302


@pytest.mark.parametrize("path", ["/notices/read/", "/notices/unread/"])
def test_reading_is_a_post(login, boris: User, path: str) -> None:
    assert login(boris).get(path).status_code == 405


def test_the_list_costs_the_same_for_one_and_three(
    login, olga: Party, sever: Party, discount, anna: User, anna_employee: Employee, boris: User,
    boris_employee: Employee,
) -> None:  # fmt: skip
    browser, costs = login(boris), []
    for more in (1, 2):
        for _ in range(more):
            promise(olga, anna, boris_employee)
            contact(sever, anna, boris_employee)
        tell()
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/notices/").status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_proposal_says_whose_head_one_is(
    login, olga: Party, discount, anna: User, anna_employee: Employee, vera: User
) -> None:
    decision(olga, discount, anna, anna_employee, 20)
    tell()
    page = login(vera).get("/notices/").content.decode()
    assert "Ждёт моего утверждения" in page
    assert "потому что вы руководите: Удержание" in page
