"""Logging in and out: clear errors, a lock after failures, a safe way back."""

import pytest
from axes.utils import reset
from django.test import Client

from svyaz.users.models import User
from tests.cast import PASSWORD


@pytest.fixture(autouse=True)
def nobody_is_locked(db: None):
    reset()
    yield
    reset()


def log_in(client: Client, name: str = "anna", password: str = PASSWORD, **more: str):
    return client.post("/login/", {"username": name, "password": password, **more})


def test_who_knows_the_password_comes_to_his_day(client: Client, anna: User) -> None:
    assert log_in(client).headers["Location"] == "/"
    assert client.get("/").status_code == 200


def test_the_case_of_the_name_does_not_matter(client: Client, anna: User) -> None:
    assert log_in(client, " Anna ").status_code == 302


def test_a_wrong_password_says_what_may_be_wrong(client: Client, anna: User) -> None:
    answer = log_in(client, password="wrong")
    assert answer.status_code == 422
    assert "Проверьте раскладку клавиатуры и Caps Lock" in answer.content.decode()


def test_the_name_is_locked_after_five_failures(client: Client, anna: User) -> None:
    answers = [log_in(client, password="wrong").status_code for _ in range(5)]
    assert answers == [422, 422, 422, 422, 429]
    locked = log_in(client)
    assert locked.status_code == 429
    assert "Вход закрыт на четверть часа" in locked.content.decode()
    assert client.get("/").status_code == 302


def test_who_was_stopped_comes_back_to_where_he_wanted(client: Client, anna: User) -> None:
    stopped = client.get("/customers/?role=any")
    assert stopped.headers["Location"] == "/login/?next=/customers/%3Frole%3Dany"
    assert log_in(client, next="/customers/?role=any").headers["Location"] == "/customers/?role=any"


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"])
def test_no_log_in_leads_away_from_here(client: Client, anna: User, address: str) -> None:
    assert log_in(client, next=address).headers["Location"] == "/"


def test_log_out_is_a_post(client: Client, anna: User) -> None:
    client.force_login(anna)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/").status_code == 302


def test_a_user_who_may_no_longer_log_in_does_not(client: Client, anna: User) -> None:
    anna.is_active = False
    anna.save()
    assert log_in(client).status_code == 422


def test_a_form_without_its_mark_is_out_of_date(anna: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/login/", {"username": "anna", "password": PASSWORD})
    assert answer.status_code == 403
    assert "Форма устарела" in answer.content.decode()


def test_pages_are_kept_by_no_cache_and_listed_nowhere(client: Client, anna: User) -> None:
    client.force_login(anna)
    for path in ("/", "/customers/", "/me/"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Disallow: /" in client.get("/robots.txt").content.decode()


def test_nobody_logged_in_is_asked_to_and_a_reader_gets_403(client: Client, reader: User) -> None:
    assert client.get("/employees/").headers["Location"].startswith("/login/")
    client.force_login(reader)
    answer = client.get("/employees/")
    assert answer.status_code == 403
    assert "Сюда вам нельзя" in answer.content.decode()


def test_what_is_not_there_says_so_in_the_frame(client: Client, anna: User) -> None:
    assert 'class="rail"' not in client.get("/nowhere/").content.decode()
    client.force_login(anna)
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "Здесь ничего нет" in answer.content.decode()
    assert 'class="rail"' in answer.content.decode()


def test_our_own_mistake_is_said_without_the_data_base(rf) -> None:
    from svyaz.desk.errors import failed

    answer = failed(rf.get("/"))
    assert answer.status_code == 500
    assert "Ошибка наша" in answer.content.decode()
