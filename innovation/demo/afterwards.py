"""What is done beside deciding in the demonstration: a decision held back, one looked at again, and a waiver."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.demo.cast import Cast
from innovation.demo.telling import Story, moment
from innovation.demo.written import working_day
from innovation.gates import commands, queries
from innovation.ideas.models import Idea

HELD_BACK = ("xitsonga-story-radio",)
LOOKED_AT_AGAIN = ("retired-principal-mentors",)
ASKS_WAIVER = ("harvest-season-packs",)
REASONS = "Tellers, schools and a signal are there, and it costs little to try. It is told with the next ones."
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


def ask_waiver(cast: Cast, idea: Idea) -> None:
    """The owner asks to come to the pilot gate without one thing that it asks for."""
    what = next(key for key in commands.waivable(idea) if not key.endswith("@day"))
    grounds = "The people who would give it are away for the harvest. They sign in the first week of the pilot."
    commands.ask_waiver(cast.actor(idea.owner), idea, what=what, grounds=grounds)
