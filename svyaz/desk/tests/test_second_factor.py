"""The second factor: an authenticator app and recovery codes, asked for after the password, required by role."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axes.utils import reset
from django.core.cache import cache
from django.test import Client

from svyaz.access.actions.self_care import require_second_factor
from svyaz.access.events import AccessEvent
from svyaz.access.models import Role
from svyaz.desk.tests.conftest import Login
from svyaz.history.models import Event
from svyaz.users.models import User
from tests.cast import NOON, PASSWORD

SECURITY, APP, STEP, CODES = "/me/security/", "/me/security/app/", "/login/second-step/", "/me/security/codes/"


@pytest.fixture(autouse=True)
def nobody_is_locked(db: None):
    reset()
    cache.clear()
    yield
    reset()
    cache.clear()


def code_of(secret: str, later: int = 0) -> str:
    """Compute what an authenticator app shows now, or some half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later)))


def log_in(client: Client, name: str = "anna"):
    return client.post("/login/", {"username": name, "password": PASSWORD})


def confirm(client: Client, address: str):
    """Come to a page that first asks who it is."""
    asked = client.get(address)
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith("/me/confirm/")
    return client.post(asked.headers["Location"], {"password": PASSWORD, "next": address}, follow=True)


def set_up(client: Client, name: str = "anna") -> str:
    """Set up an app; return its secret."""
    log_in(client, name)
    page = confirm(client, APP).content.decode()
    secret = re.search(r"data-totp>([A-Z2-7]+)<", page)
    assert secret, page
    answer = client.post(APP, {"code": code_of(secret[1], -1)})
    assert answer.headers["Location"] == CODES
    return secret[1]


def test_the_app_is_asked_for_after_the_password(client: Client, anna: User) -> None:
    secret = set_up(client)
    other = Client()
    assert log_in(other).headers["Location"] == STEP
    assert other.get("/").status_code == 302
    assert other.get(STEP).status_code == 200
    assert other.post(STEP, {"code": code_of(secret)}).headers["Location"] == "/"
    assert other.get("/").status_code == 200


def test_a_code_opens_once(client: Client, anna: User) -> None:
    secret = set_up(client)
    code = code_of(secret)
    for status in (302, 422):
        other = Client()
        log_in(other)
        assert other.post(STEP, {"code": code}).status_code == status


def test_a_wrong_code_says_so_and_many_wrong_ones_are_stopped(client: Client, anna: User) -> None:
    secret = set_up(client)
    other = Client()
    log_in(other)
    answers = [other.post(STEP, {"code": "000000"}) for _ in range(6)]
    assert {answer.status_code for answer in answers} == {422}
    assert "Не подошло" in answers[0].content.decode()
    assert "Слишком много попыток" in answers[-1].content.decode()
    assert other.post(STEP, {"code": code_of(secret)}).status_code == 422
    assert other.get("/").status_code == 302


def test_a_recovery_code_opens_once_and_is_used_up(client: Client, anna: User) -> None:
    set_up(client)
    text = client.get("/me/security/codes/file/").content.decode()
    codes = re.findall(r"^\d{8}$", text, re.M)
    assert len(codes) == 10
    for status in (302, 422):
        other = Client()
        log_in(other)
        assert other.post(STEP, {"code": codes[0]}).status_code == status
    assert codes[0] not in client.get("/me/security/codes/file/").content.decode()


def test_the_secret_lies_encrypted_and_no_event_tells_it(client: Client, anna: User) -> None:
    secret = set_up(client)
    kept = {row.type: row.data for row in Authenticator.objects.filter(user=anna)}
    assert secret not in str(kept)
    assert kept["totp"]["secret"].startswith("gAAAA")
    assert kept["recovery_codes"]["seed"].startswith("gAAAA")
    told = Event.objects.filter(kind__in=[AccessEvent.SECOND_FACTOR_ADDED, AccessEvent.RECOVERY_CODES_ISSUED])
    assert {event.kind for event in told} == {AccessEvent.SECOND_FACTOR_ADDED, AccessEvent.RECOVERY_CODES_ISSUED}
    assert all(secret not in str(event.details) for event in told)


def test_a_wrong_first_number_sets_nothing_up(client: Client, anna: User) -> None:
    log_in(client)
    confirm(client, APP)
    answer = client.post(APP, {"code": "000000"})
    assert answer.status_code == 422
    assert not Authenticator.objects.exists()


def test_a_wrong_password_confirms_nothing(client: Client, anna: User) -> None:
    log_in(client)
    asked = client.get(APP).headers["Location"]
    answer = client.post(asked, {"password": "wrong"})
    assert answer.status_code == 422
    assert client.get(APP).status_code == 302


def test_removing_the_app_takes_the_codes_with_it(client: Client, anna: User) -> None:
    set_up(client)
    factor = Authenticator.objects.get(type="totp")
    assert client.post(f"/me/security/factors/{factor.pk}/removal/").status_code == 303
    assert not Authenticator.objects.exists()
    assert log_in(Client()).headers["Location"] == "/"
    assert Event.objects.filter(kind=AccessEvent.SECOND_FACTOR_REMOVED).count() == 1


def test_new_codes_replace_the_old(client: Client, anna: User) -> None:
    set_up(client)
    before = client.get("/me/security/codes/file/").content
    assert client.post("/me/security/codes/new/").headers["Location"] == CODES
    assert client.get("/me/security/codes/file/").content != before


def test_nobody_touches_the_factors_of_another(client: Client, anna: User, boris: User) -> None:
    set_up(client)
    factor = Authenticator.objects.get(type="totp")
    other = Client()
    log_in(other, "boris")
    confirm(other, APP)
    assert other.post(f"/me/security/factors/{factor.pk}/removal/").status_code == 404
    assert other.post(f"/me/security/factors/{factor.pk}/name/", {"name": "x"}).status_code == 404
    assert other.get(CODES).status_code == 404
    assert other.post("/me/security/codes/new/").status_code == 404


def test_a_role_that_requires_it_opens_the_desk_only_with_it(
    client: Client, anna: User, roles: dict[str, Role]
) -> None:
    require_second_factor(role=roles["agent"], is_required=True, by=None, at=NOON)
    assert log_in(client).headers["Location"] == SECURITY
    assert client.get("/customers/").headers["Location"] == SECURITY
    assert "Ваша роль требует второго фактора" in client.get(SECURITY).content.decode()
    set_up(client)
    assert client.get("/customers/").status_code == 200
    factor = Authenticator.objects.get(type="totp")
    assert client.post(f"/me/security/factors/{factor.pk}/removal/", follow=True).status_code == 200
    assert Authenticator.objects.filter(pk=factor.pk).exists()


def test_an_administrator_requires_it_of_a_role(
    client: Client, admin: User, anna: User, reader: User, roles: dict[str, Role], login: Login
) -> None:
    address = f"/administration/roles/{roles['agent'].pk}/second-factor/"
    desk = login(admin)
    assert desk.post(address, {"asked": "yes"}).status_code == 303
    assert "Больше не требовать" in desk.get(f"/administration/roles/{roles['agent'].pk}/").content.decode()
    assert log_in(client).headers["Location"] == SECURITY
    assert desk.post(address, {"asked": "no"}).status_code == 303
    assert log_in(Client()).headers["Location"] == "/"
    assert desk.post(address, {"asked": "maybe"}, headers={"HX-Request": "true"}).status_code == 422
    assert desk.get(address).status_code == 405
    assert desk.post("/administration/roles/999999/second-factor/", {"asked": "yes"}).status_code == 404
    assert login(reader).post(address, {"asked": "yes"}).status_code == 403


def test_a_requirement_is_told_once(roles: dict[str, Role]) -> None:
    for _ in range(2):
        require_second_factor(role=roles["agent"], is_required=True, by=None, at=NOON)
    assert Event.objects.filter(kind=AccessEvent.SECOND_FACTOR_REQUIRED).count() == 1


@pytest.mark.parametrize("address", [STEP, "/login/passkey/"])
def test_the_second_step_is_nothing_without_the_first(client: Client, anna: User, address: str) -> None:
    assert client.get(address).headers["Location"] == "/login/"


@pytest.mark.parametrize(
    "sent", [{}, {"credential": ""}, {"credential": "{"}, {"credential": "{}"}, {"credential": "[1]"}]
)
def test_a_passkey_that_is_none_opens_nothing(client: Client, anna: User, sent: dict[str, str]) -> None:
    client.get("/login/passkey/", headers={"Accept": "application/json"})
    answer = client.post("/login/passkey/", {"credential": sent})
    assert answer.status_code == 422
    assert "login-title" in answer.content.decode()


def test_the_page_is_for_who_logged_in(client: Client, db: None) -> None:
    for address in (
        SECURITY,
        APP,
        CODES,
        "/me/security/passkeys/",
        "/me/confirm/",
        "/me/confirm/code/",
        "/me/sessions/",
    ):
        assert client.get(address).headers["Location"].startswith("/login/"), address


@pytest.mark.parametrize("address", ["/me/security/factors/1/removal/", "/me/security/codes/new/"])
def test_changes_are_posts(login: Login, anna: User, address: str) -> None:
    assert login(anna).get(address).status_code == 405
