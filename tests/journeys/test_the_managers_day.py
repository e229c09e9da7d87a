"""The manager's morning: what stood still, who carries how much; each number opens its list, in both languages."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Desk
from tests.journeys.looking import look
from tests.journeys.steps import Picture, log_in, rows, speak_again_as_before

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("spoken", ["ru", "en"])
def test_every_number_of_the_day_opens_its_list(page: Page, picture: Picture, live_desk: Desk, spoken: str) -> None:
    log_in(page, "vera", spoken)
    look(page, picture, f"day-{spoken}")
    page.goto("/people/")
    look(page, picture, f"people-{spoken}")
    stood = page.locator("#stood .badge")
    assert stood.count() >= 2
    for number in range(stood.count()):
        shown = int(stood.nth(number).text_content() or "0")
        stood.nth(number).click()
        page.wait_for_load_state("networkidle")
        said = page.locator("main").inner_text()
        assert str(shown) in re.findall(r"\d+", said), page.url
        page.goto("/people/")
    speak_again_as_before(live_desk.database.application)


def test_a_call_that_reached_nobody_waits_on_the_day(page: Page, live_desk: Desk) -> None:
    address = live_desk.database.application
    ((party,),) = rows(address, "SELECT party_id FROM parties_partyrole WHERE number = '78120441'")
    log_in(page, "boris")
    before = int(page.locator("#waiting .panel-more .wait").text_content() or "0") if waits(page) else 0
    page.goto(f"/customers/{party}/")
    page.keyboard.press("c")
    page.keyboard.type("Звонил сказать о скидке, не дозвонился")
    page.locator("[name=direction]").select_option("unreached")
    page.keyboard.press("Control+Enter")
    page.locator("#toasts .toast").first.wait_for()
    page.goto("/")
    expect(page.locator("#waiting .panel-more .wait")).to_have_text(str(before + 1))
    ((reached, direction),) = rows(
        address, "SELECT is_reached, direction FROM interactions_interaction ORDER BY id DESC LIMIT 1"
    )
    assert (reached, direction) == (False, "outbound")


def waits(page: Page) -> bool:
    """Tell whether anything waits for an answer."""
    return page.locator("#waiting").count() > 0
