"""Panels at work: one asked its team something and reads a newer revision, at another a member abstains."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.demo.cast import Cast
from innovation.demo.sitting import LATE, Sitting
from innovation.demo.telling import Story, moment
from innovation.gates import commands as gates
from innovation.ideas import commands

ASKED = "setswana-number-talks"
ANSWERED = "Four classes in two schools, term 1 of 2027. A class at each school starts a term later, to compare with."
LEFT_OUT = "coding-without-computers"
WHY = "I know too little of teaching computing to mark this fairly."


def read_again(cast: Cast, sitting: Sitting, owner: Any, coordinator: Any, today: dt.date) -> Story:
    """The team says more of its first test; the coordinator puts it before the panel; one member confirms."""
    yield moment(today, 7)
    idea = sitting.idea
    commands.hand_in_canvas(owner, idea, answers={"first_test": ANSWERED}, based_on=idea.revision_number)
    yield moment(today, 7, 40)
    gates.take_revision(coordinator, sitting.review)
    yield moment(today, 8, 15)
    scored = [seat for seat in sitting.review.seats if seat.submitted and seat not in sitting.review.leading]
    for seat in scored[:1]:
        gates.confirm_scorecard(cast.actor(seat.person), seat)


def leave_out(cast: Cast, sitting: Sitting, today: dt.date) -> Story:
    """One member who has read abstains, and says why."""
    yield moment(today, 8)
    late = cast.people[LATE].id
    left = [seat for seat in sitting.review.seats if seat.expected and seat.cleared and not seat.submitted]
    for seat in [each for each in left if each.person_id != late][:1]:
        gates.abstain(cast.actor(seat.person), seat, reason=WHY)
