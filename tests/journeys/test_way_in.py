"""A user looks after his own way in: authenticator app, passkey, single sign-on, sessions; then logs in by each."""

import re
import time
from collections.abc import Iterator

import psycopg
import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect

from svyaz.demo.queries import CAST_PASSWORD
from tests.database import TestDatabase
from tests.journeys.conftest import STATE, Desk, opened, running
from tests.journeys.looking import look
from tests.journeys.steps import Picture, log_in, log_out, rows
from tests.provider import Provider

pytestmark = pytest.mark.slow
# Nobody else's journey logs in as he does while a second factor is set up.
WHO = "gleb"
# The provider's own page dresses itself from elsewhere, which no test may call.
ELSEWHERE = re.compile(r"^https?://(?!localhost|127\.0\.0\.1)")


@pytest.fixture
def left_as_before(live_desk: Desk) -> Iterator[None]:
    """Leave the user without second factors and linked accounts, as the other journeys expect him."""
    yield
    with psycopg.connect(live_desk.database.application) as connection:
        for table in ("mfa_authenticator", "socialaccount_socialaccount"):
            connection.execute(f"DELETE FROM {table}")
        connection.execute("UPDATE users_user SET email = '', language = 'ru', time_zone = 'Europe/Moscow'")


def code_of(secret: str, later: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later)))


def confirm(page: Page) -> None:
    """Say once more who one is, by the password."""
    page.locator("#confirm [name=password]").fill(CAST_PASSWORD)
    page.keyboard.press("Enter")


@pytest.mark.usefixtures("left_as_before")
def test_an_authenticator_app_and_a_recovery_code(page: Page, picture: Picture, live_desk: Desk) -> None:
    page.goto("/login/")
    look(page, picture, "way-in-log-in")
    log_in(page, WHO)
    page.goto("/me/security/")
    look(page, picture, "way-in-security")
    page.locator("a[href='/me/security/app/']").click()
    look(page, picture, "way-in-confirm")
    confirm(page)
    page.locator(".qr").wait_for()
    secret = page.locator("[data-totp]").text_content() or ""
    look(page, picture, "way-in-app")
    page.locator("[name=code]").fill(code_of(secret, -1))
    page.keyboard.press("Enter")
    page.locator(".codes").wait_for()
    look(page, picture, "way-in-codes")
    recovery = (page.locator(".codes code").first.text_content() or "").replace(" ", "")
    page.goto("/me/security/")
    look(page, picture, "way-in-security-set-up")
    log_out(page)

    first_step(page)
    look(page, picture, "way-in-second-step")
    page.locator("[name=code]").fill("000000")
    page.keyboard.press("Enter")
    expect(page.locator(".errorlist")).to_contain_text("Не подошло")
    page.locator("[name=code]").fill(code_of(secret))
    page.keyboard.press("Enter")
    page.locator(".rail").wait_for()
    log_out(page)

    first_step(page)
    page.locator("[name=code]").fill(recovery)
    page.keyboard.press("Enter")
    page.locator(".rail").wait_for()
    kept = rows(live_desk.database.application, "SELECT data::text FROM mfa_authenticator")
    assert kept
    assert all(secret not in data for (data,) in kept)


def first_step(page: Page) -> None:
    """Give name and password, and come to the second step."""
    page.locator("[name=username]").fill(WHO)
    page.locator("[name=password]").fill(CAST_PASSWORD)
    page.keyboard.press("Enter")
    page.locator("[name=code]").wait_for()


def plug_in_authenticator(page: Page, *, knows_its_user: bool = True) -> None:
    """Give the browser a virtual authenticator that knows its user by a fingerprint, or does not."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": knows_its_user, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.usefixtures("left_as_before")
def test_a_passkey_instead_of_everything(page: Page, picture: Picture) -> None:
    plug_in_authenticator(page)
    log_in(page, WHO)
    page.goto("/me/security/")
    page.locator("a[href='/me/security/passkeys/']").click()
    confirm(page)
    page.locator("#passkey [name=name]").fill("Рабочий ноутбук")
    look(page, picture, "way-in-passkey")
    page.locator("#passkey button[type=submit]").click()
    page.locator(".codes").wait_for()
    page.goto("/me/security/")
    expect(page.locator("#passkeys")).to_contain_text("Рабочий ноутбук")
    look(page, picture, "way-in-security-passkey")
    log_out(page)

    page.goto("/login/?next=/contacts/")
    page.locator("form[data-passkey] button").click()
    page.wait_for_url("**/contacts/")
    log_out(page)

    first_step(page)
    page.locator("form[data-passkey] button").click()
    page.locator(".rail").wait_for()


@pytest.mark.usefixtures("left_as_before")
def test_a_device_that_says_no_changes_nothing(page: Page) -> None:
    plug_in_authenticator(page, knows_its_user=False)
    page.goto("/login/")
    page.locator("form[data-passkey] button").click()
    expect(page.locator("[data-passkey-refused]")).to_be_visible()


@pytest.fixture
def desk_with_sign_on(live_desk: Desk, provider: Provider) -> Iterator[Desk]:
    """The same desk behind another door, whose settings name a provider."""
    base: TestDatabase = live_desk.database
    settings = {
        "SVYAZ_OIDC_URL": provider.url, "SVYAZ_OIDC_CLIENT": "svyaz", "SVYAZ_OIDC_SECRET": "s3cret",
        "SVYAZ_OIDC_NAME": "Единый вход", "SVYAZ_OIDC_MATCH": "email",
    }  # fmt: skip
    with running(base, STATE.parent / "desk-sso", **settings) as desk:
        yield desk


@pytest.mark.usefixtures("left_as_before")
def test_single_sign_on(
    desk_with_sign_on: Desk, provider: Provider, browser: Browser, request: pytest.FixtureRequest
) -> None:
    with psycopg.connect(desk_with_sign_on.database.application) as connection:
        connection.execute("UPDATE users_user SET email = 'gleb@svyaz.example' WHERE username = %s", [WHO])
    with opened(browser, desk_with_sign_on.url, "ru-RU", request) as page:
        page.route(ELSEWHERE, lambda route: route.fulfill(body=""))
        page.goto("/login/?next=/contacts/")
        page.get_by_text("Войти через Единый вход").click()
        page.wait_for_url(f"{provider.url}/**")
        page.locator("button[name=sub][value=g-5]").click()
        page.wait_for_url("**/contacts/")
        page.goto("/me/security/")
        expect(page.locator("#accounts")).to_contain_text("gleb")
    with opened(browser, desk_with_sign_on.url, "ru-RU", request) as page:
        page.route(ELSEWHERE, lambda route: route.fulfill(body=""))
        page.goto("/login/")
        page.get_by_text("Войти через Единый вход").click()
        page.locator("button[name=sub][value=s-4]").click()
        expect(page.locator("h1")).to_have_text("Войти не удалось")


@pytest.mark.usefixtures("left_as_before")
def test_sessions_are_seen_and_ended_and_the_clock_is_ones_own(
    page: Page, picture: Picture, browser: Browser, live_desk: Desk, request: pytest.FixtureRequest
) -> None:
    log_in(page, WHO)
    page.goto("/contacts/")
    before = page.locator("time").first.text_content()
    page.goto("/me/")
    look(page, picture, "way-in-me")
    page.locator("[name=time_zone]").select_option("Asia/Kamchatka")
    page.locator("#preferences [type=submit]").click()
    page.locator("#toasts .toast").wait_for()
    page.goto("/contacts/")
    assert page.locator("time").first.text_content() != before

    with opened(browser, live_desk.url, "ru-RU", request) as there:
        log_in(there, WHO)
        page.goto("/me/sessions/")
        assert page.locator("#sessions .row").count() >= 2
        look(page, picture, "way-in-sessions")
        page.locator("form[action$='/others/end/'] button").click()
        expect(page.locator("#sessions .row")).to_have_count(1)
        there.goto("/")
        there.locator("[name=username]").wait_for()
