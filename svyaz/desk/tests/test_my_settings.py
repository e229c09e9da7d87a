"""What suits a user: language, clock, theme, password; kept on the user, not in the browser."""

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from svyaz.access.events import AccessEvent
from svyaz.history.models import Event
from svyaz.users.models import User
from tests.cast import PASSWORD

GOOD = "Полярная-звезда-7"


@pytest.fixture
def desk(client: Client, anna: User) -> Client:
    client.force_login(anna)
    return client


def test_the_language_chosen_in_the_menu_stays_with_the_user(desk: Client, anna: User) -> None:
    assert "Мой день" in desk.get("/").content.decode()
    answer = desk.post("/language/", {"language": "en", "next": "/"})
    assert answer.headers["Location"] == "/"
    anna.refresh_from_db()
    assert anna.language == "en"
    other = Client(HTTP_ACCEPT_LANGUAGE="ru")
    other.force_login(anna)
    assert "My day" in other.get("/").content.decode()


def test_before_the_log_in_the_browser_chooses(client: Client, anna: User) -> None:
    assert "Вход в «Связь»" in client.get("/login/", headers={"Accept-Language": "ru"}).content.decode()
    client.post("/language/", {"language": "en", "next": "/login/"})
    assert "Log in to Svyaz" in client.get("/login/", headers={"Accept-Language": "ru"}).content.decode()
    client.force_login(anna)
    assert "Мой день" in client.get("/").content.decode()


def test_an_unknown_language_changes_nothing(desk: Client, anna: User) -> None:
    desk.post("/language/", {"language": "tlh", "next": "https://evil.example/"})
    anna.refresh_from_db()
    assert anna.language == "ru"


def test_the_theme_is_painted_on_every_browser_of_the_user(desk: Client, anna: User) -> None:
    assert desk.post("/me/theme/", {"theme": "dark"}, headers={"HX-Request": "true"}).status_code == 204
    other = Client()
    anna.refresh_from_db()
    other.force_login(anna)
    assert 'data-theme="dark"' in other.get("/").content.decode()


@pytest.mark.parametrize("theme", ["", "pink"])
def test_an_unknown_theme_is_refused(desk: Client, anna: User, theme: str) -> None:
    assert desk.post("/me/theme/", {"theme": theme}).status_code == 422
    anna.refresh_from_db()
    assert anna.theme == "auto"


def test_settings_are_saved_together_and_recorded_once(desk: Client, anna: User) -> None:
    chosen = {"language": "en", "time_zone": "Asia/Novosibirsk", "theme": "light"}
    assert desk.post("/me/preferences/", chosen).status_code == 303
    anna.refresh_from_db()
    assert (anna.language, anna.time_zone, anna.theme) == ("en", "Asia/Novosibirsk", "light")
    assert Event.objects.filter(kind=AccessEvent.PREFERENCES_SAVED).count() == 1
    desk.post("/me/preferences/", chosen)
    assert Event.objects.filter(kind=AccessEvent.PREFERENCES_SAVED).count() == 1


def test_a_time_zone_that_does_not_exist_is_refused(desk: Client, anna: User) -> None:
    assert desk.post("/me/preferences/", {"time_zone": "Mars/Olympus"}).status_code == 422


def test_a_new_password_opens_the_desk_and_the_old_one_does_not(desk: Client, anna: User, rf) -> None:
    elsewhere = Client()
    elsewhere.force_login(anna)
    sent = {"old_password": PASSWORD, "new_password1": GOOD, "new_password2": GOOD}
    assert desk.post("/me/password/", sent).status_code == 303
    assert desk.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302
    assert authenticate(rf.post("/"), username="anna", password=GOOD) == anna
    assert Event.objects.filter(kind=AccessEvent.PASSWORD_CHANGED).count() == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"old_password": "wrong", "new_password1": GOOD, "new_password2": GOOD}, "Это не ваш нынешний пароль."),
        ({"old_password": PASSWORD, "new_password1": GOOD, "new_password2": "x"}, "Новые пароли не совпадают."),
        ({"old_password": PASSWORD, "new_password1": "12345678", "new_password2": "12345678"}, "только из цифр"),
        ({}, "Обязательное поле"),
    ],
)
def test_a_password_that_breaks_a_rule_is_refused_with_the_rule(
    desk: Client, anna: User, sent: dict[str, str], said: str
) -> None:
    answer = desk.post("/me/password/", sent, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    anna.refresh_from_db()
    assert anna.check_password(PASSWORD)


def test_settings_are_for_who_logged_in(client: Client, db: None) -> None:
    assert client.get("/me/").headers["Location"].startswith("/login/")
    assert client.post("/me/password/", {}).headers["Location"].startswith("/login/")
