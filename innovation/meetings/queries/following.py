"""What one person is shown of a meeting: the agenda, the item in hand, the votes; and whether anything is new.

``panel_view`` of the gates decides what is open of each review. Where it shows nothing, nothing of the item is here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import field, replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from innovation.db import db, now
from innovation.events import EventHead
from innovation.gates.models import CLEARED, GONE, Review, Scorecard, Seat
from innovation.gates.queries import PanelView, panel_view, reading
from innovation.gates.queries.sealing import full_result
from innovation.gates.queries.standing import STAFF
from innovation.ideas.models import Ask, Contributor, Idea, Wall
from innovation.meetings.models import AgendaItem, Attendee, Meeting, Motion
from innovation.meetings.queries.finding import has_quorum, inherited_of, load_cards
from innovation.permission import Actor, Grant, NotThere
from innovation.values import dataclass
from workflows.scoring import PanelResult

CAME = ("arrived", "late")
OPEN_ORDERS = ("reference", "numbers")  # what an agenda may go by that tells nothing of marks
SILENT = ("observer",)  # they read the pack, and hear neither marks nor what is said of them
NEVER = 1_000_000


@dataclass(frozen=True)
class ItemView:
    """An item as one person sees it.

    ``relation``: "full", "named" (the title only: their interests are still to be declared or answered) or "closed".
    What is closed has an id, perhaps a number, and a state; nothing else of it is here. ``number`` is None until the
    order is fixed, and stays so for whoever may not see every mark that an order by rank tells of. ``hears``: what was
    said, voted and decided; of what is held back, those who were there.
    """

    item_id: int
    number: int | None
    state: str
    in_hand: bool
    minutes: int
    relation: str
    item: AgendaItem | None = None
    review: Review | None = None
    view: PanelView | None = None
    ask_cents: int | None = None
    hears: bool = False

    @property
    def result(self) -> PanelResult | None:
        return self.view.result if self.view else None

    @property
    def motion(self) -> Motion | None:
        """The newest vote on it, open or counted, for those who hear it."""
        return self.item.motions[-1] if self.item and self.hears and self.item.motions else None


@dataclass(frozen=True)
class Line:
    """A place in the ranking: with the sums of what is asked so far, and whether there is enough for it."""

    shown: ItemView
    total: float
    spread: float
    ask_cents: int
    sum_cents: int
    fits: bool


@dataclass(frozen=True)
class Screen:
    """A meeting as one person follows it. ``ranking`` is None where a single score in it is sealed to them."""

    meeting: Meeting
    items: tuple[ItemView, ...]
    ranking: tuple[Line, ...] | None
    attendee: Attendee | None
    at: dt.datetime
    elapsed: int = 0
    sums: dict[int, int] = field(default_factory=dict)

    @property
    def in_hand(self) -> ItemView | None:
        return next((shown for shown in self.items if shown.in_hand), None)

    @property
    def left(self) -> int:
        """Minutes left for the item in hand; below nothing once it takes longer than planned."""
        return self.in_hand.minutes - self.elapsed if self.in_hand else 0


def screen(actor: Actor, meeting: Meeting) -> Screen:
    """The meeting for this person; as many queries for one item as for sixty.

    Scores are looked at for the ranking of a planned meeting, and for the item in hand of an open one.
    """
    scored = [item.review for item in meeting.items if meeting.state == "planned" or item is meeting.in_hand]
    load_cards(scored)
    inherited, asks = inherited_of(scored), asks_of(meeting)
    views = {review.id: _view(actor, review, inherited[review.id]) for review in scored}
    numbered = knows_order(actor, meeting)
    shown = [
        _shown(actor, item, views.get(item.review_id), asks.get(item.review.idea_id), numbered=numbered)
        for item in meeting.items
    ]
    shown.sort(key=lambda each: (each.number or NEVER, each.item_id))  # items came by reference
    ranking = _ranking(meeting, shown) if meeting.state == "planned" else None
    at, item = now(), meeting.in_hand
    elapsed = minutes_of(item.spent, item.started_at, at) if item else 0
    return Screen(meeting, tuple(shown), ranking, meeting.attendee_of(actor.person_id), at, elapsed, _sums(shown))


def knows_order(actor: Actor, meeting: Meeting) -> bool:
    """Whether the person may know the order that the chair has fixed; one by rank tells what members gave."""
    if meeting.fixed_at is None or meeting.ordered_by in OPEN_ORDERS:
        return meeting.fixed_at is not None
    return owes_nothing(actor, meeting)


def owes_nothing(actor: Actor, meeting: Meeting) -> bool:
    """Whether the person runs the gate of each item, or has given all the marks there that they are to give."""
    seats: set[int] = set()
    for item in meeting.items:
        try:
            relation, seat, _sees_pack = reading(actor, item.review)
        except NotThere:
            return False
        if relation == "seat" and seat is not None and seat.expected and seat.cleared:
            seats.add(seat.id)
        elif relation != "staff":
            return False
    return seats <= _submitted(seats)


def _submitted(seat_ids: set[int]) -> set[int]:
    """Those of the seats that have handed in a scorecard: one query."""
    query = sa.select(Scorecard.seat_id).where(Scorecard.seat_id.in_(seat_ids), Scorecard.submitted_at.is_not(None))
    return set(db.session.scalars(query)) if seat_ids else set()


def _view(actor: Actor, review: Review, inherited: tuple[Any, ...]) -> PanelView | None:
    try:
        return panel_view(actor, review, inherited)
    except NotThere:
        return None


def _shown(
    actor: Actor, item: AgendaItem, view: PanelView | None, ask_cents: int | None, *, numbered: bool = False
) -> ItemView:
    number = item.number if numbered else None
    over = item.state if item.state == "waiting" else "over"  # decided or put off: that is for those who take part
    closed = ItemView(item.id, number, over, item.id == item.meeting.in_hand_id, 0, "closed")
    try:
        relation, seat, sees_pack = reading(actor, item.review)
    except NotThere:
        return closed
    if relation not in ("seat", "staff"):
        return closed
    named = replace(closed, relation="named", state=item.state, minutes=item.minutes, item=item, review=item.review)
    if not sees_pack:
        return named
    hears = relation == "staff" or (seat is not None and seat.role not in SILENT and _may_tell(item, seat))
    return replace(named, relation="full", view=view, ask_cents=ask_cents, hears=hears)


def _may_tell(item: AgendaItem, seat: Seat) -> bool:
    """Of what is held back, whoever was at the meeting or keeps its minutes knows; the rest of the panel does not."""
    if not item.is_held_back or seat.role == "secretary":
        return True
    attendee = item.meeting.attendee_of(seat.person_id)
    return attendee is not None and any(mark.what in CAME for mark in attendee.marks)


def relation_to(actor: Actor, item: AgendaItem) -> ItemView:
    """A single item as this person sees it, its scores and what it asks for aside."""
    return _shown(actor, item, None, None)


def asks_of(meeting: Meeting) -> dict[int, int]:
    """What each idea on the agenda asks for now, in cents, by the idea's id: one query."""
    ids = [item.review.idea_id for item in meeting.items]
    query = sa.select(Ask.idea_id, Ask.amount_cents).where(Ask.idea_id.in_(ids)).order_by(Ask.number)
    return {idea_id: cents for idea_id, cents in db.session.execute(query)} if ids else {}  # noqa: C416


# Ranking


def _ranking(meeting: Meeting, shown: Sequence[ItemView]) -> tuple[Line, ...] | None:
    """The order by scores, for whoever sees every score in it."""
    if not shown or any(each.result is None or each.result.total is None for each in shown):
        return None
    ordered = sorted(shown, key=lambda each: _rank(each.result, each.ask_cents, each.item_id))
    lines, so_far = [], 0
    for place, each in enumerate(ordered, 1):
        so_far += each.ask_cents or 0
        within = meeting.money_cents is None or so_far <= meeting.money_cents
        room = meeting.openings is None or place <= meeting.openings
        total = each.result.total if each.result and each.result.total is not None else 0.0
        lines.append(Line(each, total, spread_of(each.result), each.ask_cents or 0, so_far, within and room))
    return tuple(lines)


def spread_of(result: PanelResult | None) -> float:
    """How far the totals of the members lie apart."""
    return (result.high or 0) - (result.low or 0) if result else 0.0


def _rank(result: PanelResult | None, ask_cents: int | None, item_id: int) -> tuple[float, float, int, int]:
    """The higher total first; of equals the one on which the panel agrees more, then the one that asks for less."""
    total = result.total if result and result.total is not None else -1.0
    return (-round(total, 6), round(spread_of(result), 6), ask_cents or 0, item_id)


def order_by_rank(meeting: Meeting) -> list[AgendaItem]:
    """The items by rank, for the command that fixes the agenda; those without a quorum come last, by reference."""
    reviews = [item.review for item in meeting.items]
    load_cards(reviews)
    inherited, asks = inherited_of(reviews), asks_of(meeting)

    def rank(item: AgendaItem) -> tuple[Any, ...]:
        if not has_quorum(item.review):
            return (1, item.review.idea.reference)
        result = full_result(item.review, inherited[item.review_id])
        return (0, *_rank(result, asks.get(item.review.idea_id), item.id))

    return sorted(meeting.items, key=rank)


def _sums(shown: Sequence[ItemView]) -> dict[int, int]:
    """What is asked up to each item in the order of the agenda; empty where a single ask is closed to the person."""
    if any(each.relation != "full" for each in shown):
        return {}
    sums, so_far = {}, 0
    for each in shown:
        so_far += each.ask_cents or 0
        sums[each.item_id] = so_far
    return sums


# Whether anything is new


def minutes_of(spent: int, started_at: dt.datetime | None, at: dt.datetime) -> int:
    """Whole minutes that an item has taken."""
    running = (at - started_at).total_seconds() if started_at else 0
    return int((spent + max(0, running)) // 60)


@lru_cache(maxsize=1)
def _pulse() -> sa.Select[Any]:
    """All that decides whether a screen is still right, in one statement that looks up a few keys.

    Whatever happens to a meeting or an idea moves the head of its chain, so the heads tell that something is new.
    """
    own = EventHead.__table__.alias("own")
    its = EventHead.__table__.alias("its")
    me = sa.bindparam("person", type_=sa.Integer)
    walled = sa.exists().where(Wall.idea_id == Review.idea_id, Wall.person_id == me)
    helps = sa.exists().where(
        Contributor.idea_id == Review.idea_id, Contributor.person_id == me, Contributor.ended_at.is_(None)
    )
    apart = sa.or_(walled, helps, sa.exists().where(Idea.id == Review.idea_id, Idea.owner_id == me))
    return (
        sa.select(
            *(Meeting.programme_id, Meeting.region_id, Meeting.version, Meeting.in_hand_id),
            *(
                Attendee.id,
                AgendaItem.started_at,
                AgendaItem.spent,
                Seat.role,
                Seat.stance,
                apart,
                own.c.seq,
                its.c.seq,
            ),
        )
        .outerjoin(Attendee, sa.and_(Attendee.meeting_id == Meeting.id, Attendee.person_id == me))
        .outerjoin(AgendaItem, AgendaItem.id == Meeting.in_hand_id)
        .outerjoin(Review, Review.id == AgendaItem.review_id)
        .outerjoin(Seat, sa.and_(Seat.review_id == Review.id, Seat.person_id == me))
        .outerjoin(own, own.c.subject == sa.bindparam("chain", type_=sa.String))
        .outerjoin(its, its.c.subject == sa.literal("idea:") + sa.cast(Review.idea_id, sa.String))
        .where(Meeting.id == sa.bindparam("meeting", type_=sa.Integer))
    )


def pulse_of(actor: Actor, meeting_id: int) -> str:
    """A tag that changes when this person's screen does, for one cheap statement; ``NotThere`` for strangers.

    What happens within an item that is closed to somebody does not change theirs: not even when is told.
    """
    asked = {"person": actor.person_id, "meeting": meeting_id, "chain": f"meeting:{meeting_id}"}
    row = db.session.execute(_pulse(), asked).one_or_none()
    if row is None:
        raise NotThere
    programme_id, region_id, version, in_hand_id, attendee, started_at, spent, role, stance, apart, own, its = row
    staff = any(grant.covers(Grant("", programme_id, region_id)) for grant in actor.scopes(*STAFF))
    if attendee is None and not staff:
        raise NotThere
    runs = staff and (role in (None, "secretary") or stance in GONE)  # a seat closes what a role would open
    sees = not apart and (stance in CLEARED or runs)
    timer = minutes_of(spent, started_at, now()) if in_hand_id else -1
    parts = (
        actor.person_id,
        meeting_id,
        version,
        in_hand_id,
        timer,
        stance,
        (own, its) if sees or not in_hand_id else "",
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]
