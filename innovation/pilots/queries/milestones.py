"""Reading the milestones of an idea."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from innovation.db import db
from innovation.ideas.models import Idea
from innovation.permission import Actor, NotThere
from innovation.pilots import policy
from innovation.pilots.models import Milestone, MilestoneFile

MOST = 100


def list_milestones(idea: Idea) -> list[Milestone]:
    """The milestones, the first due first."""
    query = sa.select(Milestone).where(Milestone.idea_id == idea.id)
    query = query.order_by(Milestone.due_on, Milestone.id).options(selectinload(Milestone.files))
    return list(db.session.scalars(query.limit(MOST)))


def find_milestone(actor: Actor, idea: Idea, milestone_id: int) -> Milestone:
    """A milestone of the idea, for whoever may see them."""
    found = db.session.get(Milestone, milestone_id, options=[joinedload(Milestone.idea)])
    if found is None or found.idea_id != idea.id or not policy.may_see_milestones.allows(actor, idea):
        raise NotThere
    return found


def find_milestone_file(actor: Actor, idea: Idea, milestone_id: int, file_id: int) -> MilestoneFile:
    """A file of a milestone that was not taken away, for whoever may see the milestone."""
    milestone = find_milestone(actor, idea, milestone_id)
    found = next((file for file in milestone.files if file.id == file_id), None)
    if found is None:
        raise NotThere
    return found
