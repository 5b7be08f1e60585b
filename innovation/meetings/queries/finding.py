"""Finding and listing meetings within a person's sight, and what could be on an agenda."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from innovation.accounts.models import Person
from innovation.db import Page, db, paginate
from innovation.gates.models import Condition, Decision, Panel, Review, Scorecard, Seat
from innovation.gates.queries.both_sides import ideas_of
from innovation.gates.queries.standing import OWED_STATES, STAFF, covered, not_walled
from innovation.ideas.models import Idea
from innovation.meetings.models import LIVE, AgendaItem, Attendee, Meeting, Minutes, MinutesComment, Motion
from innovation.permission import Actor, NotThere
from innovation.programmes.models import Programme
from innovation.statements import ago, prepared
from innovation.values import dataclass

MOST_ITEMS = 60

# What decides who sees what of a meeting, in as many queries for one item as for sixty. What is said of an item, its
# votes and its marks are read where they are shown.
_IDEA = joinedload(AgendaItem.review).joinedload(Review.idea)
WHOLE = (
    joinedload(Meeting.panel),
    joinedload(Meeting.programme).joinedload(Programme.workflow_version),
    selectinload(Meeting.attendees).options(joinedload(Attendee.person), selectinload(Attendee.marks)),
    selectinload(Meeting.items).options(
        _IDEA.selectinload(Idea.contributors),
        _IDEA.selectinload(Idea.walls),
        joinedload(AgendaItem.review).selectinload(Review.seats),
        joinedload(AgendaItem.withheld),
    ),
)


@dataclass(frozen=True)
class MeetingFilters:
    """What a list of meetings is narrowed to; empty values narrow nothing."""

    q: str = ""
    state: str = ""
    gate: str = ""


def in_sight(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Meeting`` that holds for whoever is asked to it or runs gates where it is."""
    if actor.is_system:
        return sa.true()
    asked = sa.exists().where(Attendee.meeting_id == Meeting.id, Attendee.person_id == actor.person_id)
    inside = [
        sa.and_(
            sa.true() if grant.programme_id is None else Meeting.programme_id == grant.programme_id,
            sa.true() if grant.region_id is None else Meeting.region_id == grant.region_id,
        )
        for grant in actor.scopes(*STAFF)
    ]
    return sa.or_(asked, *inside)


def find_meeting(actor: Actor, meeting_id: int) -> Meeting:
    """The meeting with all that belongs to it; ``NotThere`` for whoever is not asked to it and runs no gates there."""
    meeting = db.session.scalar(_meeting(actor), {"id": meeting_id}, execution_options={"populate_existing": True})
    if meeting is None:
        raise NotThere
    return meeting


@prepared
def _meeting(actor: Actor) -> sa.Select[Meeting]:
    return sa.select(Meeting).where(Meeting.id == sa.bindparam("id"), in_sight(actor)).options(*WHOLE)


def load_cards(reviews: Iterable[Review]) -> None:
    """Read the scorecards of these reviews at once: only where marks are looked at, since they are many."""
    ids = [review.id for review in reviews]
    if ids:
        cards = selectinload(Seat.cards).selectinload(Scorecard.scores)
        more = (cards, joinedload(Seat.person), selectinload(Seat.declarations))
        query = sa.select(Seat).where(Seat.review_id.in_(ids)).options(*more)
        db.session.scalars(query.execution_options(populate_existing=True)).all()


def load_talk(meeting: Meeting) -> None:
    """Read at once what was said, voted and decided about every item."""
    query = sa.select(AgendaItem).where(AgendaItem.meeting_id == meeting.id)
    said = (
        selectinload(AgendaItem.notes),
        selectinload(AgendaItem.motions).selectinload(Motion.votes),
        joinedload(AgendaItem.decision).selectinload(Decision.conditions),
    )
    db.session.scalars(query.options(*said).execution_options(populate_existing=True)).all()


def find_item(meeting: Meeting, item_id: int) -> AgendaItem:
    item = next((each for each in meeting.items if each.id == item_id), None)
    if item is None:
        raise NotThere
    return item


def find_attendee(meeting: Meeting, attendee_id: int) -> Attendee:
    found = next((each for each in meeting.attendees if each.id == attendee_id), None)
    if found is None:
        raise NotThere
    return found


def list_meetings(actor: Actor, filters: MeetingFilters, *, page: int = 1, size: int = 20) -> Page[Meeting]:
    """Meetings in the person's sight: those that are still to come or under way first, the next one on top."""
    return paginate(_listed(actor, filters), page=page, size=size)


def _listed(actor: Actor, filters: MeetingFilters) -> sa.Select[Any]:
    live = Meeting.state.in_(LIVE)
    query = sa.select(Meeting).where(in_sight(actor))
    if filters.q:
        query = query.where(Meeting.title.icontains(filters.q, autoescape=True))
    if filters.gate:
        query = query.where(Meeting.gate_key == filters.gate)
    if filters.state == "live":
        query = query.where(live)
    elif filters.state:
        query = query.where(Meeting.state == filters.state)
    ahead = sa.case((live, Meeting.starts_at), else_=None)
    load = (joinedload(Meeting.panel), joinedload(Meeting.programme).joinedload(Programme.workflow_version))
    order = (sa.case((live, 0), else_=1), ahead.asc(), Meeting.starts_at.desc(), Meeting.id.desc())
    return query.options(*load).order_by(*order)


def to_attend(actor: Actor) -> sa.Select[int]:
    """The ids of meetings to which the person is asked and comes: ahead, or under way."""
    return _asked_to(actor).where(sa.or_(Meeting.state == "open", Meeting.starts_at > ago(days=1)))


def list_to_attend(actor: Actor, limit: int = 40) -> list[Meeting]:
    """The same meetings, and those that nobody opened on their day; the earliest first."""
    load = (selectinload(Meeting.attendees), joinedload(Meeting.programme).joinedload(Programme.workflow_version))
    query = sa.select(Meeting).where(Meeting.id.in_(_asked_to(actor))).options(*load)
    return list(db.session.scalars(query.order_by(Meeting.starts_at, Meeting.id).limit(limit)))


def _asked_to(actor: Actor) -> sa.Select[int]:
    asked = sa.select(Attendee.meeting_id).where(
        Attendee.person_id == actor.person_id, Attendee.presence.in_(("expected", "present"))
    )
    return sa.select(Meeting.id).where(Meeting.id.in_(asked), Meeting.state.in_(LIVE))


def count_items(meeting_ids: list[int]) -> dict[int, int]:
    """How many items are on each agenda: one query."""
    query = sa.select(AgendaItem.meeting_id, sa.func.count()).where(AgendaItem.meeting_id.in_(meeting_ids))
    return {meeting_id: number for meeting_id, number in db.session.execute(query.group_by(AgendaItem.meeting_id))}  # noqa: C416


def about_ideas(ideas: Any) -> sa.Select[int]:
    """The ids of the meetings that have an item about one of these ideas, whose ids are a part of a query."""
    return sa.select(AgendaItem.meeting_id).join(AgendaItem.review).where(Review.idea_id.in_(ideas))


# The agenda


def list_ready(actor: Actor, panel: Panel, *, whose: str, which: str) -> list[Review]:
    """Open reviews that this person covers and no other live meeting has: of the panel or of its whole gate.

    None of their own ideas: whether a panel has still to decide on those is not told before it is announced.
    ``which``: "ready" (its quorum of scorecards is there) or "open" (all of them). They come by reference: an order
    that tells nothing of their scores.
    """
    taken = (
        sa.select(AgendaItem.review_id)
        .join(AgendaItem.meeting)
        .where(Meeting.state.in_(LIVE), AgendaItem.state.in_(("waiting", "discussed")))
    )
    narrowed = Review.panel_id == panel.id if whose == "panel" else Review.gate_key == panel.gate_key
    query = (
        sa.select(Review)
        .join(Review.idea)
        .where(
            sa.true() if actor.is_system else covered(actor, *STAFF),
            not_walled(actor),
            Idea.id.not_in(ideas_of(actor).subquery().select()),
            Idea.programme_id == panel.programme_id,
            Idea.standing == "active",
            Review.state.in_(("scoring",) if which == "ready" else ("convened", "scoring")),
            narrowed,
            Review.id.not_in(taken),
            Review.settled_at.is_(None),  # what a panel has decided already is not talked about again
        )
        .options(joinedload(Review.idea), selectinload(Review.seats).selectinload(Seat.cards))
        .order_by(Idea.reference)
        .limit(MOST_ITEMS)
    )
    found = list(db.session.scalars(query))
    return [review for review in found if which != "ready" or has_quorum(review)]


def has_quorum(review: Review) -> bool:
    """True when so many of the seats that count have submitted."""
    return sum(s.counts and s.cleared and s.submitted is not None for s in review.seats) >= review.quorum


def people_of(reviews: list[Review]) -> dict[int, str]:
    """Who is asked to a meeting about these reviews, each with the highest part that they have at one of them."""
    order = ("chair", "cochair", "deputy", "secretary", "government", "practitioner", "member", "alternate", "observer")
    parts: dict[int, str] = {}
    for review in reviews:
        for seat in review.seats:
            if seat.stance != "excused":
                known = parts.get(seat.person_id, seat.role)
                parts[seat.person_id] = min(known, seat.role, key=order.index)
    return parts


def inherited_of(reviews: list[Review]) -> dict[int, tuple[Condition, ...]]:
    """What the idea of each review still owes from earlier gates: one query for all of them."""
    ids = [review.idea_id for review in reviews if review.is_open]
    owed: dict[int, list[Condition]] = {}
    query = sa.select(Condition).where(Condition.idea_id.in_(ids), Condition.state.in_(OWED_STATES))
    load = joinedload(Condition.owner)
    for condition in db.session.scalars(query.options(load).order_by(Condition.due_on, Condition.id)) if ids else ():
        owed.setdefault(condition.idea_id, []).append(condition)
    return {review.id: tuple(owed.get(review.idea_id, ())) for review in reviews}


# Minutes


def last_minutes(meeting: Meeting) -> Minutes | None:
    """The newest version of the minutes, for whoever writes them."""
    query = sa.select(Minutes).where(Minutes.meeting_id == meeting.id).order_by(Minutes.number.desc()).limit(1)
    return db.session.scalar(query)


def circulated_minutes(meeting: Meeting) -> Minutes | None:
    """The newest version that went round, for everybody else."""
    query = sa.select(Minutes).where(Minutes.meeting_id == meeting.id, Minutes.circulated_at.is_not(None))
    return db.session.scalar(query.order_by(Minutes.number.desc()).limit(1))


def list_comments(meeting: Meeting) -> list[MinutesComment]:
    query = sa.select(MinutesComment).where(MinutesComment.meeting_id == meeting.id)
    return list(db.session.scalars(query.order_by(MinutesComment.id)))


def find_comment(meeting: Meeting, comment_id: int) -> MinutesComment:
    found = next((each for each in list_comments(meeting) if each.id == comment_id), None)
    if found is None:
        raise NotThere
    return found


def names_of(person_ids: set[int]) -> dict[int, str]:
    """The names of people, by id."""
    query = sa.select(Person.id, Person.name).where(Person.id.in_(sorted(person_ids)))
    return {person_id: name for person_id, name in db.session.execute(query)} if person_ids else {}  # noqa: C416
