"""Bringing an idea to its gate and a panel to the table, for one idea or for many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from innovation.accounts.models import Person
from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.gates import composition, policy, queries
from innovation.gates.commands.holding import SETTLED, hold_still
from innovation.gates.commands.withholding import drop_withheld
from innovation.gates.deadlines import due_after, reading_until, today_of
from innovation.gates.events import (
    IdeaPresented,
    PanelConvened,
    PanelReminded,
    PersonExcused,
    PersonSeated,
    ReviewCancelled,
    ScoringOpened,
)
from innovation.gates.models import GONE, SEAT_ROLES, Panel, PanelMember, Review, Seat
from innovation.ideas import moves
from innovation.ideas import queries as ideas_queries
from innovation.ideas.models import Access, Idea, Revision
from innovation.languages import written_day
from innovation.once import Repeated
from innovation.permission import Actor, Forbidden, NotThere
from innovation.statements import write
from innovation.values import dataclass
from workflows import REVIEW, WHOLE_WAY, Gate, JourneyFacts, Refused, Track

WAYS: Any = Access.__table__
END_ACCESS = (
    sa.update(WAYS)
    .where(WAYS.c.idea_id == sa.bindparam("of"), WAYS.c.why == sa.bindparam("because"))
    .values(until=sa.bindparam("end"))
)

SEATS: Any = Seat.__table__
CLOSE_SEATS = sa.update(SEATS).where(SEATS.c.review_id == sa.bindparam("of")).values(closed_at=sa.bindparam("end"))

# Presenting


@command(policy.may_present_idea)
def present_idea(actor: Actor, idea: Idea, *, track: str = WHOLE_WAY) -> Idea:
    """Bring the idea to the gate that its way leads to; ``Refused`` with all that is missing."""
    if track not in {WHOLE_WAY, *(item.key for item in idea.definition.tracks)}:
        raise Refused(("Choose one of the ways that this process offers.",))
    way, gate = way_to_gate(idea, track)
    if gate is None:
        raise Refused((idea.journey.unavailable(idea.state, "present"),))
    if idea.place == idea.definition.stages[0].key:
        idea.track = track
    moves.move(idea, way, facts_to_present(idea, gate))
    idea.due_on = due_after(idea.programme, gate.working_days)
    record(actor, IdeaPresented(idea.id, gate.key, idea.track))
    return idea


def way_to_gate(idea: Idea, track: str) -> tuple[str, Gate | None]:
    """The trigger that presents the idea on a track, and the gate that it leads to."""
    definition = idea.definition
    gate = definition.gate_after(idea.place)
    chosen = next((item for item in definition.tracks if item.key == track), None)
    if idea.place != definition.stages[0].key or chosen is None:
        return "present", gate
    entry = definition.gate(chosen.entry)
    return ("present", gate) if entry == gate else (f"present_{track}", entry)


def open_tracks(idea: Idea) -> tuple[Track, ...]:
    """The ways that are open from where the idea stands: only the first stage has several."""
    definition = idea.definition
    if idea.place == definition.stages[0].key and idea.standing == "active":
        return definition.tracks
    return tuple(track for track in definition.tracks if track.key == WHOLE_WAY)


def facts_to_present(idea: Idea, gate: Gate) -> JourneyFacts:
    """What the journey must know to let the idea go to a gate."""
    return ideas_queries.journey_facts(idea, missing=ideas_queries.readiness(idea, gate=gate).missing)


# Convening


@command(policy.may_convene_panel)
def convene_panel(
    actor: Actor,
    idea: Idea,
    *,
    panel_id: int,
    left_out: Iterable[int] = (),
    due_on: dt.date | None = None,
    sooner: str = "",
    scoring: str = "now",
) -> Review:
    """Seat a panel for the idea at its gate; ``scoring`` opens "now" or "later".

    A day to decide by that leaves the panel less time to read than its gate gives needs a reason, ``sooner``.
    """
    gate = idea.definition.gate_at(idea.place)
    if gate is None or idea.standing != "active":
        raise Refused(("This idea does not wait at a gate.",))
    if queries.current_review(idea) is not None:
        raise Refused(("A panel has been convened for this idea already.",))
    panel = db.session.get(Panel, panel_id)
    if panel is None or panel.retired_at or panel.programme_id != idea.programme_id or gate.key not in panel.gate_keys:
        raise Refused(("This panel does not sit at this gate. Choose another one.",))
    if due_on is not None and due_on < today_of(idea.programme):
        raise Refused(("The day to decide by has passed. Choose one that lies ahead.",))
    read_by = reading_until(idea, gate)
    usual = idea.due_on or due_after(idea.programme, gate.working_days)
    day = due_on or max(usual, read_by)
    if day < read_by and not sooner.strip():
        raise Refused((f"The panel has until {written_day(read_by)} to read. Choose a later day, or say why not.",))
    members = _who_may_sit(idea, gate, panel, set(left_out))
    review = Review(
        idea=idea,
        panel_id=panel.id,
        gate_key=gate.key,
        round=_next_round(idea, gate),
        quorum=gate.quorum,
        revision_id=_present_revision(idea),
        convened_by_id=actor.person_id,
        convened_at=now(),
        due_on=day,
        seats=[Seat(person_id=member.person_id, role=member.role) for member in members],
    )
    db.session.add(review)
    db.session.flush()
    idea.due_on, idea.updated_at = review.due_on, now()  # two who convene at once: the second is told
    reason = sooner.strip() if day < read_by else ""
    record(actor, PanelConvened(idea.id, review.id, gate.key, review.round, reason))
    if scoring == "now":
        open_scoring(actor, review)
    return review


def _who_may_sit(idea: Idea, gate: Gate, panel: Panel, left_out: set[int]) -> list[PanelMember]:
    """The members who can sit for the idea; ``Refused`` when too few are left for quorum, chair or composition."""
    serving = queries.serving_members(panel, today_of(idea.programme))
    current = [member for member in serving if member.person_id not in left_out]
    barred = queries.unseatable(idea, {member.person_id: member.role for member in current})
    members = [member for member in current if member.person_id not in barred]
    lacking = composition.lacking(gate, (member.role for member in members))
    if lacking:
        today = today_of(idea.programme)
        lapsed = [m.person.name for m in queries.current_members(panel) if m.lapsed(today)]
        lacking += tuple(f"The term of {name} has ended." for name in lapsed)
        out = [f"{member.person.name} {barred[member.person_id]}." for member in current if member.person_id in barred]
        raise Refused((*lacking, *out))
    return members


def _next_round(idea: Idea, gate: Gate) -> int:
    query = sa.select(sa.func.max(Review.round)).where(Review.idea_id == idea.id, Review.gate_key == gate.key)
    return (db.session.scalar(query) or 0) + 1


def _present_revision(idea: Idea) -> int:
    query = sa.select(Revision.id).where(Revision.idea_id == idea.id).order_by(Revision.number.desc()).limit(1)
    return db.session.scalars(query).one()


@command(policy.may_run_review)
def open_scoring(actor: Actor, review: Review) -> Review:
    """Let the panel score."""
    review.state = REVIEW.fire(review.state, "open", queries.review_facts(review))
    review.opened_at = now()
    record(actor, ScoringOpened(review.idea_id, review.id))
    return review


# While the panel sits


@command(policy.may_run_review)
def remind_panel(actor: Actor, review: Review) -> Review:
    """Remind whoever still has to declare or to score."""
    if not review.is_open:
        raise Refused(("This review is closed.",))
    if review.settled_at is not None:
        raise Refused((SETTLED,))
    owing = queries.list_owing_seats(review)
    if not owing:
        raise Refused(("Everybody on this panel has declared and scored. Nobody needs a reminder.",))
    for seat in owing:
        seat.reminded_at = now()
    record(actor, PanelReminded(review.idea_id, review.id, tuple(seat.id for seat in owing)))
    return review


@command(policy.may_run_review)
def seat_person(actor: Actor, review: Review, *, person_id: int, role: str) -> Seat:
    """Seat somebody while the review is open: a new member, an alternate called up, a new chair."""
    hold_still(review)
    if not review.is_open:
        raise Refused(("This review is closed.",))
    if role not in SEAT_ROLES:
        raise Refused(("Choose what the person sits as.",))
    person = db.session.get(Person, person_id)
    barred = queries.unseatable(review.idea, {person_id: role})
    if person is None or person_id in barred:
        name = person.name if person else "This person"
        raise Refused((f"{name} {barred.get(person_id, 'is not known here')}.",))
    seat = next((s for s in review.seats if s.person_id == person_id), None)
    if seat is None:
        seat = Seat(person_id=person_id, role=role, stance="undeclared")
        review.seats.append(seat)
    elif seat.stance == "recused":
        raise Refused((f"{person.name} was recused from this idea.",))
    elif seat.submitted and seat.stance not in GONE and seat.role != role:
        raise Refused((f"{person.name} has submitted a scorecard and keeps the present seat.",))
    else:
        _reseat(seat, role)
    record(actor, PersonSeated(review.idea_id, review.id, _flushed(seat).id, role))
    return seat


def _reseat(seat: Seat, role: str) -> None:
    """Give a seat another part; whoever helped to capture the idea declares that before they score."""
    read_only, seat.role = not seat.scores, role
    helped = read_only and seat.scores and queries.who_captured(seat.idea, {seat.person_id})
    if seat.stance == "excused" or (helped and seat.stance == "none"):
        seat.stance = "undeclared"
        end_access([seat], now())


def _flushed(seat: Seat) -> Seat:
    db.session.flush()
    return seat


@command(policy.may_run_review)
def excuse_seat(actor: Actor, seat: Seat) -> Seat:
    """Let a member go who cannot take part; one who has scored stays."""
    hold_still(seat.review)
    if not seat.review.is_open or seat.stance in GONE:
        raise Refused(("This seat takes no part any more.",))
    if seat.submitted:
        raise Refused(("This member has submitted a scorecard, so the seat stays.",))
    seat.stance, seat.stance_at = "excused", now()
    end_access([seat], now())
    record(actor, PersonExcused(seat.review.idea_id, seat.review_id, seat.id))
    return seat


@command(policy.may_run_review)
def replace_seat(actor: Actor, seat: Seat, *, by_id: int | None) -> Seat:
    """Excuse a member and put somebody else in the same seat, for example an alternate; or excuse them only."""
    excuse_seat(actor, seat)
    if by_id is None:
        return seat
    taken: Seat = seat_person(actor, seat.review, person_id=by_id, role=seat.role)
    return taken


def replace_leaver(person_id: int, by_id: int | None) -> Callable[[Actor, Idea], Any]:
    """For ``in_bulk``: replace somebody who has left at the open review of an idea."""

    def replace(actor: Actor, idea: Idea) -> Seat:
        review = queries.current_review(idea)
        seat = review.seat_of(person_id) if review is not None else None
        if seat is None:
            raise Refused(("This person has no seat in this review any more.",))
        replaced: Seat = replace_seat(actor, seat, by_id=by_id)
        return replaced

    return replace


@command(policy.may_run_review)
def cancel_review(actor: Actor, review: Review) -> Review:
    """Send the panel home without a decision; the idea stays where it is."""
    if review.settled_at is not None and review.idea.standing == "withdrawn":
        drop_withheld(actor, review)
    hold_still(review)
    review.state = REVIEW.fire(review.state, "cancel", queries.review_facts(review))
    review.closed_at = now()
    end_access(review.seats, now())
    close_seats(review)
    record(actor, ReviewCancelled(review.idea_id, review.id, review.gate_key))
    return review


def close_seats(review: Review) -> None:
    """Let the seats of a review that has closed know it."""
    write(CLOSE_SEATS, [{"of": review.id, "end": review.closed_at}])
    for seat in review.seats:
        set_committed_value(seat, "closed_at", review.closed_at)


def end_access(seats: Iterable[Seat], until: dt.datetime) -> None:
    """Let the seats of one review open its idea until a moment, and no longer."""
    ending = list(seats)
    if ending:
        db.session.flush()
        idea_id = ending[0].review.idea_id
        write(END_ACCESS, [{"of": idea_id, "because": f"seat:{seat.id}", "end": until} for seat in ending])
        for way in [known for known in db.session if isinstance(known, Access)]:
            db.session.expire(way)


# For many at once


@dataclass
class BulkReport:
    """What was done for many ideas at once: references that went well, and those that did not, each with why."""

    done: list[str] = field(default_factory=list)
    failed: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)


def in_bulk(actor: Actor, references: Iterable[str], act: Callable[[Actor, Idea], Any]) -> BulkReport:
    """Do one thing for each idea in a transaction of its own; what fails is reported and stops nothing else."""
    report = BulkReport()
    for reference in dict.fromkeys(references):
        try:
            act(actor, ideas_queries.find_idea(actor, reference))
            report.done.append(reference)
        except Repeated:  # the same form, sent a second time
            report.done.append(reference)
        except Refused as refused:
            report.failed.append((reference, refused.reasons))
        except Forbidden:
            report.failed.append((reference, ("You may not do this for this idea.",)))
        except NotThere:
            report.failed.append((reference, ("There is no such idea that you may see.",)))
    return report


def present_prepared(actor: Actor, idea: Idea) -> Idea:
    """Present the idea on the way that was prepared for it; where it is ready for several, people have to choose."""
    policy.may_present_idea.require(actor, idea)
    ready = {track.key: track.name for track in open_tracks(idea) if _is_ready(idea, track.key)}
    came_by = idea.track if idea.track != WHOLE_WAY and idea.track in ready else ""
    if len(ready) > 1 and not came_by:
        raise Refused((f"This idea is ready for several ways: {', '.join(ready.values())}. Choose one on its page.",))
    presented: Idea = present_idea(actor, idea, track=came_by or next(iter(ready), WHOLE_WAY))
    return presented


def _is_ready(idea: Idea, track: str) -> bool:
    way, gate = way_to_gate(idea, track)
    return gate is not None and not idea.journey.reasons(idea.state, way, facts_to_present(idea, gate))


def convene_suggested(actor: Actor, idea: Idea) -> Review:
    """Convene the panel of the idea's region, or else the one for the whole programme."""
    gate = idea.definition.gate_at(idea.place)
    if gate is None:
        raise Refused(("This idea does not wait at a gate.",))
    panel = queries.suggested_panel(idea, gate)
    if panel is None:
        raise Refused(("No panel sits at this gate for this region yet. Make one first.",))
    review: Review = convene_panel(actor, idea, panel_id=panel.id)
    return review


def remind_current(actor: Actor, idea: Idea) -> Review:
    """Remind the panel that sits for the idea now."""
    review = queries.current_review(idea)
    if review is None:
        raise Refused(("No panel has been convened for this idea.",))
    reminded: Review = remind_panel(actor, review)
    return reminded
