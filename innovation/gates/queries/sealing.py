"""The one place that decides what a person is shown of a review."""

from __future__ import annotations

from dataclasses import replace

from innovation.gates.after_models import Reconsideration, WithheldDecision
from innovation.gates.interests import Flag, from_kept
from innovation.gates.models import Condition, Decision, Review, Score, Scorecard, Seat
from innovation.gates.policy import may_answer_reconsideration
from innovation.gates.queries.announcing import withheld_decision
from innovation.gates.queries.offered import marks_before
from innovation.gates.queries.standing import open_conditions, review_facts
from innovation.ideas.policy import CAPTURED, CONFLICTED, CONTRIBUTES, OWNS
from innovation.permission import Actor, NotThere
from innovation.values import dataclass
from workflows import held_by_tracker, scoring


@dataclass(frozen=True)
class Member:
    """Somebody at the table; ``submitted`` is None where the reader may not know."""

    seat_id: int
    name: str
    role: str
    stance: str
    submitted: bool | None
    declared: str = ""
    may_settle: bool = False
    noticed: tuple[Flag, ...] = ()
    explains: bool = False
    abstained: str = ""
    is_older: bool = False


@dataclass(frozen=True)
class Feedback:
    """What a member wrote; ``name`` is empty where the reader may not know it."""

    text: str
    name: str = ""


@dataclass(frozen=True)
class Changed:
    """The versions of one member's card, oldest first; ``name`` is empty where the reader may not know it."""

    name: str
    cards: tuple[Scorecard, ...]


@dataclass(frozen=True)
class PanelView:
    """What one person is shown of a review: nothing in it is sealed to them.

    ``means`` maps a criterion's key to the panel's mean mark; ``result`` has every mark, without names. ``settled``
    tells the panel and its staff that it has decided, ``withheld`` what: only to those who see the marks.
    ``older`` says how many of the cards that count are for an older revision than the panel reads now, ``is_behind``
    whether the reader's own is.
    """

    relation: str
    seat: Seat | None
    sees_pack: bool
    submitted: int
    expected: int
    quorum: int
    undeclared: int
    members: tuple[Member, ...]
    card: Scorecard | None
    draft: Scorecard | None
    inherited: tuple[Condition, ...]
    result: scoring.PanelResult | None
    result_id: int | None
    sealed_because: str
    comments: dict[str, tuple[str, ...]]
    notes: tuple[Feedback, ...]
    feedback: tuple[Feedback, ...]
    means: dict[str, float]
    decision: Decision | None
    uncovered: tuple[str, ...] = ()
    settled: bool = False
    withheld: WithheldDecision | None = None
    older: int = 0
    is_behind: bool = False
    own_versions: tuple[Scorecard, ...] = ()
    changed: tuple[Changed, ...] = ()

    @property
    def quorum_met(self) -> bool:
        return self.submitted >= self.quorum


def panel_view(actor: Actor, review: Review, inherited: tuple[Condition, ...] | None = None) -> PanelView:
    """What the person is shown; ``NotThere`` for whoever has a declared conflict of interest.

    ``inherited`` are the open conditions of the idea, where they have been read for many reviews at once.
    """
    relation, seat, sees_pack = reading(actor, review)
    facts = review_facts(review)
    cards = counting_cards(review)
    if inherited is None or not review.is_open:
        inherited = tuple(open_conditions(review.idea)) if review.is_open else ()
    because = _sealed_because(relation, review, seat, facts.scorecards >= review.quorum)
    result = None if because else _result(review, cards, inherited)
    decision = None if review.is_open else review.decision
    announced = decision is not None and relation != "facilitator"
    return PanelView(
        relation=relation,
        seat=seat if relation == "seat" else None,
        sees_pack=sees_pack,
        submitted=facts.scorecards,
        expected=sum(1 for each in review.seats if each.expected),
        quorum=review.quorum,
        undeclared=facts.undeclared,
        uncovered=facts.uncovered,
        settled=review.settled_at is not None and relation in ("seat", "staff"),
        withheld=None if because or relation not in ("seat", "staff") else withheld_decision(review),
        members=_members(actor, review, relation, seat),
        card=seat.submitted if seat and relation == "seat" else None,
        draft=seat.draft if seat and relation == "seat" else None,
        inherited=inherited,
        result=result,
        result_id=max((card.id for card in cards), default=None) if result else None,
        sealed_because=because,
        comments=_comments(cards) if result else {},
        notes=_notes(cards) if _reads_notes(review, seat, relation) else (),
        older=_older(review, cards) if result or relation == "staff" or _leads(review, seat, relation) else 0,
        is_behind=bool(seat and relation == "seat" and review.is_open and is_older(review, seat.submitted)),
        own_versions=tuple(c for c in seat.cards if c.submitted_at) if seat and relation == "seat" else (),
        changed=_changed(review, seat, relation) if result else (),
        feedback=tuple(Feedback(card.feedback) for card in cards if card.feedback)
        if result or (announced and relation == "team")
        else (),
        means=_means(review, cards) if announced and (result or relation == "team") else {},
        decision=decision if relation in ("team", "staff", "facilitator") or sees_pack else None,
    )


def shows_marks(actor: Actor, review: Review) -> bool:
    """Whether ``panel_view`` shows the panel's marks to the person; no mark is read."""
    try:
        relation, seat, _sees = reading(actor, review)
    except NotThere:
        return False
    return not _sealed_because(relation, review, seat, review_facts(review).scorecards >= review.quorum)


def reading(actor: Actor, review: Review) -> tuple[str, Seat | None, bool]:
    """As what the person reads a review, their seat, and whether its pack is open to them; no scorecard is read.

    ``NotThere`` for whoever has a declared conflict of interest, or nothing to do with it.
    """
    if CONFLICTED.holds(actor, review):
        raise NotThere
    seat = review.seat_of(actor.person_id)
    relation = _relation(actor, review, seat)
    return relation, seat, _sees_pack(relation, review, seat)


def _relation(actor: Actor, review: Review, seat: Seat | None) -> str:
    """Team before seat before staff: being part of an idea closes what other roles would open."""
    if OWNS.holds(actor, review) or CONTRIBUTES.holds(actor, review):
        return "team"
    staff = actor.is_system or actor.holds("coordinator", review) or actor.holds("manager", review)
    if seat is not None and not (staff and seat.role == "secretary"):
        return "seat"
    if staff:
        return "staff"
    if CAPTURED.holds(actor, review):
        return "facilitator"
    raise NotThere


def _sees_pack(relation: str, review: Review, seat: Seat | None) -> bool:
    """A member reads once nothing stands between them and the idea, unless the panel was sent home."""
    return seat.cleared and review.state != "cancelled" if relation == "seat" and seat else True


def _sealed_because(relation: str, review: Review, seat: Seat | None, quorum_met: bool) -> str:
    """Why the panel's marks are sealed to the reader; empty when they are open."""
    if relation == "team":
        return "The panel's marks stay with the panel. You see its means, reasons and feedback once it has decided."
    if relation == "facilitator":
        return "The panel's marks stay with the panel. You see what it decides."
    if relation == "seat" and seat:
        if review.state == "cancelled":
            return "The panel went home without a decision, so its pack and its marks are closed."
        if seat.role == "alternate":
            return "You are an alternate: you read with the panel, and score once you are called up for a member."
        if not seat.scores:
            return "Your seat reads the pack. Marks and notes stay with those who score."
        if not seat.cleared:
            return "Marks open once nothing stands between you and this idea, and you have submitted yours."
        if seat.abstains:
            return "You abstain. What the others scored opens when the panel has decided." if review.is_open else ""
        if not seat.submitted:
            return "What the others scored opens when you submit yours."
    if not quorum_met:
        return f"What was scored opens when the quorum of {review.quorum} is reached."
    return ""


def _members(actor: Actor, review: Review, relation: str, seat: Seat | None) -> tuple[Member, ...]:
    """Who sits; chairs and staff also see who has submitted, and what they answer for."""
    if relation not in ("seat", "staff"):
        return ()
    leads = relation == "staff" or _leads(review, seat, relation)
    return tuple(
        Member(
            each.id,
            each.person.name,
            each.role,
            each.stance if leads or each is seat else ("out" if not each.counts and each.scores else ""),
            (each.submitted is not None) if (leads or each is seat) and each.scores else None,
            *_declared(actor, each, leads),
            each.abstained_because if leads or each is seat else "",
            leads and is_older(review, each.submitted),
        )
        for each in review.seats
    )


def _declared(actor: Actor, seat: Seat, leads: bool) -> tuple[str, bool, tuple[Flag, ...], bool]:
    """The interest that waits for an answer and what was noticed then, for whoever answers it."""
    if seat.stance != "declared" or not leads or seat.person_id == actor.person_id:
        return "", False, (), False
    waiting_on = seat.settlers
    answers = (
        any(s.person_id == actor.person_id and s.cleared for s in waiting_on)
        if waiting_on
        else (actor.holds("coordinator", seat) or actor.holds("manager", seat))
    )
    said = next((each for each in reversed(seat.declarations) if each.level in ("declare", "none")), None)
    if said is None or not answers:
        return "", False, (), False
    return said.text, True, from_kept(said.noticed), said.level == "none"


def _leads(review: Review, seat: Seat | None, relation: str) -> bool:
    return relation == "seat" and seat is not None and seat.cleared and seat in review.leading


def counting_cards(review: Review) -> list[Scorecard]:
    """The newest submitted card of each seat that counts."""
    return [card for seat in review.seats if seat.expected and seat.cleared and (card := seat.submitted)]


def is_older(review: Review, card: Scorecard | None) -> bool:
    """True for a card that is for an older revision than the one which the panel reads now."""
    return card is not None and card.revision_id != review.revision_id


def _older(review: Review, cards: list[Scorecard]) -> int:
    return sum(is_older(review, card) for card in cards)


def _changed(review: Review, seat: Seat | None, relation: str) -> tuple[Changed, ...]:
    """The cards of others that were changed after they were submitted; who leads the panel reads whose they are."""
    named = _leads(review, seat, relation)
    each = [(other, [card for card in other.cards if card.submitted_at]) for other in review.seats if other is not seat]
    return tuple(
        Changed(other.person.name if named else "", tuple(cards))
        for other, cards in each
        if other.expected and other.cleared and not all(card.confirms for card in cards[1:])
    )


def reads_nameless(seat: Seat) -> bool:
    """True while the member reads without the names of the people behind the idea: until their own marks are in.

    Whoever gives none reads so until the panel has decided.
    """
    return seat.review.gate.hides_names and seat.review.is_open and seat.submitted is None


def open_cards(view: PanelView, review: Review) -> list[Scorecard]:
    """The cards behind a result, for whoever is shown the result; none for anybody else."""
    return counting_cards(review) if view.result is not None else []


def as_card(card: Scorecard) -> scoring.Card:
    """A scorecard as the scoring rules read it."""
    answers = [scoring.Answer(s.criterion, s.answer, s.fixable) for s in card.scores if s.answer is not None]
    marks = [scoring.Marks(s.criterion, s.mark) for s in card.scores if s.mark is not None or s.not_applicable]
    return scoring.Card(tuple(answers), tuple(marks))


def _result(review: Review, cards: list[Scorecard], inherited: tuple[Condition, ...]) -> scoring.PanelResult:
    """What the scores come to; a go is recommended where what is known beforehand of the criteria carries it, too."""
    gate, keys = review.gate, tuple(condition.key for condition in inherited)
    result = scoring.panel_result(gate, [as_card(card) for card in cards], review.quorum, keys)
    if result.recommendation is None or result.recommendation.outcome != "go":
        return result
    held = held_by_tracker(gate, marks_before(review.idea, gate), result.recommendation)
    return replace(result, recommendation=held)


def full_result(review: Review, inherited: tuple[Condition, ...]) -> scoring.PanelResult:
    """The panel's result, for the command that records the decision; pages ask ``panel_view``."""
    return _result(review, counting_cards(review), inherited)


def newest_card_id(review: Review) -> int | None:
    """The newest card that counts, so that a decision can tell whether one came in meanwhile."""
    return max((card.id for card in counting_cards(review)), default=None)


def _means(review: Review, cards: list[Scorecard]) -> dict[str, float]:
    result = scoring.panel_result(review.gate, [as_card(card) for card in cards], review.quorum)
    return {item.criterion_key: item.mean for item in result.criteria if item.mean is not None}


def _comments(cards: list[Scorecard]) -> dict[str, tuple[str, ...]]:
    """What was said of each criterion, in an order that tells nothing of who said it."""
    found: dict[str, list[str]] = {}
    scores: list[Score] = [score for card in cards for score in card.scores if score.comment]
    for score in sorted(scores, key=lambda score: score.comment):
        found.setdefault(score.criterion, []).append(score.comment)
    return {key: tuple(texts) for key, texts in found.items()}


def _reads_notes(review: Review, seat: Seat | None, relation: str) -> bool:
    return seat is not None and _leads(review, seat, relation) and seat.submitted is not None


def _notes(cards: list[Scorecard]) -> tuple[Feedback, ...]:
    return tuple(Feedback(card.note, card.seat.person.name) for card in cards if card.note)


def answering_view(actor: Actor, asked: Reconsideration) -> PanelView | None:
    """What somebody reads who has taken it on to look at a decision again: what its team reads of it, and no more.

    None for everybody else, and before they have declared that they have no interest.
    """
    if not may_answer_reconsideration.allows(actor, asked):
        return None
    review = asked.review
    facts, cards = review_facts(review), counting_cards(review)
    return PanelView(
        relation="answerer",
        seat=None,
        sees_pack=True,
        submitted=facts.scorecards,
        expected=sum(1 for each in review.seats if each.expected),
        quorum=review.quorum,
        undeclared=0,
        members=(),
        card=None,
        draft=None,
        inherited=(),
        result=None,
        result_id=None,
        sealed_because="Single marks stay with the panel. You read its means, its reasons and its feedback.",
        comments={},
        notes=(),
        feedback=tuple(Feedback(card.feedback) for card in cards if card.feedback),
        means=_means(review, cards),
        decision=asked.decision,
    )
