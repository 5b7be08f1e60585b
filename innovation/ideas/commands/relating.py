"""Saying how an idea stands to another one that reads alike."""

from __future__ import annotations

from innovation.command import command
from innovation.db import db
from innovation.events import record
from innovation.ideas import policy, queries
from innovation.ideas.events import IdeaRelated
from innovation.ideas.models import Idea
from innovation.ideas.relation_models import RELATIONS, IdeaRelation
from innovation.permission import Actor, NotThere
from workflows import Refused

UNSEEN = "There is no idea with this reference that you may see."


@command(policy.may_relate_idea)
def relate_idea(actor: Actor, idea: Idea, *, other: str, relation: str) -> IdeaRelation:
    """Say that the idea is the same as another one, builds on it, or is different; nothing merges by that.

    What was said before of the two stays on record. Saying the same again changes nothing.
    """
    if relation not in RELATIONS:
        raise Refused(("Choose how the two ideas stand to each other.",))
    try:
        found = queries.find_idea(actor, other.strip())
    except NotThere:
        raise Refused((UNSEEN,)) from None
    if found.id == idea.id:
        raise Refused(("An idea is not compared with itself. Give the reference of another one.",))
    said = queries.newest_relation(idea.id, found.id)
    if said is not None and (said.idea_id, said.relation) == (idea.id, relation):
        return said
    made = IdeaRelation(idea_id=idea.id, other_id=found.id, relation=relation, said_by_id=actor.person_id)
    db.session.add(made)
    db.session.flush()
    record(actor, IdeaRelated(idea.id, found.id, made.id, relation))
    return made
