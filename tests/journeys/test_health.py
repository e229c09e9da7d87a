"""The first thing that an operator's monitoring and a browser see."""

import json
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.conftest import Desk


def test_the_desk_lives_and_is_ready(live_desk: Desk, page: Page, picture: Callable[[str], Path]) -> None:
    with urllib.request.urlopen(f"{live_desk.url}/healthz") as answer:
        assert answer.read() == b"ok\n"
    deadline = time.monotonic() + 15
    said: dict[str, str] = {}
    while time.monotonic() < deadline and said.get("jobs") != "ok":
        answer = page.request.get("/readyz")
        said = json.loads(answer.text())
    assert said == {"database": "ok", "migrations": "ok", "jobs": "ok"}
    page.goto("/healthz")
    assert picture("health").stat().st_size > 1000
