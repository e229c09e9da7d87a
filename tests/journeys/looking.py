"""Looking at one screen as a journey passes it: both themes, both widths, with axe and with a picture."""

from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.steps import Picture


def look(page: Page, picture: Picture, name: str) -> None:
    """Look at a page in both themes at both widths: nothing that axe sees, nothing scrolls sideways."""
    wrong = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for width, height in {1366: 900, 390: 844}.items():
            page.set_viewport_size({"width": width, "height": height})
            wrong += [f"{found['id']} {found['nodes'][0]['html'][:200]}" for found in Axe().run(page)["violations"]]
            wrong += ["wide"] * (page.evaluate("document.documentElement.scrollWidth") > width)
            picture(f"{name}-{theme}-{width}")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1366, "height": 900})
    assert not wrong, f"{name}: {wrong}"
