"""Scoring alone: drafts that are never refused, cards that are handed in, and changes with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from innovation.command import command
from innovation.db import db, now
from innovation.drafts import Tab
from innovation.events import record
from innovation.gates import policy, queries
from innovation.gates.commands.holding import SETTLED, hold_still
from innovation.gates.commands.naming import show_names
from innovation.gates.events import ScorecardChanged, ScorecardSubmitted
from innovation.gates.models import Score, Scorecard, ScorecardCopy, Seat
from innovation.gates.terms import Entry
from innovation.once import repeatable
from innovation.permission import Actor
from innovation.rows import insert_all
from innovation.statements import write
from workflows import Gate, Refused, scoring

SCORES: Any = Score.__table__
ADD_SCORES = sa.insert(SCORES)
ANSWERS = ("yes", "no", "unsure")
NEWER_CAME = "A newer revision came before the panel while you were scoring. See what changed, then submit."
LOCKED = "The panel meets about this idea, so scorecards are locked. The chair can give you leave to change yours."


@command(policy.may_score_idea)
@repeatable
def save_scorecard(
    actor: Actor,
    seat: Seat,
    *,
    entries: Iterable[Entry],
    note: str = "",
    feedback: str = "",
    change_reason: str = "",
    tab: Tab | None = None,
) -> Scorecard:
    """Keep what was filled in so far; unknown criteria and marks are left out, nothing else is asked.

    A draft that another tab has written is kept as a copy.
    """
    require_open(seat)
    texts = {"note": note, "feedback": feedback, "change_reason": change_reason}
    return _write(seat, _card_of(seat), _known_ones(seat, entries, _inherited(seat)), texts, tab or Tab())


@command(policy.may_score_idea)
def use_scorecard_copy(actor: Actor, seat: Seat, *, copy_id: int) -> Scorecard:
    """Go on from a copy; the present draft becomes a copy in its place."""
    copy = queries.find_scorecard_copy(actor, seat, copy_id)
    kept = {entry.criterion: entry for entry in (Entry(**values) for values in copy.content["entries"])}
    if seat.draft is not None:
        kept = {score.criterion: Entry(score.criterion) for score in seat.draft.scores} | kept
    texts: dict[str, str] = copy.content["texts"]
    return save_scorecard(actor, seat, entries=list(kept.values()), **texts, tab=Tab(copy.tab))


@command(policy.may_score_idea)
def discard_scorecard_copy(actor: Actor, seat: Seat, *, copy_id: int) -> None:
    """Throw a copy of the draft away."""
    db.session.delete(queries.find_scorecard_copy(actor, seat, copy_id))


@command(policy.may_score_idea)
def submit_scorecard(
    actor: Actor,
    seat: Seat,
    *,
    entries: Iterable[Entry],
    note: str = "",
    feedback: str = "",
    change_reason: str = "",
    tab: Tab | None = None,
    revision_id: int | None = None,
) -> Scorecard:
    """Hand in the card; a changed one asks for a reason, gets a new number, and the old one is kept.

    ``revision_id`` is the revision that the member was shown: a newer one that came before the panel meanwhile is read
    first. Marks given anew for a newer revision need no other reason.
    """
    owes = hold_still(seat.review)
    require_open(seat, revision_id)
    inherited, before = _inherited(seat) if owes else {}, seat.submitted
    known = _known_ones(seat, entries, inherited)
    reasons = _still_open(seat.review.gate, known, inherited)
    if before is not None and before.revision_id == seat.review.revision_id and not change_reason.strip():
        reasons += ("Say why you change your scorecard.",)
    if reasons:
        raise Refused(reasons)
    card = _card_of(seat)
    card.submitted_at, card.revision_id = now(), seat.review.revision_id
    if seat.leave_at is not None:
        seat.leave_at = None
    texts = {"note": note, "feedback": feedback, "change_reason": change_reason}
    _write(seat, card, known, texts, tab or Tab(card.tab or ""))
    if before is None:
        facts = queries.review_facts(seat.review)
        reached = facts.scorecards == facts.quorum
        show_names([seat])
        record(actor, ScorecardSubmitted(seat.review.idea_id, seat.review_id, seat.id, reached))
    else:
        record(actor, ScorecardChanged(seat.review.idea_id, seat.review_id, seat.id, card.number))
    return card


def require_open(seat: Seat, read: int | None = None) -> None:
    """Refuse while the seat cannot give marks; ``read`` is the id of the revision that its member was shown."""
    if not seat.cleared:
        raise Refused(("Declare your interests first. If you declared one, the chair has to answer it.",))
    if seat.abstains:
        raise Refused(("You abstain. Take part again first, then give your marks.",))
    if seat.review.state == "convened":
        raise Refused(("Scoring has not been opened yet.",))
    if seat.review.state != "scoring":
        raise Refused(("This review is closed, so scorecards stay as they are.",))
    if seat.review.settled_at is not None:
        raise Refused((SETTLED,))
    if read is not None and read != seat.review.revision_id:
        raise Refused((NEWER_CAME,))
    if seat.review.locked_at is not None and seat.leave_at is None:
        raise Refused((LOCKED,))


def _inherited(seat: Seat) -> dict[str, str]:
    """Open conditions of earlier gates, which are must-meets here: their texts by key."""
    return {condition.key: condition.text for condition in queries.open_conditions(seat.idea)}


def _known_ones(seat: Seat, entries: Iterable[Entry], inherited: Mapping[str, str]) -> list[Entry]:
    """Those of this gate: a must-meet with an answer, a should-meet with a mark of its scale."""
    gate = seat.review.gate
    musts = {criterion.key for criterion in gate.must} | inherited.keys()
    shoulds, marks = {criterion.key for criterion in gate.should}, {None, *(mark.value for mark in gate.marks)}

    def is_known(entry: Entry) -> bool:
        if entry.criterion in musts:
            return entry.mark is None and not entry.not_applicable and entry.answer in (None, *ANSWERS)
        return entry.criterion in shoulds and entry.answer is None and entry.mark in marks

    return [entry for entry in entries if is_known(entry)]


def _still_open(gate: Gate, kept: list[Entry], inherited: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each thing that a card still owes."""
    names = {criterion.key: criterion.name for criterion in gate.criteria} | dict(inherited)
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


def _card_of(seat: Seat) -> Scorecard:
    """The draft, or a card that is not written yet."""
    number = max((c.number for c in seat.cards), default=0) + 1
    return seat.draft or Scorecard(seat_id=seat.id, number=number, revision_id=seat.review.revision_id)


def _write(seat: Seat, card: Scorecard, entries: list[Entry], texts: Mapping[str, str], tab: Tab) -> Scorecard:
    """Put the entries on the card; new ones in one statement for all of them."""
    _keep_copy(card, entries, texts, tab)
    card.tab = tab.key
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
    if card in seat.cards:
        db.session.flush()
    else:
        insert_all([card])
        set_committed_value(card, "seat", seat)
        set_committed_value(seat, "cards", [*seat.cards, card])
    if fresh:
        write(ADD_SCORES, [{"scorecard_id": card.id, **values} for values in fresh])
        db.session.expire(card, ["scores"])
    return card


def _keep_copy(card: Scorecard, entries: list[Entry], texts: Mapping[str, str], tab: Tab) -> None:
    """Keep what another tab has put on the card, unless it says nothing, or the same; the tab's own copy is over."""
    if not sa.inspect(card).persistent:
        return
    of_card = sorted((_entry(score) for score in card.scores), key=lambda entry: entry.criterion)
    before = [entry for entry in of_card if not entry.empty]
    said = {"note": card.note, "feedback": card.feedback, "change_reason": card.change_reason}
    after = sorted((entry for entry in entries if not entry.empty), key=lambda entry: entry.criterion)
    new = not tab.goes_on_from(card) and (before or any(said.values())) and (before, said) != (after, dict(texts))
    over = [card.tab, tab.key] if new else [tab.key]
    db.session.execute(
        sa.delete(ScorecardCopy).where(ScorecardCopy.seat_id == card.seat_id, ScorecardCopy.tab.in_(over))
    )
    if new:
        content = {"entries": [asdict(entry) for entry in before], "texts": said}
        kept = ScorecardCopy(seat_id=card.seat_id, tab=card.tab, content=content, saved_at=card.saved_at)
        db.session.add(kept)


def _entry(score: Score) -> Entry:
    return Entry(score.criterion, score.answer, score.fixable, score.mark, score.not_applicable, score.comment)


def _values(entry: Entry) -> dict[str, Any]:
    return {
        "criterion": entry.criterion,
        "answer": entry.answer,
        "fixable": entry.fixable if entry.answer == "no" else None,
        "mark": entry.mark,
        "not_applicable": entry.not_applicable,
        "comment": entry.comment,
    }
