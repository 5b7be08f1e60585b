"""An idea's way through its stages and gates, derived from a definition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .definition.shapes import Definition, Gate, Stage
from .definition.ways import Track
from .definition.words import (
    OUTCOMES,
)
from .engine import Guard, Refused, Step, Workflow

STANDINGS = ("active", "held", "stopped", "merged", "referred", "withdrawn")
UNDER_WAY = STANDINGS[:2]  # whatever else an idea is, it has ended
ENDINGS = {"stop": "stopped", "merge": "merged", "refer": "referred"}


class State(NamedTuple):
    """Where an idea is, and whether it moves: one of STANDINGS."""

    place: str
    standing: str


@dataclass(frozen=True, slots=True)
class JourneyFacts:
    """What the journey must know; None means that nobody has looked yet, and is refused."""

    missing: tuple[str, ...] = ()
    decided: bool = False
    recycles: int = 0
    target: str | None = None
    pilot_ready: tuple[str, ...] | None = None
    light_faults: tuple[str, ...] | None = None
    evidence_accepted: str | None = None
    overdue: tuple[str, ...] = ()


COMPLETE = Guard(lambda f: not f.missing, lambda f: f.missing)
DECIDED = Guard(lambda f: f.decided, "The panel has not decided yet.")
NOTHING_OVERDUE = Guard(lambda f: not f.overdue, lambda f: f.overdue)
RECORDED = Guard(
    lambda f: f.pilot_ready == (),
    lambda f: f.pilot_ready or ("The sites, dates and means have not been recorded yet.",),
)
WITHIN_LIMITS = Guard(
    lambda f: f.light_faults == (),
    lambda f: f.light_faults or ("The limits of the shorter way have not been checked yet.",),
)


class Journey(Workflow[State]):
    """The machine of one definition; its states are every place in every standing that it can have there."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        first = State(definition.stages[0].key, "active")
        super().__init__("idea", first, _steps(definition))

    def take_over(self, state: State) -> State:
        """The state of an idea that comes from another version of the process; ``Refused`` where this one has none."""
        if state not in self._names:
            raise Refused(("This version of the process has no such place.",))
        return state

    def unavailable(self, state: State, trigger: str) -> str:
        if state.standing in _OVER:
            return _OVER[state.standing]
        if state.standing == "held":
            return "This idea is on hold. It can be resumed, stopped, merged, referred or withdrawn."
        gate = self.definition.gate_at(state.place)
        if gate is not None and trigger.startswith("present"):
            return "This idea is at a gate already: its panel decides what comes next."
        if gate is None and trigger in OUTCOMES:
            return "This idea is not at a gate, so there is nothing to decide."
        if trigger == "resume":
            return "This idea is not on hold."
        if trigger == "revive":
            return "Only a stopped idea can be revived."
        return "This step does not lead on from where the idea is now."


_OVER = {
    "stopped": "This idea has been stopped. It can be revived, and then starts again from the beginning.",
    "merged": "This idea has been merged into another one and goes on there.",
    "referred": "This idea has been referred to another body.",
    "withdrawn": "This idea has been withdrawn.",
}

_journeys: dict[str, Journey] = {}


def journey_of(definition: Definition) -> Journey:
    """The definition's journey, built once for each checksum."""
    journey = _journeys.get(definition.checksum)
    if journey is None:
        journey = _journeys.setdefault(definition.checksum, Journey(definition))
    return journey


def _steps(definition: Definition) -> Iterator[Step[State]]:
    for stage in definition.stages:
        yield from _from_stage(definition, stage)
    for gate in definition.gates:
        yield from _from_gate(definition, gate)
    places = [stage.place for stage in definition.stages] + [gate.place for gate in definition.gates]
    for place in places:
        yield from _at_any_place(definition, place)


def _from_stage(definition: Definition, stage: Stage) -> Iterator[Step[State]]:
    here = State(stage.key, "active")
    gate = definition.gate_after(stage.key)
    if gate is not None:
        yield Step("present", here, State(gate.place, "active"), (COMPLETE,))
    following = definition.next_stage(stage.key)
    if stage.moves_on_by is not None and following is not None:
        yield Step(stage.moves_on_by, here, State(following.key, "active"), (RECORDED,))
    if stage == definition.stages[0]:
        for track in definition.tracks:
            entry = definition.gate(track.entry)
            if entry is not gate:
                guards = (COMPLETE, *_track_guards(definition, track))
                yield Step(f"present_{track.key}", here, State(entry.place, "active"), guards)
    yield Step("overdue", here, State(stage.key, "held"))
    if stage == definition.stages[0]:  # captured twice: nothing has been decided about it yet
        yield Step("merge", here, State(stage.key, "merged"))
    yield Step("part", State(stage.key, "merged"), here)  # at a gate its panel supersedes the decision


def _track_guards(definition: Definition, track: Track) -> Iterator[Guard]:
    if track.limits:
        yield WITHIN_LIMITS
    least = track.min_evidence
    if least is not None:
        yield Guard(
            lambda f: definition.evidence_reaches(f.evidence_accepted, least),
            "The coordinator has not yet accepted evidence of the level that this way asks for.",
        )


def _from_gate(definition: Definition, gate: Gate) -> Iterator[Step[State]]:
    here, onward = State(gate.place, "active"), State(gate.leads_to, "active")
    yield Step("go", here, onward, (DECIDED,))
    yield Step("conditional", here, onward, (DECIDED,))
    for stage_key in gate.recycle_to:
        guards = (DECIDED, _room_to_recycle(gate))
        yield Step("recycle", here, State(stage_key, "active"), guards, when=_back_to(stage_key))
    yield Step("hold", here, State(gate.place, "held"), (DECIDED,))


def _room_to_recycle(gate: Gate) -> Guard:
    return Guard(
        lambda f: f.recycles < gate.max_recycles,
        "This idea has been sent back from this gate as often as is allowed. Choose another outcome.",
    )


def _back_to(stage_key: str) -> Guard:
    return Guard(lambda f: f.target == stage_key, "Choose a stage that this gate may send an idea back to.")


def _at_any_place(definition: Definition, place: str) -> Iterator[Step[State]]:
    """How an idea ends and waits: the same everywhere, but at a gate only its panel ends it."""
    active, held = State(place, "active"), State(place, "held")
    at_gate = definition.gate_at(place) is not None
    for outcome, standing in ENDINGS.items():
        if at_gate:
            yield Step(outcome, active, State(place, standing), (DECIDED,))
        yield Step(outcome, held, State(place, standing), (DECIDED,) if at_gate else ())
    # At a gate the panel asks for what is owed; elsewhere the idea would be held again by the clock.
    yield Step("resume", held, active, () if at_gate else (NOTHING_OVERDUE,))
    yield Step("revive", State(place, "stopped"), State(definition.stages[0].key, "active"))
    if place != definition.stages[-1].key:
        yield Step("withdraw", active, State(place, "withdrawn"))
    yield Step("withdraw", held, State(place, "withdrawn"))
