"""A list as people work with it: filtered by words, ordered, grouped, saved and shared, worked through, taken out."""

import csv
import io
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Desk
from tests.journeys.steps import Picture, log_in, log_out, rows

NAME = "Платина по районам"


def test_a_view_is_made_saved_shared_and_opened_by_a_colleague(page: Page, live_desk: Desk, picture: Picture) -> None:
    log_in(page, "vera")
    page.goto("/customers/")
    add_filter(page, "Состояние")
    page.locator("#editor label", has_text="Активен").locator("input").check()
    page.locator("#editor button[type=submit]").click()
    expect(page.locator("#chip-state")).to_contain_text("активен")
    page.locator("#display > summary").click()
    page.locator("#display .menu-item", has_text="Территория").first.click()
    expect(page.locator("tr.group").first).to_be_visible()
    # What was open stays open, so that several things can be chosen.
    expect(page.locator("#display")).to_have_attribute("open", "")
    page.locator("#column-tier").click()
    expect(
        page.locator("th", has_text="Категория ценности").or_(page.locator("th", has_text="Ценность"))
    ).to_be_visible()
    page.keyboard.press("Escape")
    assert "state=active" in page.url
    assert "group=area" in page.url
    picture("lists-1-filtered")

    page.locator("#view-menu > summary").click()
    page.locator("#view-name").fill(NAME)
    page.locator("#view-sharing").select_option("everyone")
    page.locator("#view-menu button.primary").click()
    expect(page.locator(".tab[aria-current]")).to_contain_text(NAME)
    expect(page.locator(".tab[aria-current] .count")).not_to_be_empty()

    log_out(page)
    log_in(page, "anna")
    page.goto("/customers/")
    page.locator(".tab", has_text=NAME).click()
    expect(page.locator("tr.group").first).to_be_visible()
    expect(page.locator("#chip-state")).to_be_visible()
    page.locator(".chip-drop").first.click()
    expect(page.locator("#chip-state")).to_have_count(0)
    picture("lists-2-colleague")


def add_filter(page: Page, name: str) -> None:
    page.locator("#add-filter > summary").click()
    page.locator("#add-filter .menu-item", has_text=re.compile(f"^{name}$")).click()
    page.locator("#editor form").wait_for()


def test_rows_are_selected_worked_and_taken_back_by_keys(page: Page, live_desk: Desk, picture: Picture) -> None:
    address = live_desk.database.application
    log_in(page, "vera")
    page.goto("/customers/?kind=individual&state=active")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.locator("[data-picked]")).to_have_text("3")
    picture("lists-3-selected")
    page.locator(".bulk summary", has_text="Интерес").click()
    page.locator("[name=interest-value]").fill("рыбалка")
    page.locator(".bulk button[value=interest]").click()
    expect(page.locator("#run")).to_contain_text("сделано: 3 из 3")
    assert noted(address) == 3
    page.locator("#run button").click()
    expect(page.locator("#run")).to_contain_text("отменено: 3")
    assert noted(address) == 0


def noted(address: str) -> int:
    query = "SELECT count(*) FROM parties_preference WHERE value = 'рыбалка' AND ended_date IS NULL"
    return int(rows(address, query)[0][0])


def test_enter_opens_the_row_and_many_rows_are_a_job(page: Page, live_desk: Desk, picture: Picture) -> None:
    log_in(page, "vera")
    page.goto("/customers/?state=active")
    page.wait_for_load_state("networkidle")
    page.locator("[data-pick-all]").check()
    page.locator("[data-pick-every]").check()
    page.locator(".bulk summary", has_text="Интерес").click()
    page.locator("[name=interest-value]").fill("новости")
    page.locator(".bulk button[value=interest]").click()
    expect(page.locator("#run")).to_contain_text("сделано", timeout=60_000)
    picture("lists-4-job")
    page.locator("#run button").click()
    expect(page.locator("#run")).to_contain_text("отменено", timeout=60_000)
    page.goto("/customers/?state=active")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/*/")


def test_what_is_seen_is_taken_out(page: Page, live_desk: Desk, tmp_path: Path) -> None:
    log_in(page, "vera")
    page.goto("/customers/?kind=organization&columns=name,number")
    page.wait_for_load_state("networkidle")
    shown = page.locator("td.first .whole").first.inner_text()
    page.locator("#export > summary").click()
    with page.expect_download() as started:
        page.locator("#export button[value=csv]").click()
    path = tmp_path / "out.csv"
    started.value.save_as(path)
    lines = list(csv.reader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))
    assert lines[0] == ["Имя", "Номер"]
    assert lines[1][0] == shown
    events = rows(
        live_desk.database.application, "SELECT details->>'rows' FROM history_event WHERE kind = %s", "export.finished"
    )
    assert str(len(lines) - 1) in [row[0] for row in events]


def test_a_list_works_without_a_script(live_desk: Desk, page: Page) -> None:
    log_in(page, "vera")
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(
        base_url=live_desk.url, java_script_enabled=False, storage_state=page.context.storage_state(), locale="ru-RU"
    )
    plain = context.new_page()
    plain.goto("/customers/?edit=state")
    plain.locator("#editor label", has_text="Активен").locator("input").check()
    plain.locator("#editor button[type=submit]").click()
    assert plain.url.endswith("/customers/?state=active")
    plain.locator("input[name=pick]").first.check(force=True)
    plain.locator(".bulk summary", has_text="Интерес").click()
    plain.locator(".bulk button[value=interest]").click()
    plain.locator("[name=interest-value]").fill("без скрипта")
    plain.locator("main form button.primary").click()
    assert "сделано: 1 из 1" in plain.locator("#run").inner_text()
    context.close()
