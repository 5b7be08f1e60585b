"""Reading the tracker of ideas: every mark with its history, which ones stand, and what they come to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.db import db
from innovation.gates.queries.offered import OFFERED, Offered
from innovation.ideas.models import Idea
from innovation.permission import Actor, NotThere
from innovation.replication.climbing import Climb, climb
from innovation.replication.queries.playbooks import find_spreading
from innovation.replication.system_models import TrackerMark
from innovation.values import dataclass
from workflows import Criterion, Gate, Tracked, tracked, tracked_gate

MOST_OF_ONE = 60
MOST_MARKS = 2000


@dataclass(frozen=True)
class Followed:
    """One criterion of the tracker: the mark that stands, one that waits to be confirmed, all of them, the newest
    first, and the picture."""

    criterion: Criterion
    standing: TrackerMark | None
    waiting: TrackerMark | None
    marks: tuple[TrackerMark, ...]
    picture: Climb


@dataclass(frozen=True)
class Tracker:
    """The tracker of an idea: by criterion, and the mean of what is confirmed; ``hoped`` with what is only proposed."""

    gate: Gate
    followed: tuple[Followed, ...]
    found: Tracked
    hoped: Tracked

    def of(self, criterion: str) -> Followed:
        """``NotThere`` for what the tracker does not ask."""
        found = next((each for each in self.followed if each.criterion.key == criterion), None)
        if found is None:
            raise NotThere
        return found

    @property
    def confirmed(self) -> dict[str, int]:
        return {each.criterion.key: each.standing.mark for each in self.followed if each.standing}


def find_tracker(actor: Actor, reference: str) -> tuple[Idea, Tracker]:
    """The idea and its tracker, for whoever may see how it spreads; ``NotThere`` where the process has none."""
    idea = find_spreading(actor, reference)
    found = read_tracker(idea)
    if found is None:
        raise NotThere
    return idea, found


def read_tracker(idea: Idea) -> Tracker | None:
    gate = tracked_gate(idea.definition)
    if gate is None:
        return None
    values = [mark.value for mark in gate.marks]
    marks = [each for each in list_marks(idea) if each.mark in values]  # another version may have had other marks
    days = [each.seen_on for each in marks]
    first, last = min(days, default=dt.date.min), max(days, default=dt.date.min)
    followed = tuple(_followed(criterion, marks, values, first, last) for criterion in gate.should)
    confirmed = {each.criterion.key: each.standing.mark for each in followed if each.standing}
    proposed = {each.criterion.key: each.waiting.mark for each in followed if each.waiting}
    return Tracker(gate, followed, tracked(gate, confirmed), tracked(gate, confirmed | proposed))


def _followed(
    criterion: Criterion, marks: Sequence[TrackerMark], values: list[int], first: dt.date, last: dt.date
) -> Followed:
    own = [each for each in marks if each.criterion == criterion.key]
    return Followed(
        criterion,
        standing(own),
        next((each for each in own if each.state == "proposed"), None),
        tuple(own),
        climb(own, values, first, last),
    )


def standing(marks: Iterable[TrackerMark]) -> TrackerMark | None:
    """The confirmed mark of the latest day."""
    confirmed = [each for each in marks if each.state == "confirmed"]
    return max(confirmed, key=lambda each: (each.seen_on, each.id), default=None)


def list_marks(idea: Idea) -> list[TrackerMark]:
    """All marks of an idea, the newest first."""
    query = sa.select(TrackerMark).where(TrackerMark.idea_id == idea.id).order_by(TrackerMark.id.desc())
    return list(db.session.scalars(query.limit(MOST_MARKS)))


def find_mark(actor: Actor, reference: str, mark_id: int) -> TrackerMark:
    """A mark of the idea, for whoever may see how it spreads."""
    idea = find_spreading(actor, reference)
    found = db.session.get(TrackerMark, mark_id, options=[joinedload(TrackerMark.idea)])
    if found is None or found.idea_id != idea.id:
        raise NotThere
    return found


def marks_of(idea_ids: Sequence[int]) -> dict[int, dict[str, TrackerMark]]:
    """The marks that stand, by idea and criterion: one query for any number of ideas."""
    query = sa.select(TrackerMark).where(TrackerMark.idea_id.in_(idea_ids), TrackerMark.state == "confirmed")
    found: dict[int, dict[str, TrackerMark]] = {}
    for mark in db.session.scalars(query.order_by(TrackerMark.seen_on, TrackerMark.id)):
        found.setdefault(mark.idea_id, {})[mark.criterion] = mark
    return found


def offer(idea: Idea, gate: Gate) -> Mapping[str, Offered]:
    """The confirmed marks, to those who score at the gate of the tracker."""
    if idea.definition.tracker is None or idea.definition.tracker.gate != gate.key:
        return {}
    return {
        key: Offered(mark.mark, mark.seen_on, mark.evidence, mark.link)
        for key, mark in marks_of([idea.id]).get(idea.id, {}).items()
    }


OFFERED.append(offer)
