"""Random actions on ideas and reviews: whatever is tried, no gate, quorum or declaration is skipped."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from workflows import (
    LIBRARY,
    OUTCOMES,
    REVIEW,
    STANDINGS,
    JourneyFacts,
    Refused,
    ReviewFacts,
    State,
    journey_of,
    library_definition,
)

BRISK = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
ENDINGS = {"stop": "stopped", "merge": "merged", "refer": "referred", "withdraw": "withdrawn", "hold": "held"}
FIVE = {"resume", "stop", "merge", "refer", "withdraw"}


SOME = ("Something is missing.",)
FACTS = st.builds(
    JourneyFacts,
    missing=st.sampled_from([(), SOME]),
    decided=st.booleans(),
    target=st.sampled_from([None, *{stage.key: None for key in LIBRARY for stage in library_definition(key).stages}]),
    pilot_ready=st.sampled_from([None, (), SOME]),
    light_faults=st.sampled_from([None, (), SOME]),
    evidence_accepted=st.sampled_from([None, "E1", "E3"]),
)


class RandomJourney(RuleBasedStateMachine):
    """Fires anything at an idea and keeps its own account of what that may lead to."""

    definition = library_definition("education")
    triggers = (
        *("present", "present_light", "present_proven", "start_pilot", "resume", "withdraw"),
        *("revive", "overdue", "to_institutionalised", *OUTCOMES),
    )

    def __init__(self) -> None:
        super().__init__()
        self.journey = journey_of(self.definition)
        self.state = self.journey.initial
        self.recycles: dict[str, int] = {}
        self.passed: set[str] = set()

    @initialize(stages=st.integers(0, 5))
    def begin_further_on(self, stages):
        """As if it had passed the gates before, so that every part of the line is tried as often."""
        stage = self.definition.stages[stages]
        self.state = State(stage.key, "active")
        self.passed = {gate.key for gate in self.definition.gates if self._lies_before(gate.key, stage.key)}

    @rule(trigger=st.sampled_from(triggers), facts=FACTS)
    def try_anything(self, trigger, facts):
        self._fire(trigger, facts)

    @precondition(lambda self: self.journey.triggers(self.state))
    @rule(data=st.data(), facts=FACTS)
    def try_what_leads_on(self, data, facts):
        self._fire(data.draw(st.sampled_from(self.journey.triggers(self.state))), facts)

    @precondition(lambda self: self.state.standing == "active")
    @rule(outcome=st.sampled_from(["go", "conditional", "recycle"]))
    def go_on_as_one_should(self, outcome):
        gate = self.definition.gate_at(self.state.place)
        if gate is None:
            trigger = "start_pilot" if self.state.place == "ready" else "present"
            self._fire(trigger, JourneyFacts(pilot_ready=()))
        else:
            self._fire(outcome, JourneyFacts(decided=True, target=gate.recycle_to[0]))

    @precondition(lambda self: self.state == self.journey.initial and self.definition.tracks)
    @rule(track=st.sampled_from(["light", "proven"]))
    def take_a_shorter_way(self, track):
        self._fire(f"present_{track}", JourneyFacts(light_faults=(), evidence_accepted="E3"))

    def _fire(self, trigger, facts):
        facts = replace(facts, recycles=self.recycles.get(self.state.place, 0))
        before, reasons = self.state, self.journey.reasons(self.state, trigger, facts)
        try:
            self.state = self.journey.fire(before, trigger, facts)
        except Refused as refused:
            said = refused.reasons
        else:
            said = ()
            self._check(before, trigger, facts)
        assert said == reasons
        assert self.state == before or said == ()

    def _check(self, before, trigger, facts):
        gate = self.definition.gate_at(before.place)
        if trigger.startswith("present"):
            assert facts.missing == ()
            assert self.definition.gate_at(self.state.place) is not None
        if trigger == "present_light":
            assert facts.light_faults == ()
        if trigger == "start_pilot":
            assert facts.pilot_ready == ()
            assert before.place == "ready"
        if gate is not None and trigger in OUTCOMES:
            assert facts.decided
        if trigger == "present_proven":
            # The coordinator's acceptance of the evidence stands for the two gates before.
            assert facts.evidence_accepted == "E3"
            self.passed |= {"screening", "pilot"}
        if trigger in ("go", "conditional"):
            assert self.state.place == gate.leads_to
            self.passed |= {"screening", "pilot"} if gate.key == "light" else {gate.key}
        if trigger == "recycle":
            self.recycles[before.place] = self.recycles.get(before.place, 0) + 1
            assert self.state.place in gate.recycle_to
            assert self.state.place == facts.target
            self.passed = {key for key in self.passed if self._lies_before(key, self.state.place)}
        if trigger == "revive":
            self.recycles, self.passed = {}, set()
        if trigger in ENDINGS:
            assert self.state == (before.place, ENDINGS[trigger])
        if before.standing == "held":
            assert trigger in FIVE
        if trigger == "withdraw" and before.standing == "active":
            assert before.place != self.definition.stages[-1].key
        if before.place != self.state.place and gate is not None:
            assert trigger in ("go", "conditional", "recycle", "revive")

    def _lies_before(self, gate_key, place):
        gate = self.definition.gate(gate_key)
        return self.definition.place_index(gate.place) < self.definition.place_index(place)

    @invariant()
    def the_state_exists(self):
        assert self.state in self.journey.states
        assert self.state.standing in STANDINGS

    @invariant()
    def no_gate_is_skipped(self):
        reached = self.definition.place_index(self.state.place)
        for gate in self.definition.gates:
            if gate.track is None and self.definition.place_index(gate.place) < reached:
                assert gate.key in self.passed

    @invariant()
    def no_gate_sends_back_more_than_twice(self):
        assert all(count <= 2 for count in self.recycles.values())

    @invariant()
    def what_is_held_can_do_five_things(self):
        if self.state.standing == "held":
            assert set(self.journey.triggers(self.state)) <= FIVE


class RandomClassicJourney(RandomJourney):
    """The same with the general process, which has five gates and no shorter way."""

    definition = library_definition("classic")


MEMBERS = range(4)
CHAIRS = {0, 1}


class RandomReview(RuleBasedStateMachine):
    """A panel with two chairs whose members declare, score and sign in any order, and who try to decide all the time.

    Its first member is the one without whom it is not covered.
    """

    def __init__(self) -> None:
        super().__init__()
        self.state = REVIEW.initial
        self.declared: set[int] = set()
        self.scored: set[int] = set()
        self.signed: set[int] = set()

    @rule(member=st.sampled_from(MEMBERS))
    def declare(self, member):
        self.declared.add(member)

    @rule(member=st.sampled_from(MEMBERS))
    def score(self, member):
        if self.state == "scoring" and member in self.declared:
            self.scored.add(member)

    @rule(chair=st.sampled_from(sorted(CHAIRS)))
    def sign(self, chair):
        self.signed.add(chair)

    @rule(
        declared=st.sets(st.sampled_from(MEMBERS), min_size=3),
        out=st.sets(st.sampled_from(MEMBERS), max_size=2),
        signed=st.booleans(),
    )
    def do_nearly_all_and_decide(self, declared, out, signed):
        self._fire("open")
        self.declared |= declared
        for member in sorted(self.declared - out):
            self.score(member)
        self.signed |= CHAIRS if signed else set()
        self._fire("decide")

    @rule(trigger=st.sampled_from(["open", "decide", "decide", "cancel", "reopen"]))
    def try_anything(self, trigger):
        self._fire(trigger)

    def _fire(self, trigger):
        facts = ReviewFacts(
            scorecards=len(self.scored),
            quorum=3,
            undeclared=len(MEMBERS) - len(self.declared),
            uncovered=() if 0 in self.scored else ("The first member must be among those who count.",),
            unsigned=len(CHAIRS - self.signed),
        )
        before = self.state
        try:
            self.state = REVIEW.fire(before, trigger, facts)
        except Refused:
            return
        assert before in ("convened", "scoring")
        assert trigger != "decide" or before == "scoring"

    @invariant()
    def a_decision_had_all_that_it_needs(self):
        if self.state == "decided":
            assert len(self.scored) >= 3
            assert len(self.declared) == len(MEMBERS)
            assert 0 in self.scored
            assert self.signed == CHAIRS


TestRandomJourney = RandomJourney.TestCase
TestRandomJourney.settings = BRISK
TestRandomClassicJourney = RandomClassicJourney.TestCase
TestRandomClassicJourney.settings = BRISK
TestRandomReview = RandomReview.TestCase
TestRandomReview.settings = BRISK
