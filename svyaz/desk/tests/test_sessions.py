"""Where a user is logged in: seen in a list, ended one by one or all others."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from svyaz.access.events import AccessEvent
from svyaz.desk.middleware import SEEN_AT
from svyaz.history.models import Event
from svyaz.users.models import User
from tests.cast import PASSWORD

LIST = "/me/sessions/"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36"


def browser(user_agent: str = CHROME, name: str = "anna", address: str = "10.1.2.3") -> Client:
    client = Client(headers={"User-Agent": user_agent}, REMOTE_ADDR=address)
    assert client.post("/login/", {"username": name, "password": PASSWORD}).status_code == 302
    return client


def test_every_browser_is_listed_with_device_and_address(anna: User) -> None:
    here = browser()
    browser(PHONE, address="10.9.9.9")
    page = here.get(LIST).content.decode()
    assert "Chrome, Windows" in page
    assert "Chrome, Android" in page
    assert "10.9.9.9" in page
    assert page.count("Выйти там") == 1


def test_one_other_is_ended(anna: User) -> None:
    here, there = browser(), browser(PHONE)
    other = UserSession.objects.get(user_agent=PHONE)
    assert here.post(f"{LIST}{other.pk}/end/").status_code == 303
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200
    assert Event.objects.get(kind=AccessEvent.SESSIONS_ENDED).details == {"count": 1}


def test_all_others_are_ended(anna: User) -> None:
    here, *others = [browser(), browser(PHONE), browser(PHONE)]
    assert here.post(f"{LIST}others/end/").status_code == 303
    assert [other.get("/").status_code for other in others] == [302, 302]
    assert here.get("/").status_code == 200


def test_this_one_is_left_by_logging_out(anna: User) -> None:
    here = browser()
    own = UserSession.objects.get()
    assert here.post(f"{LIST}{own.pk}/end/", headers={"HX-Request": "true"}).status_code == 422
    assert here.get("/").status_code == 200


def test_nobody_ends_the_session_of_another(anna: User, boris: User) -> None:
    hers, his = browser(), browser(name="boris")
    session = UserSession.objects.get(user=anna)
    assert his.post(f"{LIST}{session.pk}/end/").status_code == 404
    assert hers.get("/").status_code == 200


def test_a_new_password_ends_the_others(anna: User) -> None:
    here, there = browser(), browser(PHONE)
    new = "Полярная-звезда-7"
    sent = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post("/me/password/", sent).headers["Location"] == "/me/security/"
    assert there.get("/").status_code == 302
    assert here.get(LIST).content.decode().count("Chrome, Windows") == 1


def test_being_here_is_noted_every_few_minutes(anna: User) -> None:
    here = browser()
    session = here.session
    session[SEEN_AT] = (now() - timedelta(minutes=6)).timestamp()
    session.save()
    long_ago = now() - timedelta(hours=1)
    UserSession.objects.update(last_seen_at=long_ago)
    here.get("/")
    assert UserSession.objects.get().last_seen_at > now() - timedelta(minutes=1)


def test_what_is_over_is_not_listed(anna: User) -> None:
    here = browser()
    browser(PHONE)
    key = UserSession.objects.get(user_agent=PHONE).session_key
    Session.objects.filter(session_key=key).update(expire_date=now() - timedelta(days=1))
    assert "Android" not in here.get(LIST).content.decode()


@pytest.mark.parametrize("address", [f"{LIST}1/end/", f"{LIST}others/end/"])
def test_ending_is_a_post(anna: User, address: str) -> None:
    assert browser().get(address).status_code == 405


def test_one_session_or_three_cost_the_same(anna: User) -> None:
    here = browser()
    here.get(LIST)
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            here.get(LIST)
        costs.append(len(asked))
        browser(PHONE)
        browser(PHONE)
    assert costs[0] == costs[1] > 0
