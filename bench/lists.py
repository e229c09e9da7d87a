"""How long the first page of a list takes, whichever view: filters common and rare, orders, groups, deep pages."""

import time
from collections.abc import Sequence

from django.test import Client

from bench.load import percentile
from svyaz.users.models import User

REPEATS = 30
TARGET_MS = 300
# As they stand in the address: what people keep as views, and what is unkind to a planner.
VIEWS: Sequence[tuple[str, str]] = (
    ("customers", ""),
    ("customers", "sort=-name"),
    ("customers", "sort=-created"),
    ("customers", "group=area"),
    ("customers", "kind=organization"),
    ("customers", "kind=organization&sort=-created"),
    ("customers", "state=suspended"),
    ("customers", "state=closed&tier=platinum"),
    ("customers", "tier=gold,platinum"),
    ("customers", "manager=me"),
    ("customers", "manager=none"),
    ("customers", "since.last=30"),
    ("customers", "since.before=2015-01-01"),
    ("customers", "debt=overdue"),
    ("customers", "debt=overdue&tier=platinum&kind=organization"),
    ("customers", "name.has=ковал"),
    ("customers", "name.has=ёлкин&state=suspended"),
    ("customers", "columns=all"),
    ("contacts", ""),
    ("contacts", "group=employee"),
    ("contacts", "channel=fax,post"),
    ("contacts", "employee=me"),
    ("contacts", "at.last=7&channel=meeting"),
    ("decisions", ""),
    ("decisions", "state=in_force"),
    ("decisions", "state=proposed"),
    ("decisions", "group=kind"),
    ("promises", ""),
    ("promises", "due=past"),
    ("promises", "of=me"),
    ("employees", "columns=all"),
    ("services", ""),
)  # fmt: skip
USERS = ("bench", "bench-region")
DEEP = 200


def measure() -> dict[str, dict[str, float]]:
    """Open every view as who sees everything and as who sees one region; return p50 and p95 of each, in ms."""
    found = {}
    for username in USERS:
        browser = _browser(username)
        for name, query in VIEWS:
            found[f"{username} /{name}/?{query}"] = _timed(browser, f"/{name}/?{query}")
        found[f"{username} /customers/ page {DEEP}"] = _timed(browser, _deep(browser))
    for view, times in sorted(found.items(), key=lambda each: -each[1]["p95"]):
        late = "  more than 300 ms" if times["p95"] > TARGET_MS else ""
        print(f"    {times['p50']:8.1f} {times['p95']:8.1f} ms  {view}{late}", flush=True)
    return found


def _browser(username: str) -> Client:
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def _timed(browser: Client, address: str) -> dict[str, float]:
    times = []
    for turn in range(REPEATS + 2):
        started = time.perf_counter()
        answer = browser.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
        # The first ones read templates and plans.
        if turn >= 2:
            times.append((time.perf_counter() - started) * 1000)
    return {f"p{percent}": round(percentile(times, percent), 1) for percent in (50, 95)}


def _deep(browser: Client) -> str:
    """Return the address of a page far into the list of customers."""
    address = "/customers/"
    for _ in range(DEEP):
        following = browser.get(address, headers={"HX-Request": "true"}).context["next"]
        if not following:
            break
        address = following
    return address
