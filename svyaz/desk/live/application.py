"""The live process's ASGI application: one stream of server-sent events for each open page that asks for it."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from django.db import close_old_connections

from svyaz.desk.live.hub import Hub, Stream, TooManyStreams
from svyaz.desk.live.keeper import Keeper
from svyaz.desk.live.messages import BACK_SOON, HEADERS, greeting, tick
from svyaz.desk.live.reader import Reader
from svyaz.desk.live.visitors import Refused, Visit, visitor
from svyaz.history.queries import Position

TICK_SECONDS = 15.0
# A stream ends by itself after so long and its browser comes back: so that a dead one is noticed in any case.
LONGEST_SECONDS = 300.0
# One connection follows history, the other ones look at who comes.
THREADS = 3

Message = dict[str, Any]
Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Application:
    """Hub, reader and keeper, and what they say to each stream."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="base")
        self.hub = Hub(self.in_base)
        self.reader = Reader(self.hub)
        self.keeper = Keeper(self.hub)
        self.tasks: list[asyncio.Task[None]] = []

    async def in_base(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a function that asks the data base in a thread with a connection of its own."""
        work = partial(_with_a_good_connection, function, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self.pool, work)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            said = await receive()
            if said["type"] == "lifespan.startup":
                self.tasks = [asyncio.create_task(self.reader.run()), asyncio.create_task(self.keeper.run())]
                await send({"type": "lifespan.startup.complete"})
            else:
                for task in self.tasks:
                    task.cancel()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await asyncio.wait_for(self.reader.has_begun.wait(), timeout=10)
            visit: Visit = await self.in_base(visitor, scope)
        except Refused as refused:
            return await _refuse(send, refused.status)
        except TimeoutError:
            return await _refuse(send, 503)
        stream = Stream(visit.user_id, visit.employee_id, visit.session_key, visit.password, visit.party_id)
        after, since = _asked(scope)
        try:
            await self.hub.join(stream, after=after, since=since)
        except TooManyStreams:
            return await _refuse(send, 429)
        try:
            await self.keeper.came(stream)
            await self._stream(stream, receive, send)
        finally:
            self.hub.leave(stream)
            self.keeper.went(stream)

    async def _stream(self, stream: Stream, receive: Receive, send: Send) -> None:
        """Send what comes until the browser goes, the session ends or the stream is old."""
        headers = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        # Not all of a restart's pages in the same moment.
        await _say(send, greeting(BACK_SOON + random.randrange(BACK_SOON)))
        gone = asyncio.create_task(_until_gone(receive))
        ends = asyncio.get_running_loop().time() + LONGEST_SECONDS * (1 + random.random() / 4)
        try:
            while not gone.done() and asyncio.get_running_loop().time() < ends:
                text = await _next(stream, gone)
                if text is None:
                    break
                await _say(send, text or tick(self.hub.memory.position))
            with contextlib.suppress(OSError, RuntimeError):
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()


async def _next(stream: Stream, gone: "asyncio.Task[None]") -> str | None:
    """Return what is to be said next: "" when it is time for a tick, None at the end."""
    if not stream.queue.empty():
        return stream.queue.get_nowait()
    coming = asyncio.create_task(stream.queue.get())
    done, _waiting = await asyncio.wait({coming, gone}, timeout=TICK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    if coming in done:
        return coming.result()
    coming.cancel()
    return None if gone in done else ""


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _say(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store"), (b"retry-after", b"5")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _asked(scope: Scope) -> tuple[Position | None, float]:
    """Return from where on a page wants to hear: behind a position it knows, else since it was drawn."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    headers = dict(scope["headers"])
    known = headers.get(b"last-event-id", b"").decode("latin-1") or query.get("after", [""])[0]
    since = query.get("since", [""])[0]
    return Position.read(known), float(since) if since.isascii() and since.isdigit() and len(since) < 12 else 1e12


def _with_a_good_connection(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    close_old_connections()
    try:
        return function(*args, **kwargs)
    finally:
        close_old_connections()
