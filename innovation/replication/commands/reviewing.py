"""What is done with reviews after the hand-over: planned by themselves, filled in, and decided."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.command import command
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.ideas import commands as ideas
from innovation.ideas.models import Idea
from innovation.permission import Actor
from innovation.pilots.queries import places_of_others
from innovation.programmes.workdays import today_of, working_days_after
from innovation.replication import policy, queries, reviewing
from innovation.replication.system_events import (
    PostReviewCancelled,
    PostReviewDecided,
    PostReviewHandedIn,
    PostReviewPlanned,
    PostReviewReturned,
)
from innovation.replication.system_models import PostReview
from workflows import OUTCOMES_AFTER, POST_REVIEW, EvidenceLevel, Refused


@command(policy.may_plan_post_review)
def plan_post_review(actor: Actor, idea: Idea) -> PostReview | None:
    """Plan the review that the place of an idea asks for; call off one that it does not ask for any more.

    As often as it is asked, there is one: nothing is planned twice.
    """
    hold_row(idea)
    months, there = queries.review_months(idea), queries.open_review(idea)
    if months is None:
        if there is not None:
            there.state = POST_REVIEW.fire(there.state, "cancel")
            record(actor, PostReviewCancelled(idea.id, there.id))
        return None
    held = [each for each in queries.list_post_reviews(idea) if each.state == "decided"]
    if there is not None or any(each.decided_at and each.decided_at >= idea.place_since for each in held):
        return there
    return _plan(actor, idea, idea.place_since.date(), months)


def _plan(actor: Actor, idea: Idea, since: dt.date, months: int) -> PostReview:
    """So many months later, or on the next working day; a day that has passed already is today's."""
    day = max(reviewing.months_after(since, months), today_of(idea.programme))
    number = max((each.number for each in queries.list_post_reviews(idea)), default=0) + 1
    due_on = working_days_after(day, 0, idea.programme.country)
    review = PostReview(idea=idea, number=number, due_on=due_on, planned_at=now(), figures={})
    db.session.add(review)
    db.session.flush()
    record(actor, PostReviewPlanned(idea.id, review.id, due_on.isoformat()))
    return review


@command(policy.may_fill_post_review)
def hand_in_figures(actor: Actor, review: PostReview, **figures: Any) -> PostReview:
    """Hand in what a review asks for; until it is decided, it can be handed in again."""
    if figures.get("running") is None:
        raise Refused(("Say whether it is still running.",))
    review.state = POST_REVIEW.fire(review.state, "hand_in")
    review.figures = dict(vars(reviewing.Figures(**figures)))
    review.handed_in_by_id, review.handed_in_at, review.returned_because = actor.person_id, now(), ""
    record(actor, PostReviewHandedIn(review.idea_id, review.id))
    return review


@command(policy.may_decide_post_review)
def return_figures(actor: Actor, review: PostReview, *, reasons: str) -> PostReview:
    """Say what is missing in the figures, or does not fit."""
    if not reasons:
        raise Refused(("Say what is missing.",))
    review.state = POST_REVIEW.fire(review.state, "return")
    review.returned_because = reasons
    record(actor, PostReviewReturned(review.idea_id, review.id))
    return review


@command(policy.may_decide_post_review)
def decide_post_review(actor: Actor, review: PostReview, *, outcome: str, reasons: str) -> PostReview:
    """Say whether it lasts, and why. What lasts is looked at again in the usual time, what is at risk sooner.

    What others run at scale has shown the strongest evidence. What has lapsed asks for its lesson.
    """
    if outcome not in OUTCOMES_AFTER:
        raise Refused(("Choose an outcome.",))
    if not reasons:
        raise Refused(("Say why: whoever runs it reads it.",))
    if outcome != "lapsed" and not reviewing.read(review.figures).running:
        raise Refused(("The figures say that it is not running any more. What does not run has lapsed.",))
    review.state = POST_REVIEW.fire(review.state, "decide")
    review.outcome, review.reasons = outcome, reasons
    review.decided_by_id, review.decided_at = actor.person_id, now()
    db.session.flush()
    idea = review.idea
    record(actor, PostReviewDecided(idea.id, review.id, outcome))
    months = _until_the_next(idea, outcome)
    if months is not None:
        _plan(actor, idea, today_of(idea.programme), months)
    level = level_shown(idea) if outcome == "sustained" else None
    if level is not None and not idea.definition.evidence_reaches(idea.evidence_level, level.key):
        ideas.accept_evidence(actor, idea, level=level.key)
    return review


def _until_the_next(idea: Idea, outcome: str) -> int | None:
    months = queries.review_months(idea)
    if outcome == "lapsed" or months is None:
        return None
    tracker = idea.definition.tracker
    return min(months, tracker.sooner_months) if outcome == "at_risk" and tracker else months


def level_shown(idea: Idea) -> EvidenceLevel | None:
    """The level that takes its being run by others at scale, where enough places of others are known."""
    levels = [level for level in idea.definition.evidence_levels if level.reached_by == "scale" and level.at_least]
    return next((level for level in levels if places_of_others(idea) >= level.at_least), None)
