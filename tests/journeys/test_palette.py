"""The palette by keys alone in the Russian layout; screens change without the frame, and the back button works."""

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Desk
from tests.journeys.steps import Picture, log_in, open_first, search
from tests.journeys.test_design_system import press_place

RESULTS = "#search-results"


def type_russian(page: Page, text: str) -> None:
    page.keyboard.insert_text(text)
    page.locator(f'{RESULTS}[data-for="{text}"]').wait_for()


def press_control_k(page: Page) -> None:
    """Press Ctrl and the key on which K stands, in the Russian layout: л."""
    session = page.context.new_cdp_session(page)
    for kind in ("rawKeyDown", "keyUp"):
        session.send("Input.dispatchKeyEvent", {"type": kind, "code": "KeyK", "key": "л", "modifiers": 2})


def test_all_by_keys_alone_in_the_russian_layout(page: Page, live_desk: Desk, picture: Picture) -> None:
    log_in(page, "anna")
    press_control_k(page)
    expect(page.locator("[role=combobox]")).to_be_focused()
    page.locator(f"{RESULTS} [role=group]").first.wait_for()
    picture("palette-1-at-rest")
    assert Axe().run(page)["violations"] == []

    type_russian(page, "смирнова ольга с")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/*/")
    expect(page.locator("h1")).to_contain_text("Смирнова Ольга")
    press_place(page, "KeyD", "в")
    expect(page.locator("#decision-text")).to_be_focused()
    page.keyboard.press("Escape")

    press_control_k(page)
    expect(page.locator(f"{RESULTS} [role=group]").first).to_have_attribute("aria-label", "На этой странице")
    picture("palette-2-on-a-customer")
    type_russian(page, "обещ")
    page.keyboard.press("Enter")
    expect(page.locator("[name=promise-0-what]")).to_be_focused()
    page.keyboard.press("Escape")
    press_place(page, "KeyG", "п")
    press_place(page, "KeyK", "л")
    press_place(page, "KeyG", "п")
    press_place(page, "KeyE", "у")
    page.wait_for_url("**/employees/")
    press_control_k(page)
    page.locator(f"{RESULTS} [role=option]", has_text="Смирнова Ольга").first.wait_for()


def test_the_wrong_layout_and_a_number(page: Page, live_desk: Desk, picture: Picture) -> None:
    log_in(page, "anna")
    options = search(page, "cvbhyjdf jkmuf")
    expect(page.locator(RESULTS)).to_contain_text("Прочитано как «смирнова ольга»")
    expect(options.first).to_contain_text("Смирнова Ольга")
    picture("palette-3-the-other-layout")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    search(page, "#78120441")
    open_first(page)
    expect(page.locator("h1")).to_contain_text("Смирнова Ольга")


def test_enter_before_the_answer_takes_its_first(page: Page, live_desk: Desk) -> None:
    log_in(page, "anna")
    page.keyboard.press("/")
    page.keyboard.type("+79215551234")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/*/")
    expect(page.locator("h1")).to_contain_text("Смирнова Ольга")


def test_the_palette_is_a_combobox(page: Page, live_desk: Desk) -> None:
    log_in(page, "anna")
    box = page.locator("[role=combobox]")
    search(page, "ов")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).to_have_attribute("aria-activedescendant", "option-0")
    page.keyboard.press("ArrowUp")
    last = page.locator(f"{RESULTS} [role=option]").count() - 1
    expect(box).to_have_attribute("aria-activedescendant", f"option-{last}")
    expect(page.locator(f"#option-{last}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")


def test_the_theme_is_switched_from_the_palette(page: Page, live_desk: Desk) -> None:
    log_in(page, "anna")
    for words, theme in (("тёмная", "dark"), ("как в системе", "auto")):
        search(page, f"тема {words}")
        page.keyboard.press("Enter")
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
    page.wait_for_load_state("networkidle")


def test_the_frame_stays_while_screens_change(page: Page, live_desk: Desk) -> None:
    log_in(page, "anna")
    page.evaluate("window.frameStays = true")
    search(page, "78120441")
    open_first(page)
    customer = page.url
    page.locator(".rail a[href='/decisions/']").click()
    page.wait_for_url("**/decisions/")
    expect(page).to_have_title("Решения · Svyaz")
    expect(page.locator(".rail [aria-current]")).to_contain_text("Решения")
    page.go_back()
    page.wait_for_url(customer)
    expect(page.locator("h1")).to_contain_text("Смирнова Ольга")
    expect(page).to_have_title("Смирнова Ольга Сергеевна · Svyaz")
    page.go_back()
    expect(page).to_have_title("Мой день · Svyaz")
    page.go_forward()
    expect(page.locator("h1")).to_contain_text("Смирнова Ольга")
    assert page.evaluate("window.frameStays") is True


def test_the_list_of_keys(page: Page, live_desk: Desk, picture: Picture) -> None:
    log_in(page, "anna")
    page.keyboard.press("Shift+Slash")
    keys = page.locator("#keys")
    expect(keys).to_contain_text("Принять решение")
    picture("palette-4-keys")
    assert Axe().run(page)["violations"] == []
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


def test_the_side_panel_goes_and_comes(page: Page, live_desk: Desk) -> None:
    log_in(page, "anna")
    search(page, "78120441")
    open_first(page)
    expect(page.locator(".aside")).to_be_visible()
    page.keyboard.press("]")
    expect(page.locator(".aside")).to_be_hidden()
    page.reload()
    expect(page.locator(".aside")).to_be_hidden()
    page.keyboard.press("]")
    expect(page.locator(".aside")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1366])
def test_the_palette_without_a_script(page: Page, live_desk: Desk, width: int) -> None:
    log_in(page, "anna")
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/search/?q=смирнова+ольга")
    expect(page.locator("main a", has_text="Смирнова Ольга").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert Axe().run(page)["violations"] == []
    page.goto("/me/keys/")
    assert Axe().run(page)["violations"] == []
