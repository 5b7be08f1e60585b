"""The clinics of the demonstration, from their plan to where they stand today."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import sqlalchemy as sa

from innovation.clinics import cards, commands, next_steps, rounds, walls
from innovation.clinics.models import Clinic
from innovation.db import db
from innovation.demo import voting
from innovation.demo.cast import Cast
from innovation.demo.telling import Story, moment
from innovation.demo.written import working_day
from innovation.ideas.models import Idea
from innovation.permission import Actor

DAY = dt.timedelta(days=1)
PHONES = ("Chrome · Android", "Safari · iPhone", "Chrome · Android", "Samsung Internet · Android", "Firefox · Android")
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
        language=told.get("language", ""),
        starts_on=day,
    )
    cast.clinics[told["key"]] = planned.id
    if state == "planned":
        return
    yield moment(day, 8)
    commands.open_clinic(facilitator, _clinic(cast, told))
    phones = []
    if state in ("open", "voting") or told["key"] == voting.VOTED:
        yield moment(day, 8, 20)
        phones = voting.let_people_join(facilitator, _clinic(cast, told), PHONES)
    if state == "open":
        walls.set_wall(facilitator, _clinic(cast, told), at_once=True, names=False)
        _hand_out_cards(facilitator, _clinic(cast, told))
        return
    yield moment(day, 15)
    commands.record_attendance(facilitator, _clinic(cast, told), counts=told["participants"])
    yield moment(day, 15, 30)
    commands.open_voting(facilitator, _clinic(cast, told))
    if phones:
        voting.gather(facilitator, _clinic(cast, told), _ideas(_clinic(cast, told)))
    if state == "voting":
        rounds.open_round(facilitator, _clinic(cast, told), dots=2, most=1, question=voting.QUESTION)
        return
    if phones:
        yield from voting.vote(facilitator, _clinic(cast, told), _ideas(_clinic(cast, told)), phones)
    yield moment(day, 16, 30)
    _agree_on_next_steps(facilitator, _clinic(cast, told), day)
    commands.close_clinic(facilitator, _clinic(cast, told))
    if state == "reported":
        yield moment(day + DAY * 6, 14)
        commands.report_clinic(facilitator, _clinic(cast, told))


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


def _ideas(clinic: Clinic) -> list[Idea]:
    return list(db.session.scalars(sa.select(Idea).where(Idea.clinic_id == clinic.id).order_by(Idea.reference)))


def _clinic(cast: Cast, told: dict[str, Any]) -> Clinic:
    return db.session.get_one(Clinic, cast.clinics[told["key"]])
