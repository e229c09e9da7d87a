"""A thousand open pages in one process: what they cost, whom an event reaches, and that the dead are let go."""

import asyncio
import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from django.db import connection

from svyaz.access.models import Role
from svyaz.parties.models import Party
from svyaz.places.models import Area
from svyaz.users.models import User
from svyaz.workforce.models import Employee
from tests.cast import person
from tests.live.conftest import Site, until
from tests.live.test_streams import contact

PAGES, USERS, AT_CARD = 1000, 50, 10
MOST_MEGABYTES = 250


class Crowd:
    """Many pages in one loop, without a thread for each."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.pages: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.gate = asyncio.Semaphore(50)

    async def open(self, cookie: str, query: str) -> None:
        """Open one page and wait until its stream has begun."""
        async with self.gate:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(
                f"GET /live/{query} HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={cookie}\r\n\r\n".encode()
            )
            self.pages.append((reader, writer))
            assert b" 200 " in await asyncio.wait_for(reader.readline(), 60)
            await asyncio.wait_for(reader.readuntil(b"event: tick"), 60)

    async def heard(self, index: int, seconds: float) -> bytes:
        """Return what one page hears within some seconds."""
        found = b""
        with_timeout = asyncio.timeout(seconds)
        try:
            async with with_timeout:
                while b"interaction.recorded" not in found:
                    found += await self.pages[index][0].read(4096)
        except TimeoutError:
            pass
        return found

    def close(self) -> None:
        """Close what is left."""
        for _reader, writer in self.pages:
            writer.transport.abort()

    def die(self, count: int) -> None:
        """Let some pages vanish as a computer does that is switched off: with a reset, not with a farewell."""
        for _reader, writer in self.pages[-count:]:
            sock = writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


def live_worker(site: Site) -> psutil.Process:
    process = site.programs["live"].process
    assert process is not None
    return psutil.Process(process.pid).children()[0]


def streams_of(site: Site) -> int:
    """Return how many connections the live process holds."""
    path = str(Path(os.environ["SVYAZ_STATE"]) / "run" / str(site.port) / "live.sock")
    return sum(1 for one in live_worker(site).net_connections(kind="unix") if one.laddr == path) - 1


def contact_of_a_thread(party: Party, by: User, employee: Employee) -> None:
    """Record a contact in a thread of its own, whose connection ends with it."""
    try:
        contact(party, by, employee)
    finally:
        connection.close()


@pytest.mark.slow
def test_a_thousand_pages_fit_into_one_process(
    site: Site, session: Callable[[User], str], roles: dict[str, Role], spb: Area, olga: Party, anna: User,
    anna_employee: Employee,
) -> None:  # fmt: skip
    users = [person(f"agent{number}", f"Оператор {number}", roles["agent"], spb) for number in range(USERS)]
    cookies = [session(user) for user in users]
    before = live_worker(site).memory_info().rss

    async def story() -> None:
        crowd = Crowd(site.port)
        at_card = [crowd.open(cookies[n % USERS], f"?party={olga.pk}") for n in range(AT_CARD)]
        await asyncio.gather(*at_card)
        await asyncio.gather(*(crowd.open(cookies[n % USERS], "") for n in range(AT_CARD, PAGES)))
        used = live_worker(site).memory_info().rss
        print(f"\n{PAGES} streams: {used / 2**20:.0f} MB, {(used - before) / PAGES / 1024:.1f} kB a stream")
        assert used < MOST_MEGABYTES * 2**20
        assert streams_of(site) >= PAGES

        await asyncio.to_thread(contact_of_a_thread, olga, anna, anna_employee)
        at_card_heard = await asyncio.gather(*(crowd.heard(n, 5) for n in range(AT_CARD)))
        assert all(b"interaction.recorded" in heard for heard in at_card_heard)
        assert b"interaction.recorded" not in await crowd.heard(PAGES - 1, 0.5)

        crowd.die(PAGES // 2)
        await asyncio.to_thread(until, lambda: streams_of(site) <= PAGES // 2 + 20, 20)

        crowd.close()

    asyncio.run(story())
