"""What is done with milestones: planned, shown to be reached, accepted or returned."""

from __future__ import annotations

import datetime as dt

from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.ideas.models import Idea
from innovation.permission import Actor
from innovation.pilots import policy, queries
from innovation.pilots.events import (
    MilestoneAccepted,
    MilestonePlanned,
    MilestoneReturned,
    MilestoneShown,
)
from innovation.pilots.models import Milestone
from workflows import MILESTONE, Refused


@command(policy.may_plan_milestone)
def plan_milestone(actor: Actor, idea: Idea, *, title: str, due_on: dt.date) -> Milestone:
    """Say what the idea will have shown by a day."""
    if len(queries.list_milestones(idea)) >= queries.MOST:
        raise Refused((f"An idea can have {queries.MOST} milestones.",))
    milestone = Milestone(idea=idea, title=title, due_on=due_on, planned_by_id=actor.person_id, planned_at=now())
    db.session.add(milestone)
    db.session.flush()
    record(actor, MilestonePlanned(idea.id, milestone.id, due_on.isoformat()))
    return milestone


@command(policy.may_show_milestone)
def show_milestone(actor: Actor, milestone: Milestone, *, evidence: str) -> Milestone:
    """Say what shows that it is reached; somebody of the programme looks at it."""
    milestone.state = MILESTONE.fire(milestone.state, "show")
    milestone.evidence, milestone.shown_by_id, milestone.shown_at = evidence, actor.person_id, now()
    record(actor, MilestoneShown(milestone.idea_id, milestone.id))
    return milestone


@command(policy.may_judge_milestone)
def accept_milestone(actor: Actor, milestone: Milestone, *, reason: str = "") -> Milestone:
    """Say that it is reached: tranches that hang on it can be released."""
    _judge(actor, milestone, "accept", reason)
    record(actor, MilestoneAccepted(milestone.idea_id, milestone.id))
    return milestone


@command(policy.may_judge_milestone)
def return_milestone(actor: Actor, milestone: Milestone, *, reason: str = "") -> Milestone:
    """Say what is still missing."""
    if not reason:
        raise Refused(("Say what is still missing.",))
    _judge(actor, milestone, "return", reason)
    record(actor, MilestoneReturned(milestone.idea_id, milestone.id))
    return milestone


def _judge(actor: Actor, milestone: Milestone, verdict: str, reason: str) -> None:
    milestone.state = MILESTONE.fire(milestone.state, verdict)
    milestone.judged_by_id, milestone.judged_at, milestone.reason = actor.person_id, now(), reason
