"""Who listens, and who gets what: the fan-out of the live process, all in memory, in one event loop."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.timezone import now

from svyaz.desk.live.memory import Memory
from svyaz.desk.live.messages import BYE, message, reset, tick
from svyaz.history.queries import Position
from svyaz.notices.queries.live import RINGS, Allowed, Pointer, allowed, is_about

# More than this waiting means a browser that does not read: its stream ends, and it comes back for the rest.
MOST_WAITING = 200
# Who missed more than this takes his page up anew.
MOST_MISSED = 150
MOST_OF_ONE_USER = 20
MOST_STREAMS = 5000

# Runs a function that asks the data base, outside of the event loop.
InBase = Callable[..., Coroutine[Any, Any, Any]]


class TooManyStreams(Exception):
    """The user, or everyone together, has as many streams open as one process bears."""


@dataclass(eq=False)
class Stream:
    """One open page: whose, in which session, with which card open (`party_id`)."""

    user_id: int
    employee_id: int | None
    session_key: str
    password: str
    party_id: int | None
    queue: "asyncio.Queue[str | None]" = field(default_factory=lambda: asyncio.Queue(MOST_WAITING + 2))

    @property
    def page(self) -> tuple[int, int | None]:
        """Return what its rights depend on."""
        return self.user_id, self.party_id

    def send(self, text: str) -> None:
        """Put a message into the stream; one that is full ends."""
        if self.queue.qsize() >= MOST_WAITING:
            self.end()
        else:
            self.queue.put_nowait(text)

    def end(self, last_words: str = "") -> None:
        """Let the stream end behind what waits in it; what does not fit any more its browser will ask for again."""
        if self.queue.qsize() >= MOST_WAITING:
            while not self.queue.empty():
                self.queue.get_nowait()
        if last_words:
            self.queue.put_nowait(last_words)
        self.queue.put_nowait(None)


@dataclass
class Ringing:
    """A contact that waits for somebody, and the users who hear of it."""

    pointer: Pointer
    users: set[int] = field(default_factory=set)


class Hub:
    """All streams of this process."""

    def __init__(self, in_base: InBase) -> None:
        self.in_base = in_base
        self.memory = Memory()
        self.streams: set[Stream] = set()
        self.of_user: dict[int, set[Stream]] = defaultdict(set)
        self.of_party: dict[int, set[Stream]] = defaultdict(set)
        self.ringing: dict[int, Ringing] = {}
        # What arrives while somebody joins waits, so that he hears everything, in order, once.
        self.turn = asyncio.Lock()

    async def join(self, stream: Stream, *, after: Position | None, since: float) -> None:
        """Take a stream in, with what it missed. Raises TooManyStreams."""
        if len(self.streams) >= MOST_STREAMS or len(self.of_user.get(stream.user_id, ())) >= MOST_OF_ONE_USER:
            raise TooManyStreams(stream.user_id)
        async with self.turn:
            missed = self.memory.since(since) if after is None else self.memory.after(after)
            found = await self._checked(missed or (), [stream])
            if missed is None or len(found) > MOST_MISSED:
                stream.send(reset(self.memory.position))
                found = []
            self._send([*found, *await self._checked(self._still_ringing(), [stream])])
            stream.send(tick(self.memory.position))
            self.streams.add(stream)
            self.of_user[stream.user_id].add(stream)
            if stream.party_id is not None:
                self.of_party[stream.party_id].add(stream)
                self._taken(stream.party_id)

    def leave(self, stream: Stream) -> None:
        """Let a stream go."""
        self.streams.discard(stream)
        _take_out(self.of_user, stream.user_id, stream)
        if stream.party_id is not None:
            _take_out(self.of_party, stream.party_id, stream)

    async def deliver(self, pointers: Sequence[Pointer], position: Position) -> None:
        """Remember what happened, and give it to the streams that it concerns and that may hear of it."""
        async with self.turn:
            self.memory.add(pointers, position)
            for pointer in pointers:
                if pointer.is_ringing:
                    self.ringing[pointer.subject_id] = Ringing(pointer)
            self._send(await self._checked(pointers, self._concerned(pointers)))

    def _concerned(self, pointers: Sequence[Pointer]) -> Iterable[Stream]:
        if any(pointer.is_ringing for pointer in pointers):
            return set(self.streams)
        found: set[Stream] = set()
        for pointer in pointers:
            if pointer.to is not None:
                found |= self.of_user.get(pointer.to, set())
            elif pointer.party_id is not None:
                found |= self.of_party.get(pointer.party_id, set())
        return found

    async def _checked(self, pointers: Sequence[Pointer], streams: Iterable[Stream]) -> list[tuple[Stream, Pointer]]:
        """Return which pointers go to which streams, each only where its user may hear of it now."""
        streams = list(streams)
        concerning = [p for p in pointers if any(is_about(p, *stream.page) for stream in streams)]
        if not concerning:
            return []
        rights: Allowed = await self.in_base(allowed, concerning, {stream.page for stream in streams}, at=now())
        return [(stream, p) for p in concerning for stream in streams if rights.may(p, *stream.page)]

    def _send(self, checked: Iterable[tuple[Stream, Pointer]]) -> None:
        for stream, pointer in checked:
            stream.send(message(pointer.message, pointer.position))
            if pointer.is_ringing and pointer.subject_id in self.ringing:
                self.ringing[pointer.subject_id].users.add(stream.user_id)

    def _still_ringing(self) -> list[Pointer]:
        oldest = now() - RINGS
        self.ringing = {pk: one for pk, one in self.ringing.items() if one.pointer.at > oldest}
        return [one.pointer for one in self.ringing.values()]

    def _taken(self, party_id: int) -> None:
        """Somebody has opened the card of who is calling: the others need not."""
        for pk, one in list(self.ringing.items()):
            if one.pointer.party_id != party_id:
                continue
            del self.ringing[pk]
            told = {"kind": "incoming.taken", "party": party_id, "subject": pk}
            for user_id in one.users:
                for stream in self.of_user.get(user_id, ()):
                    stream.send(message(told, self.memory.position))

    def tell_card(self, party_id: int, kind: str) -> None:
        """Tell whoever has a card open that somebody came to it or left it."""
        for stream in self.of_party.get(party_id, ()):
            stream.send(message({"kind": kind, "party": party_id}, self.memory.position))

    def end(self, streams: Iterable[Stream]) -> None:
        """End streams whose sessions are over: their pages shall not come back."""
        for stream in list(streams):
            stream.end(BYE)


def _take_out(index: dict[int, set[Stream]], key: int, stream: Stream) -> None:
    index[key].discard(stream)
    if not index[key]:
        del index[key]
