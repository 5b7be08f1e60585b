"""What becomes of an idea on hold: it goes on, or it ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from innovation.command import command
from innovation.db import db
from innovation.events import record
from innovation.gates import policy, queries
from innovation.gates.commands.deciding import join, wrong_codes
from innovation.gates.commands.waiving import still_ahead
from innovation.gates.deadlines import later_by_pause, today_of
from innovation.gates.events import HeldIdeaEnded
from innovation.gates.models import Condition, Ending
from innovation.gates.terms import verdict_of
from innovation.ideas import moves
from innovation.ideas import queries as ideas_queries
from innovation.ideas.commands import keep_stop_lesson
from innovation.ideas.events import IdeaResumed
from innovation.ideas.models import Idea
from innovation.languages import written_day
from innovation.permission import Actor
from workflows import ENDINGS, JourneyFacts, Outcome, Refused

AT_A_GATE = (
    "At a gate its panel ends an idea: the chair supersedes the decision to hold it, "
    "or the idea is resumed and a panel is convened."
)


@command(policy.may_resume_idea)
def resume_idea(actor: Actor, idea: Idea) -> Idea:
    """Take an idea off hold; it goes on from where it stands, once nothing overdue would hold it again.

    Its day, and that of a panel that sits for it, move on by the working days that the clock stood still.
    """
    since = idea.held_since
    moves.move(idea, "resume", facts_to_resume(idea))
    idea.held_until = None
    if since is not None:
        _move_on(idea, since)
    record(actor, IdeaResumed(idea.id, idea.place))
    return idea


def _move_on(idea: Idea, since: dt.date) -> None:
    for dated in (idea, queries.current_review(idea)):
        if dated is not None and dated.due_on is not None:
            dated.due_on = later_by_pause(idea.programme, dated.due_on, since)
    for waiver in queries.list_waivers(idea):  # a day that was waived comes back as late as it would be by now
        if waiver.was_due_on is not None and waiver.state == "granted" and still_ahead(waiver):
            waiver.was_due_on = later_by_pause(idea.programme, waiver.was_due_on, since)


def facts_to_resume(idea: Idea) -> JourneyFacts:
    """What the journey must know to let the idea go on."""
    owed = queries.open_conditions(idea)
    return ideas_queries.journey_facts(idea, overdue=why_not_resumed(owed, today_of(idea.programme)))


def why_not_resumed(owed: Iterable[Condition], today: dt.date) -> tuple[str, ...]:
    """A sentence for each condition that would put the idea on hold again at once."""
    return tuple(
        f"The condition “{condition.text}” was due on {written_day(condition.due_on)} and blocks. "
        "Settle it, waive it or move its date first: until then the idea would be put on hold again."
        for condition in queries.overdue_blocking(owed, today)
    )


@command(policy.may_end_held_idea)
def end_held_idea(actor: Actor, idea: Idea, *, outcome: str, rationale: str, **details: Any) -> Ending:
    """Stop, merge or refer an idea that waits at a stage, with the reasons that a panel would give.

    ``details`` are what the outcome requires: stop_reason, lesson and thanks, merge_into, or refer_to.
    """
    verdict = verdict_of(_ending(idea, outcome), rationale, "", (), details)
    reasons = [*verdict.faults(idea.definition.outcome(outcome), today_of(idea.programme)), *wrong_codes(idea, verdict)]
    reasons += why_not_ended(idea)
    if reasons:
        raise Refused(tuple(dict.fromkeys(reasons)))
    moves.move(idea, outcome, JourneyFacts())
    idea.due_on = idea.held_until = None
    ending = Ending(
        idea_id=idea.id,
        outcome=outcome,
        rationale=verdict.rationale,
        details=dict(verdict.details),
        ended_by_id=actor.person_id,
    )
    db.session.add(ending)
    if outcome == "merge":
        join(actor, idea, verdict.details["merge_into"])
    record(actor, HeldIdeaEnded(idea.id, outcome))
    if outcome == "stop":
        keep_stop_lesson(actor, idea, verdict.details)
    return ending


def why_not_ended(idea: Idea) -> tuple[str, ...]:
    """Why the idea cannot be ended here and now, whichever way; empty when it can."""
    if idea.standing == "held" and idea.definition.gate_at(idea.place) is not None:
        return (AT_A_GATE,)
    return idea.journey.reasons(idea.state, "stop", JourneyFacts())


def _ending(idea: Idea, key: str) -> Outcome:
    found = next((each for each in idea.definition.outcomes if each.key == key and key in ENDINGS), None)
    if found is None:
        raise Refused(("Choose how the idea ends.",))
    return found
