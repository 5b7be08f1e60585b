"""Random actions on ideas and reviews: whatever is tried, no gate, quorum or declaration is skipped."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from workflows import OUTCOMES, REVIEW, STANDINGS, JourneyFacts, Refused, ReviewFacts, journey_of, library_definition

BRISK = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
ENDINGS = {"stop": "stopped", "merge": "merged", "refer": "referred", "withdraw": "withdrawn", "hold": "held"}
FIVE = {"resume", "stop", "merge", "refer", "withdraw"}


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

    @rule(
        trigger=st.sampled_from(triggers),
        missing=st.sampled_from([(), ("Something is missing.",)]),
        decided=st.booleans(),
        back_to=st.sampled_from([None, *(stage.key for stage in definition.stages)]),
        ready=st.sampled_from([None, (), ("Something is missing.",)]),
        level=st.sampled_from([None, "E1", "E3"]),
    )
    def try_anything(self, trigger, missing, decided, back_to, ready, level):
        recycles = self.recycles.get(self.state.place, 0)
        facts = JourneyFacts(missing, decided, recycles, back_to, ready, ready, level)
        self._fire(trigger, facts)

    @precondition(lambda self: self.state.standing == "active")
    @rule(outcome=st.sampled_from(["go", "conditional", "recycle"]))
    def go_on_as_one_should(self, outcome):
        gate = self.definition.gate_at(self.state.place)
        if gate is None:
            trigger = "start_pilot" if self.state.place == "ready" else "present"
            self._fire(trigger, JourneyFacts(pilot_ready=()))
        else:
            recycles = self.recycles.get(gate.place, 0)
            self._fire(outcome, JourneyFacts(decided=True, recycles=recycles, target=gate.recycle_to[0]))

    @precondition(lambda self: self.state == self.journey.initial)
    @rule(track=st.sampled_from(["light", "proven"]))
    def take_a_shorter_way(self, track):
        self._fire(f"present_{track}", JourneyFacts(light_faults=(), evidence_accepted="E3"))

    def _fire(self, trigger, facts):
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
        if trigger == "present_proven":
            # The coordinator's acceptance of the evidence stands for the two gates before.
            assert facts.evidence_accepted == "E3"
            self.passed |= {"screening", "pilot"}
        if trigger in ("go", "conditional"):
            assert facts.decided
            assert self.state.place == gate.leads_to
            self.passed |= {"screening", "pilot"} if gate.key == "light" else {gate.key}
        if trigger == "recycle":
            self.recycles[before.place] = self.recycles.get(before.place, 0) + 1
            assert facts.decided
            assert self.state.place in gate.recycle_to
            self.passed = {key for key in self.passed if self._lies_before(key, self.state.place)}
        if trigger == "revive":
            self.recycles, self.passed = {}, set()
        if trigger in ENDINGS:
            assert self.state == (before.place, ENDINGS[trigger])
        if before.standing == "held":
            assert trigger in FIVE
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


class RandomReview(RuleBasedStateMachine):
    """A panel whose members declare and score in any order, and a chair who tries to decide all the time."""

    def __init__(self) -> None:
        super().__init__()
        self.state = REVIEW.initial
        self.declared: set[int] = set()
        self.scored: set[int] = set()

    @rule(member=st.integers(0, 3))
    def declare(self, member):
        self.declared.add(member)

    @rule(member=st.integers(0, 3))
    def score(self, member):
        if self.state == "scoring" and member in self.declared:
            self.scored.add(member)

    @rule(trigger=st.sampled_from(["open", "decide", "decide", "cancel", "reopen"]))
    def try_anything(self, trigger):
        facts = ReviewFacts(scorecards=len(self.scored), quorum=3, undeclared=4 - len(self.declared))
        before = self.state
        try:
            self.state = REVIEW.fire(before, trigger, facts)
        except Refused:
            return
        assert before in ("convened", "scoring")

    @invariant()
    def a_decision_had_its_quorum_and_its_declarations(self):
        if self.state == "decided":
            assert len(self.scored) >= 3
            assert len(self.declared) == 4


TestRandomJourney = RandomJourney.TestCase
TestRandomJourney.settings = BRISK
TestRandomReview = RandomReview.TestCase
TestRandomReview.settings = BRISK
