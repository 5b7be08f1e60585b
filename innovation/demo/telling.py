"""Telling stories side by side: each step happens at its own moment, and all of them in the order of time."""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from innovation.command import transaction
from innovation.db import fixed_now

HERE = ZoneInfo("Africa/Johannesburg")
Story = Generator[dt.datetime, None, None]
"""A story yields the moment at which it goes on; what follows the yield happens then."""


def moment(day: dt.date, hour: int = 9, minute: int = 0) -> dt.datetime:
    """A time of the day where the programme is."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=HERE).astimezone(dt.UTC)


@contextmanager
def at(instant: dt.datetime) -> Iterator[None]:
    """Let it be this moment."""
    token = fixed_now.set(instant)
    try:
        yield
    finally:
        fixed_now.reset(token)


class Telling:
    """Stories under way; ``after_step`` is called at the end of each step, within its transaction."""

    def __init__(self, latest: dt.datetime, after_step: Callable[[], None]) -> None:
        self.latest, self.after_step = latest, after_step
        self._present = dt.datetime.min.replace(tzinfo=dt.UTC)
        self._waiting: list[tuple[dt.datetime, int, Story]] = []
        self._numbers = itertools.count()

    def begin(self, story: Story) -> None:
        """Let a story run beside the others from now on."""
        self._wait_for(next(story, None), next(self._numbers), story)

    def run(self) -> None:
        """Go on until every story has ended; nothing happens later than ``latest``."""
        while self._waiting:
            self._present, number, story = heapq.heappop(self._waiting)
            with at(self._present), transaction():
                following = next(story, None)
                self.after_step()
            self._wait_for(following, number, story)

    def _wait_for(self, instant: dt.datetime | None, number: int, story: Story) -> None:
        if instant is not None:
            heapq.heappush(self._waiting, (min(max(instant, self._present), self.latest), number, story))
