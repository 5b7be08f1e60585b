"""Moving an idea along its journey, with the counts of the line kept in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import event

from innovation.db import db, insert_into
from innovation.ideas.listing import relist
from innovation.ideas.models import Idea, Tally
from innovation.programmes.models import Programme, WorkflowVersion
from innovation.programmes.workdays import today_of, working_days_after
from innovation.statements import write
from workflows import Gate, JourneyFacts, Stage, State

TALLIED = ("programme_id", "region_id", "place", "standing", "n")


def move(idea: Idea, trigger: str, facts: JourneyFacts) -> State:
    """Fire the idea's journey and count it where it now stands; ``Refused`` with every reason against it."""
    return move_again(idea, idea.state, trigger, facts)


def move_again(idea: Idea, start: State, trigger: str, facts: JourneyFacts) -> State:
    """Send the idea another way from where it stood before: what a superseding decision does."""
    before = idea.state
    idea.state = idea.journey.fire(start, trigger, facts)
    if idea.state != before:
        count(idea, {before: -1, idea.state: +1})
        _keep_clock(idea, before)
    relist(idea)
    return idea.state


def _keep_clock(idea: Idea, before: State) -> None:
    """The clock stands still on hold, and starts anew at a stage that has its own time."""
    if idea.standing == "held":
        idea.held_since = idea.held_since or today_of(idea.programme)
    else:
        idea.held_since = None
    if idea.place != before.place:
        idea.due_on = usual_due(idea.programme, idea.where)


def usual_due(programme: Programme, where: Stage | Gate) -> dt.date | None:
    """The day by which the work at a stage is usually done; None at a gate, and where the stage says nothing."""
    days = where.working_days if isinstance(where, Stage) else None
    return working_days_after(today_of(programme), days, programme.country) if days else None


def take_over(idea: Idea, version: WorkflowVersion, place: str) -> State:
    """Carry the idea over to another version of its process, where a plan says that it stands.

    Nothing is fired: nobody presents or decides anything. The one check is the journey's own, that there is such a
    place; how long the idea has stood where it stands goes on.
    """
    before, since = idea.state, idea.place_since
    idea.workflow_version = version
    idea.state = idea.journey.take_over(State(place, idea.standing))
    idea.place_since = since
    if idea.state != before:
        count(idea, {before: -1, idea.state: +1})
    relist(idea)
    return idea.state


def count(idea: Idea, changes: Mapping[State, int]) -> None:
    """Change the tallies of the idea's region at these places and standings, when the transaction ends.

    Many ideas share a tally, so it is taken last: others wait for it no longer than a commit takes. All are taken in
    one order, and after the ideas, so that two transactions never wait for each other.
    """
    session = db.session()
    waiting: Counter[tuple[int, int, str, str]] = session.info.setdefault("tallies", Counter())
    for at, n in changes.items():
        waiting[idea.programme_id, idea.region_id, at.place, at.standing] += n
    if session.in_nested_transaction():  # what is undone without the rest must not be counted with it
        _write_tallies(session)


@event.listens_for(db.session, "before_commit")
def _write_tallies(session: Any) -> None:
    waiting = session.info.pop("tallies", None)
    if waiting:
        session.flush()
        rows = [dict(zip(TALLIED, (*at, n), strict=True)) for at, n in sorted(waiting.items()) if n]
        if rows:
            write(_begin_or_add(db.engine.dialect.name), rows)


@event.listens_for(db.session, "after_transaction_end")
def _forget_tallies(session: Any, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop("tallies", None)


@lru_cache(maxsize=2)
def _begin_or_add(_dialect: str) -> Any:
    """A tally begun, or added to, in the words of the engine."""
    tally: Any = Tally.__table__
    row = insert_into(tally)
    more = {"n": tally.c.n + row.excluded.n}
    return row.on_conflict_do_update(index_elements=[*tally.primary_key], set_=more)
