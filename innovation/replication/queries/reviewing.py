"""Reading the reviews after an idea became part of the system: when, with which figures, and all of a programme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, raiseload

from innovation.db import COUNT_LIMIT, Page, db, paginate, this_day
from innovation.ideas.models import Idea
from innovation.ideas.queries import visible
from innovation.permission import Actor, NotThere
from innovation.programmes import definitions
from innovation.programmes.models import Programme, WorkflowVersion
from innovation.replication import policy, reviewing
from innovation.replication.contents import read as read_content
from innovation.replication.models import FidelityCheck, Rollout, RolloutSite
from innovation.replication.queries.playbooks import list_versions, published
from innovation.replication.queries.rollouts import PLACES
from innovation.replication.queries.tracking import marks_of
from innovation.replication.reviewing import Figures, Place
from innovation.replication.system_models import PostReview, SystemHome
from innovation.values import dataclass
from workflows import UNDER_WAY, Tracked, tracked, tracked_gate

MOST_REVIEWS = 50
AT_WORK = ("running", "ended")


def find_post_review(actor: Actor, reference: str, number: int) -> PostReview:
    """One of an idea's reviews, for whoever may see it: who speaks for the post sees it, and not the idea."""
    query = sa.select(PostReview).join(PostReview.idea)
    query = query.where(Idea.reference == reference.upper(), PostReview.number == number)
    found = db.session.scalar(query.options(joinedload(PostReview.idea), joinedload(PostReview.home)))
    if found is None or not policy.may_see_post_review.allows(actor, found):
        raise NotThere
    return found


def list_post_reviews(idea: Idea) -> list[PostReview]:
    """The reviews of an idea, the newest first."""
    query = sa.select(PostReview).where(PostReview.idea_id == idea.id).order_by(PostReview.number.desc())
    return list(db.session.scalars(query.options(joinedload(PostReview.home)).limit(MOST_REVIEWS)))


def review_after(review: PostReview) -> PostReview | None:
    """The review of the same idea that comes after this one; None where none is planned or was held."""
    query = sa.select(PostReview).where(PostReview.idea_id == review.idea_id, PostReview.number > review.number)
    query = query.where(PostReview.state != "cancelled")
    return db.session.scalars(query.order_by(PostReview.number).limit(1)).first()


def open_review(idea: Idea) -> PostReview | None:
    """The review that is planned or whose figures are in."""
    query = sa.select(PostReview).where(PostReview.idea_id == idea.id, PostReview.state.in_(("planned", "handed_in")))
    return db.session.scalars(query).first()


def review_months(idea: Idea) -> int | None:
    """After how many months the place where an idea is asks for a review; None where it asks for none."""
    if idea.standing not in UNDER_WAY:
        return None
    return getattr(idea.where, "review_months", None)


def known_of(idea: Idea) -> Figures:
    """What rollouts and the playbook say of the figures, so that nobody types it again."""
    sites = sa.select(RolloutSite.emis, RolloutSite.place, RolloutSite.learners, RolloutSite.teachers)
    sites = sites.join(Rollout).where(Rollout.idea_id == idea.id, Rollout.state.in_(AT_WORK))
    sites = sites.where(sa.or_(RolloutSite.ends_on.is_(None), RolloutSite.ends_on >= this_day()))
    places = [
        Place(emis or place.casefold(), learners, teachers)
        for emis, place, learners, teachers in db.session.execute(sites)
    ]
    newest = sa.select(sa.func.max(FidelityCheck.id)).join(Rollout).where(Rollout.idea_id == idea.id)
    newest = newest.where(Rollout.state.in_(AT_WORK)).group_by(FidelityCheck.rollout_id)
    checks = db.session.scalars(sa.select(FidelityCheck).where(FidelityCheck.id.in_(newest)))
    version = next(iter(published(list_versions(idea)).values()), None)
    return reviewing.known(places, checks, read_content(version.content).cents_each if version else None)


def places_sustained(idea: Idea) -> int:
    """At how many places it ran without its first team when it was last found sustained, after it was handed over."""
    query = (
        sa.select(PostReview.figures)
        .join(SystemHome, SystemHome.idea_id == PostReview.idea_id)
        .where(PostReview.idea_id == idea.id, PostReview.outcome == "sustained", SystemHome.state == "handed_over")
        .order_by(PostReview.number.desc())
        .limit(1)
    )
    kept = db.session.scalar(query)
    return reviewing.read(kept).sites or 0 if kept else 0


PLACES.append(places_sustained)


# All of a programme


@dataclass(frozen=True)
class AfterFilters:
    """What the list is narrowed to; empty values narrow nothing. ``due`` is "overdue", "soon" or "later"."""

    q: str = ""
    outcome: str = ""
    due: str = ""
    handover: str = ""


@dataclass(frozen=True)
class After:
    """An idea that is part of the system: its home, its tracker, the review ahead, and the last outcome."""

    idea: Idea
    home: SystemHome | None
    found: Tracked | None
    ahead: PostReview | None
    last: PostReview | None


SOON = 60  # days
AHEAD = sa.orm.aliased(PostReview, name="ahead")
LAST = sa.orm.aliased(PostReview, name="last")


def list_after(actor: Actor, filters: AfterFilters, *, page: int = 1, size: int = 20, today: dt.date) -> Page[After]:
    """Ideas that are part of the system, the one to be reviewed first on top."""
    some = _narrowed(sa.select(Idea.id), actor, filters, today).limit(COUNT_LIMIT + 1).subquery()
    counted = db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0
    found = paginate(_after(actor, filters, today), page=page, size=size, scalars=False, counted=counted)
    return Page(_told(found.items), found.number, found.size, found.counted, found.has_next)


def list_all_after(actor: Actor, filters: AfterFilters, *, most: int, today: dt.date) -> list[After]:
    """The same in the same order, for an export of exactly what is listed."""
    return _told(db.session.execute(_after(actor, filters, today).limit(most)).all())


def _told(rows: Sequence[Any]) -> list[After]:
    marks = marks_of([row[0].id for row in rows])
    found = []
    for idea, home, ahead, last in rows:
        gate = tracked_gate(idea.definition)
        values = {key: mark.mark for key, mark in marks.get(idea.id, {}).items()}
        found.append(After(idea, home, tracked(gate, values) if gate else None, ahead, last))
    return found


def _after(actor: Actor, filters: AfterFilters, today: dt.date) -> sa.Select[Any]:
    """What is told of each idea, in the order of the list."""
    every: Any = sa.select(Idea, SystemHome, AHEAD, LAST)
    query: sa.Select[Any] = every.options(raiseload("*"), joinedload(Idea.workflow_version))
    ordered = (AHEAD.due_on.is_(None), AHEAD.due_on, Idea.id)
    return _narrowed(query, actor, filters, today).order_by(*ordered)


def _narrowed(query: sa.Select[Any], actor: Actor, filters: AfterFilters, today: dt.date) -> sa.Select[Any]:
    """Ideas that are part of the system, as far as the person may see them, each once."""
    newest = sa.select(sa.func.max(PostReview.number)).where(
        PostReview.idea_id == Idea.id, PostReview.state == "decided"
    )
    query = (
        query.select_from(Idea)
        .outerjoin(SystemHome, SystemHome.idea_id == Idea.id)
        .outerjoin(AHEAD, sa.and_(AHEAD.idea_id == Idea.id, AHEAD.state.in_(("planned", "handed_in"))))
        .outerjoin(LAST, sa.and_(LAST.idea_id == Idea.id, LAST.number == newest.scalar_subquery()))
        .where(visible(actor), Idea.standing.in_(UNDER_WAY), in_system())
    )
    if filters.q:
        columns = (Idea.title, Idea.reference, SystemHome.unit, SystemHome.post)
        query = query.where(sa.or_(*(column.icontains(filters.q, autoescape=True) for column in columns)))
    if filters.outcome == "none":
        query = query.where(LAST.id.is_(None))
    elif filters.outcome:
        query = query.where(LAST.outcome == filters.outcome)
    if filters.handover == "open":
        query = query.where(sa.or_(SystemHome.id.is_(None), SystemHome.state != "handed_over"))
    elif filters.handover:
        query = query.where(SystemHome.state == "handed_over")
    return query.where(*_due(filters.due, today))


def _due(due: str, today: dt.date) -> list[sa.ColumnElement[bool]]:
    soon = today + dt.timedelta(days=SOON)
    found: dict[str, sa.ColumnElement[bool]] = {
        "overdue": AHEAD.due_on < today,
        "soon": AHEAD.due_on.between(today, soon),
        "later": AHEAD.due_on > soon,
    }
    return [found[due]] if due in found else []


def in_system() -> sa.ColumnElement[bool]:
    """Whether an idea is at a stage that asks for a review some time after, in its version of the process."""
    at: dict[str, list[int]] = {}
    for version_id, checksum in db.session.execute(sa.select(WorkflowVersion.id, WorkflowVersion.checksum)):
        for stage in definitions.of(checksum).stages:
            if stage.review_months is not None:
                at.setdefault(stage.key, []).append(version_id)
    ways = (sa.and_(Idea.place == key, Idea.workflow_version_id.in_(ids)) for key, ids in at.items())
    return sa.or_(sa.false(), *ways)


def unplanned_ids() -> sa.Select[int]:
    """Ideas that are to be reviewed some time after, and for which no review was ever planned."""
    planned = sa.exists().where(PostReview.idea_id == Idea.id)
    everywhere = Idea.programme_id.in_(sa.select(Programme.id))  # so that the index of places is of use
    return sa.select(Idea.id).where(everywhere, in_system(), Idea.standing.in_(UNDER_WAY), ~planned).order_by(Idea.id)
