"""Who is told of the days on the way into the system, and that reviews some time after are planned by themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.db import db
from innovation.ideas.models import Idea
from innovation.notifications import system_messages
from innovation.notifications.telling.system import filling
from innovation.permission import SYSTEM
from innovation.reminders import around, dated, for_each, is_late, past, read_ids, reminder, tell, today, who_runs
from innovation.replication import commands, queries
from innovation.replication.system_models import HandoverStep, PostReview, SystemHome
from workflows import UNDER_WAY

BEFORE, AFTER = (60, 30, 7), (1, 7, 30, 60)  # days around a review: figures take longer to gather than a mark
WIDE = max(*BEFORE, *AFTER) + 7


def plan_post_reviews() -> None:
    """Reviews of ideas that became part of the system before anybody planned one for them."""

    def plan(idea_id: int) -> None:
        commands.plan_post_review(SYSTEM, db.session.get_one(Idea, idea_id))

    for_each(read_ids(queries.unplanned_ids()), plan)


def remind_post_reviews() -> None:
    """The owner, whoever speaks for the post, and the coordinators, of figures that are asked for."""

    def remind(number: int, day: dt.date) -> None:
        review = db.session.get_one(PostReview, number, options=[joinedload(PostReview.idea)])
        due = reminder(review.due_on, review.planned_at, day, review.idea.programme, before=BEFORE, after=AFTER)
        if due is not None and review.idea.standing in UNDER_WAY:
            people = {each.id: each for each in (*filling(review), *who_runs(review.idea))}
            letter = system_messages.post_review(review, "post_review_due", today=day)
            tell(people.values(), letter, f"post-review:{review.id}:{due.isoformat()}")

    near = today() - dt.timedelta(days=WIDE), today() + dt.timedelta(days=WIDE)
    dated(sa.select(PostReview.id).where(PostReview.state == "planned"), PostReview.due_on, *near, remind)


def remind_to_decide() -> None:
    """Coordinators, once, of a review whose figures are in and whose day has passed."""

    def remind(number: int, day: dt.date) -> None:
        review = db.session.get_one(PostReview, number, options=[joinedload(PostReview.idea)])
        if is_late(review.due_on, review.idea, day):
            letter = system_messages.post_review(review, "post_review_handed_in")
            tell(who_runs(review.idea), letter, f"late:post-review:{review.id}:{review.handed_in_at}")

    past(sa.select(PostReview.id).where(PostReview.state == "handed_in"), PostReview.due_on, remind)


def remind_handover_steps() -> None:
    """The owner and whoever speaks for the post, around the day until which a step of the hand-over is to be done."""

    def remind(number: int, day: dt.date) -> None:
        load = joinedload(HandoverStep.home).joinedload(SystemHome.idea)
        step = db.session.get_one(HandoverStep, number, options=[load])
        due = reminder(step.due_on, step.added_at, day, step.idea.programme)
        if due is not None:
            letter = system_messages.handover_due(step, today=day)
            people = {each.id: each for each in filling(step)}
            tell(people.values(), letter, f"handover-step:{step.id}:{due.isoformat()}")

    still = sa.select(HandoverStep.id).join(HandoverStep.home).join(SystemHome.idea)
    still = still.where(HandoverStep.done_on.is_(None), HandoverStep.removed_at.is_(None))
    still = still.where(SystemHome.state != "handed_over", Idea.standing.in_(UNDER_WAY))
    around(still, HandoverStep.due_on, remind)


SYSTEM_REMINDERS: tuple[Callable[[], None], ...] = (
    plan_post_reviews,
    remind_post_reviews,
    remind_to_decide,
    remind_handover_steps,
)
