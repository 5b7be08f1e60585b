"""Ideas on their way into the system for tests: marks, a home with all that a hand-over asks for, and reviews."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.db import db, now
from innovation.ideas.models import Idea
from innovation.replication.system_models import (
    BudgetLine,
    HandoverStep,
    HomeReference,
    PostReview,
    SystemHome,
    TrackerMark,
)
from tests import make

DAY = dt.date(2026, 3, 2)
CRITERIA = [f"G4-S{number}" for number in range(1, 10)]
FIGURES: dict[str, Any] = {"running": True, "sites": 12, "learners": 900, "teachers": 40, "spent_cents": 400_000_00}


def mark(of: Idea, criterion: str = "G4-S1", value: int = 3, state: str = "confirmed", **more: Any) -> TrackerMark:
    values = {"seen_on": DAY, "evidence": "The circular of the district.", "proposed_at": now()} | more
    return _kept(TrackerMark(idea_id=of.id, criterion=criterion, mark=value, state=state, **values))


def marks(of: Idea, value: int = 3) -> None:
    """Every criterion, confirmed."""
    for criterion in CRITERIA:
        mark(of, criterion, value)


def home(of: Idea | None = None, state: str = "planned", **more: Any) -> SystemHome:
    """A home with the post, both sides, a day, a circular, a budget line, and a step that is done."""
    idea = of or make.idea(place="replicating")
    values = {"unit": "Curriculum", "post": "Chief education specialist", "agreed_for": DAY}
    sides = {"from_role": "Programme lead of the NGO", "to_role": "Director of curriculum"}
    made = make.add(SystemHome(idea_id=idea.id, state=state, **(values | sides | more)))
    make.add(HomeReference(home_id=made.id, kind="circular", number="12/2026", title="Reading", issued_on=DAY))
    line = {"vote": "Vote 6", "year": "2026/27", "amount_cents": 3_000_000_000_00, "funded_by": "The province"}
    make.add(BudgetLine(home_id=made.id, **line))
    make.add(HandoverStep(home_id=made.id, what="Train the advisers.", who="The NGO", due_on=DAY, done_on=DAY))
    return _kept(made)


def review(of: Idea | None = None, state: str = "planned", number: int = 1, **more: Any) -> PostReview:
    idea = of or make.idea(place="institutionalised")
    values: dict[str, Any] = {"due_on": DAY, "figures": {} if state == "planned" else FIGURES}
    values |= {"handed_in_at": now()} if state != "planned" else {}
    return _kept(PostReview(idea_id=idea.id, number=number, state=state, **(values | more)))


def _kept(thing: Any) -> Any:
    """Committed: a command that is refused takes back what was only flushed."""
    make.add(thing)
    db.session.commit()
    return thing
