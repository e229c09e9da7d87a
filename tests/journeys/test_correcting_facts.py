"""Vera corrects what is known of Olga where it stands: by keys, with a way back, and beside a colleague."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Desk, opened
from tests.journeys.looking import look
from tests.journeys.steps import Picture, log_in, rows

NUMBER = "78120441"


@pytest.fixture
def olga(live_desk: Desk) -> str:
    query = "SELECT party_id FROM parties_partyrole WHERE number = %s"
    return f"/customers/{rows(live_desk.database.application, query, NUMBER)[0][0]}/"


@pytest.fixture
def card(page: Page, olga: str) -> Page:
    log_in(page, "vera")
    page.goto(olga)
    page.wait_for_load_state("networkidle")
    return page


def editor_of(page: Page, fact: str) -> None:
    """Open a fact's form by its key, from the keyboard alone."""
    page.locator(f"#edit-{fact}").focus()
    page.keyboard.press("e")
    page.locator("#editor").wait_for()


def test_a_name_is_corrected_and_taken_back_by_keys(card: Page, picture: Picture) -> None:
    before = card.locator("h1").inner_text()
    editor_of(card, "name")
    expect(card.locator("#fact-family_name")).to_be_focused()
    look(card, picture, "correcting-1-name")
    card.locator("#fact-family_name").fill("Ёжикова")
    card.keyboard.press("Enter")
    expect(card.locator("h1")).to_contain_text("Ёжикова")
    expect(card.locator("#edit-name")).to_be_focused()
    picture("correcting-2-undo")
    card.keyboard.press("z")
    expect(card.locator("h1")).to_have_text(before)
    expect(card.locator("#toasts")).to_contain_text("Возвращено")


def test_escape_gives_the_focus_back(card: Page) -> None:
    editor_of(card, "language")
    card.keyboard.press("Escape")
    expect(card.locator("#editor")).to_have_count(0)
    expect(card.locator("#edit-language")).to_be_focused()


def test_what_is_wrong_is_said_beside_the_field(card: Page, picture: Picture) -> None:
    row = card.locator("#reach .row", has_text="@").first
    row.hover()
    card.keyboard.press("e")
    card.locator("#fact-value").fill("olga")
    card.keyboard.press("Enter")
    expect(card.locator("#editor")).to_contain_text("Это не адрес почты")
    expect(card.locator("#fact-value")).to_be_focused()
    look(card, picture, "correcting-3-wrong")


def test_a_conflict_shows_both_values(
    card: Page, olga: str, live_desk: Desk, browser: Browser, picture: Picture, request: pytest.FixtureRequest
) -> None:
    editor_of(card, "language")
    with opened(browser, live_desk.url, "ru-RU", request) as other:
        log_in(other, "boris")
        other.goto(f"{olga}facts/language/")
        other.locator("#fact-language").select_option("en")
        other.locator("[data-default]").first.click()
        other.wait_for_url(f"**{olga}?undo=*")
    card.locator("#fact-language").select_option("")
    card.locator("#editor [data-default]").click()
    expect(card.locator("#editor")).to_contain_text("Пока вы писали, коллега это изменил")
    expect(card.locator("#editor .differs")).to_contain_text("английский")
    look(card, picture, "correcting-4-conflict")
    card.locator("#editor [data-default]").click()
    expect(card.locator("#toasts")).to_contain_text("Сохранено")
    card.keyboard.press("z")
    expect(card.locator("#toasts")).to_contain_text("Возвращено")


def test_somebody_new_stands_in_the_picture(card: Page, picture: Picture) -> None:
    card.locator("#edit-person").click()
    card.locator("#fact-family_name").fill("Смирнова")
    card.locator("#fact-given_name").fill("Зоя")
    card.locator("#fact-title").fill("дочь")
    card.locator("#editor [data-default]").click()
    expect(card.locator("#people .rows").last).to_contain_text("Смирнова Зоя")
    expect(card.locator(".circle-picture .name", has_text="Смирнова")).to_be_visible()
    card.locator("#people").scroll_into_view_if_needed()
    look(card, picture, "correcting-5-who-is-who")


def test_the_thread_is_walked_opened_and_searched_by_keys(card: Page, picture: Picture) -> None:
    lines = card.locator("#thread [data-line]")
    card.keyboard.press("j")
    expect(lines.nth(0).locator(".event-open")).to_be_focused()
    card.keyboard.press("j")
    card.keyboard.press("k")
    expect(lines.nth(0).locator(".event-open")).to_be_focused()
    card.keyboard.press("Enter")
    expect(lines.nth(0).locator(".line-facts")).to_be_visible()
    look(card, picture, "thread-1-opened")
    card.keyboard.press("Enter")
    expect(lines.nth(0).locator(".line-facts")).to_have_count(0)
    card.keyboard.press("End")
    expect(lines.last.locator(".event-open")).to_be_focused()
    card.keyboard.press("f")
    card.keyboard.type("каналов")
    expect(lines).to_have_count(1)
    expect(card.locator("#thread-q")).to_be_focused()
    card.wait_for_url("**/?q=*")
    look(card, picture, "thread-2-searched")
    card.reload()
    expect(lines).to_have_count(1)


def test_the_thread_by_service_and_by_kind(card: Page, picture: Picture) -> None:
    card.locator("[href*=narrowing]").click()
    card.locator("#thread-narrowing [name=service]").select_option(label="ТВ 120 каналов")
    expect(card).to_have_url(re.compile(r"\?service=\d+$"))
    expect(card.locator("#thread [data-line]").first).to_contain_text("ТВ 120 каналов")
    card.locator("#thread-kinds summary").click()
    card.locator("#thread-kinds a", has_text="Платежи").click()
    expect(card).to_have_url(re.compile("thread=payments"))
    expect(card.locator("#thread .payment").first).to_contain_text("₽")
    look(card, picture, "thread-3-payments")
