"""Every screen: no violation that axe sees in either theme, nothing scrolls sideways on a phone, no raw English in
Russian; a picture of each in both languages, both themes and both widths."""

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import Desk
from tests.journeys.steps import Picture, log_in, log_out, rows, speak_again_as_before

SCREENS = {
    "day": "/",
    "customers": "/customers/",
    "customers-filtered": "/customers/?state=active&area.not=none&edit=area&group=area&columns=all",
    "customer": "/customers/{olga}/",
    "new-contact": "/contacts/new/",
    "contacts": "/contacts/",
    "decisions": "/decisions/",
    "promises": "/promises/",
    "employees": "/employees/",
    "employee": "/employees/{anna}/",
    "services": "/services/",
    "service": "/services/{internet}/",
    "settings": "/me/",
    "nothing": "/nowhere/",
}
WIDTHS = {1366: 900, 390: 844}


@pytest.fixture
def places(live_desk: Desk) -> dict[str, str]:
    address = live_desk.database.application
    queries = {
        "olga": "SELECT party_id FROM parties_partyrole WHERE number = '78120441'",
        "anna": "SELECT e.id FROM workforce_employee e JOIN users_user u ON u.id = e.user_id WHERE u.username = 'anna'",
        "internet": "SELECT id FROM services_productoffering WHERE code = 'internet-500'",
    }
    found = {name: rows(address, query)[0][0] for name, query in queries.items()}
    return {name: path.format(**found) for name, path in SCREENS.items()}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("spoken", ["ru", "en"])
def test_every_screen_is_accessible_and_fits(
    page: Page, live_desk: Desk, picture: Picture, places: dict[str, str], theme: str, spoken: str
) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.goto("/login/")
    wrong = look(page, picture, "log-in", theme, spoken)
    log_in(page, "anna", spoken)
    for name, path in places.items():
        page.set_viewport_size({"width": 1366, "height": 900})
        page.goto(path)
        wrong += look(page, picture, name, theme, spoken)
    log_out(page)
    log_in(page, "vera", spoken)
    wrong += look(page, picture, "head", theme, spoken)
    page.goto("/exports/")
    wrong += look(page, picture, "exports", theme, spoken)
    page.goto("/openings/")
    wrong += look(page, picture, "openings", theme, spoken)
    speak_again_as_before(live_desk.database.application)
    assert wrong == []


def look(page: Page, picture: Picture, name: str, theme: str, spoken: str) -> list[str]:
    """Look at a screen at both widths; return what is wrong with it."""
    page.wait_for_load_state("networkidle")
    wrong = []
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        wrong += [
            f"{name} {theme} {spoken} {width}: {found['id']} {found['nodes'][0]['html'][:200]}"
            for found in Axe().run(page)["violations"]
        ]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            wrong.append(f"{name} {theme} {spoken}: {wide} wide on {width}")
        picture(f"screen-{name}-{spoken}-{theme}-{width}")
    return wrong
