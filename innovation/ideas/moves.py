"""Moving an idea along its journey, with the counts of the line kept in the same transaction."""

from __future__ import annotations

from typing import Any

from innovation.db import db, insert_into
from innovation.ideas.listing import relist
from innovation.ideas.models import Idea, Tally
from workflows import JourneyFacts, State


def move(idea: Idea, trigger: str, facts: JourneyFacts) -> State:
    """Fire the idea's journey and count it where it now stands; ``Refused`` with every reason against it."""
    before = idea.state
    idea.state = idea.journey.fire(before, trigger, facts)
    count(idea, before, -1)
    count(idea, idea.state, +1)
    relist(idea)
    return idea.state


def move_again(idea: Idea, start: State, trigger: str, facts: JourneyFacts) -> State:
    """Send the idea another way from where it stood before: what a superseding decision does."""
    before = idea.state
    idea.state = idea.journey.fire(start, trigger, facts)
    count(idea, before, -1)
    count(idea, idea.state, +1)
    relist(idea)
    return idea.state


def count(idea: Idea, state: State, change: int) -> None:
    """Add ``change`` to the tally of the idea's region at a place and standing, in one statement."""
    key = {
        "programme_id": idea.programme_id,
        "region_id": idea.region_id,
        "place": state.place,
        "standing": state.standing,
    }
    table: Any = Tally.__table__
    row = insert_into(table).values(**key, n=change)
    more = {"n": table.c.n + row.excluded.n}
    db.session.execute(row.on_conflict_do_update(index_elements=list(key), set_=more))
