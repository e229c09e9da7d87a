"""Chance that repeats itself: every customer has a generator of his own, so a larger base begins like a smaller one."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

SEED = "svyaz"


class Weighted(Protocol):
    """What is chosen more or less often."""

    @property
    def weight(self) -> int:
        """Return how often."""


W = TypeVar("W", bound=Weighted)


def chance_of(*parts: object) -> Random:
    """Return the generator that belongs to a thing."""
    return Random(":".join([SEED, *map(str, parts)]))


def weighted(rng: Random, options: Sequence[W]) -> W:
    """Return an option as often as its weight says."""
    return rng.choices(options, [option.weight for option in options])[0]


def working_moment(rng: Random, day: date, zone: ZoneInfo, *, first: int = 9, last: int = 20) -> datetime:
    """Return a moment of a day between two hours of the local time."""
    seconds = rng.randrange(first * 3600, last * 3600)
    return datetime.combine(day, time(), zone) + timedelta(seconds=seconds)


def month_start(day: date, months_ago: int = 0) -> date:
    """Return the first day of the month so many months before a day's month."""
    index = day.year * 12 + day.month - 1 - months_ago
    return date(index // 12, index % 12 + 1, 1)


def day_between(rng: Random, first: date, last: date) -> date:
    """Return a day from the first to the last, both included."""
    return first + timedelta(days=rng.randint(0, max((last - first).days, 0)))
