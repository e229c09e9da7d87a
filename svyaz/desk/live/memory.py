"""What has happened lately: so that whoever comes back hears what he missed, without a question to the data base."""

import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from svyaz.history.queries import Position
from svyaz.notices.queries.live import Pointer

MOST_KEPT = 5000
# A page asks for what happened since it was drawn; what was on its way just then is told once more rather than missed.
OVERLAP_SECONDS = 3.0
NOWHERE = Position(0, 0)


@dataclass
class Memory:
    """The latest pointers, in the order of commits, each with when it was heard of."""

    position: Position = NOWHERE
    # Everything behind this position is still here.
    reaches_back_to: Position = NOWHERE
    kept: deque[tuple[float, Pointer]] = field(default_factory=deque)

    def add(self, pointers: Iterable[Pointer], position: Position, *, heard_at: float | None = None) -> None:
        """Remember what happened up to a position."""
        for pointer in pointers:
            self.kept.append((heard_at or time.time(), pointer))
        while len(self.kept) > MOST_KEPT:
            self.reaches_back_to = self.kept.popleft()[1].position
        self.position = max(self.position, position)

    def fill(self, pointers: Iterable[Pointer], position: Position, *, is_whole: bool) -> None:
        """Begin with what was written before this process started."""
        for pointer in pointers:
            self.kept.append((pointer.at.timestamp(), pointer))
        if not is_whole:
            self.reaches_back_to = self.kept[0][1].position if self.kept else position
        self.position = position

    def after(self, position: Position) -> Sequence[Pointer] | None:
        """Return what happened behind a position; None where that was so much, or so long ago, that it is forgotten."""
        if position < self.reaches_back_to:
            return None
        return [pointer for _heard, pointer in self.kept if pointer.position > position]

    def since(self, moment: float) -> Sequence[Pointer]:
        """Return what was heard of since a moment (seconds of the epoch), and shortly before."""
        return [pointer for heard, pointer in self.kept if heard >= moment - OVERLAP_SECONDS]
