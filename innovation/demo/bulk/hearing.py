"""One sitting of a panel in bulk: seats, declarations, cards and the decision, by the same rules as everywhere."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.demo.bulk.course import Course
from innovation.demo.bulk.owing import Owed
from innovation.demo.bulk.society import DAY, Bench
from innovation.demo.bulk.verdicts import Verdict, verdict_on
from innovation.demo.marks import fill_cards, tone_of
from innovation.gates.deadlines import working_days_after
from innovation.gates.events import (
    GateDecided,
    IdeaJoined,
    InterestDeclared,
    InterestSettled,
    PanelConvened,
    PersonExcused,
    ScorecardSubmitted,
    ScoringOpened,
)
from innovation.gates.models import SCORING_ROLES, Condition, Decision, Declaration, Review, Score, Scorecard, Seat
from innovation.gates.queries.finding import READING_DAYS
from innovation.ideas.models import Access, Contributor, Wall
from workflows import REVIEW, Gate, ReviewFacts
from workflows.scoring import Card, PanelResult

LEVELS = {"screening": 5.1, "light": 5.6, "pilot": 5.7, "replication": 6.2, "institutionalisation": 6.7}
EXCUSED, RECUSED, DECLARED, ABSENT, COMMENTS = 0.06, 0.025, 0.04, 0.12, 0.2


class Hearing:
    """A review from the day it is convened to its decision, or to today."""

    def __init__(self, life: Course, gate: Gate) -> None:
        self.life, self.gate, self.rng, self.society = life, gate, life.rng, life.society
        self.convened = life.working(life.at + DAY * self.rng.randint(1, 6))
        self.decided = life.working(self.convened + DAY * self.rng.randint(8, 34))
        self.seats: list[dict[str, Any]] = []
        self.cards: list[Card] = []
        self.owed: list[Owed] = []
        self.result: PanelResult
        self.verdict: Verdict

    @property
    def outcome(self) -> str:
        return self.verdict.outcome

    @property
    def facts(self) -> dict[str, Any]:
        return {"recycles": self.life.recycles.get(self.gate.key, 0), "target": self.verdict.details.get("target")}

    @property
    def until(self) -> dt.date:
        return dt.date.fromisoformat(self.verdict.details["review_date"])

    def run(self) -> bool:
        """Convene, declare, score and decide, as far as that happens before today; True once it is decided."""
        latest = self.society.latest
        if self.convened >= latest:
            return False
        self._convene()
        level = min(9.4, max(1.6, self.rng.gauss(LEVELS[self.gate.key], 1.35)))
        self._take_seats()
        self._score(level)
        if self.decided >= latest:
            self.review["state"] = REVIEW.fire(REVIEW.initial, "open")
            return False
        self.life.at = self.decided
        self._decide()
        return True

    def _convene(self) -> None:
        life, gate = self.life, self.gate
        life.rounds[gate.key] = life.rounds.get(gate.key, 0) + 1
        bench = self._bench()
        due = working_days_after(life.at.date(), gate.working_days, self.society.cast.programme.country)
        coordinator = self.society.coordinator_id
        self.review = self.society.rows.add(
            Review,
            idea_id=life.id,
            panel_id=bench.panel_id,
            gate_key=gate.key,
            round=life.rounds[gate.key],
            revision_id=life.revision_id,
            quorum=gate.quorum,
            due_on=due,
            convened_by_id=coordinator,
            convened_at=self.convened,
            opened_at=self.convened,
        )
        life.row["due_on"] = due
        life.tell(coordinator, PanelConvened(life.id, self._id, gate.key, life.rounds[gate.key]), self.convened)
        life.tell(coordinator, ScoringOpened(life.id, self._id), self.convened)
        for person_id, role in bench.seats:
            self.seats.append(self.society.rows.add(Seat, review_id=self._id, person_id=person_id, role=role))

    def _bench(self) -> Bench:
        """A panel without those who are walled off from the idea; another one if too few are left."""
        life = self.life
        for _ in range(4):
            bench = self.society.bench(self.rng, self.gate.key, life.row["region_id"], self.decided)
            seats = tuple(seat for seat in bench.seats if seat[0] not in life.walled)
            if len(seats) >= self.gate.quorum and not self.gate.uncovered(role for _p, role in seats):
                return Bench(bench.panel_id, seats)
        raise RuntimeError(f"No panel of {self.gate.key} can sit for {life.row['reference']}.")

    @property
    def _id(self) -> int:
        return int(self.review["id"])

    def _between(self, share: float) -> dt.datetime:
        return self.convened + (self.decided - self.convened) * share + dt.timedelta(minutes=self.rng.randrange(90))

    # Declaring

    def _take_seats(self) -> None:
        """Each seat excused, recused, or cleared; what would be later than today has not happened yet."""
        spare = len(self.seats) - self.gate.quorum
        for number, seat in enumerate(self.seats):
            at = self._between(0.05 + 0.3 * number / len(self.seats))
            luck = self.rng.random()
            leaves = seat["role"] == "member" and spare > 0
            if at >= self.society.latest:
                continue
            if leaves and luck < EXCUSED + RECUSED and not self.life.walled:
                spare -= 1
                self._leave(seat, at, "excused" if luck < EXCUSED else "recused")
            else:
                self._clear(seat, at, declares=seat["role"] == "member" and luck > 1 - DECLARED)

    def _leave(self, seat: dict[str, Any], at: dt.datetime, stance: str) -> None:
        life = self.life
        seat |= {"stance": stance, "stance_at": at}
        if stance == "excused":
            life.tell(self.society.coordinator_id, PersonExcused(life.id, self._id, seat["id"]), at)
            return
        self._declare(seat, at, "recuse")
        self.society.rows.add(Wall, idea_id=life.id, person_id=seat["person_id"], why=f"seat:{seat['id']}", since=at)
        life.walled.add(seat["person_id"])

    def _clear(self, seat: dict[str, Any], at: dt.datetime, *, declares: bool) -> None:
        life, chair = self.life, self.seats[0]["person_id"]
        answered = at + dt.timedelta(hours=20)
        seat |= {"stance": "declared" if declares else "none", "stance_at": at}
        self._declare(seat, at, "declare" if declares else "none")
        if declares:
            if answered >= min(self.society.latest, self.decided):
                return
            seat |= {"stance": "accepted", "stance_at": answered}
            self._add_declaration(seat, answered, "accepted", chair, "")
            life.tell(chair, InterestSettled(life.id, self._id, seat["id"], "accepted"), answered)
        ends = self.decided + DAY * READING_DAYS if self.decided < self.society.latest else None
        self.society.rows.add(
            Access,
            idea_id=life.id,
            person_id=seat["person_id"],
            why=f"seat:{seat['id']}",
            since=seat["stance_at"],
            until=ends,
        )

    def _declare(self, seat: dict[str, Any], at: dt.datetime, level: str) -> None:
        interests = self.society.cast.written.comments["interests"]["sentences"]
        self._add_declaration(seat, at, level, seat["person_id"], self.rng.choice(interests) if level != "none" else "")
        self.life.tell(seat["person_id"], InterestDeclared(self.life.id, self._id, seat["id"], level), at)

    def _add_declaration(self, seat: dict[str, Any], at: dt.datetime, level: str, by: int, text: str) -> None:
        self.society.rows.add(Declaration, seat_id=seat["id"], level=level, text=text, made_by_id=by, made_at=at)

    # Scoring

    def _score(self, level: float) -> None:
        """The cards of those who score; a panel that decides has its chair's and its quorum's."""
        scoring = [
            seat for seat in self.seats if seat["role"] in SCORING_ROLES and seat["stance"] in ("none", "accepted")
        ]
        absent = [seat for seat in scoring[1:] if self.rng.random() < ABSENT][: max(0, len(scoring) - self.gate.quorum)]
        scoring = [seat for seat in scoring if seat not in absent]
        if not scoring:
            return
        times = sorted(self._between(0.4 + 0.5 * self.rng.random()) for _ in scoring)
        done = [(seat, at) for seat, at in zip(scoring, times, strict=True) if at < self.society.latest]
        if not done:
            return
        self.cards, self.result = fill_cards(self.gate, len(done), level, self.rng, musts=self._musts())
        for number, ((seat, at), card) in enumerate(zip(done, self.cards, strict=True), 1):
            self._submit(seat, at, card, number)

    def _musts(self) -> dict[str, str]:
        luck = self.rng.random()
        said = "unsure" if luck < 0.03 else "no" if luck < 0.055 else "no-unfixable" if luck < 0.07 else ""
        return {self.rng.choice(self.gate.must).key: said} if said else {}

    def _submit(self, seat: dict[str, Any], at: dt.datetime, card: Card, number: int) -> None:
        rows, feedback = self.society.rows, self.society.cast.written.comments["feedback"]["sentences"]
        made = rows.add(
            Scorecard, seat_id=seat["id"], number=1, revision_id=self.life.revision_id, saved_at=at, submitted_at=at,
            feedback=self.rng.choice(feedback) if self.rng.random() < 0.6 else "",
        )  # fmt: skip
        for answer in card.answers:
            rows.add(
                Score,
                scorecard_id=made["id"],
                criterion=answer.criterion_key,
                answer=answer.answer,
                fixable=answer.fixable,
            )
        for mark in card.marks:
            comment = self._comment(mark.criterion_key, mark.value) if self.rng.random() < COMMENTS else ""
            rows.add(Score, scorecard_id=made["id"], criterion=mark.criterion_key, mark=mark.value, comment=comment)
        fact = ScorecardSubmitted(self.life.id, self._id, seat["id"], number == self.gate.quorum)
        self.life.tell(seat["person_id"], fact, at)

    def _comment(self, criterion: str, mark: int | None) -> str:
        written = self.society.cast.written
        worth = self.gate.mark(mark).worth if mark is not None else 5
        return str(self.rng.choice(written.comments["comments"][written.kinds[criterion]][tone_of(worth)]))

    # Deciding

    def _decide(self) -> None:
        life = self.life
        result = self.result
        counting = [
            seat
            for seat in self.seats
            if seat["role"] in SCORING_ROLES and seat["stance"] not in ("excused", "recused")
        ]
        for seat in counting:
            if seat["stance"] == "declared":  # the chair answers before deciding
                self._refuse_late(seat)
        counting = [seat for seat in counting if seat["stance"] in ("none", "accepted")]
        facts = ReviewFacts(
            len(self.cards), self.gate.quorum, 0, self.gate.uncovered(seat["role"] for seat in counting)
        )
        self.review["state"] = REVIEW.fire(REVIEW.fire(REVIEW.initial, "open"), "decide", facts)
        for closed in (self.review, *self.seats):
            closed["closed_at"] = self.decided
        self.verdict = verdict_on(life, self.gate, result, self.decided.date())
        advised, chairs = (
            result.recommendation,
            [seat["person_id"] for seat in self.seats if seat["role"] in ("chair", "cochair")],
        )
        if len(chairs) > 1:
            self.verdict.details["signed_by"] = chairs[::-1]
        self.decision = self.society.rows.add(
            Decision,
            review_id=self._id,
            idea_id=life.id,
            outcome=self.outcome,
            rationale=self.verdict.rationale,
            details=self.verdict.details,
            recommended=advised.outcome if advised else None,
            recommended_because=advised.reason if advised else "",
            against_reason=self.verdict.against_reason,
            total=round(result.total * 100) if result.total is not None else None,
            decided_by_id=chairs[0],
            decided_at=self.decided,
            announced_at=self.decided,
        )
        life.tell(chairs[0], GateDecided(self._id, life.id, self.gate.key, self.outcome))

    def _refuse_late(self, seat: dict[str, Any]) -> None:
        """An interest that nobody answered in time is refused, which recuses the member."""
        chair, at = self.seats[0]["person_id"], self.decided - dt.timedelta(minutes=40)
        seat |= {"stance": "recused", "stance_at": at}
        self._add_declaration(seat, at, "refused", chair, "There was no time to look into it.")
        self.society.rows.add(
            Wall, idea_id=self.life.id, person_id=seat["person_id"], why=f"seat:{seat['id']}", since=at
        )
        self.life.walled.add(seat["person_id"])
        self.life.tell(chair, InterestSettled(self.life.id, self._id, seat["id"], "refused"), at)

    def take_effect(self) -> None:
        """What the decision does beside moving the idea."""
        life, details = self.life, self.verdict.details
        due = details.get("next_date") or details.get("resubmit_by")
        life.row["due_on"] = dt.date.fromisoformat(due) if due else None
        life.row["held_until"] = self.until if self.outcome == "hold" else None
        if self.outcome == "recycle":
            life.recycles[self.gate.key] = life.recycles.get(self.gate.key, 0) + 1
        if life.position.place == "ready" and life.row["pilot_ready_at"] is None:
            life.row["pilot_ready_at"] = self.decided
        if self.outcome == "merge":
            self._join()
        for terms in self.verdict.conditions:
            row = self.society.rows.add(
                Condition,
                decision_id=self.decision["id"],
                idea_id=life.id,
                gate_key=self.gate.key,
                owner_id=life.owner_id,
                **terms,
            )
            self.owed.append(Owed(life, row, self.decided))

    def _join(self) -> None:
        """Carry the owner over to the other idea, as the command does."""
        life, target = self.life, self.verdict.joins
        assert target is not None
        life.row["merged_into_id"] = target["id"]
        if life.owner_id != target["owner_id"] and (target["id"], life.owner_id) not in self.society.joined:
            self.society.joined.add((target["id"], life.owner_id))
            self.society.rows.add(
                Contributor, idea_id=target["id"], person_id=life.owner_id,
                role=f"From {life.row['reference']}", added_at=self.decided,
            )  # fmt: skip
        life.tell(self.decision["decided_by_id"], IdeaJoined(target["id"], life.id))
