"""A condition of an idea made in bulk, brought from moment to moment to where it stands."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.demo.bulk.course import Course
from innovation.demo.telling import moment
from innovation.gates.events import ConditionMet, ConditionOffered
from workflows import CONDITION

KEPT_IN_TIME, KEPT_LATE = 0.7, 0.2
DAY = dt.timedelta(days=1)


class Owed:
    """What a conditional go still asks for; ``row`` is its row of the table."""

    def __init__(self, life: Course, row: dict[str, Any], since: dt.datetime) -> None:
        self.life, self.row = life, row
        due = moment(row["due_on"], 12)
        luck, self.overdue_at = life.rng.random(), due + DAY
        self.met_at: dt.datetime | None = None
        if luck < KEPT_IN_TIME:
            self.met_at = since + (due - since) * life.rng.uniform(0.4, 0.95)
        elif luck < KEPT_IN_TIME + KEPT_LATE:
            self.met_at = due + DAY * life.rng.randint(4, 40)

    @property
    def open(self) -> bool:
        return str(self.row["state"]) != "met"

    def bring_to(self, at: dt.datetime) -> None:
        """Let happen what happens to it until this moment, the hold for an overdue one included."""
        if not self.open:
            return
        met = self.met_at is not None and self.met_at <= at
        late = self.met_at is None or self.met_at > self.overdue_at
        if self.row["blocking"] and late and self.overdue_at <= at:
            self.life.hold_for(self.row["id"], self.overdue_at)
        if met and self.met_at is not None:
            self._meet(self.met_at)

    def _meet(self, at: dt.datetime) -> None:
        life, coordinator = self.life, self.life.society.coordinator_id
        offered = at - DAY
        self.row["offered"] = f"{self.row['evidence']}: handed to the coordinator."
        life.tell(life.owner_id, ConditionOffered(life.id, self.row["id"]), offered)
        self.row["state"] = CONDITION.fire(CONDITION.fire(CONDITION.initial, "offer"), "accept")
        self.row |= {"settled_by_id": coordinator, "settled_at": at}
        life.tell(coordinator, ConditionMet(life.id, self.row["id"]), at)
        life.release(at)
