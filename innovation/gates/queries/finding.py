"""Finding and listing panels, reviews, seats and conditions within a person's sight."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload, raiseload, selectinload

from innovation.accounts.models import Account, Person, RoleGrant
from innovation.db import MOST_PAGES, Page, bounded_count, db, page_of
from innovation.gates.models import (
    CLEARED,
    GONE,
    LEADING_ROLES,
    SCORING_ROLES,
    Condition,
    Decision,
    Review,
    Scorecard,
    ScorecardCopy,
    Seat,
)
from innovation.gates.queries.both_sides import still_sits
from innovation.gates.queries.standing import OPEN_STATES, STAFF, contributes, covered, not_walled, submitted_exists
from innovation.gates.queries.whole import find_whole, review_with_idea
from innovation.ideas import queries as ideas_queries
from innovation.ideas import search
from innovation.ideas.models import Contributor, Idea, Wall
from innovation.ideas.queries import unindexed
from innovation.permission import Actor, NotThere
from innovation.statements import ago, worded
from innovation.values import dataclass

WHOLE = (
    contains_eager(Review.idea).joinedload(Idea.workflow_version),
    contains_eager(Review.idea).joinedload(Idea.owner),
    contains_eager(Review.idea).joinedload(Idea.contributors).joinedload(Contributor.person),
    contains_eager(Review.idea).joinedload(Idea.walls),
    selectinload(Review.seats).joinedload(Seat.cards).selectinload(Scorecard.scores),
    selectinload(Review.seats).joinedload(Seat.person),
)
READING_DAYS = 365
CLOSED_STATES = ("decided", "cancelled")
MOST_TITLED = 1_000  # ideas whose reviews are looked through for words: the newest
Mine = aliased(Seat)  # under a name of its own, as conditions on a review ask about its seats


@dataclass(frozen=True)
class ReviewFilters:
    """What a list of reviews is narrowed to; empty values narrow nothing."""

    q: str = ""
    gate: str = ""
    state: str = ""
    due: str = ""
    mine: str = ""


# Reviews


def seated(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Review`` that holds where the person sits and may still read."""
    return sa.exists().where(
        Seat.review_id == Review.id,
        Seat.person_id == actor.person_id,
        Seat.stance.not_in(GONE),
        sa.or_(Review.closed_at.is_(None), Review.closed_at > ago(days=READING_DAYS)),
    )


def reviews_in_sight(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Review`` joined with ``Idea`` for the reviews that a person is listed."""
    if actor.is_system:
        return sa.true()
    if not actor.has(*STAFF):
        return sa.and_(Review.id.in_(_seats_of(actor)), seated(actor), not_walled(actor))
    return sa.and_(sa.or_(seated(actor), covered(actor, *STAFF)), not_walled(actor))


def find_review(actor: Actor, review_id: int, *, marks: bool = True) -> Review:
    """The review, for its panel, staff, the idea's team and its facilitators; ``NotThere`` for everybody else.

    Without ``marks`` its cards are read, and what stands on them only by ``read_marks``.
    """
    review = find_whole(_review(actor), review_id, marks=marks)
    if review is None:
        raise NotThere
    return review


@worded
def _review(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    ways = [
        reviews_in_sight(actor),
        Idea.owner_id == actor.person_id,
        contributes(actor),
        *ideas_queries.clinic_ways(actor),
    ]
    open_to = sa.true() if actor.is_system else sa.and_(sa.or_(*ways), not_walled(actor))
    return review_with_idea(open_to)


def own_reviews(actor: Actor, review_ids: Iterable[int]) -> set[int]:
    """Those of the reviews at which the person sits or sat, and which they may still open."""
    return set(db.session.scalars(sa.select(Review.id).where(Review.id.in_(list(review_ids)), seated(actor))))


def find_seat(actor: Actor, review: Review, seat_id: int | None = None) -> Seat:
    """A seat of the review: the person's own, or the one with an id."""
    seat = (
        review.seat_of(actor.person_id) if seat_id is None else next((s for s in review.seats if s.id == seat_id), None)
    )
    if seat is None:
        raise NotThere
    return seat


def list_scorecard_copies(seat: Seat, limit: int = 20) -> list[ScorecardCopy]:
    """Other states of the draft of a seat, which other tabs have written; newest first."""
    of_seat = sa.select(ScorecardCopy).filter_by(seat_id=seat.id)
    return list(db.session.scalars(of_seat.order_by(ScorecardCopy.saved_at.desc()).limit(limit)))


def find_scorecard_copy(actor: Actor, seat: Seat, copy_id: int) -> ScorecardCopy:
    """A copy of the person's own draft; ``NotThere`` for anybody else's."""
    copy = db.session.scalar(sa.select(ScorecardCopy).filter_by(id=copy_id, seat_id=seat.id))
    if copy is None or seat.person_id != actor.person_id:
        raise NotThere
    return copy


def list_reviews(
    actor: Actor, filters: ReviewFilters, *, page: int = 1, size: int = 20, today: dt.date
) -> Page[Review]:
    """Reviews in the person's sight: what waits for them first, then what is due; four queries for any number."""
    number = max(1, min(page, MOST_PAGES))
    counted = db.session.scalar(sa.select(_count(actor, filters, today))) or 0
    rows = list(db.session.scalars(_reviews(actor, filters, today, before=(number - 1) * size, most=size + 1)))
    return page_of(rows, number, size, counted)


def _reviews(actor: Actor, filters: ReviewFilters, today: dt.date, *, before: int, most: int) -> sa.Select[Any]:
    ids, order = in_order(actor, filters, today, before=before, most=most)
    return rows_query().where(Review.id.in_(ids.subquery().select())).order_by(*order)


def in_order(actor: Actor, filters: ReviewFilters, today: dt.date, *, before: int, most: int) -> tuple[Any, Any]:
    """Their ids and their order: of each kind the first ones in its own order, and of all of these those in order."""
    is_open = Review.state.in_(OPEN_STATES)
    order = (
        sa.case((_waits_for(actor), 0), (is_open, 1), else_=2),
        sa.case((is_open, Review.due_on), else_=None).asc().nulls_last(),
        Review.closed_at.desc().nulls_last(),
        Review.id.desc(),
    )
    parts = _parts(actor, filters, today, max(MOST_TITLED, before + most))
    first = [part.limit(before + most).subquery().select() for part in parts] if len(parts) > 1 else parts
    ids = sa.select(Review.id).where(Review.id.in_(sa.union_all(*first).subquery().select())).order_by(*order)
    return ids.offset(before).limit(most), order


def rows_query() -> sa.Select[Any]:
    """Reviews with what a row of the list shows."""
    reviews = sa.select(Review).join(Review.idea)
    return reviews.options(
        raiseload("*"),
        contains_eager(Review.idea).joinedload(Idea.workflow_version),
        joinedload(Review.panel),
        selectinload(Review.seats).raiseload("*"),
        selectinload(Review.decisions).raiseload("*"),
    )


def _parts(actor: Actor, filters: ReviewFilters, today: dt.date, most: int) -> list[sa.Select[Any]]:
    """What waits for the person, what is open by when it is due, and the closed ones: each in the order of an index.

    Where words or seats leave few of them, these are one part in no order.
    """
    narrow = _narrowed(actor, filters, today, _waits_for(actor), most)
    due = (Review.due_on.asc().nulls_last(), Review.id.desc())
    last = (Review.closed_at.desc(), Review.id.desc())
    if not (actor.is_system or actor.has(*STAFF)):
        mine = _at_seats(actor).where(*narrow)
        sits = mine.where(Mine.closed_at.is_(None)).order_by(sa.case((_waits_for(actor), 0), else_=1), *due)
        sat = mine.where(Mine.closed_at.is_not(None)).order_by(Mine.closed_at.desc(), Review.id.desc())
        return [sits, sat]
    listed = sa.select(Review.id).join(Review.idea).where(reviews_in_sight(actor), *narrow)
    if filters.q or filters.mine:
        return [listed]
    waiting = listed.where(Review.id.in_(_seats_of(actor)), _waits_for(actor)).order_by(*due)
    opened = [listed.where(Review.state == state).order_by(*due) for state in OPEN_STATES]
    closed = listed.where(Review.closed_at.is_not(None))
    if not (filters.gate or filters.state):
        return [waiting, *opened, closed.where(unindexed(Review.state).not_in(OPEN_STATES)).order_by(*last)]
    return [waiting, *opened, *(closed.where(Review.state == state).order_by(*last) for state in CLOSED_STATES)]


def _count(actor: Actor, filters: ReviewFilters, today: dt.date) -> sa.ColumnElement[int]:
    """How many reviews are in sight, counted up to just above what a page says: those of a region by its ideas."""
    narrow = _narrowed(actor, filters, today, _waits_for(actor), MOST_TITLED)
    listed = sa.select(Review.id).join(Review.idea).where(not_walled(actor), *narrow)
    if actor.is_system:
        return bounded_count(listed)
    grants = actor.scopes(*STAFF)
    if not grants:
        mine = _at_seats(actor).where(*narrow) if narrow else sa.select(Mine.id).where(*_sits_or_sat(actor))
        return bounded_count(mine)
    if filters.q or filters.mine:
        return bounded_count(listed.where(reviews_in_sight(actor)))
    of_regions = any(grant.region_id is not None for grant in grants)
    by_ideas = sa.or_(sa.false(), *(ideas_queries.in_scope(grant) for grant in grants))
    inside = listed.where(by_ideas if of_regions or not narrow else covered(actor, *STAFF))
    outside = listed.where(Review.id.in_(_seats_of(actor)), seated(actor), ~covered(actor, *STAFF))
    return bounded_count(inside) + bounded_count(outside)


def _at_seats(actor: Actor) -> sa.Select[int]:
    """Those where the person sits or sat; an idea, which is a long row, is not read."""
    return sa.select(Review.id).join(Mine, Mine.review_id == Review.id).where(*_sits_or_sat(actor))


def _sits_or_sat(actor: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions on ``Mine``, which its index answers."""
    walled = sa.select(Review.id).where(Review.idea_id.in_(ideas_queries.walls(actor)))
    may_read = sa.or_(Mine.closed_at.is_(None), Mine.closed_at > ago(days=READING_DAYS))
    return Mine.person_id == actor.person_id, Mine.stance.not_in(GONE), Mine.review_id.not_in(walled), may_read


def _seats_of(actor: Actor) -> sa.Select[int]:
    return sa.select(Seat.review_id).where(Seat.person_id == actor.person_id)


def _waits_for(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Review`` that holds while the person has to declare or to score."""
    return sa.and_(
        unindexed(Review.state).in_(OPEN_STATES),
        Review.settled_at.is_(None),
        sa.exists().where(
            Seat.review_id == Review.id,
            Seat.person_id == actor.person_id,
            Seat.role.in_(SCORING_ROLES),
            Seat.abstained_at.is_(None),
            sa.or_(
                Seat.stance == "undeclared",
                sa.and_(Seat.stance.in_(CLEARED), Review.state == "scoring", ~submitted_exists()),
            ),
        ),
    )


def _titled(actor: Actor, text: str, most: int) -> sa.Select[Any]:
    """The ids of the newest ideas with these words whose reviews the person may be listed."""
    if actor.is_system:
        return search.titled(text, most=most)
    own = sa.select(Review.idea_id).where(Review.id.in_(_seats_of(actor)))
    if not actor.has(*STAFF):
        return search.titled(text, (own,), most)
    return search.titled(text, (), most, sa.or_(covered(actor, *STAFF), Idea.id.in_(own)))


def _narrowed(
    actor: Actor, filters: ReviewFilters, today: dt.date, mine: sa.ColumnElement[bool], most: int
) -> list[sa.ColumnElement[bool]]:
    narrow: list[sa.ColumnElement[bool]] = []
    if filters.q:
        narrow.append(Review.idea_id.in_(_titled(actor, filters.q, most).subquery().select()))
    if filters.gate:
        narrow.append(Review.gate_key == filters.gate)
    if filters.state == "open":
        narrow.append(Review.state.in_(OPEN_STATES))
    elif filters.state:
        narrow.append(Review.state == filters.state)
    if filters.due == "overdue":
        narrow.append(sa.and_(Review.state.in_(OPEN_STATES), still_sits(actor), Review.due_on < today))
    elif filters.due == "week":
        soon = Review.due_on.between(today, today + dt.timedelta(days=7))
        narrow.append(sa.and_(Review.state.in_(OPEN_STATES), still_sits(actor), soon))
    if filters.mine == "waiting":
        narrow += [Review.id.in_(_seats_of(actor)), mine]
    elif filters.mine == "seat":
        narrow += [Review.id.in_(_seats_of(actor)), seated(actor)]
    return narrow


# Who can sit


def list_seatable(limit: int = 300) -> list[Person]:
    """People with an open sign-in, by name: who may be put on a panel."""
    open_sign_in = Person.account.has(Account.disabled_at.is_(None))
    return list(db.session.scalars(sa.select(Person).where(open_sign_in).order_by(Person.name).limit(limit)))


def find_seatable(email: str) -> Person | None:
    """The person who signs in with this address."""
    query = sa.select(Person).join(Person.account).where(Account.email == email.strip().lower())
    return db.session.scalar(query.where(Account.disabled_at.is_(None)))


def alternates_of(review: Review) -> dict[int, str]:
    """The seats of alternates who can be called up, with the addresses by which they sign in."""
    waiting = {seat.person_id: seat.id for seat in review.seats if seat.role == "alternate" and seat.stance not in GONE}
    query = sa.select(Account.person_id, Account.email).where(
        Account.person_id.in_(waiting), Account.disabled_at.is_(None)
    )
    return {waiting[person_id]: email for person_id, email in db.session.execute(query)}


def unseatable(idea: Idea, roles: Mapping[int, str]) -> dict[int, str]:
    """Who of these people cannot sit for the idea as what they would sit as, each with the reason in words."""
    person_ids = set(roles)
    voting = {person_id for person_id, role in roles.items() if role in SCORING_ROLES}
    chairing = {person_id for person_id, role in roles.items() if role in LEADING_ROLES}
    closed = sa.select(Account.person_id).where(Account.person_id.in_(person_ids), Account.disabled_at.is_not(None))
    reasons = dict.fromkeys(db.session.scalars(closed), "cannot sign in any more")
    captured = who_captured(idea, chairing)
    reasons |= dict.fromkeys(captured, "helped to capture this idea, and so does not chair its panel")
    coordinating = _holding(idea, "coordinator", voting)
    reasons |= dict.fromkeys(coordinating, "coordinates the gates of this idea, and so has no vote")
    walls = db.session.scalars(sa.select(Wall.person_id).where(Wall.idea_id == idea.id, Wall.person_id.in_(person_ids)))
    reasons |= dict.fromkeys(walls, "has declared a conflict of interest in this idea")
    query = sa.select(Contributor.person_id).where(
        Contributor.idea_id == idea.id, Contributor.person_id.in_(person_ids)
    )
    reasons |= dict.fromkeys(db.session.scalars(query), "contributed to this idea")
    return reasons | ({idea.owner_id: "owns this idea"} if idea.owner_id in person_ids else {})


def who_captured(idea: Idea, people: set[int]) -> set[int]:
    """Who of these people wrote the idea down or facilitates at its clinic."""
    there = sa.or_(RoleGrant.clinic_id.is_(None), RoleGrant.clinic_id == idea.clinic_id)
    facilitating = _holding(idea, "facilitator", people, there) if idea.clinic_id is not None else set()
    return facilitating | {person_id for person_id in people if person_id == idea.captured_by_id}


def _holding(idea: Idea, role: str, people: set[int], *more: sa.ColumnElement[bool]) -> set[int]:
    """Who of these people hold a role in a programme and region that the idea lies in."""
    query = sa.select(RoleGrant.person_id).where(
        RoleGrant.person_id.in_(people),
        RoleGrant.role == role,
        RoleGrant.ended_at.is_(None),
        sa.or_(RoleGrant.programme_id.is_(None), RoleGrant.programme_id == idea.programme_id),
        sa.or_(RoleGrant.region_id.is_(None), RoleGrant.region_id == idea.region_id),
        *more,
    )
    return set(db.session.scalars(query))


# Conditions


def find_condition(actor: Actor, condition_id: int) -> Condition:
    """A condition of an idea that the person may see whole, or that asks them to act."""
    owed = sa.and_(Condition.owner_id == actor.person_id, not_walled(actor))
    condition = db.session.scalar(
        sa.select(Condition)
        .join(Condition.idea)
        .where(Condition.id == condition_id, sa.or_(ideas_queries.visible(actor), owed))
        .options(contains_eager(Condition.idea), joinedload(Condition.decision).joinedload(Decision.review))
    )
    if condition is None:
        raise NotThere
    return condition
