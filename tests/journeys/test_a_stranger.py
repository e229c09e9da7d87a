"""Gleb works in another region: Olga is in none of his lists, but her whole number opens her, and says so."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Desk
from tests.journeys.looking import look
from tests.journeys.steps import Picture, log_in, log_out, open_first, party_of, rows, search

PHONE = "89215551234"


@pytest.fixture
def olga(live_desk: Desk) -> int:
    found = rows(live_desk.database.application, "SELECT party_id FROM parties_partyrole WHERE number = '78120441'")
    return int(found[0][0])


def test_a_stranger_opens_olga_by_her_whole_number_and_not_otherwise(
    page: Page, live_desk: Desk, picture: Picture, olga: int
) -> None:
    log_in(page, "gleb")
    missing = page.goto(f"/customers/{olga}/")
    assert missing is not None
    assert missing.status == 404
    picture("stranger-1-not-there")

    page.goto("/customers/?q=Смирнова Ольга Сергеевна")
    expect(page.locator("#list")).not_to_contain_text("78120441")
    page.goto("/customers/")
    expect(page.locator("#list")).not_to_contain_text("78120441")

    options = search(page, PHONE)
    expect(options.first).to_contain_text("другой территории")
    picture("stranger-2-another-area")
    open_by_number(page)
    expect(page.locator("h1")).to_contain_text("Смирнова Ольга Сергеевна")
    expect(page.locator(".page")).to_contain_text("телефон")
    picture("stranger-3-open-with-its-reason")
    assert party_of(page) == olga

    openings = rows(
        live_desk.database.application,
        "SELECT o.basis FROM access_opening o JOIN users_user u ON u.id = o.by_id "
        "WHERE u.username = 'gleb' AND o.party_id = %s AND o.basis = 'identifier'",
        olga,
    )
    assert len(openings) >= 1
    log_out(page)


def open_by_number(page: Page) -> None:
    open_first(page)


def test_the_administrator_asks_and_the_stranger_answers(page: Page, picture: Picture, olga: int) -> None:
    log_in(page, "gleb")
    search(page, PHONE)
    open_by_number(page)
    expect(page.locator(".opened")).to_contain_text("Открыто по номеру телефона, который вы искали")
    expect(page.locator(".opened")).to_contain_text("открытие записано")
    log_out(page)
    log_in(page, "admin")
    page.goto("/openings/")
    group = page.locator(".opening-group", has_text="Сорокин Глеб")
    row = group.locator(".opening", has_text="Смирнова Ольга Сергеевна").first
    expect(row).to_contain_text("открыто 12 часов")
    look(page, picture, "stranger-4-review")
    row.locator("[name=note]").fill("Зачем понадобилась карточка?")
    row.locator("[value=question]").click()
    expect(page.locator("#toasts")).to_contain_text("Вопрос задан")
    log_out(page)

    log_in(page, "gleb")
    page.locator("a[href='/openings/questions/']").click()
    look(page, picture, "stranger-5-question")
    page.locator("[name=answer]").first.fill("Звонила сама, спрашивала о переезде")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Ответ записан")
    log_out(page)

    log_in(page, "admin")
    page.goto("/openings/?state=answered")
    row = page.locator(".opening", has_text="спрашивала о переезде").first
    before = page.locator(".opening").count()
    row.locator("[value=justified]").click()
    expect(page.locator("#toasts")).to_contain_text("Проверено")
    assert page.locator(".opening").count() == before - 1
    page.locator("[name=state]").select_option("reviewed")
    expect(page.locator("#openings")).to_contain_text("спрашивала о переезде")
    log_out(page)
