"""Openings of cards through the API: gathered, and written a second later at the most, so that reads stay reads."""

import logging
import queue
import threading
import time
from datetime import datetime

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection

from svyaz.access.actions import record_openings
from svyaz.access.models import Opening

logger = logging.getLogger(__name__)

MOST_WAITING = 20_000
BATCH = 5_000
# How often the writer looks whether the process ends: it must not hold it up.
LOOK_SECONDS = 0.1


class OpeningsRecorder:
    """Takes openings from requests and writes them in batches from a thread of its own.

    A process that is killed loses the openings of its last second; one that ends in peace writes them first: the
    thread is no daemon, so that the interpreter waits for it.
    """

    def __init__(self) -> None:
        self.waiting: queue.SimpleQueue[Opening] = queue.SimpleQueue()
        self.lock = threading.Lock()
        self.writer: threading.Thread | None = None
        self.stopped = threading.Event()

    def note(self, opening: Opening) -> None:
        """Write an opening soon; at once, if the next call must find it or too many wait."""
        if opening.opens_until is not None or not settings.API_OPENINGS_DELAY or self.waiting.qsize() > MOST_WAITING:
            record_openings([opening])
            return
        self.waiting.put(opening)
        if self.writer is None or not self.writer.is_alive():
            self._start()

    def _start(self) -> None:
        with self.lock:
            if self.writer is None or not self.writer.is_alive():
                self.writer = threading.Thread(target=self._run, name="openings", daemon=False)
                self.writer.start()

    def _run(self) -> None:
        """Write what waits once a delay, until the process ends and nothing waits any more."""
        due_at = time.monotonic() + settings.API_OPENINGS_DELAY
        while threading.main_thread().is_alive() and not self.stopped.wait(LOOK_SECONDS):
            if time.monotonic() >= due_at:
                due_at = time.monotonic() + settings.API_OPENINGS_DELAY
                self.flush()
        self.flush()
        connection.close()

    def stop(self) -> None:
        """Write what waits and end the thread."""
        self.stopped.set()
        if self.writer is not None:
            self.writer.join()

    def flush(self) -> int:
        """Write what waits; return how many. While the base is away it stays and is tried again."""
        written = 0
        while batch := self._batch():
            try:
                written += self._write(batch)
            except (OperationalError, InterfaceError):
                logger.exception("%s openings could not be recorded yet.", len(batch))
                connection.close()
                for opening in batch:
                    self.waiting.put(opening)
                break
        return written

    def _write(self, batch: list[Opening]) -> int:
        """Write a batch; where the base refuses it, all but the openings that it refuses singly."""
        try:
            record_openings(batch)
        except (OperationalError, InterfaceError):
            raise
        except Error:
            if len(batch) == 1:
                logger.exception("An opening of party %s by user %s is refused.", batch[0].party_id, batch[0].by_id)
                return 0
            return sum(self._write([opening]) for opening in batch)
        return len(batch)

    def _batch(self) -> list[Opening]:
        batch: list[Opening] = []
        while len(batch) < BATCH:
            try:
                batch.append(self.waiting.get_nowait())
            except queue.Empty:
                break
        return batch


OPENINGS = OpeningsRecorder()


def own_area(party_id: int, user_id: int, at: datetime) -> Opening:
    """Return the record that a card of the caller's own area was opened."""
    return Opening(party_id=party_id, by_id=user_id, at=at, basis=Opening.Basis.AREA, door=Opening.Door.API)
