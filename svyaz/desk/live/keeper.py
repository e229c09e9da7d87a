"""Looks after the open streams: ends those whose log-in is over, and says who is at his desk and at which card."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from django.db import DatabaseError
from django.utils.timezone import now

from svyaz.desk.live.hub import Hub, Stream
from svyaz.notices.actions import (
    arrive_at_card,
    arrive_at_desk,
    forget_the_silent,
    leave_card,
    leave_desk,
    still_at_cards,
)
from svyaz.users.queries import passwords_of, sessions_alive
from svyaz.workforce.queries import employee_with, employees_present

logger = logging.getLogger(__name__)

SESSIONS_EVERY = 2.0
CARDS_EVERY = 15.0
# From page to page a stream ends and the next begins: that is not leaving.
CARD_GRACE = 3.0
DESK_GRACE = 60.0
# After the start everybody has so long to come back before he counts as gone.
RETURN_SECONDS = 90.0


class Keeper:
    """Presence and sessions of a hub's streams."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.leaving: dict[object, asyncio.Task[None]] = {}

    async def came(self, stream: Stream) -> None:
        """Note that a page was opened."""
        if stream.employee_id is None:
            return
        self._stay(stream.employee_id)
        if len(self.hub.of_user.get(stream.user_id, ())) == 1:
            await self.hub.in_base(_arrive_at_desk, stream.employee_id)
        if stream.party_id is None or self._stay((stream.employee_id, stream.party_id)):
            return
        if self._pages_at(stream) == 1:
            await self.hub.in_base(arrive_at_card, employee_id=stream.employee_id, party_id=stream.party_id, at=now())
            self.hub.tell_card(stream.party_id, "card.people")

    def went(self, stream: Stream) -> None:
        """Note that a page was closed; if none other takes its place soon, its user has left."""
        if stream.employee_id is None:
            return
        if stream.party_id is not None and not self._pages_at(stream):
            self._later((stream.employee_id, stream.party_id), CARD_GRACE, self._leave_card(stream))
        if not self.hub.of_user.get(stream.user_id):
            self._later(stream.employee_id, DESK_GRACE, self.hub.in_base(_leave_desk, stream.employee_id))

    def _pages_at(self, stream: Stream) -> int:
        there = self.hub.of_party.get(stream.party_id or 0, ())
        return sum(1 for other in there if other.employee_id == stream.employee_id)

    async def _leave_card(self, stream: Stream) -> None:
        await self.hub.in_base(leave_card, employee_id=stream.employee_id, party_id=stream.party_id)
        self.hub.tell_card(stream.party_id or 0, "card.people")

    def _later(self, key: object, seconds: float, what: Coroutine[Any, Any, Any]) -> None:
        async def leave() -> None:
            try:
                await asyncio.sleep(seconds)
            except asyncio.CancelledError:
                what.close()
                raise
            self.leaving.pop(key, None)
            await what

        self._stay(key)
        self.leaving[key] = asyncio.create_task(leave())

    def _stay(self, key: object) -> bool:
        """Take back that somebody is about to leave; return whether he was."""
        task = self.leaving.pop(key, None)
        return task is not None and task.cancel()

    async def run(self) -> None:
        """Look after sessions and presence for ever."""
        await asyncio.gather(
            _every(SESSIONS_EVERY, self.end_what_is_over), _every(CARDS_EVERY, self.still_there), self._sweep()
        )

    async def end_what_is_over(self) -> None:
        """End the streams of sessions that ended, and of users who may not log in any more or not so."""
        if streams := set(self.hub.streams):
            over = await self.hub.in_base(_over, streams)
            self.hub.end(over)

    async def still_there(self) -> None:
        """Say of everyone at a card that he is still there."""
        pairs = {(s.employee_id, s.party_id) for s in self.hub.streams if s.employee_id and s.party_id}
        if pairs:
            await self.hub.in_base(still_at_cards, pairs=pairs, at=now())

    async def _sweep(self) -> None:
        """Once after the start: who did not come back has left while this process was away."""
        await asyncio.sleep(RETURN_SECONDS)
        here = {stream.employee_id for stream in self.hub.streams}
        await self.hub.in_base(_leave_all_but, here)


async def _every(seconds: float, what: Callable[[], Coroutine[Any, Any, None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await what()
        except DatabaseError as error:
            logger.warning("The live process could not reach the data base (%s).", error)


def _over(streams: Iterable[Stream]) -> list[Stream]:
    alive = sessions_alive({stream.session_key for stream in streams}, at=now())
    passwords = passwords_of({stream.user_id for stream in streams})
    return [
        stream
        for stream in streams
        if stream.session_key not in alive or passwords.get(stream.user_id) != stream.password
    ]


def _arrive_at_desk(employee_id: int) -> None:
    if employee := employee_with(employee_id):
        arrive_at_desk(employee=employee, at=now())


def _leave_desk(employee_id: int) -> None:
    if employee := employee_with(employee_id):
        leave_desk(employee=employee, at=now())


def _leave_all_but(here: set[int | None]) -> None:
    forget_the_silent(at=now())
    for employee in employees_present():
        if employee.pk not in here:
            leave_desk(employee=employee, at=now())
