"""A desk as an operator would run it, and a browser in front of it."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from svyaz.cli.state import PROJECT_DIR
from tests.database import TestDatabase
from tests.run import NO_BROWSER, find_browser

PICTURES = PROJECT_DIR / "var" / "journeys"
STATE = PROJECT_DIR / "var" / "test" / "desk"
# A first start loads the demo operator.
START_SECONDS = 240
BROWSER_OPTIONS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
# The browser's own words for an answer that the journey asked for, such as 422, and for a stream whose server is gone.
EXPECTED = re.compile(r"Failed to load resource: (.* status of 4\d\d|net::ERR_INCOMPLETE_CHUNKED_ENCODING)")


@dataclass(frozen=True)
class Desk:
    """A running desk: its address, its data base (for the application's role), its process."""

    url: str
    database: TestDatabase
    process: subprocess.Popen[bytes]


@pytest.fixture(scope="module")
def live_desk(django_test_environment: None) -> Iterator[Desk]:
    """`svyaz up`, on a fresh data base for each file: the demo operator, web server and worker are the real ones."""
    base = TestDatabase.for_this_run("desk")
    base.create()
    try:
        with running(base, STATE, SVYAZ_DEMO_CUSTOMERS=os.environ.get("SVYAZ_DEMO_CUSTOMERS", "500")) as desk:
            yield desk
    finally:
        base.drop()


@contextmanager
def running(base: TestDatabase, state: Path, **more: str) -> Iterator[Desk]:
    """Run `svyaz up` on a data base, on a free port, until it is needed no more."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    state.mkdir(parents=True, exist_ok=True)
    log = state / "up.log"
    environment = environment_of(base, state) | {"PORT": str(port), **more}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "svyaz.cli", "up"], cwd=PROJECT_DIR, env=environment, stdout=output, stderr=output
        )
    desk = Desk(f"http://localhost:{port}", base, process)
    try:
        wait_until_it_answers(desk, log)
        yield desk
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def environment_of(base: TestDatabase, state: Path) -> dict[str, str]:
    """Return the environment of a program that works on a data base as the real ones do."""
    return os.environ | {
        "DATABASE_URL": base.application, "DATABASE_OWNER_URL": base.owner,
        "SVYAZ_STATE": str(state), "SVYAZ_TESTING": "0",
    }  # fmt: skip


def wait_until_it_answers(desk: Desk, log: Path) -> None:
    """Wait for the line in which `svyaz up` says where it runs."""
    deadline = time.monotonic() + START_SECONDS
    while desk.url.encode() not in log.read_bytes():
        if desk.process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"svyaz up did not come up:\n{log.read_text(errors='replace')[-5000:]}")
        time.sleep(0.1)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium; without one the journeys are skipped, except where nobody would notice."""
    path = find_browser()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        launched = playwright.chromium.launch(
            executable_path=path, args=[*BROWSER_OPTIONS, f"--disk-cache-dir={profile}"], headless=True
        )
        yield launched
        launched.close()


@pytest.fixture
def language() -> str:
    """The browser's language; a journey asks for another by overriding or parametrizing this."""
    return "ru-RU"


@pytest.fixture
def page(live_desk: Desk, browser: Browser, language: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a browser that knows nobody yet; a mistake in its scripts fails the journey."""
    with opened(browser, live_desk.url, language, request) as page:
        yield page


@contextmanager
def opened(browser: Browser, url: str, language: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open a page on a desk; keep a picture of it if the journey fails."""
    context = browser.new_context(base_url=url, locale=language, viewport={"width": 1366, "height": 900})
    context.set_default_timeout(20_000)
    page = context.new_page()
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.on("console", lambda said: mistakes.append(said.text) if said.type == "error" else None)
    failed_before = request.session.testsfailed
    yield page
    if request.session.testsfailed > failed_before:
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"failed-{request.node.name}.png", full_page=True)
    context.close()
    assert [said for said in mistakes if not EXPECTED.search(said)] == []


@pytest.fixture
def picture(page: Page) -> Callable[[str], Path]:
    """Keep a picture of what the browser shows now, under var/journeys/."""

    def keep(name: str) -> Path:
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}.png"
        # Hiding the caret writes styles into the page, which its policy forbids to scripts that copy them later.
        page.screenshot(path=path, caret="initial")
        return path

    return keep


@pytest.fixture(autouse=True, scope="session")
def the_browser_runs_a_loop_of_its_own() -> Iterator[None]:
    """Let journeys look into the data base: Django refuses that in a thread where the browser's loop runs."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
