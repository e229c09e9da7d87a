"""The pieces of the desk in a real browser: keys, pins, composer, menus, themes, widths; drawn without a server."""

import gzip
import mimetypes
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from axe_core_python.sync_playwright import Axe
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, Route

from svyaz.access.permissions import AccessPermission
from svyaz.access.queries import Rights
from svyaz.cli.state import PROJECT_DIR
from svyaz.desk.components.views import components
from svyaz.desk.middleware import SecurityHeaders
from svyaz.users.models import User

STATIC = PROJECT_DIR / "svyaz" / "desk" / "static"
HOME = "http://desk.test/desk/components/"
FOUND = "".join(f'<a class="option" role="option" href="/customers/{n}/"><b>Ольга {n}</b></a>' for n in range(3))


def answer(route: Route) -> None:
    """Answer as the server would: the page with its headers, static files from their folder, three found customers."""
    path = urlsplit(route.request.url).path
    if path.startswith("/static/"):
        file = STATIC / path.removeprefix("/static/")
        route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0] or "font/woff2")
    elif route.request.headers.get("hx-request"):
        route.fulfill(body=FOUND, content_type="text/html; charset=utf-8")
    else:
        request = RequestFactory().get(path)
        request.user = keeper_of_the_house()
        drawn = SecurityHeaders(components)(request)
        route.fulfill(body=drawn.content, headers=dict(drawn.headers))


def keeper_of_the_house() -> User:
    """Return one who may see the page of components, whom no data base knows."""
    user = User(username="admin", name="Анна Ковалёва")
    user._rights = Rights(0, {str(AccessPermission.MANAGE): None})  # type: ignore[attr-defined]
    return user


@pytest.fixture
def sample(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 900}, locale="ru-RU", color_scheme="light")
    context.set_default_timeout(10_000)
    context.route("**/*", answer)
    page = context.new_page()
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.on("console", lambda said: mistakes.append(said.text) if said.type == "error" else None)
    page.goto(HOME, wait_until="networkidle")
    yield page
    context.close()
    assert mistakes == []


def press_place(page: Page, code: str, letter: str) -> None:
    """Press a key by its place, with the letter that the Russian layout gives it."""
    session = page.context.new_cdp_session(page)
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", "code": code, "key": letter, "text": letter})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", "code": code, "key": letter})


def sent(page: Page) -> list[tuple[str, str]]:
    """Return what the composer would send."""
    pairs = page.evaluate("new URLSearchParams(new FormData(document.getElementById('composer'))).toString()")
    return parse_qsl(pairs, keep_blank_values=True)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pieces_are_accessible_in_both_themes(sample: Page, theme: str) -> None:
    sample.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    assert [(found["id"], found["nodes"][0]["html"]) for found in Axe().run(sample)["violations"]] == []


@pytest.mark.parametrize("width", [320, 390, 768, 1366, 2560, 3840])
def test_no_width_scrolls_sideways(sample: Page, width: int) -> None:
    sample.set_viewport_size({"width": width, "height": 900})
    assert sample.evaluate("document.documentElement.scrollWidth") == width


def test_keys_work_by_their_place_in_the_russian_layout(sample: Page) -> None:
    press_place(sample, "KeyD", "в")
    field = sample.locator("#sample-decided")
    sample.wait_for_function("document.activeElement.id == 'sample-decided'")
    assert field.input_value() == ""
    press_place(sample, "KeyD", "в")
    assert field.input_value() == "в"
    sample.keyboard.press("Escape")
    press_place(sample, "Slash", ".")
    assert sample.evaluate("document.activeElement.name") == "q"


def test_search_is_walked_with_the_arrows(sample: Page) -> None:
    box = sample.locator("[role=combobox]")
    box.fill("Ольга")
    sample.locator("[data-for=Ольга] [role=option]").nth(2).wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    sample.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == "option-1"
    sample.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert Axe().run(sample)["violations"] == []


def test_a_pinned_fact_is_sent_once_and_is_taken_back(sample: Page) -> None:
    pin = sample.locator('[data-pin][value="promise:5"]')
    pin.focus()
    sample.keyboard.press("Enter")
    assert [value for name, value in sent(sample) if name == "ground"] == ["promise:5"]
    sample.locator("#composer [data-unpin]").click()
    assert not pin.is_checked()
    assert [value for name, value in sent(sample) if name == "ground"] == []


def test_what_is_not_shown_is_not_sent(sample: Page) -> None:
    assert "decision" not in dict(sent(sample))
    sample.locator('[name="decide"]').check(force=True)
    assert "decision" in dict(sent(sample))


def test_control_and_enter_save_from_within_the_text(sample: Page) -> None:
    sample.locator("#sample-contact").fill("Перезвонить")
    with sample.expect_navigation():
        sample.keyboard.press("Control+Enter")
    assert dict(parse_qsl(urlsplit(sample.url).query))["text"] == "Перезвонить"


def test_the_theme_is_chosen_in_the_menu_and_kept(sample: Page) -> None:
    summary = sample.locator("summary:has(.avatar)")
    summary.click()
    sample.locator('[data-theme-choice="dark"]').click()
    assert sample.evaluate("document.documentElement.dataset.theme") == "dark"
    assert {cookie["name"]: cookie["value"] for cookie in sample.context.cookies()}["theme"] == "dark"
    sample.keyboard.press("Escape")
    assert sample.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_toast_goes_by_itself_but_waits_while_it_is_read(sample: Page) -> None:
    sample.clock.install()
    sample.evaluate("document.dispatchEvent(new CustomEvent('desk:toast', {detail: {text: 'Решение оставлено'}}))")
    toast = sample.locator("#toasts .toast")
    toast.hover()
    sample.clock.run_for(10_000)
    assert toast.is_visible()
    sample.mouse.move(10, 10)
    sample.clock.run_for(10_000)
    assert toast.count() == 0


def test_the_page_weighs_little(sample: Page) -> None:
    names = set(
        sample.evaluate("performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname)")
    )
    files = [STATIC / name.removeprefix("/static/") for name in names if name.startswith("/static/")]
    weight = sum(weigh(file, gzip.compress(file.read_bytes())) for file in files)
    assert len(files) > 10
    assert weight < 250_000


def weigh(file: Path, compressed: bytes) -> int:
    """Return what a file weighs on the wire: a typeface is compressed already."""
    return file.stat().st_size if file.suffix == ".woff2" else len(compressed)
