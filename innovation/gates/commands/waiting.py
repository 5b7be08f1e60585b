"""What becomes of an idea on hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from innovation.command import command
from innovation.events import record
from innovation.gates import policy, queries
from innovation.gates.deadlines import today_of
from innovation.gates.models import Condition
from innovation.ideas import moves
from innovation.ideas import queries as ideas_queries
from innovation.ideas.events import IdeaResumed
from innovation.ideas.models import Idea
from innovation.permission import Actor
from workflows import JourneyFacts


@command(policy.may_resume_idea)
def resume_idea(actor: Actor, idea: Idea) -> Idea:
    """Take an idea off hold; it goes on from where it stands, once nothing overdue would hold it again."""
    moves.move(idea, "resume", facts_to_resume(idea))
    idea.held_until = None
    record(actor, IdeaResumed(idea.id, idea.place))
    return idea


def facts_to_resume(idea: Idea) -> JourneyFacts:
    """What the journey must know to let the idea go on."""
    owed = queries.open_conditions(idea)
    return ideas_queries.journey_facts(idea, overdue=why_not_resumed(owed, today_of(idea.programme)))


def why_not_resumed(owed: Iterable[Condition], today: dt.date) -> tuple[str, ...]:
    """A sentence for each condition that would put the idea on hold again at once."""
    return tuple(
        f"The condition “{condition.text}” was due on {condition.due_on:%d %b %Y} and blocks. "
        "Settle it or waive it first: until then the idea would be put on hold again."
        for condition in queries.overdue_blocking(owed, today)
    )
