"""Voting in the room: rounds of dots that are sealed until they close, ties that somebody breaks, and the shortlist."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from innovation.clinics import agenda, dots, events, policy, walls
from innovation.clinics.models import Clinic, Device
from innovation.clinics.phones import hold_phone
from innovation.clinics.wall_models import (
    Ballot,
    RoomWall,
    RoundIdea,
    Shortlist,
    ShortlistedIdea,
    TieDecision,
    VotingRound,
)
from innovation.clinics.wall_models import WallIdea as OnWall
from innovation.command import command
from innovation.db import db, insert_into, now
from innovation.events import record
from innovation.ideas.models import Idea
from innovation.once import repeatable
from innovation.permission import Actor
from innovation.statements import ask, keep
from innovation.values import dataclass
from workflows import ROUND, Refused

METHODS = ("dots", "points")
CLOSED = "This round is closed. Votes that had not arrived by then do not count."
NO_ROUND = "There is no such round at this clinic."
STILL_OPEN = "The round is still open. Close it first: nothing of it is known before."
REPORTED = "This clinic has been reported, so its shortlist stays as it is."


# Rounds


@command(policy.may_run_rounds)
def open_round(
    actor: Actor,
    clinic: Clinic,
    *,
    dots: int,
    most: int,
    question: str = "",
    shows: str = "ranked",
    method: str = "dots",
) -> VotingRound:
    """Let everybody in the room vote on the ideas that are on the wall now; of points each has as many as it takes."""
    walls.require_together(clinic)
    if (latest := find_round(clinic)) and latest.state == "open":
        raise Refused(("A round is open. Close it before the next one.",))
    if method not in METHODS:
        raise Refused(("Choose how the room votes.",))
    if method == "points":
        dots = 0
    elif most > dots:
        raise Refused(("One idea cannot get more dots than everybody has.",))
    choices = showable_ids(clinic)
    if len(choices) < 2:
        raise Refused(("There are fewer than two ideas on the wall. Release the ideas to vote on.",))
    number = latest.number + 1 if latest else 1
    made = VotingRound(
        clinic_id=clinic.id, number=number, question=question, method=method, dots=dots, most=most, shows=shows,
        state=ROUND.initial, opened_by_id=actor.person_id, opened_at=now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    db.session.add_all(RoundIdea(round_id=made.id, idea_id=idea_id) for idea_id in sorted(choices))
    wall = walls.kept_wall(clinic)
    wall.view = "ideas"
    record(actor, events.RoundOpened(clinic.id, made.id, dots, most))
    return made


@command(policy.may_run_rounds)
def close_round(actor: Actor, clinic: Clinic, *, round_id: int) -> VotingRound:
    """End the voting: ballots lose the names of their phones, and the totals are known."""
    found = _round(clinic, round_id, lock="update")
    found.state = ROUND.fire(found.state, "close")
    found.closed_at, found.closed_by_id = now(), actor.person_id
    many, found.sha256 = _make_nameless(found)
    walls.kept_wall(clinic).view = "results"
    record(actor, events.RoundClosed(clinic.id, found.id, many, found.sha256))
    return found


def _make_nameless(found: VotingRound) -> tuple[int, str]:
    """Write the ballots anew in a random order without their voters; how many, and their SHA-256."""
    of_it = Ballot.round_id == found.id
    marks = [{str(idea): n for idea, n in sorted(ballot.dots.items())} for ballot in _ballots(found) if ballot.dots]
    secrets.SystemRandom().shuffle(marks)
    db.session.execute(sa.delete(Ballot).where(of_it))
    db.session.add_all(Ballot(round_id=found.id, voter=None, number=n, marks=m) for n, m in enumerate(marks, 1))
    return len(marks), hashlib.sha256(json.dumps([found.id, marks]).encode()).hexdigest()


def _ballots(found: VotingRound) -> list[Ballot]:
    return list(db.session.scalars(sa.select(Ballot).where(Ballot.round_id == found.id).order_by(Ballot.number)))


def find_round(clinic: Clinic) -> VotingRound | None:
    """The newest round, open or closed."""
    found: VotingRound | None = db.session.scalar(_newest(), {"clinic": clinic.id})
    return found


@lru_cache(maxsize=1)
def _newest() -> Any:
    query = sa.select(VotingRound).where(VotingRound.clinic_id == sa.bindparam("clinic", type_=sa.Integer))
    return query.order_by(VotingRound.number.desc()).limit(1)


def _round(clinic: Clinic, round_id: int, lock: str = "") -> VotingRound:
    query = sa.select(VotingRound).where(VotingRound.id == round_id, VotingRound.clinic_id == clinic.id)
    if lock:
        query = query.with_for_update(read=lock == "share").execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise Refused((NO_ROUND,))
    return found


# Dots


@command(policy.may_place_dots)
@repeatable
def place_dots(
    actor: Actor,
    clinic: Clinic,
    *,
    round_id: int,
    voter: str,
    marks: Mapping[int, int],
    based_on: int,
    device: Device | None = None,
) -> Ballot:
    """Put all dots of one phone or account where they are to be; the same again changes nothing.

    ``based_on`` is the number of the ballot that the page showed, so that a form which comes late wins over nothing.
    """
    found = _round(clinic, round_id, lock="share")
    if device is not None:
        hold_phone(device)
    if found.state != "open" or clinic.state not in agenda.STANDS:
        raise Refused((CLOSED,))
    wrong = dots.faults(marks, rule_of(found), choices_of(clinic, found))
    if wrong:
        raise Refused(wrong)
    ballot = _own_ballot(found, voter)
    sheet = dots.changed(dots.Sheet(ballot.number, ballot.dots), marks, based_on)
    if sheet is None:
        raise Refused((dots.CHANGED,))
    ballot.number, ballot.marks = sheet.number, {str(idea_id): n for idea_id, n in sheet.marks.items()}
    return ballot


def _own_ballot(found: VotingRound, voter: str) -> Ballot:
    """The ballot of a phone, held; of two sendings that begin it, the second waits."""
    blank = {"round_id": found.id, "voter": voter, "number": 0, "marks": {}}
    db.session.execute(insert_into(Ballot).values(blank).on_conflict_do_nothing())
    query = sa.select(Ballot).where(Ballot.round_id == found.id, Ballot.voter == voter).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def voter_of(device: Device | None, person_id: int | None, found: VotingRound) -> str:
    """Who votes: an account, or a phone; of a browser that is both, the one that has placed dots already."""
    if device is not None and device.person_id is not None:
        return f"person:{device.person_id}"
    keys = [f"device:{device.id}"] if device is not None else []
    keys += [f"person:{person_id}"] if person_id is not None else []
    if len(keys) > 1:
        used = sa.select(Ballot.voter).where(Ballot.round_id == found.id, Ballot.voter.in_(keys)).order_by(Ballot.id)
        keys = [*filter(None, db.session.scalars(used)), *keys]
    return keys[0]


def own_sheet(found: VotingRound, voter: str) -> dots.Sheet:
    """What this phone or account has placed in an open round: for nobody else."""
    own = db.session.scalar(sa.select(Ballot).where(Ballot.round_id == found.id, Ballot.voter == voter))
    return dots.Sheet(own.number, own.dots) if own else dots.Sheet()


def drop_ballot_of(device: Device) -> None:
    """Take the dots of a phone that is shut out from a round that is still open; part of a command."""
    still = sa.select(VotingRound.id).where(VotingRound.clinic_id == device.clinic_id, VotingRound.state == "open")
    voters = [f"device:{device.id}", *([f"person:{device.person_id}"] if device.person_id is not None else [])]
    db.session.execute(sa.delete(Ballot).where(Ballot.voter.in_(voters), Ballot.round_id.in_(still)))


# What can be voted on


def rule_of(found: VotingRound) -> dots.Rule:
    return dots.Rule(found.dots if found.method == "dots" else None, found.most)


def showable_ids(clinic: Clinic) -> set[int]:
    """The ideas that may be on the wall now."""
    at_once = sa.true() if walls.find_wall(clinic).at_once else sa.false()
    query = sa.select(Idea.id).outerjoin(OnWall, OnWall.idea_id == Idea.id)
    return set(db.session.scalars(query.where(Idea.clinic_id == clinic.id, is_shown(at_once)).limit(walls.MOST_IDEAS)))


def is_shown(at_once: Any) -> sa.ColumnElement[bool]:
    """The condition on ``Idea`` and what it is joined to on the wall that holds for what everybody may see."""
    released = sa.or_(at_once, OnWall.released_at.is_not(None))
    return sa.and_(Idea.standing.in_(walls.SHOWN), OnWall.hidden_at.is_(None), released)


@lru_cache(maxsize=1)
def _joined() -> Any:
    into = sa.orm.aliased(Idea)
    here = sa.bindparam("clinic", type_=sa.Integer)
    query = sa.select(Idea.id, Idea.merged_into_id).join(into, into.id == Idea.merged_into_id)
    return keep(query.where(Idea.clinic_id == here, into.clinic_id == here))


def joined_at(clinic: Clinic) -> dict[int, int]:
    """Which ideas of the clinic have been merged into which others of it."""
    return dict(ask(_joined(), {"clinic": clinic.id}))


@lru_cache(maxsize=1)
def _choices() -> Any:
    """The ideas of a round and those that are shown at its clinic, each with both marks."""
    held = sa.exists().where(
        RoundIdea.idea_id == Idea.id, RoundIdea.round_id == sa.bindparam("round", type_=sa.Integer)
    )
    shown = is_shown(sa.func.coalesce(RoomWall.at_once, sa.false()))
    return keep(
        sa.select(Idea.id, shown.label("shown"), held.label("held"))
        .outerjoin(OnWall, OnWall.idea_id == Idea.id)
        .outerjoin(RoomWall, RoomWall.clinic_id == Idea.clinic_id)
        .where(Idea.clinic_id == sa.bindparam("clinic", type_=sa.Integer), sa.or_(shown, held))
    )


def choices_of(clinic: Clinic, found: VotingRound, joined: Mapping[int, int] | None = None) -> list[int]:
    """The ideas that can be given dots now: merged ones as what they have become, without what is hidden."""
    joined = joined_at(clinic) if joined is None else joined
    rows = ask(_choices(), {"clinic": clinic.id, "round": found.id})
    shown = {row[0] for row in rows if row[1]}
    return sorted({root for row in rows if row[2] and (root := dots.root_of(row[0], joined)) in shown})


def _first_choices(found: VotingRound) -> list[int]:
    return list(db.session.scalars(sa.select(RoundIdea.idea_id).where(RoundIdea.round_id == found.id)))


# Totals


@dataclass(frozen=True)
class Result:
    """A closed round: its ideas in order, how many ballots were counted, and the dots on them."""

    round: VotingRound
    places: tuple[dots.Place, ...]
    ballots: int

    @property
    def all_dots(self) -> int:
        return sum(place.dots for place in self.places)


def result_of(clinic: Clinic, found: VotingRound) -> Result:
    """The totals of a round; ``Refused`` while it is open. What was withdrawn is left out."""
    if found.state == "open":
        raise Refused((STILL_OPEN,))
    joined = joined_at(clinic)
    roots = {dots.root_of(idea_id, joined) for idea_id in _first_choices(found)}
    here = set(db.session.scalars(sa.select(Idea.id).where(Idea.id.in_(roots), Idea.standing != "withdrawn")))
    ballots = [ballot.dots for ballot in _ballots(found)]
    totals = dots.totals_of(ballots, joined, rule_of(found), here)
    breaks = [
        dots.TieBreak(dots.root_of(tie.idea_id, joined), frozenset(dots.root_of(int(i), joined) for i in tie.over))
        for tie in list_ties(found)
    ]
    return Result(found, tuple(dots.ranked(totals, breaks)), len(ballots))


def list_ties(found: VotingRound) -> list[TieDecision]:
    query = sa.select(TieDecision).where(TieDecision.round_id == found.id)
    return list(db.session.scalars(query.order_by(TieDecision.id)))


@command(policy.may_run_rounds)
def break_tie(
    actor: Actor, clinic: Clinic, *, round_id: int, idea_id: int, decided_by: str, reason: str
) -> TieDecision:
    """Put one of several ideas that are level before the others, as somebody with a name has decided."""
    _require_changeable(clinic)
    found = _round(clinic, round_id, lock="update")
    groups = dots.tied_groups(result_of(clinic, found).places)
    level = next((group for group in groups if idea_id in group), ())
    if not level:
        raise Refused(("This idea is level with no other one. Look at the newest order.",))
    over = [other for other in level if other != idea_id]
    tie = TieDecision(
        round_id=found.id, idea_id=idea_id, over=over, decided_by=decided_by, reason=reason,
        recorded_by_id=actor.person_id, at=now(),
    )  # fmt: skip
    db.session.add(tie)
    db.session.flush()
    record(actor, events.TieBroken(clinic.id, found.id, tie.id))
    return tie


# The shortlist


@command(policy.may_make_shortlist)
def shortlist_by_dots(actor: Actor, clinic: Clinic, *, round_id: int, many: int) -> Shortlist:
    """Go on with the ideas that have most dots; a tie at the line is broken first."""
    _require_changeable(clinic)
    found = _round(clinic, round_id)
    places = [place for place in result_of(clinic, found).places if place.dots]
    if many > len(places):
        raise Refused((f"Only {len(places)} ideas got anything. Choose fewer.",))
    if dots.tie_across(places, many):
        raise Refused(("Ideas are level where the shortlist ends. Break that tie first, or choose another number.",))
    return _shortlist(actor, clinic, [place.idea_id for place in places[:many]], round_id=found.id)


@command(policy.may_make_shortlist)
def shortlist_by_hand(actor: Actor, clinic: Clinic, *, idea_ids: Sequence[int], reason: str) -> Shortlist:
    """Go on with these ideas, for a reason that is told in the report."""
    _require_changeable(clinic)
    return _shortlist(actor, clinic, walls.require_here(actor, clinic, idea_ids), reason=reason)


def _shortlist(
    actor: Actor, clinic: Clinic, idea_ids: Sequence[int], *, round_id: int | None = None, reason: str = ""
) -> Shortlist:
    made = Shortlist(clinic_id=clinic.id, round_id=round_id, reason=reason, made_by_id=actor.person_id, made_at=now())
    db.session.add(made)
    db.session.flush()
    rows = (ShortlistedIdea(shortlist_id=made.id, idea_id=key, place=n) for n, key in enumerate(idea_ids, 1))
    db.session.add_all(rows)
    if clinic.state in agenda.STANDS:
        walls.kept_wall(clinic).view = "shortlist"
    record(actor, events.ShortlistMade(clinic.id, made.id, round_id, tuple(idea_ids)))
    return made


def find_shortlist(clinic: Clinic) -> tuple[Shortlist, list[int]] | None:
    """The newest shortlist, and its ideas in order: merged ones as what they have become."""
    query = sa.select(Shortlist).where(Shortlist.clinic_id == clinic.id)
    made = db.session.scalar(query.order_by(Shortlist.id.desc()).limit(1))
    if made is None:
        return None
    listed = sa.select(ShortlistedIdea.idea_id).where(ShortlistedIdea.shortlist_id == made.id)
    joined = joined_at(clinic)
    ids = db.session.scalars(listed.order_by(ShortlistedIdea.place))
    return made, list(dict.fromkeys(dots.root_of(idea_id, joined) for idea_id in ids))


def _require_changeable(clinic: Clinic) -> None:
    if clinic.state == "planned":
        raise Refused((walls.NOT_TOGETHER,))
    if clinic.state == "reported":
        raise Refused((REPORTED,))


def is_voting(clinic: Clinic) -> bool:
    latest = find_round(clinic)
    return latest is not None and latest.state == "open"


def reasons_against_closing(clinic: Clinic) -> tuple[str, ...]:
    """Why the clinic has to stay open for its rounds."""
    asks = ("A voting round is open. Close it first, so that its votes are counted.",)
    return asks if is_voting(clinic) else ()
