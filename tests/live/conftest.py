"""Everything that `svyaz up` runs, on the data base of the tests, and pages that listen."""

import contextlib
import http.client
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from svyaz.cli.supervisor import Program
from svyaz.cli.up import programs
from svyaz.users.models import User
from tests.database import TestDatabase
from tests.live.listener import Listener

BACKEND = "django.contrib.auth.backends.ModelBackend"


def until(condition: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


@dataclass
class Site:
    """The running programs by name, and the one address."""

    port: int
    programs: dict[str, Program]

    def ask(
        self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body; status 0 while nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            try:
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                connection.request(method, path, body, named)
                answer = connection.getresponse()
                return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
            except OSError:
                return 0, {}, b""

    def kill(self, name: str) -> None:
        """Kill a program with everything that it runs."""
        self.programs[name].signal(signal.SIGKILL)
        process = self.programs[name].process
        assert process is not None
        process.wait()

    def start(self, name: str) -> None:
        """Start a program that was killed, as its supervisor does."""
        self.programs[name].start()

    def is_live(self) -> bool:
        """Tell whether the live process itself answers: the web server's answers end at once."""
        return self.ask("/live/")[0] == 403


@contextlib.contextmanager
def serving(**more: str) -> Iterator[Site]:
    """Run front door, web server and live process on the data base of this run."""
    base = TestDatabase.for_this_run()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {
        "DATABASE_URL": base.application, "DATABASE_OWNER_URL": base.owner, "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "svyaz.settings", "SVYAZ_WORKERS": "1", "PYTHONWARNINGS": "ignore", **more,
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patched:
        for name, value in environment.items():
            patched.setenv(name, value)
        chosen = {program.name: program for program in programs() if program.name != "worker"}
        for program in chosen.values():
            program.environment = environment
            program.start()
    site = Site(port, chosen)
    try:
        until(lambda: site.ask("/healthz")[0] == 200, 40)
        until(lambda: "live" not in chosen or site.is_live(), 40)
        yield site
    finally:
        for program in chosen.values():
            program.signal(signal.SIGTERM)
        for program in chosen.values():
            assert program.process is not None
            with contextlib.suppress(Exception):
                program.process.wait(8)
            program.signal(signal.SIGKILL)
            program.process.wait()


@pytest.fixture
def site(transactional_db: None) -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def session() -> Callable[[User], str]:
    """Log a user in; return the cookie of his browser."""

    def log_in(user: User) -> str:
        client = Client()
        client.force_login(user, backend=BACKEND)
        return client.cookies["sessionid"].value

    return log_in


@pytest.fixture
def listen(site: Site, session: Callable[[User], str]) -> Iterator[Callable[..., Listener]]:
    """Open a page that listens, and wait until it does."""
    opened: list[Listener] = []

    def begin(user: User, party: Any = None, *, cookie: str = "", wait: bool = True) -> Listener:
        query = f"?party={party.pk}" if party else ""
        listener = Listener(site.port, cookie or session(user), query)
        opened.append(listener)
        if wait:
            until(listener.is_connected)
        return listener

    yield begin
    for listener in opened:
        listener.close()
