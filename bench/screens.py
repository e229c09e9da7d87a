"""How quickly the customer's page comes and answers, by the browser's own timing: python -m bench.screens URL PATH.

First contentful paint and the longest interaction to next paint of opening a line, a filter, a form and typing
(PerformanceObserver, W3C Event Timing: whole multiples of 8 ms), and what travels over the wire, pictures apart.
"""

import argparse
import json
import statistics
import sys
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.run import NO_BROWSER, find_browser

OBSERVER = """
window.slowest = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.interactionId) window.slowest.push(entry.duration);
}).observe({ type: "event", durationThreshold: 16, buffered: true });
"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
WEIGHT = """[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .filter((one) => !/\\.(png|jpe?g|webp|gif)$/.test(one.name)).reduce((sum, one) => sum + one.encodedBodySize, 0)"""


def measured(page: Page, path: str, rounds: int) -> dict[str, Any]:
    """Open the page some times, the first with an empty cache, and use it; return milliseconds and bytes."""
    paints, weight, interactions = [], 0, []
    for turn in range(rounds):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        paints.append(float(page.evaluate(PAINT)))
        weight = weight or int(page.evaluate(WEIGHT))
        interactions.append(use(page) if turn else 0.0)
    return {
        "first_contentful_paint_ms": {"first": round(paints[0]), "median": round(statistics.median(paints[1:]))},
        "interaction_to_next_paint_ms": {"median": statistics.median(interactions[1:]), "worst": max(interactions)},
        "page_weight_kb": round(weight / 1000, 1),
    }


def use(page: Page) -> float:
    """Do what is done on the page all day by keys and mouse; return the longest wait for a paint."""
    for key in ("j", "Enter", "j", "Escape", "f", "a", "b", "c"):
        page.keyboard.press(key)
        page.wait_for_timeout(120)
    page.keyboard.press("Escape")
    for selector in (".pill >> nth=1", "#edit-name", "#composer .kind >> nth=1"):
        if page.locator(selector).count():
            page.locator(selector).click()
            page.wait_for_timeout(200)
    return float(page.evaluate("Math.max(0, ...window.slowest)"))


def main() -> int:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.screens", description=__doc__)
    parser.add_argument("url", help="address of a running desk with the demo operator")
    parser.add_argument("path", help="address of a customer on it: /customers/11562/")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--login", default="anna:svyaz-demo", help="NAME:PASSWORD")
    wanted = parser.parse_args()
    browser_path = find_browser()
    if browser_path is None:
        print(NO_BROWSER)
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--headless"])
        context = browser.new_context(base_url=wanted.url, viewport={"width": 1366, "height": 900})
        context.add_init_script(OBSERVER)
        page = context.new_page()
        name, _colon, password = wanted.login.partition(":")
        page.goto("/login/")
        page.locator("[name=username]").fill(name)
        page.locator("[name=password]").fill(password)
        page.keyboard.press("Enter")
        page.locator(".rail").wait_for()
        print(json.dumps(measured(page, wanted.path, wanted.rounds), indent=1))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
