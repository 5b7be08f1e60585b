"""The clinics of the demonstration, from their plan to where they stand today."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from innovation.clinics import cards, commands, next_steps, rooms
from innovation.clinics.models import Clinic
from innovation.db import db
from innovation.demo.cast import Cast
from innovation.demo.telling import Story, moment
from innovation.demo.written import working_day
from innovation.permission import STRANGER, Actor

DAY = dt.timedelta(days=1)
PILE = 24  # paper cards of the clinic that is open today
NEXT_STEPS = (
    "Show the idea to two schools nearby, and ask who would try it.",
    "Count how many learners have the problem, with the teachers of one grade.",
    "Talk to the circuit manager about a room and an hour a week.",
)


def clinic_story(cast: Cast, told: dict[str, Any]) -> Story:
    """Planned two months ahead, opened in the morning, closed in the afternoon, reported a week later."""
    day, state = told["date"], told["state"]
    facilitator = cast.actor("facilitator")
    yield moment(min(day, cast.written.today) - DAY * 60, 11)
    region = cast.region_of(told["province"])
    planned = commands.plan_clinic(
        facilitator,
        region,
        code=f"CL-{region.prefix}-{day:%Y-%m}",
        title=told["title"],
        challenge=told["challenge"],
        theme_id=cast.themes[told["theme"]].id,
        topic_id=cast.topics[told["topic"]].id,
        district_id=cast.districts[told["province"], told["district"]],
        venue=told["venue"],
        starts_on=day,
    )
    cast.clinics[told["key"]] = planned.id
    if state == "planned":
        return
    yield moment(day, 8)
    commands.open_clinic(facilitator, _clinic(cast, told))
    if state == "open":
        yield moment(day, 8, 20)
        _let_people_join(facilitator, _clinic(cast, told))
        _hand_out_cards(facilitator, _clinic(cast, told))
        return
    yield moment(day, 15)
    commands.record_attendance(facilitator, _clinic(cast, told), counts=told["participants"])
    yield moment(day, 15, 30)
    commands.open_voting(facilitator, _clinic(cast, told))
    if state == "voting":
        return
    yield moment(day, 16, 30)
    _agree_on_next_steps(facilitator, _clinic(cast, told), day)
    commands.close_clinic(facilitator, _clinic(cast, told))
    if state == "reported":
        yield moment(day + DAY * 6, 14)
        commands.report_clinic(facilitator, _clinic(cast, told))


def _let_people_join(facilitator: Actor, clinic: Clinic) -> None:
    """The room is open, and two phones have joined."""
    room = rooms.open_room(facilitator, clinic)
    for label in ("Chrome · Android", "Safari · iPhone"):
        rooms.join_room(STRANGER, room, label=label)


def _hand_out_cards(facilitator: Actor, clinic: Clinic) -> None:
    """A pile of paper cards, of which one was spoilt and one has not come back."""
    cards.make_cards(facilitator, clinic, many=PILE)
    cards.mark_cards(facilitator, clinic, step="void", numbers=[3])
    cards.mark_cards(facilitator, clinic, step="miss", numbers=[7])


def _agree_on_next_steps(facilitator: Actor, clinic: Clinic, day: dt.date) -> None:
    """Every owner says what they do first, within a month."""
    waiting = next_steps.without_next_step(facilitator, clinic)
    texts = zip(waiting, itertools.cycle(NEXT_STEPS), strict=False)
    steps = {idea.id: (text, working_day(day + DAY * 28)) for idea, text in texts}
    next_steps.record_next_steps(facilitator, clinic, steps=steps)


def _clinic(cast: Cast, told: dict[str, Any]) -> Clinic:
    return db.session.get_one(Clinic, cast.clinics[told["key"]])
