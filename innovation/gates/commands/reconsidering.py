"""Looking at a decision again: its owner asks once, another chair answers, and a change is a new decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.gates import policy, queries
from innovation.gates.after_models import Answerer, Reconsideration
from innovation.gates.commands.deciding import supersede
from innovation.gates.commands.declaring import recuse_everywhere
from innovation.gates.deadlines import due_after, today_of
from innovation.gates.events import (
    AnswererNamed,
    ReconsiderationAnswered,
    ReconsiderationAsked,
    ReconsiderationGivenBack,
    ReconsiderationTaken,
)
from innovation.gates.models import Decision, Review
from innovation.gates.queries.finding import READING_DAYS
from innovation.gates.terms import ConditionTerms
from innovation.ideas.models import Access, Wall
from innovation.languages import written_day
from innovation.permission import Actor
from workflows import RECONSIDERATION, Refused

ANSWERED = "This has been answered."


@command(policy.may_ask_reconsideration)
def ask_reconsideration(actor: Actor, review: Review, *, grounds: str) -> Reconsideration:
    """Ask that the decision which stands be looked at again by another chair."""
    decision = review.decision
    reasons = why_not_asked(review)
    if reasons or decision is None:
        raise Refused(reasons)
    if not grounds.strip():
        raise Refused(("Say what the panel has overlooked, or what has changed.",))
    answerers = queries.answerers_for(decision)  # where nobody is there, the coordinator is told to name somebody
    days = review.idea.definition.after.answer_days
    asked = Reconsideration(
        decision=decision,
        idea_id=review.idea_id,
        asked_by_id=actor.person_id,
        asked_at=now(),
        grounds=grounds.strip(),
        answer_by=due_after(review.idea.programme, days),
        answerers=[Answerer(person_id=person_id) for person_id in answerers],
    )
    db.session.add(asked)
    db.session.flush()
    record(actor, ReconsiderationAsked(review.idea_id, review.id, asked.id))
    return asked


def why_not_asked(review: Review) -> tuple[str, ...]:
    """Why the owner cannot ask now, in words; empty when they can."""
    decision = review.decision
    if decision is None or review.is_open:
        return ("Nothing has been decided yet.",)
    if queries.reconsideration_of(decision) is not None:
        return ("This has been asked once already.",)
    until = queries.asking_until(decision)
    if until is not None and until < today_of(review.idea.programme):
        return (f"This could be asked until {written_day(until)}.",)
    return ()


@command(policy.may_take_reconsideration)
def take_reconsideration(actor: Actor, asked: Reconsideration) -> Reconsideration:
    """Declare to have no interest in the idea, and take it on: from then on the idea is open to read."""
    asked.state = RECONSIDERATION.fire(asked.state, "take")
    asked.taken_by_id, asked.taken_at = actor.person_id, now()
    why = _why(asked)
    if not _let_read(asked, until=None):
        db.session.add(Access(idea_id=asked.idea_id, person_id=actor.person_id, why=why, since=now()))
    record(actor, ReconsiderationTaken(asked.idea_id, asked.id))
    return asked


@command(policy.may_take_reconsideration)
def step_back(actor: Actor, asked: Reconsideration) -> Reconsideration:
    """Leave it to others because of an interest: the idea closes for good, and managers follow the last.

    A seat that the person holds for the idea elsewhere is recused too: behind the wall nobody could act on it.
    """
    if not asked.is_open:
        raise Refused((ANSWERED,))
    if asked.taken_by_id == actor.person_id:
        _give_back(asked)
    asked.answerers = [each for each in asked.answerers if each.person_id != actor.person_id]
    db.session.add(Wall(idea_id=asked.idea_id, person_id=actor.person_id, why=_why(asked)))
    db.session.flush()
    db.session.expire(asked.idea, ["walls"])
    recuse_everywhere(actor, asked.idea)
    if not asked.answerers:
        asked.answerers = [Answerer(person_id=each) for each in queries.answerers_for(asked.decision)]
    record(actor, ReconsiderationGivenBack(asked.idea_id, asked.id, "recuse"))
    return asked


@command(policy.may_name_answerer)
def name_answerer(actor: Actor, asked: Reconsideration, *, person_id: int) -> Reconsideration:
    """Ask somebody else to look at the decision: whoever chairs another panel, or manages the programme.

    It is taken away from whom had taken it on, where they are late or cannot sign in any more.
    """
    if not asked.is_open:
        raise Refused((ANSWERED,))
    if person_id not in queries.list_nameable(asked):
        raise Refused(("Choose somebody who chairs a panel or manages the programme, and did not make the decision.",))
    taken_away = asked.state == "taken"
    if taken_away and not queries.may_take_away(asked, today_of(asked.idea.programme)):
        name = asked.taken_by.name if asked.taken_by else ""
        raise Refused((f"{name} has taken this on and has until {written_day(asked.answer_by)} to answer.",))
    if taken_away:
        asked.answerers = [each for each in asked.answerers if each.person_id != asked.taken_by_id]
        _give_back(asked)
    asked.answerers.append(Answerer(person_id=person_id))
    flag_modified(asked, "state")  # who opened the page before this is told, though only the list of people differs
    record(actor, AnswererNamed(asked.idea_id, asked.id, person_id, taken_away))
    return asked


@command(policy.may_answer_reconsideration)
def give_back_reconsideration(actor: Actor, asked: Reconsideration) -> Reconsideration:
    """Leave it to the others who are asked."""
    _give_back(asked)
    record(actor, ReconsiderationGivenBack(asked.idea_id, asked.id, "none"))
    return asked


@command(policy.may_answer_reconsideration)
def uphold_decision(actor: Actor, asked: Reconsideration, *, answer: str) -> Reconsideration:
    """Leave the decision as it is, with reasons that the owner reads."""
    if not answer.strip():
        raise Refused(("Answer what the owner has brought forward.",))
    asked.state = RECONSIDERATION.fire(asked.state, "uphold")
    _answered(actor, asked, answer, "upheld")
    return asked


@command(policy.may_answer_reconsideration)
def change_decision(
    actor: Actor,
    asked: Reconsideration,
    *,
    reason: str,
    outcome: str,
    rationale: str,
    against_reason: str = "",
    conditions: Iterable[ConditionTerms] = (),
    **details: Any,
) -> Decision:
    """Put a new decision in the place of the one that was asked about."""
    asked.state = RECONSIDERATION.fire(asked.state, "change")
    if asked.review.decision is not asked.decision:
        raise Refused(("A newer decision stands by now. Answer that this one is left as it is.",))
    decision = supersede(
        actor,
        asked.review,
        reason=reason,
        outcome=outcome,
        rationale=rationale,
        against_reason=against_reason or reason,  # nobody who answers is shown what the scores recommend
        conditions=conditions,
        **details,
    )
    _answered(actor, asked, reason, "changed")
    return decision


def _answered(actor: Actor, asked: Reconsideration, answer: str, how: str) -> None:
    asked.answer, asked.answered_at = answer.strip(), now()
    _let_read(asked, until=now() + dt.timedelta(days=READING_DAYS))
    record(actor, ReconsiderationAnswered(asked.idea_id, asked.review.id, asked.id, how))


def _give_back(asked: Reconsideration) -> None:
    asked.state = RECONSIDERATION.fire(asked.state, "give back")
    _let_read(asked, until=now())
    asked.taken_by_id = asked.taken_at = None


def _let_read(asked: Reconsideration, *, until: dt.datetime | None) -> bool:
    """Until when whoever has taken it on may read the idea; false where nothing has been opened to them yet."""
    of_taker = sa.select(Access).filter_by(idea_id=asked.idea_id, person_id=asked.taken_by_id, why=_why(asked))
    found = db.session.scalar(of_taker)
    if found is not None:
        found.until = until
    return found is not None


def _why(asked: Reconsideration) -> str:
    return f"reconsideration:{asked.id}"
