"""A panel at work in the demonstration: convened, declaring, scoring, and sometimes deciding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import field
from random import Random
from typing import Any

from innovation.db import db
from innovation.demo.cast import Cast
from innovation.demo.marks import fill_cards, tone_of
from innovation.demo.telling import Story, moment
from innovation.gates import commands, queries
from innovation.gates.models import Review, Seat
from innovation.ideas.models import Idea
from innovation.meetings import queries as meetings
from innovation.meetings.commands import decide_item
from innovation.meetings.models import AgendaItem
from innovation.permission import SYSTEM
from innovation.values import dataclass
from workflows import Gate, Refused
from workflows.scoring import Card

LATE = "reviewer1"  # who follows the tour finds an idea on which this member has still to declare
DECLARES_ONE_IN, RECUSES_ONE_IN = 5, 16
EXPLAINED = "I know the place and nobody behind the idea; nothing of it would come to me."
WAITS_FOR_CHAIR = ("sports-field-mentors", "multigrade-weekly-plan")


@dataclass
class Sitting:
    """One review of an idea, from the day it is convened to the day it decides or would decide."""

    cast: Cast
    idea_key: str
    number: int
    level: float
    convened_on: dt.date
    decides_on: dt.date
    musts: dict[str, str] = field(default_factory=dict)
    submitted: int | None = None
    review_id: int = 0
    meeting_id: int = 0  # where the panel meets to decide
    leads_to: str = ""

    def __post_init__(self) -> None:
        self.rng = Random(f"{self.idea_key}:{self.number}")

    @property
    def idea(self) -> Idea:
        return self.cast.idea(self.idea_key)

    @property
    def review(self) -> Review:
        return db.session.get_one(Review, self.review_id)

    def run(self) -> Story:
        """Convene the panel, let its members declare and score; all of them, or as many as have so far."""
        yield moment(self.convened_on, 9, 20)
        self._convene()
        stances = self._plan_stances()
        seats = self._in_order(list(stances))
        scoring = [seat for seat in seats if stances[seat] != "recuse" and db.session.get_one(Seat, seat).scores]
        done = scoring if self.submitted is None else scoring[: self.submitted]
        declaring = self._declaring(seats, done)
        for share, seat in _spread(declaring, 0.08, 0.4):
            yield self._when(share)
            waits = self.idea_key in WAITS_FOR_CHAIR and seat in scoring and seat not in done
            self._declare(seat, "declare" if waits else stances[seat])
            if not waits and self._can_settle(seat):
                yield self._when(share + 0.05)
                self._settle(seat)
        cards, _result = fill_cards(self._gate, max(len(done), 1), self.level, self.rng, musts=self.musts)
        told: set[str] = set()
        for (share, seat), card in zip(_spread(done, 0.45, 0.92), cards, strict=False):
            yield self._when(share)
            self._score(seat, card, told)

    def decide(self, decision: dict[str, Any], **details: Any) -> None:
        """Record the decision; where two chairs sit, the other one signs."""
        review, chair = self.review, self.cast.actor("chair")
        record: Any = decide_item if self.meeting_id else commands.record_decision
        record(
            chair,
            self._item() if self.meeting_id else review,
            outcome=decision["outcome"],
            rationale=decision["rationale"],
            against_reason=decision.get("override_reason", ""),
            **details,
        )
        if len(review.signers) > 1:
            commands.sign_decision(self.cast.actor("cochair"), review)

    def _item(self) -> AgendaItem:
        """The review on the agenda of its meeting."""
        return meetings.find_meeting(SYSTEM, self.meeting_id).items[0]

    @property
    def _gate(self) -> Gate:
        return self.review.gate

    def _convene(self) -> None:
        idea = self.idea
        gate = idea.definition.gate_at(idea.place)
        panel = queries.suggested_panel(idea, gate) if gate else None
        if panel is None:
            raise Refused((f"{self.idea_key}: no panel sits at {idea.place}.",))
        coordinator = self.cast.coordinator_of(idea.region)
        self.review_id = commands.convene_panel(coordinator, idea, panel_id=panel.id).id

    def _plan_stances(self) -> dict[int, str]:
        """What each seat will declare: mostly nothing, sometimes an interest, now and then that it steps back."""
        stances: dict[int, str] = {}
        spare = 0 if self.idea.walls else sum(seat.counts for seat in self.review.seats) - self._gate.quorum
        for seat in self.review.seats:
            stances[seat.id] = "none"
            if seat.role == "member" and self.submitted is None:
                if spare > 0 and self.rng.randrange(RECUSES_ONE_IN) == 0:
                    stances[seat.id], spare = "recuse", 0
                elif self.rng.randrange(DECLARES_ONE_IN) == 0:
                    stances[seat.id] = "declare"
        return stances

    def _in_order(self, seats: list[int]) -> list[int]:
        """The chair first; the others as they find the time. A panel that is not yet quorate waits for its chair."""
        chair = next(seat.id for seat in self.review.seats if seat.role == "chair")
        others = [seat for seat in seats if seat != chair]
        self.rng.shuffle(others)
        waits = self.submitted is not None and self.submitted < self._gate.quorum
        if not waits:
            return [chair, *others]
        late = [seat for seat in others if db.session.get_one(Seat, seat).person_id == self.cast.people[LATE].id]
        return [*(seat for seat in others if seat not in late), chair, *late]

    def _declaring(self, seats: list[int], done: list[int]) -> list[int]:
        """Who declares: everybody, or once a panel is still at work below quorum, only some of those who are left."""
        if self.submitted is None or self.submitted >= self._gate.quorum:
            return seats
        left = [seat for seat in seats if seat not in done]
        return [*done, *left[: len(left) // 2]]

    def _when(self, share: float) -> dt.datetime:
        """A moment of a working hour, so far on the way from the convening to the decision."""
        whole = (self.decides_on - self.convened_on).days - 1
        day = self.convened_on + dt.timedelta(days=min(whole, max(0, int(whole * share + 0.5))))
        return moment(day, 10 + int(share * 6), self.rng.randrange(60))

    def _declare(self, seat_id: int, level: str) -> None:
        seat = db.session.get_one(Seat, seat_id)
        text = self.rng.choice(self.cast.written.comments["interests"]["sentences"]) if level != "none" else ""
        actor = self.cast.actor(seat.person)
        try:
            commands.declare_interest(actor, seat, level=level, text=text)
        except Refused:
            if level != "none":
                raise
            commands.declare_interest(actor, seat, level=level, text=EXPLAINED)  # something was noticed

    def _can_settle(self, seat_id: int) -> bool:
        seat = db.session.get_one(Seat, seat_id)
        return seat.stance == "declared" and any(other.cleared for other in seat.settlers)

    def _settle(self, seat_id: int) -> None:
        seat = db.session.get_one(Seat, seat_id)
        reason = "Known to the panel, and small enough to score fairly."
        commands.settle_interest(self.cast.actor("chair"), seat, answer="accepted", reason=reason)

    def _score(self, seat_id: int, card: Card, told: set[str]) -> None:
        seat = db.session.get_one(Seat, seat_id)
        sentences = self.cast.written.comments
        entries = list(self._entries(card, told))
        entries += [commands.Entry(c.key, answer="yes") for c in queries.open_conditions(self.idea)]
        commands.submit_scorecard(
            self.cast.actor(seat.person),
            seat,
            entries=entries,
            feedback=self.rng.choice(sentences["feedback"]["sentences"]) if self.rng.random() < 0.7 else "",
            note=self.rng.choice(sentences["notes"]["sentences"]) if self.rng.random() < 0.2 else "",
        )

    def _entries(self, card: Card, told: set[str]) -> Iterator[commands.Entry]:
        for answer in card.answers:
            yield commands.Entry(answer.criterion_key, answer=answer.answer, fixable=answer.fixable)
        for mark in card.marks:
            comment = ""
            if mark.value is not None and self.rng.random() < 0.45:
                comment = self._comment(mark.criterion_key, self._gate.mark(mark.value).worth, told)
            yield commands.Entry(mark.criterion_key, mark=mark.value, comment=comment)

    def _comment(self, criterion: str, worth: float, told: set[str]) -> str:
        """Something written that suits the criterion and the mark, and that nobody has said yet."""
        written = self.cast.written
        said = written.comments["comments"][written.kinds[criterion]][tone_of(worth)]
        left = [text for text in said if text not in told]
        if not left:
            return ""
        text = str(self.rng.choice(left))
        told.add(text)
        return text


def _spread(items: list[int], first: float, last: float) -> list[tuple[float, int]]:
    """The items with shares of the way, evenly from the first to the last."""
    step = (last - first) / max(1, len(items) - 1)
    return [(first + step * number, item) for number, item in enumerate(items)]
