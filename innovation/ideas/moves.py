"""Moving an idea along its journey, with the counts of the line kept in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from innovation.db import db, insert_into
from innovation.ideas.listing import relist
from innovation.ideas.models import Idea, Tally
from workflows import JourneyFacts, State


def move(idea: Idea, trigger: str, facts: JourneyFacts) -> State:
    """Fire the idea's journey and count it where it now stands; ``Refused`` with every reason against it."""
    return move_again(idea, idea.state, trigger, facts)


def move_again(idea: Idea, start: State, trigger: str, facts: JourneyFacts) -> State:
    """Send the idea another way from where it stood before: what a superseding decision does."""
    before = idea.state
    idea.state = idea.journey.fire(start, trigger, facts)
    if idea.state != before:
        count(idea, {before: -1, idea.state: +1})
    relist(idea)
    return idea.state


def count(idea: Idea, changes: Mapping[State, int]) -> None:
    """Change the tallies of the idea's region at these places and standings, in one statement and one order."""
    of = {"programme_id": idea.programme_id, "region_id": idea.region_id}
    rows = [{**of, "place": at.place, "standing": at.standing, "n": n} for at, n in sorted(changes.items())]
    tally: Any = Tally.__table__
    row = insert_into(tally)
    more = {"n": tally.c.n + row.excluded.n}
    db.session.execute(row.on_conflict_do_update(index_elements=[*tally.primary_key], set_=more), rows)
