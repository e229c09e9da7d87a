"""The same story on a real base after `svyaz import`: nameless customers, found by their numbers."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from svyaz.cli.state import PROJECT_DIR
from tests.database import TestDatabase
from tests.journeys.conftest import PICTURES, Desk, environment_of, opened, running
from tests.journeys.steps import log_in, log_out, open_first, party_of, pin, promise_by_friday, rows, save, search

FILE = PROJECT_DIR.parent / "shared" / "data" / "ibm_telco" / "WA_Fn-UseC_-Telco-Customer-Churn.csv"
STATE = PROJECT_DIR / "var" / "test" / "ibm_desk"
NUMBER = "7590-VHVEG"
DECISION = "Скидка 10 % на интернет на 3 месяца"
CALL = "Соперник предлагает дешевле, хочет уйти."
EMAIL = "Спрашивает о скидке. Ответил: решение в силе."

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"the IBM Telco base is not here ({FILE})")


@pytest.fixture(scope="module")
def ibm_desk(django_test_environment: None) -> Iterator[Desk]:
    """A desk on the imported base, with two employees."""
    base = TestDatabase.for_this_run("ibm")
    base.create()
    STATE.mkdir(parents=True, exist_ok=True)
    try:
        run(
            base, "-m", "svyaz.cli", "import", "customers", str(FILE), "--mapping", "ibm_telco", "--as-of", "2020-01-01"
        )
        run(base, "-m", "tests.journeys.ibm_telco")
        with running(base, STATE) as desk:
            yield desk
    finally:
        base.drop()


def run(base: TestDatabase, *arguments: str) -> None:
    """Run a program on the base."""
    environment = environment_of(base, STATE) | {"DJANGO_SETTINGS_MODULE": "svyaz.settings"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=PROJECT_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def ibm_page(ibm_desk: Desk, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    with opened(browser, ibm_desk.url, "ru-RU", request) as page:
        yield page


def keep_picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"ibm-{name}.png", caret="initial")


def test_the_call_on_an_imported_base(ibm_page: Page, ibm_desk: Desk) -> None:
    page, address = ibm_page, ibm_desk.database.application
    assert rows(address, "SELECT count(*) FROM parties_partyrole WHERE kind = 'customer'") == [(7043,)]

    log_in(page, "anna")
    page.goto("/customers/")
    keep_picture(page, "1-customers")
    expect(search(page, NUMBER).first).to_contain_text(NUMBER)
    open_first(page)
    party = party_of(page)
    expect(page.locator("h1")).to_contain_text(NUMBER)
    keep_picture(page, "2-before-answering")
    decide(page)
    log_out(page)

    log_in(page, "boris")
    search(page, NUMBER)
    open_first(page)
    decision = page.locator("#front .decision", has_text=DECISION)
    expect(decision).to_contain_text("В силе")
    expect(decision.locator(".ground")).to_have_count(2)
    keep_picture(page, "4-in-front")
    keep(page)
    check_the_data_base(address, party)


def decide(page: Page) -> None:
    """Write down the call with the rival's offer, two grounds, the decision and a promise."""
    page.keyboard.press("c")
    page.keyboard.type(CALL)
    page.keyboard.press("Escape")
    products = page.locator("#services [data-pin][value^='product:']")
    assert products.count() >= 1
    pin(page, products.first.get_attribute("data-pin-label") or "")
    page.keyboard.press("o")
    page.locator("#offer-competitor").select_option(index=1)
    page.locator("#offer-service_kind").select_option("internet")
    page.locator("#offer-title").fill("Интернет 100")
    page.locator("#offer-price").fill("20")
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    page.locator("#decision-text").fill(DECISION)
    promise_by_friday(page, "Подтвердить скидку")
    keep_picture(page, "3-decision")
    save(page)
    expect(page.locator("#front")).to_contain_text(DECISION)


def keep(page: Page) -> None:
    """Enter the e-mail by hand and keep the decision with one key."""
    page.locator(".kinds [value=email]").check(force=True)
    page.locator("#contact-text").fill(EMAIL)
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    save(page)
    expect(page.locator("#front .decision", has_text=DECISION)).to_contain_text("Оставлено")
    keep_picture(page, "5-kept")


def check_the_data_base(address: str, party: int) -> None:
    decided = rows(address, "SELECT id, amount, state FROM decisions_decision WHERE party_id = %s", party)
    assert [(amount, state) for _pk, amount, state in decided] == [(10, "in_force")]
    decision = decided[0][0]
    grounds = rows(address, "SELECT fact FROM decisions_ground WHERE decision_id = %s ORDER BY fact", decision)
    assert grounds == [("competitor_offer",), ("product",)]
    offers = rows(address, "SELECT price::int, answer_id FROM markets_competitoroffer WHERE party_id = %s", party)
    assert offers == [(20, decision)]
    promises = rows(address, "SELECT count(*) FROM decisions_promise WHERE decision_id = %s", decision)
    assert promises == [(1,)]
    sightings = rows(address, "SELECT outcome FROM decisions_sighting WHERE decision_id = %s", decision)
    assert sightings == [("kept",)]
