"""On a phone every target is at least 44 px high: chips, links of tables, pins; links inside running text aside."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import PICTURES, Desk
from tests.journeys.steps import log_in, rows

pytestmark = pytest.mark.slow
SCREENS = ("/", "/customers/", "/customers/{olga}/", "/contacts/", "/decisions/", "/promises/", "/employees/",
           "/services/", "/me/", "/me/security/", "/me/sessions/", "/me/keys/")  # fmt: skip
# What can be pressed and is seen, its whole target counted: a row whose link covers it, a label around its box.
SMALL = """() => {
  const seen = (e) => {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    return box.width > 2 && box.height > 2 && style.visibility !== "hidden" && style.opacity !== "0"
      && !e.closest(".sr, .skip, dialog, [hidden], .reveal");
  };
  const inText = (e) => e.tagName === "A" && getComputedStyle(e).display === "inline"
    && [...e.parentElement.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim().length > 1);
  const height = (e) => {
    const around = e.closest("label") || (e.matches(".whole") ? e.closest("tr, li, .work") : null) || e;
    const spread = (one) => {
      const over = getComputedStyle(one, "::after");
      return over.position === "absolute" && over.content !== "none" ? parseFloat(over.height) || 0 : 0;
    };
    const boxes = [e, around].map((one) => Math.max(one.getBoundingClientRect().height, spread(one)));
    return Math.max(...boxes);
  };
  return [...document.querySelectorAll("a[href], button, select, summary, input:not([type=hidden]), textarea")]
    .filter((e) => seen(e) && !e.disabled && !inText(e) && height(e) < 43.5)
    .map((e) => `${Math.round(height(e))} ${e.outerHTML.slice(0, 120)}`);
}"""


def test_every_target_is_large_enough_for_a_finger(live_desk: Desk, browser: Browser) -> None:
    address = live_desk.database.application
    ((olga,),) = rows(address, "SELECT party_id FROM parties_partyrole WHERE number = '78120441'")
    context = browser.new_context(
        base_url=live_desk.url, locale="ru-RU", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    small: dict[str, Any] = {}
    try:
        log_in(page, "anna")
        for screen in SCREENS:
            page.goto(screen.format(olga=olga))
            page.wait_for_load_state("networkidle")
            PICTURES.mkdir(parents=True, exist_ok=True)
            name = screen.strip("/").replace("/", "-").replace("{olga}", "olga") or "day"
            page.screenshot(path=PICTURES / f"touch-{name}.png", caret="initial")
            if found := page.evaluate(SMALL):
                small[screen] = found
    finally:
        context.close()
    assert not small, "\n".join(f"{screen} {one}" for screen, found in small.items() for one in found)
