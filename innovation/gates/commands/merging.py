"""Ideas that were captured twice become one where no panel sits, with a reason; and part again, with a reason."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.gates import policy
from innovation.gates.commands.deciding import join, joinable, part
from innovation.gates.events import IdeaMerged, MergeUndone
from innovation.gates.models import Ending
from innovation.ideas import moves
from innovation.ideas.models import Idea
from innovation.ideas.relation_models import Merge
from innovation.permission import Actor
from workflows import JourneyFacts, Refused

ELSEWHERE = "Only two ideas of the same clinic are merged here. At a gate, its panel can merge any two."
BY_PANEL = "A panel merged this idea at its gate. The chair supersedes that decision to undo it."


@command(policy.may_merge_idea)
def merge_idea(actor: Actor, idea: Idea, *, into: str, reason: str) -> Merge:
    """Let an idea that was captured twice at one clinic go on as the other; both keep their histories."""
    if not reason.strip():
        raise Refused(("Say why the two are the same idea.",))
    reasons = why_not_merged(idea)
    if reasons:
        raise Refused(reasons)
    other = joinable(actor, idea, into)
    if idea.clinic_id is None or other.clinic_id != idea.clinic_id:
        raise Refused((ELSEWHERE,))
    policy.may_merge_idea.require(actor, other)
    moves.move(idea, "merge", JourneyFacts())
    idea.due_on = None
    join(actor, idea, into)
    merge = Merge(idea_id=idea.id, into_id=other.id, reason=reason.strip(), merged_by_id=actor.person_id)
    db.session.add(merge)
    db.session.flush()
    record(actor, IdeaMerged(idea.id, merge.id))
    return merge


def why_not_merged(idea: Idea) -> tuple[str, ...]:
    """Why the idea cannot be merged here and now, whichever other one it is; empty when it can."""
    if idea.standing == "active" and idea.place != idea.definition.stages[0].key:
        return ("This idea has left the first stage. A panel can merge it at its next gate.",)
    return idea.journey.reasons(idea.state, "merge", JourneyFacts())


@command(policy.may_undo_merge)
def undo_merge(actor: Actor, idea: Idea, *, reason: str) -> Merge:
    """Let an idea that was merged at a stage go its own way again; what both have done meanwhile stays."""
    if not reason.strip():
        raise Refused(("Say why the two are not the same idea after all.",))
    reasons = why_not_parted(idea)
    if reasons:
        raise Refused(reasons)
    merge = _open_merge(idea)
    moves.move(idea, "part", JourneyFacts())
    idea.due_on = moves.usual_due(idea.programme, idea.where)
    part(actor, idea)
    merge.undone_reason, merge.undone_by_id, merge.undone_at = reason.strip(), actor.person_id, now()
    db.session.flush()
    record(actor, MergeUndone(idea.id, merge.id))
    return merge


def why_not_parted(idea: Idea) -> tuple[str, ...]:
    """Why the merge of the idea cannot be undone here; empty when it can."""
    if idea.standing != "merged":
        return ("This idea has not been merged into another one.",)
    if idea.definition.gate_at(idea.place) is not None:
        return (BY_PANEL,)
    return idea.journey.reasons(idea.state, "part", JourneyFacts())


def _open_merge(idea: Idea) -> Merge:
    """What is kept of the merge; of one that ended an idea on hold, its ending says why."""
    query = sa.select(Merge).where(Merge.idea_id == idea.id, Merge.undone_at.is_(None)).order_by(Merge.id.desc())
    merge = db.session.scalars(query).first()
    if merge is not None:
        return merge
    endings = sa.select(Ending).where(Ending.idea_id == idea.id, Ending.outcome == "merge").order_by(Ending.id.desc())
    ending = db.session.scalars(endings).first()
    merge = Merge(idea_id=idea.id, into_id=idea.merged_into_id, reason=ending.rationale if ending else "")
    if ending is not None:
        merge.merged_by_id, merge.merged_at = ending.ended_by_id, ending.ended_at
    db.session.add(merge)
    return merge
