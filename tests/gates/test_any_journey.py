"""Whatever people do with an idea, in any order: no way leads past a gate, its panel or what it asks for."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from innovation import chain
from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.gates import commands
from innovation.gates import queries as gates
from innovation.gates.models import CLEARED, Decision, Review, Seat
from innovation.ideas import commands as ideas
from innovation.ideas.models import Handin, Idea, Tally
from innovation.ideas.queries import latest_ask, latest_revision
from innovation.permission import Actor, Forbidden
from tests import make
from tests.gates.deciding import DETAILS
from workflows import Gate, Refused

SOON = now().date() + dt.timedelta(days=30)
OUTCOMES = ("go", "go", "go", "conditional", "recycle", "hold", "stop", "refer", "merge")
TRACKS = ("full", "full", "full", "light", "proven")
SEATS = 5
LEAD_ON = {"go", "conditional"}


class Life(RuleBasedStateMachine):
    """One idea, and people who do anything to it at any time; every move is held against what was there before it."""

    def __init__(self) -> None:
        super().__init__()
        self.owner_id = make.person("Owner").id
        self.idea_id = make.idea(db.session.get(Person, self.owner_id)).id
        self.other = make.idea().reference
        self.staff = make.actor(make.staff("coordinator"))
        self.chairs = {gate.key: self.panel(gate) for gate in self.idea.definition.gates}
        db.session.commit()
        self.before = self.idea.state

    def panel(self, gate: Gate) -> int:
        made = make.panel(gate.key, SEATS)
        make.grant(made.members[0].person, "manager", programme_id=made.programme_id)  # may see what an idea joins
        return made.id

    @property
    def idea(self) -> Idea:
        return db.session.get_one(Idea, self.idea_id)

    @property
    def owner(self) -> Actor:
        return make.actor(db.session.get_one(Person, self.owner_id))

    @property
    def ahead(self) -> Gate | None:
        idea = self.idea
        return idea.definition.gate_at(idea.place) or idea.definition.gate_after(idea.place)

    @property
    def review(self) -> Review | None:
        return gates.current_review(self.idea)

    def try_to(self, act: Any, *args: Any, **details: Any) -> Any:
        try:
            return act(*args, **details)
        except (Refused, Forbidden):
            db.session.rollback()
            return None

    # Working it out

    @initialize()
    def complete_the_canvas(self) -> None:
        asked: dict[str, Any] = {field.key: "Something." for field in self.idea.definition.canvas}
        asked |= {field.key: 400_00 for field in self.idea.definition.canvas if field.type == "money"}
        asked["phases"] = ["fp"]
        for key in ("title", "owner", "consent", "theme", "topic", "where"):
            asked.pop(key, None)
        district = make.district()
        self.idea.district_id = district.id
        self.try_to(ideas.hand_in_canvas, self.owner, self.idea, answers=asked, based_on=1)

    @rule(accepted=st.sampled_from([True, True, True, False]), all_of_it=st.sampled_from([True, True, False]))
    def hand_in(self, accepted: bool, all_of_it: bool) -> None:
        asked = [a.deliverable for a in (self.ahead.asks if self.ahead else ()) if a.deliverable.kind != "generated"]
        for deliverable in asked if all_of_it else asked[:1]:
            handed = self.try_to(
                ideas.hand_in_deliverable, self.owner, self.idea, deliverable=deliverable.key, content={}
            )
            if accepted and handed is not None:
                self.try_to(ideas.accept_deliverable, self.staff, handed)

    @rule()
    def ask(self) -> None:
        details = {"amount_cents": 100_00, "instruments": ["grant"], "months": 12, "provinces": [], "phases": ["fp"]}
        more = {"schools": 2, "learners": 9, "cost_per_learner_cents": 9, "evidence_level": "E1", "legal_status": []}
        self.try_to(ideas.make_ask, self.owner, self.idea, **details, **more)

    @rule(level=st.sampled_from(["E1", "E3"]))
    def accept_evidence(self, level: str) -> None:
        self.try_to(ideas.accept_evidence, self.staff, self.idea, level=level)

    # At the gate

    @rule(track=st.sampled_from(TRACKS))
    def present(self, track: str) -> None:
        self.try_to(commands.present_idea, self.owner, self.idea, track=track)

    @rule()
    def convene(self) -> None:
        gate = self.ahead
        if gate is not None:
            self.try_to(commands.convene_panel, self.staff, self.idea, panel_id=self.chairs[gate.key])

    @rule(declare=st.sampled_from([5, 5, 5, 3]), score=st.sampled_from([5, 5, 5, 2]))
    def sit(self, declare: int, score: int) -> None:
        seats = self.review.seats if self.review else []
        for seat in seats[:declare]:
            self.try_to(commands.declare_interest, make.actor(seat.person), seat, level="none")
        for seat in seats[:score]:
            best = make.entries(seat.review.gate, max(mark.value for mark in seat.review.gate.marks))
            self.try_to(commands.submit_scorecard, make.actor(seat.person), seat, entries=best, change_reason="Again.")

    @rule(outcome=st.sampled_from(OUTCOMES), to=st.sampled_from(["captured", "concept", "piloting", "replicating"]))
    def decide(self, outcome: str, to: str) -> None:
        review = self.review
        if review is None:
            return
        details = {**DETAILS.get(outcome, {}), **({"target": to} if outcome == "recycle" else {})}
        details |= {"merge_into": self.other} if outcome == "merge" else {}
        reasons = {"rationale": "Because.", "against_reason": "We know more."}
        self.try_to(
            commands.record_decision, make.actor(review.seats[0].person), review, outcome=outcome, **reasons, **details
        )

    # Beside the gate

    @rule()
    def start_pilot(self) -> None:
        when = {"starts_on": SOON, "ends_on": SOON + dt.timedelta(days=90)}
        self.try_to(ideas.start_pilot, self.owner, self.idea, sites=["930320001"], means="A grant.", **when)

    @rule(act=st.sampled_from([commands.resume_idea, commands.resume_idea, ideas.revive_idea]))
    def take_up_again(self, act: Any) -> None:
        self.try_to(act, self.staff, self.idea)

    @rule(really=st.sampled_from([False, False, False, False, True]))
    def withdraw(self, really: bool) -> None:
        if really:
            self.try_to(ideas.withdraw_idea, self.owner, self.idea)

    @rule()
    def go_on_as_one_should(self) -> None:
        """The straight way to the next stage, so that late gates are tried as well."""
        self.hand_in(True, True)
        self.ask()
        self.present("full")
        self.convene()
        self.sit(SEATS, SEATS)
        self.decide("go", "")
        self.start_pilot()

    # What must hold, whatever was done

    def newest(self) -> Decision | None:
        return db.session.scalar(sa.select(Decision).filter_by(idea_id=self.idea_id).order_by(Decision.id.desc()))

    @invariant()
    def every_gate_that_was_passed_was_decided(self) -> None:
        db.session.expire_all()
        steps = self.idea.definition.gates
        passed = Counter(
            decision.review.gate_key
            for decision in db.session.scalars(sa.select(Decision).filter_by(idea_id=self.idea_id))
            if decision.outcome in LEAD_ON
        )
        order = [gate for gate in steps if gate.track is None]
        place = self.idea.place.removeprefix("at_")
        behind = [gate for gate in order if self._is_behind(gate, place)]
        jumped = {"light": {"screening", "pilot"}}
        covered = {key for way in jumped if passed[way] for key in jumped[way]} | set(passed)
        if self.idea.track == "proven":
            covered |= {"screening", "pilot"}
            assert self.idea.evidence_accepted_by_id is not None
        assert [gate.key for gate in behind if gate.key not in covered] == []

    def _is_behind(self, gate: Gate, place: str) -> bool:
        """True when the idea stands at the stage that the gate leads to, or further on."""
        line = [stage.key for stage in self.idea.definition.stages]
        here = place if place in line else self._stage_before(place)
        return line.index(here) >= line.index(gate.leads_to)

    def _stage_before(self, gate_key: str) -> str:
        definition = self.idea.definition
        found = [s.key for s in definition.stages if (g := definition.gate_after(s.key)) and g.key == gate_key]
        return found[0] if found else definition.stages[0].key

    @invariant()
    def what_stands_at_a_gate_has_what_the_gate_requires(self) -> None:
        idea = self.idea
        gate = idea.definition.gate_at(idea.place)
        if gate is None:
            return
        accepted = set(
            db.session.scalars(sa.select(Handin.deliverable).filter_by(idea_id=idea.id, state="accepted").distinct())
        )
        required = {a.deliverable.key for a in gate.asks if a.required and a.deliverable.kind != "generated"}
        answers = set(latest_revision(idea).answers) | {"title", "owner", "consent", "theme", "topic", "where"}
        assert required - accepted == set()
        assert {field.key for field in idea.definition.fields_required_at(gate.key)} - answers == set()
        assert latest_ask(idea) is not None or not gate.ask_required

    @invariant()
    def every_decision_was_quorate_and_declared(self) -> None:
        for decision in db.session.scalars(sa.select(Decision).filter_by(idea_id=self.idea_id)):
            counting = [seat for seat in decision.review.seats if seat.counts]
            assert {seat.stance for seat in counting} <= set(CLEARED)
            assert sum(seat.submitted is not None for seat in counting) >= decision.review.gate.quorum

    @invariant()
    def a_seat_closes_with_its_review(self) -> None:
        of_idea = sa.select(Seat.closed_at, Review.closed_at).join(Seat.review).where(Review.idea_id == self.idea_id)
        assert [mine for mine, of_review in db.session.execute(of_idea) if mine != of_review] == []

    @invariant()
    def no_gate_sends_back_more_than_twice(self) -> None:
        back = Counter(
            decision.review.gate_key
            for decision in db.session.scalars(sa.select(Decision).filter_by(idea_id=self.idea_id, outcome="recycle"))
        )
        assert max(back.values(), default=0) <= 2

    @invariant()
    def an_end_was_decided_by_its_panel_or_its_owner(self) -> None:
        ends = {"stopped": "stop", "merged": "merge", "referred": "refer", "held": "hold"}
        idea = self.idea
        if idea.standing in ends:
            newest = self.newest()
            assert newest is not None
            assert newest.outcome == ends[idea.standing]

    @invariant()
    def the_line_counts_what_is_there(self) -> None:
        counted = {(t.place, t.standing): t.n for t in db.session.scalars(sa.select(Tally)) if t.n}
        query = sa.select(Idea.place, Idea.standing, sa.func.count()).group_by(Idea.place, Idea.standing)
        assert counted == {(place, standing): n for place, standing, n in db.session.execute(query)}

    def teardown(self) -> None:
        chain.seal_all()
        assert chain.verify().faults == []


@pytest.mark.usefixtures("app")
@pytest.mark.slow
def test_no_order_of_actions_leads_past_a_gate() -> None:
    make.school()
    db.session.commit()
    brisk = settings(
        max_examples=5,
        stateful_step_count=12,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )

    run_state_machine_as_test(Life, settings=brisk)
