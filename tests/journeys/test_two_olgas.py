"""Story 5: the same person twice. Compared field by field, merged; a week later parted again, and nothing is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Desk
from tests.journeys.looking import look
from tests.journeys.steps import log_in, open_first, party_of, rows, search, speak_again_as_before

Picture = Callable[[str], Path]
SECOND = "9217770042"
WORDS = {
    "ru": {"another": "У этого клиента есть ещё карточка", "merge": "Объединить", "part": "Разъединить"},
    "en": {"another": "The same customer has another card", "merge": "Merge", "part": "Part them again"},
}


@pytest.fixture(params=["ru", "en"])
def tongue(request: pytest.FixtureRequest) -> str:
    """The language that Vera works in."""
    return str(request.param)


def type_her_once_more(page: Page, phone: str) -> int:
    """Take a call of someone who is thought to be new."""
    page.goto("/contacts/new/")
    page.locator("[name=family_name]").fill("Смирнова")
    page.locator("[name=given_name]").fill("О.")
    page.locator("[name=phone]").fill(phone)
    page.locator("#contact-text").fill("Спрашивает о скидке")
    page.locator("#contact-text").focus()
    page.wait_for_url("**/contacts/new/?draft=*")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/customers/*/")
    return party_of(page)


def test_two_olgas(page: Page, live_desk: Desk, picture: Picture, tongue: str) -> None:
    words = WORDS[tongue]
    phone = SECOND if tongue == "ru" else SECOND.replace("42", "43")
    log_in(page, "vera", tongue)
    second = type_her_once_more(page, phone)
    address = live_desk.database.application
    before = rows(address, "SELECT * FROM parties_party ORDER BY id")

    # She knows the voice: it is Olga, who has a card already.
    page.get_by_role("link", name=words["another"]).click()
    page.wait_for_url("**/merges/**")
    page.locator("#main input[name=q], main input[name=q]").first.fill("+7 921 555-12-34")
    page.locator("#found a").first.wait_for()
    look(page, picture, f"olgas-choose-{tongue}")
    page.locator("#found a").first.click()
    page.locator("#preview").wait_for()
    olga = int(page.locator("[name=survivor]:checked").get_attribute("value") or 0)
    assert olga != second

    # The keyboard alone: in the row of the given name the second card's value, then the first's again.
    given = page.locator("[name=choice-given_name]").first
    given.focus()
    keys = {page.locator("[name=choice-given_name]").nth(n).get_attribute("value"): f"Digit{n + 1}" for n in (0, 1)}
    page.keyboard.press(keys[str(second)])
    expect(page.locator("#preview")).to_contain_text("Смирнова О. ")
    page.keyboard.press(keys[str(olga)])
    expect(page.locator("#preview")).to_contain_text("Смирнова Ольга")
    look(page, picture, f"olgas-compare-{tongue}")
    page.locator("[name=reason]").fill("Тот же голос и паспорт")
    page.keyboard.press("Control+Enter")

    # One card, one thread; the old address and the second phone lead to it.
    page.wait_for_url(f"**/customers/{olga}/")
    expect(page.locator("main")).to_contain_text("Спрашивает о скидке")
    page.goto(f"/customers/{second}/")
    page.wait_for_url(f"**/customers/{olga}/?from={second}")
    page.wait_for_load_state("networkidle")
    look(page, picture, f"olgas-survivor-{tongue}")
    search(page, f"+7{phone}")
    open_first(page)
    assert party_of(page) == olga

    # A week later it turns out that there are two after all.
    page.locator("main a[href^='/merges/']", has_not_text=words["another"]).first.click()
    page.locator("form[action$='/undo/']").wait_for()
    look(page, picture, f"olgas-merge-{tongue}")
    page.get_by_role("button", name=words["part"]).click()
    page.locator("form[action$='/undo/']").wait_for(state="detached")
    assert rows(address, "SELECT * FROM parties_party ORDER BY id") == before
    page.goto(f"/customers/{second}/")
    assert party_of(page) == second
    expect(page.locator("main")).to_contain_text("Спрашивает о скидке")
    page.goto("/merges/")
    look(page, picture, f"olgas-list-{tongue}")
    speak_again_as_before(address)
