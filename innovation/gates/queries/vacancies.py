"""Seats to fill: members who have left while their panel sits, panels that became too small, terms that end."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import field

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from innovation.accounts.models import Account, Person
from innovation.db import db
from innovation.gates import composition
from innovation.gates.models import GONE, LOST, SCORING_ROLES, Panel, PanelMember, Review, Seat
from innovation.gates.queries.panels import panels_in_sight
from innovation.gates.queries.standing import OPEN_STATES, STAFF, contributes, covered, not_walled
from innovation.ideas.models import Idea
from innovation.ideas.queries import unindexed
from innovation.permission import Actor
from innovation.programmes import definitions
from innovation.programmes.models import WorkflowVersion
from innovation.values import dataclass

MOST = 40  # of each kind, the most urgent first
SOON = 60  # days before the end of a term in which it is listed


@dataclass
class Leaver:
    """Somebody who holds seats and can sit no longer; ``why``: closed, left or lapsed."""

    person_id: int
    name: str
    why: str
    seats: list[Seat] = field(default_factory=list)
    alternates: list[tuple[int, str]] = field(default_factory=list)

    @property
    def to_fill(self) -> list[Seat]:
        """The seats that can pass on: whoever has scored keeps theirs, and the card counts."""
        return [seat for seat in self.seats if seat.submitted is None]


@dataclass(frozen=True)
class ShortPanel:
    """An open review whose panel cannot decide as it is, with what it lacks."""

    review: Review
    lacking: tuple[str, ...]


def list_leavers(actor: Actor, today: dt.date) -> list[Leaver]:
    """Who has left while they sit: the sign-in is closed, or they are no longer on the panel, or not in office."""
    on_panel = sa.and_(PanelMember.panel_id == Review.panel_id, PanelMember.person_id == Seat.person_id)
    closed = sa.exists().where(Account.person_id == Seat.person_id, Account.disabled_at.is_not(None))
    still = sa.exists().where(on_panel, PanelMember.until.is_(None))
    in_office = sa.exists().where(on_panel, PanelMember.until.is_(None), _not_lapsed(today))
    why = sa.case((closed, "closed"), (still, "lapsed"), else_="left")
    query = (
        sa.select(Seat, why)
        .join(Seat.review)
        .join(Review.idea)
        .where(*_open_in_scope(actor), Seat.stance.not_in(GONE))
        .where(Seat.id.in_(_may_be_left(today)))
        .where(sa.or_(closed, sa.and_(sa.exists().where(on_panel), ~in_office)))
        .options(
            joinedload(Seat.person),
            selectinload(Seat.cards),
            contains_eager(Seat.review).contains_eager(Review.idea).joinedload(Idea.workflow_version),
        )
        .order_by(Review.due_on, Seat.id)
        .limit(MOST)
    )
    found: dict[int, Leaver] = {}
    for seat, reason in db.session.execute(query):
        leaver = found.setdefault(seat.person_id, Leaver(seat.person_id, seat.person.name, reason))
        leaver.seats.append(seat)
    _offer_alternates(list(found.values()), today)
    return list(found.values())


def _may_be_left(today: dt.date) -> sa.Select[int]:
    """Seats at open reviews whose member's sign-in is closed, or whose place on the panel has ended: few of all."""
    left = sa.select(Account.person_id).where(Account.disabled_at.is_not(None))
    closed = sa.select(Seat.id).where(Seat.person_id.in_(left), Seat.closed_at.is_(None))
    over = sa.or_(PanelMember.until.is_not(None), PanelMember.term_until < today)
    panels = sa.select(PanelMember.panel_id).where(over)
    pairs = sa.select(Review.id, PanelMember.person_id).join(PanelMember, PanelMember.panel_id == Review.panel_id)
    pairs = pairs.where(Review.panel_id.in_(panels), Review.closed_at.is_(None), over)
    ended = sa.select(Seat.id).where(sa.tuple_(Seat.review_id, Seat.person_id).in_(pairs))
    return sa.union(closed, ended).subquery().select()


def _offer_alternates(leavers: list[Leaver], today: dt.date) -> None:
    """Say who could take the seats: alternates of the panel, and those who read in the review already."""
    reviews = [seat.review for leaver in leavers for seat in leaver.to_fill]
    on_panels = (
        sa.select(sa.literal("panel", sa.String()), PanelMember.panel_id, Person.id, Person.name)
        .join(PanelMember.person)
        .where(
            PanelMember.panel_id.in_([review.panel_id for review in reviews if review.panel_id]),
            PanelMember.role == "alternate",
            PanelMember.until.is_(None),
            _not_lapsed(today),
        )
    )
    seated = (
        sa.select(sa.literal("review", sa.String()), Seat.review_id, Person.id, Person.name)
        .join(Seat.person)
        .where(Seat.review_id.in_([r.id for r in reviews]), Seat.role == "alternate", Seat.stance.not_in(GONE))
    )
    offered: dict[tuple[str, int | None], list[tuple[int, str]]] = {}
    for kind, where, person_id, name in db.session.execute(sa.union_all(on_panels, seated)):
        offered.setdefault((kind, where), []).append((person_id, name))
    for leaver in leavers:
        places = [(("panel", seat.review.panel_id), ("review", seat.review_id)) for seat in leaver.to_fill]
        people = {person for both in places for place in both for person in offered.get(place, ())}
        leaver.alternates = sorted(people - {(leaver.person_id, leaver.name)}, key=lambda person: person[1])


def _not_lapsed(today: dt.date) -> sa.ColumnElement[bool]:
    return sa.or_(PanelMember.term_until.is_(None), PanelMember.term_until >= today)


def _open_in_scope(actor: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    still_sits = sa.and_(
        unindexed(Review.state).in_(OPEN_STATES), Review.settled_at.is_(None)
    )  # else its seats change no more
    own = sa.or_(Idea.owner_id == actor.person_id, contributes(actor))  # who sits is no matter of the team
    return still_sits, covered(actor, *STAFF), not_walled(actor), ~own


def list_short_panels(actor: Actor) -> list[ShortPanel]:
    """Open reviews that lost members and cannot decide with those who are left, the most urgent first."""
    lost = sa.select(Seat.review_id).where(sa.text(LOST), Seat.role.in_(SCORING_ROLES))
    version_id = sa.func.coalesce(Review.workflow_version_id, Idea.workflow_version_id)
    query = (
        sa.select(Review.id, Review.gate_key, WorkflowVersion.checksum)
        .join(Review.idea)
        .join(WorkflowVersion, WorkflowVersion.id == version_id)
        .where(*_open_in_scope(actor), Review.id.in_(lost))
        .order_by(Review.due_on, Review.id)
        .limit(5 * MOST)
    )
    looked_at = db.session.execute(query).all()
    left = _roles_left([review_id for review_id, *_gate in looked_at])
    short: dict[int, tuple[str, ...]] = {}
    for review_id, gate_key, checksum in looked_at:
        lacking = composition.lacking(definitions.of(checksum).gate(gate_key), left[review_id])
        if lacking and len(short) < MOST:
            short[review_id] = lacking
    shown = sa.select(Review).join(Review.idea).where(Review.id.in_(short))
    shown = shown.options(contains_eager(Review.idea).joinedload(Idea.workflow_version))
    reviews = {review.id: review for review in db.session.scalars(shown)} if short else {}
    return [ShortPanel(reviews[review_id], lacking) for review_id, lacking in short.items()]


def _roles_left(review_ids: list[int]) -> dict[int, list[str]]:
    """The roles of the seats that score in each of these reviews, without who has gone."""
    counting = sa.and_(Seat.role.in_(SCORING_ROLES), Seat.stance.not_in(GONE))
    query = sa.select(Seat.review_id, Seat.role).where(Seat.review_id.in_(review_ids), counting)
    left: dict[int, list[str]] = defaultdict(list)
    for review_id, role in db.session.execute(query):
        left[review_id].append(role)
    return left


def list_ending_terms(actor: Actor, today: dt.date) -> list[PanelMember]:
    """Members whose term ends soon or has ended, on panels that sit; the earliest first."""
    soon = today + dt.timedelta(days=SOON)
    query = (
        sa.select(PanelMember)
        .join(PanelMember.panel)
        .where(panels_in_sight(actor), Panel.retired_at.is_(None))
        .where(PanelMember.until.is_(None), PanelMember.term_until <= soon)
        .options(contains_eager(PanelMember.panel), joinedload(PanelMember.person))
        .order_by(PanelMember.term_until, PanelMember.id)
        .limit(2 * MOST)
    )
    return list(db.session.scalars(query))
