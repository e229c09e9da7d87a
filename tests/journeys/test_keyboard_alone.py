"""The essential path of the call without a mouse: find, look, write down, decide, promise, keep."""

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Desk
from tests.journeys.steps import Picture, log_in, open_first, party_of, rows, search

COMPANY = "Север"
DECISION = "Скидка 5 % на год"


def test_a_call_is_taken_and_kept_without_a_mouse(page: Page, live_desk: Desk, picture: Picture) -> None:
    page.goto("/login/")
    page.keyboard.type("anna")
    page.keyboard.press("Tab")
    page.keyboard.type("svyaz-demo")
    page.keyboard.press("Enter")
    page.locator(".rail").wait_for()
    page.wait_for_load_state("networkidle")

    search(page, COMPANY)
    open_first(page)
    party = party_of(page)

    decide_by_keys(page, picture)
    decision = rows(
        live_desk.database.application,
        "SELECT id FROM decisions_decision WHERE party_id = %s AND text = %s",
        party,
        DECISION,
    )
    assert len(decision) == 1
    keep_by_key(page, picture)
    sightings = rows(
        live_desk.database.application, "SELECT outcome FROM decisions_sighting WHERE decision_id = %s", decision[0][0]
    )
    assert sightings == [("kept",)]


def decide_by_keys(page: Page, picture: Picture) -> None:
    page.keyboard.press("c")
    page.keyboard.type("Просят скидку, готовы продлить договор.")
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    expect(page.locator("#decision-text")).to_be_focused()
    page.keyboard.type(DECISION)
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(page.locator("[name=promise-0-what]")).to_be_focused()
    page.keyboard.type("Прислать соглашение")
    picture("keyboard-1-decision")
    page.keyboard.press("Control+Enter")
    page.locator("#toasts .toast").first.wait_for()
    expect(page.locator("#front")).to_contain_text(DECISION)
    page.wait_for_load_state("networkidle")


def keep_by_key(page: Page, picture: Picture) -> None:
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("k")
    expect(page.locator("#contact-text")).to_be_focused()
    page.keyboard.type("Звонили снова: решение в силе.")
    picture("keyboard-2-keep")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread")).to_contain_text("Звонили снова: решение в силе.")


def test_a_promise_gets_its_result_by_one_key(page: Page, live_desk: Desk) -> None:
    log_in(page, "anna")
    rows_of_day = page.locator("[data-step].answers")
    count = rows_of_day.count()
    assert count > 0
    page.keyboard.press("ArrowDown")
    assert rows_of_day.first.evaluate("row => row.contains(document.activeElement)")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    what = rows_of_day.first.locator("a.link").inner_text()
    before = rows(live_desk.database.application, "SELECT count(*) FROM decisions_promiseresult")[0][0]
    page.keyboard.press("k")
    page.locator("#toasts .toast").first.wait_for()
    after = rows(live_desk.database.application, "SELECT count(*) FROM decisions_promiseresult")[0][0]
    assert after == before + 1, what
    assert page.locator("[data-step].answers").count() == count - 1


def test_a_key_of_a_row_does_nothing_without_a_row(page: Page, live_desk: Desk) -> None:
    log_in(page, "anna")
    before = rows(live_desk.database.application, "SELECT count(*) FROM decisions_promiseresult")[0][0]
    page.keyboard.press("b")
    page.wait_for_timeout(300)
    assert rows(live_desk.database.application, "SELECT count(*) FROM decisions_promiseresult")[0][0] == before
