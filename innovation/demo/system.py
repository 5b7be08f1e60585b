"""How ideas of the demonstration become part of the system: marks of the tracker, a hand-over, and a review."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.db import db
from innovation.demo.cast import Cast
from innovation.demo.telling import Story, moment
from innovation.demo.written import working_day
from innovation.ideas.models import Handin, Idea
from innovation.permission import SYSTEM, Actor
from innovation.replication import commands, queries
from innovation.replication.system_models import SystemHome, TrackerMark

DAY = dt.timedelta(days=1)
CONFIRMED_AFTER = 4  # days
WORDS = "The district has agreed to all of this. What is still open has a day and a role."


def round_story(cast: Cast, told: dict[str, Any]) -> Story:
    """The team proposes marks on one day; a few days later a coordinator confirms them, unless they still wait."""
    yield _at(told["on"])
    idea = cast.idea(told["of"])
    owner, seen_on = cast.actor(idea.owner), working_day(told["on"])
    made = [commands.propose_mark(owner, idea, seen_on=seen_on, **each).id for each in told["marks"]]
    if told.get("waits"):
        return
    yield _at(told["on"] + DAY * CONFIRMED_AFTER)
    for number in made:
        mark = db.session.get_one(TrackerMark, number)
        commands.confirm_mark(cast.coordinator_of(mark.idea.region), mark)


def home_story(cast: Cast, key: str, told: dict[str, Any]) -> Story:
    """The home is written, the hand-over agreed upon and recorded; the review that follows is planned."""
    yield _at(told["planned_on"])
    home = _home(cast, key)
    owner = cast.actor(home.idea.owner)
    contact = cast.people[told["speaks"]].id
    commands.keep_post(owner, home, unit=told["unit"], post=told["post"], contact_id=contact)
    sides = {name: told[name] for name in ("from_role", "to_role", "agreed_for")}
    commands.keep_sides(owner, home, **sides)
    for step in told["steps"]:
        commands.add_step(owner, home, **{name: step[name] for name in ("what", "who", "due_on")})
    yield _at(told["agreed_on"])
    home = _home(cast, key)
    for reference in told["references"]:
        commands.add_reference(owner, home, **reference)
    for line in told["budget_lines"]:
        commands.add_budget_line(owner, home, **line)
    commands.agree_handover(owner, home)
    done = [each["done_on"] for each in told["steps"]]
    for number, day in sorted(enumerate(done), key=lambda pair: pair[1]):
        yield _at(day)
        commands.finish_step(owner, _home(cast, key).steps[number], done_on=day)
    yield _at(told["happened_on"])
    home = _home(cast, key)
    coordinator = cast.coordinator_of(home.idea.region)
    commands.record_handover(coordinator, home, happened_on=told["happened_on"], note=told["note"])
    commands.plan_post_review(SYSTEM, home.idea)  # what the worker did once the gate had let it through


def hand_in_home(owner: Actor, idea: Idea, deliverable: str) -> Handin:
    """What the tracker and the plan of the hand-over say, with the team's own words."""
    home = queries.find_home(owner, idea.reference)
    handed_in: Handin = commands.hand_in_home(owner, home, deliverable=deliverable, text=WORDS)
    return handed_in


def _home(cast: Cast, key: str) -> SystemHome:
    db.session.expire_all()
    idea = cast.idea(key)
    return queries.find_home(cast.actor(idea.owner), idea.reference)


def _at(day: dt.date) -> dt.datetime:
    return moment(working_day(day), 15, 40)
