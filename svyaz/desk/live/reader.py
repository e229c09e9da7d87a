"""Reads what committed, as soon as PostgreSQL says that something did."""

import asyncio
import logging

import psycopg
from django.db import DatabaseError, connection
from psycopg import AsyncConnection

from svyaz.desk.live.hub import Hub
from svyaz.history.actions import CHANNEL, WAKE_EVERY_SECONDS
from svyaz.history.queries import Committed, Position, committed_after, latest_committed
from svyaz.notices.queries.live import KINDS, Pointer, pointers

logger = logging.getLogger(__name__)

BATCH = 1000
# A writer says so at most once in this time: what he wrote after that is read when it has passed.
HELD_BACK_SECONDS = WAKE_EVERY_SECONDS + 0.05
# While something waits for an older transaction to end.
WAITING_SECONDS = 0.1
# What was said while nobody listened is read after so long at the latest.
IDLE_SECONDS = 5.0
AGAIN_SECONDS = 0.5


class Reader:
    """Follows history in the order of commits and gives it to the hub."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.has_begun = asyncio.Event()

    async def run(self) -> None:
        """Follow for ever; after a lost connection from where it was."""
        while True:
            try:
                if not self.has_begun.is_set():
                    await self._begin()
                async with await AsyncConnection.connect(listening_address(), autocommit=True) as listener:
                    await listener.execute(f"LISTEN {CHANNEL}")
                    await self._follow(listener)
            except (psycopg.Error, DatabaseError) as error:
                logger.warning("The live process lost the data base (%s); again in a moment.", error)
                await asyncio.sleep(AGAIN_SECONDS)

    async def _begin(self) -> None:
        """Remember the latest of what was written before, for those who come back."""
        found, position, is_whole = await self.hub.in_base(_latest)
        self.hub.memory.fill(found, position, is_whole=is_whole)
        self.has_begun.set()

    async def _follow(self, listener: AsyncConnection) -> None:
        patience = 0.0
        while True:
            heard = [notify async for notify in listener.notifies(timeout=patience, stop_after=1)]
            waits = await self.catch_up()
            patience = WAITING_SECONDS if waits else HELD_BACK_SECONDS if heard else IDLE_SECONDS

    async def catch_up(self) -> bool:
        """Read on to the end; return whether something has to wait for an older transaction."""
        while True:
            found, page = await self.hub.in_base(_after, self.hub.memory.position)
            await self.hub.deliver(found, page.position)
            if page.is_whole:
                return bool(page.more_waits)


def listening_address() -> str:
    """Return the address that Django's own connections use, for one that only listens."""
    parameters = connection.get_connection_params()
    wanted = ("host", "port", "user", "password", "dbname", "sslmode")
    return psycopg.conninfo.make_conninfo(**{name: parameters[name] for name in wanted if parameters.get(name)})


def _after(position: Position) -> tuple[list[Pointer], Committed]:
    page = committed_after(position, kinds=KINDS, most=BATCH)
    return pointers(page.events), page


def _latest() -> tuple[list[Pointer], Position, bool]:
    page = latest_committed(kinds=KINDS, most=BATCH)
    return pointers(page.events), page.position, page.is_whole
