"""What a person does at the desk, step by step, and what the data base then knows; shared by the journeys."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from playwright.sync_api import Locator, Page, expect

from svyaz.demo.queries import CAST_PASSWORD

Picture = Callable[[str], Path]
FRIDAY = 4
DAY = {"ru": "Мой день", "en": "My day"}


def log_in(page: Page, username: str, language: str = "ru", password: str = CAST_PASSWORD) -> None:
    """Log in, and choose the language in the menu where the user's own is another."""
    page.goto("/login/")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.locator(".rail").wait_for()
    if page.locator("html").get_attribute("lang") != language:
        page.locator("summary:has(.avatar)").click()
        page.locator(f"[name=language][value={language}]").click()
    expect(page).to_have_title(f"{DAY[language]} · Svyaz")
    page.wait_for_load_state("networkidle")


def log_out(page: Page) -> None:
    """Log out from the menu."""
    page.locator("summary:has(.avatar)").click()
    page.locator("form[action='/logout/'] button").click()
    page.locator("[name=username]").wait_for()


def search(page: Page, text: str) -> Locator:
    """Type into the palette by its key; return what it offers for the whole of the text."""
    page.keyboard.press("/")
    page.keyboard.type(text)
    options = page.locator(f'#search-results[data-for="{text}"] [role=option]')
    options.first.wait_for()
    return options


def open_first(page: Page) -> None:
    """Take the first of what the palette offers, by the keyboard; the page is there when its address is."""
    address = page.locator("#option-0").get_attribute("href") or ""
    page.keyboard.press("Enter")
    # An exact number of a customer beyond one's areas leads to his card by way of the list.
    page.wait_for_url("**/customers/*/" if "?q=" in address else f"**{address}")
    page.wait_for_function("!document.documentElement.classList.contains('going')")
    page.wait_for_load_state("networkidle")


def pin(page: Page, label: str) -> None:
    """Pin the fact whose label begins so."""
    page.locator(f'[data-pin][data-pin-label^="{label}"]').first.check(force=True)


def promise_by_friday(page: Page, what: str) -> None:
    """Promise something by the coming Friday evening: by its button where there is one, else by typing the time."""
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    page.locator("[name=promise-0-what]").fill(what)
    for choice in page.locator("[name=promise-0-due]").all():
        due = datetime.fromisoformat(choice.get_attribute("value") or "")
        if due.weekday() == FRIDAY:
            choice.check(force=True)
            return
    day = datetime.now(ZoneInfo("Europe/Moscow")) + timedelta(days=1)
    while day.weekday() != FRIDAY:
        day += timedelta(days=1)
    page.locator("[name=promise-0-at]").fill(f"{day:%Y-%m-%d}T18:00")


def save(page: Page) -> None:
    """Save with Ctrl+Enter from within the text, and wait for the word that it is saved."""
    page.locator("#contact-text").focus()
    page.keyboard.press("Control+Enter")
    page.locator("#toasts .toast").first.wait_for()
    page.wait_for_load_state("networkidle")


def party_of(page: Page) -> int:
    """Return the id of the customer whose page is open."""
    found = re.search(r"/customers/(\d+)/", page.url)
    assert found, page.url
    return int(found[1])


def rows(address: str, query: str, *params: Any) -> list[tuple[Any, ...]]:
    """Ask the data base itself what it holds."""
    with psycopg.connect(address) as connection:
        return connection.execute(query, params).fetchall()


def speak_again_as_before(address: str) -> None:
    """Give the cast back the language that it began with."""
    with psycopg.connect(address) as connection:
        connection.execute("UPDATE users_user SET language = 'ru'")
