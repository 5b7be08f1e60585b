"""Saying what interests one has in an idea, and answering what others said."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.gates import policy, queries
from innovation.gates.commands.convening import end_access
from innovation.gates.commands.holding import hold_still
from innovation.gates.events import InterestDeclared, InterestOverruled, InterestSettled
from innovation.gates.interests import Flag, as_kept
from innovation.gates.models import GONE, Declaration, Review, Seat
from innovation.gates.queries.standing import OPEN_STATES
from innovation.ideas.models import Access, Idea, Wall
from innovation.permission import Actor
from workflows import Refused

LEVELS = ("none", "declare", "recuse")
RULINGS = ("admitted", "removed")


@command(policy.may_declare_interest)
def declare_interest(actor: Actor, seat: Seat, *, level: str, text: str = "") -> Seat:
    """Say that there is no interest, declare one for the chair to answer, or step back from the idea for good."""
    hold_still(seat.review)
    flags = queries.flags_on(seat.person_id, seat.review.idea_id)
    reasons = _reasons_against(actor, seat, level, text) or _unexplained(level, text, flags)
    if reasons:
        raise Refused(reasons)
    _say(actor, seat, level, text, flags)
    explained = level == "none" and bool(flags)
    if level == "recuse":
        _recuse(seat)
    elif level == "declare" or explained:
        _set_stance(seat, "declared")
        end_access([seat], now())
    else:
        _set_stance(seat, "none")
        _open_idea(seat)
    record(actor, InterestDeclared(seat.review.idea_id, seat.review_id, seat.id, "explained" if explained else level))
    return seat


def _say(actor: Actor, seat: Seat, level: str, text: str, flags: tuple[Flag, ...] = ()) -> None:
    """Add to what was said of the seat, with what was noticed at that moment."""
    said = Declaration(seat_id=seat.id, level=level, text=text, made_by_id=actor.person_id, noticed=as_kept(flags))
    db.session.add(said)


def _unexplained(level: str, text: str, flags: tuple[Flag, ...]) -> tuple[str, ...]:
    if level == "none" and flags and not text.strip():
        return ("Something that may tie you to this idea was noticed. Say why it is no interest, or declare it.",)
    return ()


def _reasons_against(actor: Actor, seat: Seat, level: str, text: str) -> tuple[str, ...]:
    if level not in LEVELS:
        return ("Choose what fits you.",)
    if not seat.review.is_open or seat.stance in GONE:
        return ("This seat takes no part any more.",)
    if level == "declare" and not text.strip():
        return ("Say in a sentence what your interest is.",)
    if level != "none":
        return ()
    if seat.stance == "declared":
        return ("You have declared an interest. The chair answers it, or you step back.",)
    if seat.stance == "accepted":
        return ("The interest you declared has been accepted. There is nothing to change.",)
    if seat.scores and policy.HELPED_TO_CAPTURE.holds(actor, seat):
        return (
            "You helped to capture this idea at its clinic. Please declare that; the chair says whether you may score.",
        )
    return ()


@command(policy.may_settle_interest)
def settle_interest(actor: Actor, seat: Seat, *, answer: str, reason: str = "") -> Seat:
    """Accept a declared interest, so that the member takes part, or refuse it, which recuses them."""
    hold_still(seat.review)
    if seat.stance != "declared" or not seat.review.is_open:
        raise Refused(("There is no declared interest that waits for an answer.",))
    if answer not in ("accepted", "refused"):
        raise Refused(("Choose whether this member may take part.",))
    _say(actor, seat, answer, reason)
    if answer == "accepted":
        _set_stance(seat, "accepted")
        _open_idea(seat)
    else:
        _recuse(seat)
    record(actor, InterestSettled(seat.review.idea_id, seat.review_id, seat.id, answer))
    return seat


@command(policy.may_overrule_interest)
def overrule_interest(actor: Actor, seat: Seat, *, answer: str, reason: str) -> Seat:
    """Admit a member who was recused, or remove one who takes part, with a reason; what was said before stays.

    Whoever stepped back of their own will is asked to declare again: nobody is made to take part.
    """
    hold_still(seat.review)
    reasons = _reasons_against_overruling(seat, answer, reason)
    if reasons:
        raise Refused(reasons)
    last = next((said.level for said in reversed(seat.declarations)), "")
    _say(actor, seat, answer, reason, queries.flags_on(seat.person_id, seat.review.idea_id))
    if answer == "removed":
        _recuse(seat)
    else:
        _take_wall_down(seat)
        _set_stance(seat, "undeclared" if last == "recuse" else "accepted")
        if last != "recuse":
            _open_idea(seat)
    record(actor, InterestOverruled(seat.review.idea_id, seat.review_id, seat.id, answer))
    return seat


def _reasons_against_overruling(seat: Seat, answer: str, reason: str) -> tuple[str, ...]:
    if not seat.review.is_open:
        return ("This review is closed.",)
    if not reason.strip():
        return ("Give the reason. The member and the coordinator read it.",)
    if answer == "removed" and not seat.cleared:
        return ("Only a member who takes part can be removed. Answer the declaration, or excuse the member.",)
    if answer == "admitted" and seat.stance != "recused":
        return ("Only a member who was recused can be admitted again.",)
    return () if answer in RULINGS else ("Choose whether this member takes part.",)


def _set_stance(seat: Seat, stance: str) -> None:
    seat.stance, seat.stance_at = stance, now()
    db.session.flush()
    db.session.expire(seat, ["declarations"])


def _open_idea(seat: Seat) -> None:
    """Let the member read the idea for as long as the seat lasts."""
    why, hidden = f"seat:{seat.id}", queries.reads_nameless(seat)
    found = db.session.scalar(
        sa.select(Access).filter_by(idea_id=seat.review.idea_id, person_id=seat.person_id, why=why)
    )
    if found is None:
        whose = {"idea_id": seat.review.idea_id, "person_id": seat.person_id}
        db.session.add(Access(**whose, why=why, since=now(), names_hidden=hidden))
    else:
        found.until, found.names_hidden = None, hidden
    if hidden:
        db.session.flush()
        db.session.expire(seat.idea, ["nameless"])


def _recuse(seat: Seat) -> None:
    """Close the idea to the member everywhere, whatever else they are."""
    _set_stance(seat, "recused")
    end_access([seat], now())
    seat.idea.walls.append(Wall(person_id=seat.person_id, why=f"seat:{seat.id}", since=now()))


def recuse_everywhere(actor: Actor, idea: Idea) -> None:
    """Recuse the person who acts from every open review of an idea that has been closed to them elsewhere."""
    seats = sa.select(Seat).join(Seat.review).where(Review.idea_id == idea.id, Review.state.in_(OPEN_STATES))
    for seat in db.session.scalars(seats.where(Seat.person_id == actor.person_id, Seat.stance.not_in(GONE))):
        hold_still(seat.review)
        _say(actor, seat, "recuse", "")
        _recuse(seat)
        record(actor, InterestDeclared(idea.id, seat.review_id, seat.id, "recuse"))


def _take_wall_down(seat: Seat) -> None:
    """Open the idea again as far as this seat closed it; another reason to keep it closed stays."""
    for wall in [wall for wall in seat.idea.walls if wall.why == f"seat:{seat.id}"]:
        db.session.delete(wall)
    db.session.flush()
    db.session.expire(seat.idea, ["walls"])
