"""Worker processes that take chunks over side by side, each on its own connection; or none, for small files."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import datetime
from types import TracebackType
from typing import Self

from svyaz.exchange.actions.chunks import ChunkTaker, Work
from svyaz.exchange.actions.outcomes import Outcome
from svyaz.exchange.actions.reading import Record
from svyaz.lib.processes import pool_with_django

# Enough for nobody to wait, few enough for memory to stay flat.
CHUNKS_AHEAD = 3

_taker: ChunkTaker | None = None


class Crew:
    """Takes chunks in their order and gives their outcomes back in the same order."""

    def __init__(self, work: Work, processes: int) -> None:
        self.work, self.processes = work, processes
        self.pool: ProcessPoolExecutor | None = None
        self.waiting: deque[Future[Outcome]] = deque()
        self.taker = ChunkTaker(work) if processes == 0 else None

    def __enter__(self) -> Self:
        if self.processes:
            self.pool = pool_with_django(self.processes, _begin, self.work)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.pool:
            self.pool.shutdown(wait=True, cancel_futures=True)

    def take(self, records: list[Record], *, at: datetime) -> Iterator[Outcome]:
        """Hand a chunk over; yield the outcomes that are due."""
        if self.taker:
            yield self.taker.take(records, at=at)
            return
        assert self.pool is not None
        self.waiting.append(self.pool.submit(_take, records, at))
        while len(self.waiting) > self.processes * CHUNKS_AHEAD:
            yield self.waiting.popleft().result()

    def rest(self) -> Iterator[Outcome]:
        """Yield the outcomes of the chunks that are still under way."""
        while self.waiting:
            yield self.waiting.popleft().result()


def _begin(work: Work) -> None:
    global _taker
    _taker = ChunkTaker(work)


def _take(records: list[Record], at: datetime) -> Outcome:
    assert _taker is not None
    return _taker.take(records, at=at)
