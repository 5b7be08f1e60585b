"""How far an idea made in bulk has come: the moment up to which it has been told, and what happens to it there."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from innovation.demo.bulk.society import DAY, Event, Society
from innovation.demo.telling import moment
from innovation.events import Fact
from innovation.gates.events import HeldForCondition
from innovation.ideas.events import IdeaResumed
from workflows import JourneyFacts


class Course:
    """One idea; ``at`` is the moment up to which it has been told, ``row`` its row of the table."""

    row: dict[str, Any]
    answers: dict[str, Any]

    def __init__(self, society: Society, event: Event, number: int, seed: int) -> None:
        self.society, self.event, self.number = society, event, number
        self.rng = Random(f"{seed}:{number}")
        self.at = moment(event.day, 9, 30) + dt.timedelta(minutes=self.rng.randrange(300))
        self.position = society.journey.initial
        self.since = self.at
        self.recycles: dict[str, int] = {}
        self.rounds: dict[str, int] = {}
        self.walled: set[int] = set()
        self.has: set[str] = set()
        self.revision_id = self.asks = 0
        self.shared_at: dt.datetime | None = None

    @property
    def id(self) -> int:
        return int(self.row["id"])

    @property
    def owner_id(self) -> int:
        return int(self.row["owner_id"])

    @property
    def over(self) -> bool:
        return self.at >= self.society.latest

    def wait(self, least: int, most: int) -> bool:
        """Let days pass; False when that would be later than today."""
        later = self.working(self.at + DAY * self.rng.randint(least, most))
        if later >= self.society.latest:
            return False
        self.at = later
        return True

    def working(self, at: dt.datetime) -> dt.datetime:
        """The same hour, on a weekday."""
        return at + DAY * {5: 2, 6: 1}.get(at.weekday(), 0)

    def tell(self, actor_id: int | None, fact: Fact, at: dt.datetime | None = None) -> None:
        self.society.chains.record(at or self.at, actor_id, fact)

    def fire(self, trigger: str, facts: JourneyFacts) -> None:
        before = self.position
        self.position = self.society.journey.fire(before, trigger, facts)
        if self.position.place != before.place:
            self.since = self.at

    def hold_for(self, condition_id: int, at: dt.datetime) -> None:
        """Hold for an overdue condition that blocks, where the idea is at a stage and moves."""
        if self.position.standing == "active" and self.society.definition.gate_at(self.position.place) is None:
            self.fire("overdue", JourneyFacts())
            self.tell(None, HeldForCondition(self.id, condition_id), at)

    def release(self, at: dt.datetime) -> None:
        """Go on after the condition has been met."""
        if self.position.standing == "held":
            self.fire("resume", JourneyFacts())
            self.tell(self.society.coordinator_id, IdeaResumed(self.id, self.position.place), at)
            self.shared_at = max(self.shared_at, at) if self.shared_at else None
