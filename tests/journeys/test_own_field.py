"""An administrator adds a field; it is filled in on the card, asked for in a list and in the file; then undone."""

import re

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import Desk
from tests.journeys.steps import Picture, log_in, speak_again_as_before

WORDS = {"ru": ("Любимый курьер", "Почта"), "en": ("Preferred courier", "Post")}


@pytest.mark.parametrize("tongue", ["ru", "en"])
def test_a_field_from_the_administrator_to_the_list(live_desk: Desk, page: Page, picture: Picture, tongue: str) -> None:
    name, value = WORDS[tongue]
    code = f"courier_{tongue}"
    log_in(page, "admin", tongue)
    page.goto(f"{live_desk.url}/administration/fields/new/", wait_until="networkidle")
    page.select_option("[name=noun]", "party")
    page.select_option("[name=kind]", "choice")
    page.fill("[name=name]", "Любимый курьер")
    page.fill("[name=name_en]", "Preferred courier")
    page.fill("[name=code]", code)
    page.fill("[name=options]", "СДЭК | CDEK\nПочта | Post")
    picture(f"own-field-new-{tongue}")
    page.click(".admin-body [type=submit]")
    page.wait_for_url(re.compile(r"/administration/fields/\d+/"))
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert Axe().run(page)["violations"] == []

    page.goto(f"{live_desk.url}/customers/", wait_until="networkidle")
    page.locator("a.whole").first.click()
    page.wait_for_url(re.compile(r"/customers/\d+/"))
    panel = page.locator("#own")
    panel.get_by_text(name).first.wait_for()
    card = page.url.split("?")[0]
    page.goto(f"{card}facts/own/", wait_until="networkidle")
    page.select_option(f"[name={code}]", "post")
    page.click("#editor [type=submit]")
    page.wait_for_url(re.compile(r"/customers/\d+/(\?.*)?$"))
    assert value in page.locator("#own").inner_text()
    picture(f"own-field-card-{tongue}")

    page.goto(f"{live_desk.url}/customers/?own_{code}=post&columns=name,own_{code}", wait_until="networkidle")
    assert page.locator("a.whole").count() == 1
    assert value in page.locator("main").inner_text()
    picture(f"own-field-list-{tongue}")
    speak_again_as_before(live_desk.database.owner)


def test_roles_are_changed_with_the_keyboard_and_taken_back(live_desk: Desk, page: Page, picture: Picture) -> None:
    log_in(page, "admin")
    page.goto(f"{live_desk.url}/administration/roles/", wait_until="networkidle")
    assert page.locator("[data-grid] button[tabindex='0']").count() == 1
    cell = page.locator("[data-grid] button[aria-pressed=false]").first
    name = cell.get_attribute("id")
    cell.focus()
    with page.expect_response(re.compile("/permissions/")):
        page.keyboard.press("Enter")
    page.wait_for_function("(id) => document.getElementById(id).getAttribute('aria-pressed') === 'true'", arg=name)
    assert page.evaluate("document.activeElement.id") == name
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") != name
    page.locator("#toasts .undo button").last.click()
    page.wait_for_load_state("networkidle")
    assert page.locator(f"#{name}").get_attribute("aria-pressed") == "false"
    picture("roles")


@pytest.mark.parametrize(
    "place", ["roles", "people", "people/new", "departments", "areas", "topics", "kinds", "offerings", "fields",
              "fields/new", "competitors", "programs"],
)  # fmt: skip
def test_administration_is_accessible_and_fits_a_phone(
    live_desk: Desk, page: Page, picture: Picture, place: str
) -> None:
    log_in(page, "admin")
    page.goto(f"{live_desk.url}/administration/{place}/", wait_until="networkidle")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert [(found["id"], found["nodes"][0]["html"]) for found in Axe().run(page)["violations"]] == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    picture(f"administration-{place.replace('/', '-')}-390")
