"""Nothing typed is lost: the browser dies in the midst of typing, two windows write the same, a colleague goes on."""

from collections.abc import Iterator

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import BROWSER_OPTIONS, Desk, opened
from tests.journeys.steps import Picture, log_in, open_first, party_of, pin, rows, search
from tests.run import find_browser

TEXT = "Просит перерасчёт за апрель: неделю не было связи, мастер не пришёл"
PHONE = "+7 921 555-12-34"


@pytest.fixture
def other(live_desk: Desk, browser: Browser, language: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Another machine."""
    with opened(browser, live_desk.url, language, request) as page:
        yield page


@pytest.fixture(autouse=True)
def no_drafts_yet(live_desk: Desk) -> None:
    import psycopg

    with psycopg.connect(live_desk.database.application) as connection:
        connection.execute("DELETE FROM desk_draft")


def kept(page: Page) -> None:
    """Wait until what stands in the composer is kept."""
    expect(page.locator("[data-draft-state]")).to_have_text("Черновик сохранён")


def count(desk: Desk) -> int:
    found = rows(desk.database.application, "SELECT count(*) FROM desk_draft WHERE ended = ''")
    return int(found[0][0])


def test_a_killed_browser_loses_no_typed_word(browser: Browser, live_desk: Desk, page: Page, picture: Picture) -> None:
    doomed = browser.browser_type.launch(executable_path=find_browser(), args=BROWSER_OPTIONS)
    first = doomed.new_page(base_url=live_desk.url, locale="ru-RU", viewport={"width": 1366, "height": 900})
    log_in(first, "anna")
    search(first, PHONE)
    open_first(first)
    pin(first, "Домашний 500")
    first.keyboard.press("c")
    first.keyboard.type(TEXT, delay=15)
    first.keyboard.press("Alt+d")
    expect(first.locator("#decision-text")).to_be_focused()
    first.keyboard.type("Скидка 10 % на месяц", delay=15)
    # The last pause that a typing person makes before the machine dies.
    first.wait_for_timeout(1000)
    doomed.close()

    log_in(page, "anna")
    expect(page.locator("#tasks")).to_contain_text("Смирнова Ольга")
    page.locator("#tasks a").first.click()
    expect(page.locator("#contact-text")).to_have_value(TEXT)
    expect(page.locator("#decision-text")).to_have_value("Скидка 10 % на месяц")
    expect(page.locator("#composer [data-grounds] .ground")).to_have_count(1)
    picture("drafts-1-after-the-crash")
    page.reload()
    expect(page.locator("#contact-text")).to_have_value(TEXT)
    page.locator("#contact-text").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread")).to_contain_text(TEXT)
    expect(page.locator("#tasks .task:not(.passing)")).to_have_count(0)
    assert count(live_desk) == 0


def test_three_contacts_at_once(page: Page, live_desk: Desk, picture: Picture) -> None:
    log_in(page, "anna")
    said = {"Смирнова Ольга": "Ольга говорит", "Север": "Север пишет"}
    for name, words in said.items():
        search(page, name)
        open_first(page)
        page.keyboard.press("c")
        page.keyboard.type(words)
        page.keyboard.press("Escape")
        kept(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("новый клиент")
    page.locator('#search-results[data-for="новый клиент"] [role=option]').first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/contacts/new/")
    page.locator("[name=family_name]").fill("Неизвестный")
    kept(page)
    tabs = page.locator("#tasks .task")
    expect(tabs).to_have_count(3)
    expect(page.locator("#tasks .task-mark")).to_have_count(3)
    picture("drafts-2-three-tabs")

    for index, (name, words) in enumerate(said.items()):
        tabs.nth(index).locator("a").click()
        expect(page.locator("h1")).to_contain_text(name)
        expect(page.locator("#contact-text")).to_have_value(words)
    close_and_take_back(page)
    assert Axe().run(page)["violations"] == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    picture("drafts-3-on-a-phone")


def close_and_take_back(page: Page) -> None:
    tabs = page.locator("#tasks .task")
    tabs.nth(0).hover()
    tabs.nth(0).locator("button").click()
    expect(tabs).to_have_count(2)
    page.locator("#toasts button", has_text="Вернуть").click()
    expect(page.locator("#contact-text")).to_have_value("Ольга говорит")
    expect(page.locator("#tasks .task")).to_have_count(3)


def test_two_windows_of_one_contact(page: Page, live_desk: Desk, picture: Picture) -> None:
    log_in(page, "anna")
    search(page, PHONE)
    open_first(page)
    second = page.context.new_page()
    second.goto(page.url)
    page.locator("#contact-text").fill("Первое окно")
    kept(page)
    second.locator("#contact-text").fill("Второе окно")
    conflict = second.locator("#conflict")
    expect(conflict).to_contain_text("Первое окно")
    expect(conflict).to_contain_text("Второе окно")
    second.screenshot(path=picture("drafts-4-first-window").with_name("drafts-5-conflict.png"), caret="initial")
    assert Axe().run(second)["violations"] == []
    second.locator("[data-choose=both]").click()
    expect(second.locator("#contact-text")).to_have_value("Второе окно\nПервое окно")
    kept(second)
    page.locator("#contact-text").fill("Первое окно дальше")
    expect(page.locator("#conflict")).to_contain_text("Второе окно")
    page.locator("[data-choose=other]").click()
    expect(page.locator("#contact-text")).to_have_value("Второе окно\nПервое окно")
    assert count(live_desk) == 1


def test_boris_goes_on_where_anna_stopped(page: Page, other: Page, live_desk: Desk, picture: Picture) -> None:
    log_in(page, "anna")
    search(page, PHONE)
    open_first(page)
    page.keyboard.press("c")
    page.keyboard.type("Ждёт ответа по перерасчёту")
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    form = page.locator("#handover form")
    form.locator("select").select_option(label="Назаров Борис Ильич · Контакт-центр, Санкт-Петербург")
    form.locator("textarea").fill("Моя смена кончается, она перезвонит в шесть")
    picture("drafts-6-hand-over")
    assert Axe().run(page)["violations"] == []
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Передано: Назаров Борис Ильич")
    expect(page.locator("#contact-text")).to_have_value("")

    log_in(other, "boris")
    other.locator("#tasks a").first.click()
    expect(other.locator("#contact-text")).to_have_value("Ждёт ответа по перерасчёту")
    expect(other.locator("#composer")).to_contain_text("Моя смена кончается, она перезвонит в шесть")
    assert party_of(other) == party_of(page)
    other.screenshot(path=picture("drafts-7-anna-after").with_name("drafts-8-boris.png"), caret="initial")
    other.locator("#contact-text").focus()
    other.keyboard.press("Control+Enter")
    expect(other.locator("#thread")).to_contain_text("Ждёт ответа по перерасчёту")
    assert count(live_desk) == 0


def test_a_lost_connection_is_said_and_made_good(page: Page, live_desk: Desk) -> None:
    log_in(page, "anna")
    search(page, PHONE)
    open_first(page)
    page.route("**/drafts/**", lambda route: route.fulfill(status=429))
    page.locator("#contact-text").fill("Без связи")
    expect(page.locator("[data-draft-state]")).to_contain_text("нет связи")
    assert count(live_desk) == 0
    page.unroute("**/drafts/**")
    kept(page)
    assert count(live_desk) == 1


def test_a_call_with_a_decision_costs_three_keys_beside_its_words(page: Page, live_desk: Desk) -> None:
    log_in(page, "anna")
    search(page, "Север")
    open_first(page)
    page.keyboard.press("c")
    page.keyboard.type("Просят отсрочку")
    page.keyboard.press("Alt+d")
    expect(page.locator("#decision-text")).to_be_focused()
    page.keyboard.type("Отсрочка 3 %")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#front")).to_contain_text("Отсрочка 3 %")
    expect(page.locator("#thread")).to_contain_text("Просят отсрочку")
