"""Anna and Boris at once, each at his own browser: what one does the other sees, without asking, within a second."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import psycopg
import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.conftest import PICTURES, Desk, opened
from tests.journeys.steps import log_in, rows, save

OLGA = "SELECT party_id FROM parties_partyrole WHERE number = '78120441'"
SECOND = 1000
# A contact as another system brings it: nobody has taken it yet, and its event is written in the same transaction.
CALL = """
WITH written AS (
  INSERT INTO interactions_interaction (party_id, channel, direction, at, subject, text, position, medium, source,
    external_id, recorded_at)
  VALUES (%(party)s, 'phone', 'inbound', now(), '', %(text)s, '', '', '', '', now()) RETURNING id
), told AS (
  INSERT INTO history_event (kind, subject_type, subject_id, party_id, at, details)
  SELECT 'interaction.recorded', 'interactions.interaction', id, %(party)s, now(), '{}' FROM written
) SELECT id FROM written
"""


@pytest.fixture
def olga(live_desk: Desk) -> int:
    return int(rows(live_desk.database.application, OLGA)[0][0])


@pytest.fixture
def enter(live_desk: Desk, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Give a browser in which somebody is logged in."""
    with ExitStack() as stack:

        def come(who: str, language: str = "ru") -> Page:
            page = stack.enter_context(opened(browser, live_desk.url, "ru-RU", request))
            log_in(page, who, language)
            return page

        yield come


def keep(page: Page, name: str) -> Path:
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path, caret="initial")
    return path


def open_card(page: Page, party: int) -> None:
    page.goto(f"/customers/{party}/")
    listening(page)


def listening(page: Page) -> None:
    page.locator("html[data-live=on]").wait_for(state="attached")


def call(desk: Desk, party: int, text: str) -> int:
    """Let a contact come in that nobody has taken; return it."""
    with psycopg.connect(desk.database.application, autocommit=True) as connection:
        row = connection.execute(CALL, {"party": party, "text": text}).fetchone()
        connection.execute("NOTIFY svyaz_history")
    assert row is not None
    return int(row[0])


def within_a_second(place: Locator) -> None:
    place.wait_for(timeout=SECOND)


def test_a_call_rings_and_stands_on_the_open_card_within_a_second(
    enter: Callable[..., Page], live_desk: Desk, olga: int
) -> None:
    anna, boris, gleb = enter("anna"), enter("boris"), enter("gleb")
    open_card(anna, olga)
    anna.locator("#contact-text").fill("Не потеряться бы этим словам")
    for page in (boris, gleb):
        page.goto("/")
        listening(page)

    call(live_desk, olga, "Связь рвётся вечером")
    within_a_second(anna.locator("#thread .event", has_text="Связь рвётся вечером"))
    within_a_second(boris.locator("#incoming:not([hidden])"))
    keep(boris, "live-1-incoming")
    expect(anna.locator("#contact-text")).to_have_value("Не потеряться бы этим словам")
    keep(anna, "live-2-on-the-card")
    expect(gleb.locator("#incoming")).to_be_hidden()

    boris.locator("[data-incoming-open]").click()
    boris.wait_for_url(f"**/customers/{olga}/")
    expect(boris.locator("#incoming")).to_be_hidden()


def test_colleagues_see_each_other_at_the_card_and_leaving_it(enter: Callable[..., Page], olga: int) -> None:
    anna, boris = enter("anna"), enter("boris")
    open_card(anna, olga)
    expect(anna.locator("#colleagues")).not_to_contain_text("Назаров Борис")
    open_card(boris, olga)
    expect(anna.locator("#colleagues")).to_contain_text("Назаров Борис", timeout=2 * SECOND)
    expect(boris.locator("#colleagues")).to_contain_text("Кузнецова Анна")
    keep(anna, "live-3-colleague")

    boris.goto("/")
    expect(anna.locator("#colleagues")).not_to_contain_text("Назаров Борис", timeout=8 * SECOND)
    anna.goto("/")
    anna.locator("summary[title='На месте']").click()
    expect(anna.locator("#desks")).to_contain_text("Назаров Борис")
    keep(anna, "live-4-desks")


def test_what_one_proposes_reaches_the_head_and_her_word_comes_back(
    enter: Callable[..., Page], live_desk: Desk, olga: int
) -> None:
    anna, vera = enter("anna"), enter("vera")
    vera.goto("/")
    listening(vera)
    open_card(anna, olga)
    propose(anna, "Скидка 25 % на год")
    expect(vera.locator("#notice-count")).to_be_visible(timeout=5 * SECOND)
    expect(vera.locator("#toasts")).to_contain_text("Скидка 25 % на год")
    keep(vera, "live-5-asks-for-approval")

    open_card(anna, olga)
    vera.goto(f"/customers/{olga}/")
    listening(vera)
    proposal = vera.locator(".decision", has_text="Скидка 25 % на год").first
    proposal.locator("button[value=approved], button[value=approve], button[value='1']").first.click()
    standing = anna.locator("#front .decision", has_text="Скидка 25 % на год")
    expect(standing.locator("button[value=keep], [data-keep], .btn").first).to_be_visible(timeout=5 * SECOND)
    expect(anna.locator("#notice-count")).to_be_visible(timeout=5 * SECOND)
    anna.locator("#notices summary").click()
    expect(anna.locator("#notices-body")).to_contain_text("Моё предложение утверждено")
    expect(anna.locator("#notices-body")).to_contain_text("потому что решили вы")
    keep(anna, "live-6-approved")
    clean(anna)

    anna.locator("#notices-body .notice-head form button").first.click()
    expect(anna.locator("#toasts")).to_contain_text("Прочитано")
    anna.locator("#toasts form button").first.click()
    expect(anna.locator("#notice-count")).to_be_visible()


def propose(page: Page, words: str) -> None:
    """Decide on more than one may: it waits for the head."""
    page.keyboard.press("Escape")
    page.locator("#contact-text").fill("Просит скидку, иначе уйдёт")
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    page.locator("[name=decision-text]").fill(words)
    page.locator("[name=decision-kind]").select_option(label="Скидка, %")
    page.locator("[name=decision-amount]").fill("25")
    save(page)


def test_nothing_is_missed_when_the_live_process_is_killed(
    enter: Callable[..., Page], live_desk: Desk, olga: int
) -> None:
    anna = enter("anna")
    open_card(anna, olga)
    for number in range(1, 13):
        call(live_desk, olga, f"Звонок {number} из двенадцати")
        if number in {4, 8}:
            kill_live(live_desk)
    for number in range(1, 13):
        entry = anna.locator("#thread .event", has_text=f"Звонок {number} из двенадцати")
        expect(entry).to_have_count(1, timeout=20 * SECOND)
    listening(anna)


def kill_live(desk: Desk) -> None:
    for child in psutil.Process(desk.process.pid).children():
        if "svyaz.cli.live" in child.cmdline():
            os.killpg(child.pid, signal.SIGKILL)


def test_what_one_wants_to_hear_of_is_chosen_on_a_page_of_its_own(enter: Callable[..., Page], live_desk: Desk) -> None:
    boris = enter("boris")
    boris.goto("/notices/settings/")
    boris.locator("[name=kind-message]").select_option("quiet")
    boris.locator("[name=begins]").fill("20:00")
    boris.locator("[name=ends]").fill("08:00")
    clean(boris)
    keep(boris, "live-7-wishes")
    boris.locator("#wishes button[type=submit]").click()
    expect(boris.locator("#toasts")).to_contain_text("Сохранено")
    expect(boris.locator("[name=begins]")).to_have_value("20:00")
    hours = rows(live_desk.database.application, "SELECT begins::text, ends::text FROM notices_quiethours")
    assert hours == [("20:00:00", "08:00:00")]


def test_a_log_out_in_one_window_ends_the_stream_of_the_other(enter: Callable[..., Page]) -> None:
    page = enter("boris")
    other = page.context.new_page()
    other.goto("/")
    listening(other)
    page.locator("summary:has(.avatar)").click()
    page.locator("form[action='/logout/'] button").click()
    page.locator("[name=username], [name=login]").first.wait_for()
    deadline = time.monotonic() + 10
    while other.evaluate("performance.now()") and time.monotonic() < deadline:
        if other.locator("html[data-live=over]").count():
            break
        time.sleep(0.2)
    expect(other.locator("html[data-live=over]")).to_have_count(1)


@pytest.mark.parametrize("path", ["/notices/?show=all", "/notices/settings/", "/live/desks/"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_their_screens_are_accessible_and_fit_a_phone(enter: Callable[..., Page], path: str, theme: str) -> None:
    page = enter("anna")
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(path)
        clean(page)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        keep(page, f"live-8{path.strip('/').replace('/', '-').replace('?', '-')}-{theme}-{width}")


def clean(page: Page) -> None:
    """Look for what a screen reader or a weak eye would stumble over."""
    found = Axe().run(page)
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
