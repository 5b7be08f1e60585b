"""Scoring alone: drafts that are never refused, cards that are handed in, and changes with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.gates import policy, queries
from innovation.gates.commands.holding import hold_still
from innovation.gates.events import ScorecardChanged, ScorecardSubmitted
from innovation.gates.models import Score, Scorecard, Seat
from innovation.gates.terms import Entry
from innovation.permission import Actor
from workflows import Gate, Refused, scoring

ANSWERS = ("yes", "no", "unsure")


@command(policy.may_score_idea)
def save_scorecard(
    actor: Actor, seat: Seat, *, entries: Iterable[Entry], note: str = "", feedback: str = "", change_reason: str = ""
) -> Scorecard:
    """Keep what was filled in so far; unknown criteria and marks are left out, nothing else is asked."""
    _require_open(seat)
    texts = {"note": note, "feedback": feedback, "change_reason": change_reason}
    return _write(_card_of(seat), _known_ones(seat, entries, _inherited(seat)), texts)


@command(policy.may_score_idea)
def submit_scorecard(
    actor: Actor, seat: Seat, *, entries: Iterable[Entry], note: str = "", feedback: str = "", change_reason: str = ""
) -> Scorecard:
    """Hand in the card; a changed one asks for a reason, gets a new number, and the old one is kept."""
    hold_still(seat.review)
    _require_open(seat)
    inherited, before = _inherited(seat), seat.submitted
    known = _known_ones(seat, entries, inherited)
    reasons = _still_open(seat.review.gate, known, inherited)
    if before is not None and not change_reason.strip():
        reasons += ("Say why you change your scorecard.",)
    if reasons:
        raise Refused(reasons)
    card = _card_of(seat)
    card.submitted_at = now()
    _write(card, known, {"note": note, "feedback": feedback, "change_reason": change_reason})
    if before is None:
        facts = queries.review_facts(seat.review)
        reached = facts.scorecards == facts.quorum
        record(actor, ScorecardSubmitted(seat.review.idea_id, seat.review_id, seat.id, reached))
    else:
        record(actor, ScorecardChanged(seat.review.idea_id, seat.review_id, seat.id, card.number))
    return card


def _require_open(seat: Seat) -> None:
    if not seat.cleared:
        raise Refused(("Declare your interests first. If you declared one, the chair has to answer it.",))
    if seat.review.state == "convened":
        raise Refused(("Scoring has not been opened yet.",))
    if seat.review.state != "scoring":
        raise Refused(("This review is closed, so scorecards stay as they are.",))


def _inherited(seat: Seat) -> dict[str, str]:
    """Open conditions of earlier gates, which are must-meets here: their texts by key."""
    return {condition.key: condition.text for condition in queries.open_conditions(seat.idea)}


def _known_ones(seat: Seat, entries: Iterable[Entry], inherited: Mapping[str, str]) -> list[Entry]:
    return [entry for entry in entries if _known(seat.review.gate, inherited, entry)]


def _still_open(gate: Gate, kept: list[Entry], inherited: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each thing that a card still owes."""
    names = {criterion.key: criterion.name for criterion in gate.criteria} | inherited
    answers = tuple(scoring.Answer(e.criterion, e.answer, e.fixable) for e in kept if e.answer is not None)
    marks = tuple(scoring.Marks(e.criterion, e.mark) for e in kept if e.mark is not None or e.not_applicable)
    missing = scoring.unanswered(gate, scoring.Card(answers, marks), tuple(inherited))
    unsaid = [item.criterion_key for item in answers if item.answer == "no" and item.fixable is None]
    all_out = bool(marks) and all(item.value is None for item in marks)
    return (
        *(f"“{names[key]}” is still open." for key in missing),
        *(f"“{names[key]}”: you say No. Say whether it can be fixed." for key in unsaid),
        *(("Mark at least one criterion. All of them as not applicable says nothing.",) if all_out else ()),
    )


def _known(gate: Gate, inherited: Mapping[str, str], entry: Entry) -> bool:
    """True for an entry of this gate: a must-meet with an answer, a should-meet with a mark of its scale."""
    if entry.criterion in {criterion.key for criterion in gate.must} or entry.criterion in inherited:
        return entry.mark is None and not entry.not_applicable and entry.answer in (None, *ANSWERS)
    marks = {mark.value for mark in gate.marks}
    is_should = entry.criterion in {criterion.key for criterion in gate.should}
    return is_should and entry.answer is None and (entry.mark is None or entry.mark in marks)


def _card_of(seat: Seat) -> Scorecard:
    """The draft, which is made when there is none."""
    card = seat.draft
    if card is None:
        number = max((c.number for c in seat.cards), default=0) + 1
        card = Scorecard(number=number, revision_id=seat.review.revision_id)
        seat.cards.append(card)
    return card


def _write(card: Scorecard, entries: list[Entry], texts: Mapping[str, str]) -> Scorecard:
    """Put the entries on the card; new ones in one statement for all of them."""
    kept = {score.criterion: score for score in card.scores}
    fresh = []
    for entry in entries:
        values = _values(entry)
        if entry.criterion in kept:
            for name, value in values.items():
                setattr(kept[entry.criterion], name, value)
        elif not entry.empty:
            fresh.append(values)
    card.note, card.feedback, card.change_reason = texts["note"], texts["feedback"], texts["change_reason"]
    card.saved_at = now()
    db.session.flush()
    if fresh:
        db.session.execute(sa.insert(Score), [{"scorecard_id": card.id, **values} for values in fresh])
        db.session.expire(card, ["scores"])
    return card


def _values(entry: Entry) -> dict[str, Any]:
    return {
        "criterion": entry.criterion,
        "answer": entry.answer,
        "fixable": entry.fixable if entry.answer == "no" else None,
        "mark": entry.mark,
        "not_applicable": entry.not_applicable,
        "comment": entry.comment,
    }
