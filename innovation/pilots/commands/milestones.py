"""What is done with milestones: planned, shown to be reached, accepted or returned."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm.attributes import flag_modified

from innovation.command import command
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.ideas import store
from innovation.ideas.filecheck import Checked
from innovation.ideas.models import Idea
from innovation.permission import Actor
from innovation.pilots import policy, queries
from innovation.pilots.events import (
    MilestoneAccepted,
    MilestoneFileAdded,
    MilestoneFileRemoved,
    MilestonePlanned,
    MilestoneReturned,
    MilestoneShown,
)
from innovation.pilots.models import Milestone, MilestoneFile
from workflows import MILESTONE, Refused

MOST_FILES = 10


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


@command(policy.may_show_milestone)
def add_milestone_file(actor: Actor, milestone: Milestone, *, file: Checked) -> MilestoneFile:
    """Keep a file with a milestone, as it may be kept; after the milestone is accepted its evidence stays as it is."""
    hold_row(milestone)
    _require_open(milestone)
    if len(milestone.files) >= MOST_FILES:
        raise Refused((f"A milestone can have {MOST_FILES} files.",))
    added = MilestoneFile(
        milestone=milestone,
        file_key=store.store().put(file.content),
        name=file.name,
        content_type=file.content_type,
        size=len(file.content),
        added_by_id=actor.person_id,
        added_at=now(),
    )
    db.session.add(added)
    flag_modified(milestone, "state")  # whoever is about to accept it has not seen this yet
    db.session.flush()
    record(actor, MilestoneFileAdded(milestone.idea_id, milestone.id, added.id))
    return added


@command(policy.may_show_milestone)
def remove_milestone_file(actor: Actor, file: MilestoneFile) -> MilestoneFile:
    """Take a file away from a milestone that is not accepted yet: nobody reads it any more."""
    _require_open(file.milestone)
    file.removed_by_id, file.removed_at = actor.person_id, now()
    flag_modified(file.milestone, "state")
    record(actor, MilestoneFileRemoved(file.milestone.idea_id, file.milestone_id, file.id))
    return file


def _require_open(milestone: Milestone) -> None:
    if milestone.state == "accepted":
        raise Refused(("The milestone is accepted, and its evidence with it.",))


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
