"""What is done beside deciding in the demonstration: decisions held back and looked at again, waivers, a leaver."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from innovation.db import db
from innovation.demo.cast import Cast
from innovation.demo.telling import Story, moment
from innovation.demo.written import working_day
from innovation.gates import commands, queries
from innovation.gates.models import Panel
from innovation.ideas.models import Idea
from workflows import Gate

HELD_BACK = ("xitsonga-story-radio",)
LOOKED_AT_AGAIN = ("retired-principal-mentors",)
ASKS_AGAIN = ("matric-maths-voice-notes",)
ASKS_WAIVER = ("harvest-season-packs",)
WAIVED = {"coal-town-workshop": "measurement_plan"}  # what one idea came to its gate without
LEAVES, STANDS_IN = "reviewer5", "reviewer1"  # at the panel for KwaZulu-Natal
REASONS = "Tellers, schools and a signal are there, and it costs little to try. It is told with the next ones."
FRESH_GROUNDS = (
    "The rule is out since this month: two adults hear every call. Ours are two already, and each call is kept."
)
REWORKED = {
    "garden-data-handling": {
        "evidence": "June papers of nine classes in three schools: data handling was weakest in seven of them.",
        "first_test": "Six classes in three schools, terms 1 and 2 of 2027; in winter they weigh rain and waste.",
    }
}
GROUNDS = "The panel read the numbers of the first term only. The second term came in a week later: they are better."
ANSWER = "Both terms were on the table when the panel met. The effect is as small with the second one."


def held_back(today: dt.date) -> dict[str, Any]:
    """The decision of a panel that waits to be announced."""
    return {"outcome": "go", "rationale": REASONS, "on": today}


def look_again(cast: Cast, idea: Idea, decided_on: dt.date) -> Story:
    """The owner asks, and a manager who did not decide answers that the decision stands."""
    yield moment(working_day(decided_on + dt.timedelta(days=8)), 17)
    review = queries.list_decisions(idea)[0].review
    asked = commands.ask_reconsideration(cast.actor(idea.owner), review, grounds=GROUNDS)
    yield moment(working_day(decided_on + dt.timedelta(days=11)), 10)
    commands.take_reconsideration(cast.actor("manager"), asked)
    yield moment(working_day(decided_on + dt.timedelta(days=15)), 10)
    commands.uphold_decision(cast.actor("manager"), asked, answer=ANSWER)


def ask_again(cast: Cast, idea: Idea, decided_on: dt.date) -> Story:
    """The owner asks, and waits for an answer."""
    yield moment(working_day(decided_on + dt.timedelta(days=21)), 17)
    review = queries.list_decisions(idea)[0].review
    commands.ask_reconsideration(cast.actor(idea.owner), review, grounds=FRESH_GROUNDS)


def leave_a_panel(cast: Cast) -> None:
    """Somebody leaves a panel while they sit, and an alternate could take the seats."""
    by, stands_in = cast.actor("manager"), cast.people[STANDS_IN].id
    leaving = cast.people[LEAVES].id
    for panel in db.session.scalars(sa.select(Panel).where(Panel.region_id == cast.regions["KZN"].id)):
        stay = [member for member in panel.members if member.person_id != leaving]
        members = [commands.MemberTerms(each.person_id, each.role, each.term_from, each.term_until) for each in stay]
        alternate = commands.MemberTerms(stands_in, "alternate")
        commands.change_panel(by, panel, name=panel.name, members=[*members, alternate])


def waive(cast: Cast, idea: Idea, gate: Gate, key: str) -> None:
    """The owner asks to come to a gate without one thing, and its chair grants that."""
    grounds = "The college that would measure with us marks its own examinations until the end of the month."
    asked = commands.ask_waiver(cast.actor(idea.owner), idea, what=f"{gate.key}/{key}", grounds=grounds)
    reason = "The plan names what is counted, and when. The panel can judge it without the sheet."
    commands.answer_waiver(cast.actor("chair"), queries.as_asked(asked), answer="granted", reason=reason)


def ask_waiver(cast: Cast, idea: Idea) -> None:
    """The owner asks to come to the pilot gate without one thing that it asks for."""
    what = next(key for key in commands.waivable(idea) if not key.endswith("@day"))
    grounds = "The people who would give it are away for the harvest. They sign in the first week of the pilot."
    commands.ask_waiver(cast.actor(idea.owner), idea, what=what, grounds=grounds)
