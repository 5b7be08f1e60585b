"""The wall of a clinic: what is shown on it, ideas put together under topics, and the clock of the run sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from innovation.clinics import agenda, events, policy
from innovation.clinics.models import Clinic
from innovation.clinics.wall_models import VIEWS, RoomWall, WallIdea, WallTopic
from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.ideas.models import Idea
from innovation.ideas.queries.one import walled
from innovation.permission import Actor
from workflows import UNDER_WAY, Refused

SHOWN = UNDER_WAY  # what has been withdrawn, merged or ended is on no wall
MOST_IDEAS = 400
MOST_TOPICS = 24
NOT_TOGETHER = "The room is not together now. This can be done while the clinic is open or votes."
NOT_HERE = "One of these ideas is not of this clinic, or has left it."
SAME_NAME = "There is a topic of this name on the wall already. Choose another name, or move ideas to that one."
NO_TOPIC = "There is no such topic on this wall any more."


def find_wall(clinic: Clinic) -> RoomWall:
    """The wall; one that is not kept yet where nothing was ever set."""
    found = db.session.scalar(sa.select(RoomWall).where(RoomWall.clinic_id == clinic.id))
    return found or RoomWall(clinic_id=clinic.id, view="ideas", at_once=False, names=False, spent=0)


def kept_wall(clinic: Clinic) -> RoomWall:
    """The wall to be changed; part of a command."""
    wall = find_wall(clinic)
    db.session.add(wall)
    return wall


def require_together(clinic: Clinic) -> None:
    if clinic.state not in agenda.STANDS:
        raise Refused((NOT_TOGETHER,))


# What is shown


@command(policy.may_run_wall)
def set_wall(actor: Actor, clinic: Clinic, *, at_once: bool, names: bool) -> RoomWall:
    """Whether ideas are shown as they come, and whether with the names of owners who agreed to that."""
    require_together(clinic)
    wall = kept_wall(clinic)
    changed = tuple(name for name, new in (("at_once", at_once), ("names", names)) if getattr(wall, name) != new)
    if "at_once" in changed and not at_once:  # what everybody has seen stays
        _release(actor, clinic, [idea.idea_id for idea in _touched(clinic, _untouched_ids(clinic))])
    wall.at_once, wall.names = at_once, names
    if changed:
        record(actor, events.WallChanged(clinic.id, changed))
    return wall


@command(policy.may_run_wall)
def turn_wall(actor: Actor, clinic: Clinic, *, view: str) -> RoomWall:
    """Show the ideas, the totals of the last round, the shortlist, or nothing at all."""
    require_together(clinic)
    if view not in VIEWS:
        raise Refused(("Choose what the wall shows.",))
    wall = kept_wall(clinic)
    if wall.view != view:
        wall.view = view
        record(actor, events.WallChanged(clinic.id, ("view",)))
    return wall


@command(policy.may_run_wall)
def release_ideas(actor: Actor, clinic: Clinic, *, idea_ids: Sequence[int]) -> list[WallIdea]:
    """Let the room see these ideas."""
    require_together(clinic)
    return _release(actor, clinic, require_here(actor, clinic, idea_ids))


def _release(actor: Actor, clinic: Clinic, idea_ids: Sequence[int]) -> list[WallIdea]:
    fresh = [idea for idea in _touched(clinic, idea_ids) if not idea.released_at or idea.hidden_at]
    for idea in fresh:
        idea.released_at, idea.hidden_at = idea.released_at or now(), None
    if fresh:
        record(actor, events.IdeasReleased(clinic.id, tuple(idea.idea_id for idea in fresh)))
    return fresh


@command(policy.may_run_wall)
def hide_ideas(actor: Actor, clinic: Clinic, *, idea_ids: Sequence[int]) -> list[WallIdea]:
    """Take these ideas off the wall, and out of an open round, until they are released again."""
    require_together(clinic)
    shown = [idea for idea in _touched(clinic, require_here(actor, clinic, idea_ids)) if not idea.hidden_at]
    for idea in shown:
        idea.hidden_at = now()
    if shown:
        record(actor, events.IdeasHidden(clinic.id, tuple(idea.idea_id for idea in shown)))
    return shown


def require_here(actor: Actor, clinic: Clinic, idea_ids: Sequence[int]) -> list[int]:
    """The ids, if all of them are ideas that could be on the wall and that the person may see."""
    wanted = list(dict.fromkeys(idea_ids))
    if not wanted:
        raise Refused(("Choose at least one idea.",))
    if len(wanted) > MOST_IDEAS:
        raise Refused((f"At most {MOST_IDEAS} ideas at once.",))
    here = sa.and_(Idea.clinic_id == clinic.id, Idea.standing.in_(SHOWN), ~walled(actor))
    if set(db.session.scalars(sa.select(Idea.id).where(Idea.id.in_(wanted), here))) != set(wanted):
        raise Refused((NOT_HERE,))
    return wanted


def _untouched_ids(clinic: Clinic) -> list[int]:
    """The ideas that a wall shows only because it shows all as they come."""
    touched = sa.exists().where(WallIdea.idea_id == Idea.id, WallIdea.released_at.is_not(None))
    query = sa.select(Idea.id).where(Idea.clinic_id == clinic.id, Idea.standing.in_(SHOWN), ~touched)
    hidden = sa.exists().where(WallIdea.idea_id == Idea.id, WallIdea.hidden_at.is_not(None))
    return list(db.session.scalars(query.where(~hidden).order_by(Idea.id)))


def _touched(clinic: Clinic, idea_ids: Sequence[int]) -> list[WallIdea]:
    """A row for each of the ideas, in their order."""
    found = {row.idea_id: row for row in db.session.scalars(sa.select(WallIdea).where(WallIdea.idea_id.in_(idea_ids)))}
    for idea_id in idea_ids:
        if idea_id not in found:
            found[idea_id] = WallIdea(idea_id=idea_id, clinic_id=clinic.id)
            db.session.add(found[idea_id])
    return [found[idea_id] for idea_id in idea_ids]


# Topics


@command(policy.may_run_wall)
def add_topic(actor: Actor, clinic: Clinic, *, name: str, idea_ids: Sequence[int] = ()) -> WallTopic:
    """A new topic, with these ideas in it."""
    require_together(clinic)
    if len(list_topics(clinic)) >= MOST_TOPICS:
        raise Refused((f"A wall has at most {MOST_TOPICS} topics. End one first.",))
    _require_other_name(clinic, name)
    topic = WallTopic(clinic_id=clinic.id, name=name)
    db.session.add(topic)
    db.session.flush()
    record(actor, events.TopicAdded(clinic.id, topic.id))
    if idea_ids:
        _put_together(actor, clinic, topic, require_here(actor, clinic, idea_ids))
    return topic


@command(policy.may_run_wall)
def rename_topic(actor: Actor, clinic: Clinic, *, topic_id: int, name: str) -> WallTopic:
    require_together(clinic)
    topic = _topic(clinic, topic_id)
    if topic.name != name:
        _require_other_name(clinic, name, topic)
        topic.name = name
        record(actor, events.TopicRenamed(clinic.id, topic.id))
    return topic


def _require_other_name(clinic: Clinic, name: str, topic: WallTopic | None = None) -> None:
    if any(other.name.casefold() == name.casefold() and other is not topic for other in list_topics(clinic)):
        raise Refused((SAME_NAME,))


@command(policy.may_run_wall)
def end_topic(actor: Actor, clinic: Clinic, *, topic_id: int) -> WallTopic:
    """Take the topic off the wall; its ideas stay there without one."""
    require_together(clinic)
    topic = _topic(clinic, topic_id)
    topic.ended_at = now()
    for idea in db.session.scalars(sa.select(WallIdea).where(WallIdea.topic_id == topic.id)):
        idea.topic_id = None
    record(actor, events.TopicEnded(clinic.id, topic.id))
    return topic


@command(policy.may_run_wall)
def put_together(actor: Actor, clinic: Clinic, *, idea_ids: Sequence[int], topic_id: int | None) -> list[WallIdea]:
    """Put ideas under a topic, or under none."""
    require_together(clinic)
    topic = None if topic_id is None else _topic(clinic, topic_id)
    return _put_together(actor, clinic, topic, require_here(actor, clinic, idea_ids))


def _put_together(actor: Actor, clinic: Clinic, topic: WallTopic | None, idea_ids: Sequence[int]) -> list[WallIdea]:
    topic_id = topic.id if topic else None
    moved = [idea for idea in _touched(clinic, idea_ids) if idea.topic_id != topic_id]
    for idea in moved:
        idea.topic_id = topic_id
    if moved:
        record(actor, events.IdeasPutTogether(clinic.id, topic_id, tuple(idea.idea_id for idea in moved)))
    return moved


def list_topics(clinic: Clinic) -> list[WallTopic]:
    query = sa.select(WallTopic).where(WallTopic.clinic_id == clinic.id, WallTopic.ended_at.is_(None))
    return list(db.session.scalars(query.order_by(WallTopic.id)))


def _topic(clinic: Clinic, topic_id: int) -> WallTopic:
    topic = db.session.get(WallTopic, topic_id)
    if topic is None or topic.clinic_id != clinic.id or topic.ended_at:
        raise Refused((NO_TOPIC,))
    return topic


# The clock


@command(policy.may_run_wall)
def move_clock(actor: Actor, clinic: Clinic, *, what: str, at: int | None = None) -> RoomWall:
    """Start or pause the part of the run sheet in hand, or go to the next one or back; the clock runs at once.

    ``at`` is the part that the page showed: of two who press at once, the second does not skip one.
    """
    require_together(clinic)
    steps, wall = agenda.steps_of(clinic.agenda), kept_wall(clinic)
    if not steps:
        raise Refused(("The clinic has no run sheet. Write one in its plan.",))
    moves: dict[str, Any] = {"start": _start, "pause": _pause, "next": _next, "back": _back}
    if what not in moves:
        raise Refused(("Choose what the clock does.",))
    if at is not None and at != (wall.step or 0):
        raise Refused(("Somebody else has just moved the clock. Look where it is now.",))
    before = (wall.step, wall.started_at)
    moves[what](wall, len(steps) - 1)
    if (wall.step, wall.started_at) != before:
        record(actor, events.ClockMoved(clinic.id, what, wall.step or 0))
    return wall


def _start(wall: RoomWall, last: int) -> None:
    wall.step = min(wall.step or 0, last)
    wall.started_at = wall.started_at or now()


def _pause(wall: RoomWall, _last: int) -> None:
    if wall.started_at is not None:
        wall.spent += max(0, int((now() - wall.started_at).total_seconds()))
        wall.started_at = None


def _next(wall: RoomWall, last: int) -> None:
    if wall.step is None or wall.step < last:
        _go_to(wall, 0 if wall.step is None else wall.step + 1)


def _back(wall: RoomWall, _last: int) -> None:
    _go_to(wall, max(0, (wall.step or 0) - 1))


def _go_to(wall: RoomWall, step: int) -> None:
    wall.step, wall.spent, wall.started_at = step, 0, now()
