"""Moving an idea from one version of a process to another: a plan says what becomes of every key.

Keys that both versions have map by themselves. A key that the newer one lacks is mapped to another, or given up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property

from .definition.shapes import Definition, Gate
from .definition.tables import Fault
from .definition.words import WHOLE_WAY
from .journey import UNDER_WAY, State

PARTS = ("stages", "gates", "deliverables", "criteria", "tracks", "evidence_levels")
GIVEN_UP = ""


def named(definition: Definition, part: str) -> dict[str, str]:
    """The keys of one of PARTS, each with its name; criteria of all gates together."""
    if part == "criteria":
        return {item.key: item.name for gate in definition.gates for item in gate.criteria}
    return {item.key: item.name for item in getattr(definition, part)}


@dataclass(frozen=True)
class Plan:
    """What becomes of the keys of ``old`` in ``new``; ``said`` holds the choices, by part and older key."""

    old: Definition
    new: Definition
    said: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def _there(self) -> dict[str, dict[str, str]]:
        return {part: named(self.new, part) for part in PARTS}

    def missing(self, part: str) -> dict[str, str]:
        """The keys that the newer version lacks, with their names: each needs a choice."""
        return {key: name for key, name in named(self.old, part).items() if key not in self._there[part]}

    def to(self, part: str, key: str) -> str | None:
        """The key in the newer version; None where it was given up, or nothing has been said."""
        if key in self.said.get(part, {}):
            return self.said[part][key] or None
        return key if key in self._there[part] else None

    def place(self, place: str) -> str | None:
        """The place in the newer version that takes the place of this one."""
        gate = self.old.gate_at(place)
        if gate is None:
            return self.to("stages", place)
        key = self.to("gates", gate.key)
        return self.new.gate(key).place if key else None

    def faults(self) -> list[Fault]:
        """Everything that stands in the way of the plan as a whole, with its place in the file of a plan."""
        return [fault for part in PARTS for fault in self._faults(part)]

    def _faults(self, part: str) -> Iterator[Fault]:
        old, new, said = named(self.old, part), named(self.new, part), self.said.get(part, {})
        for key in self.missing(part):
            if key not in said:
                yield Fault(
                    f"{part}.{key}", f"{old[key]!r} is not there any more: choose what takes its place, or give it up"
                )
        for key, target in said.items():
            if key not in old:
                yield Fault(f"{part}.{key}", f"version {self.old.name!r} has no such key")
            elif target != GIVEN_UP and target not in new:
                yield Fault(f"{part}.{key}", f"the newer version has no key {target!r}")
            elif part == "deliverables" and target in old and target != key:
                yield Fault(f"{part}.{key}", f"{target!r} is a deliverable of the older version, and keeps its own")
        targets = [target for target in said.values() if target != GIVEN_UP]
        if part == "deliverables":
            for target in sorted({target for target in targets if targets.count(target) > 1}):
                yield Fault(part, f"{new.get(target, target)!r} can take the place of one deliverable only")


@dataclass(frozen=True)
class InFlight:
    """What must be known of an idea under way; ``accepted`` and ``handed_in`` are keys of deliverables."""

    place: str
    standing: str
    track: str
    evidence_level: str
    accepted: Set[str] = frozenset()
    handed_in: Set[str] = frozenset()
    open_review: bool = False
    waived: Set[str] = frozenset()  # each as gate/deliverable, or gate/@day for the day to present by

    @property
    def state(self) -> State:
        return State(self.place, self.standing)


@dataclass(frozen=True)
class Prospect:
    """What a move would make of an idea: where it would stand, what changes, and what stands in the way."""

    place: str = ""
    track: str = ""
    evidence_level: str = ""
    handins: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[str, ...] = ()
    hindrances: tuple[str, ...] = ()


OPEN_REVIEW = "A panel sits for it. It can move once that panel has decided, or its review is cancelled."


def prospect(plan: Plan, idea: InFlight) -> Prospect:
    """What the plan makes of one idea, and why it cannot move, in sentences."""
    place, level = plan.place(idea.place), plan.to("evidence_levels", idea.evidence_level)
    hindrances = []
    if idea.standing not in UNDER_WAY:  # one that has ended stays under the version that it ended under
        hindrances.append("It has ended, and stays as it ended.")
    if idea.open_review:
        hindrances.append(OPEN_REVIEW)
    if place is None:
        hindrances.append(f"It stands at {plan.old.place(idea.place).name}, which has no place in the newer version.")
    if level is None:
        hindrances.append("Its evidence level is not there any more.")
    if place is None or level is None:
        return Prospect(hindrances=tuple(hindrances))
    track = plan.to("tracks", idea.track) or WHOLE_WAY
    handins = {key: to for key in sorted(idea.handed_in) if (to := plan.to("deliverables", key)) and to != key}
    changes = (
        *_of_place(plan, idea, place),
        *_of_way(plan, idea, track),
        *_of_papers(plan, idea, place),
        *_of_waivers(plan, idea),
    )
    return Prospect(place, track, level, handins, changes, tuple(hindrances))


def _of_place(plan: Plan, idea: InFlight, place: str) -> Iterator[str]:
    before, after = plan.old.place(idea.place).name, plan.new.place(place).name
    if before != after:
        yield f"It stands at {after} instead of {before}."
    sees = [_reaches_funders(d, at) for d, at in ((plan.old, idea.place), (plan.new, place))]
    if sees[0] != sees[1]:
        yield "Funders could see it from here on." if sees[1] else "Funders would no longer see it."


def _reaches_funders(definition: Definition, place: str) -> bool:
    return definition.place_index(place) >= definition.place_index(definition.funders_from)


def _of_way(plan: Plan, idea: InFlight, track: str) -> Iterator[str]:
    if track != idea.track:
        yield "It goes on along the whole way." if track == WHOLE_WAY else "Its way has another name."


def _of_papers(plan: Plan, idea: InFlight, place: str) -> Iterator[str]:
    names = named(plan.old, "deliverables"), named(plan.new, "deliverables")
    for key in sorted(idea.handed_in & names[0].keys()):
        to = plan.to("deliverables", key)
        if to is None:
            yield f"{names[0][key]} is not asked for any more; what was handed in is kept."
        elif to != key:
            yield f"{names[0][key]} counts as {names[1][to]}."
    kept = {plan.to("deliverables", key) for key in idea.accepted}
    asked_before = _asked(_gate_ahead(plan.old, idea.place)) - idea.accepted
    known = {plan.to("deliverables", key) for key in asked_before}
    for key in sorted(_asked(_gate_ahead(plan.new, place)) - kept - known):
        yield f"{names[1][key]} becomes missing at the gate ahead."


def _of_waivers(plan: Plan, idea: InFlight) -> Iterator[str]:
    """What becomes of leave to come to a gate that lies ahead without something; it is kept, whatever it is worth."""
    gates, papers = named(plan.old, "gates"), named(plan.old, "deliverables")
    for gate_key, key in sorted(pair for each in idea.waived if len(pair := tuple(each.split("/", 1))) == 2):
        gate = next((gate for gate in plan.old.gates if gate.key == gate_key), None)
        if gate is None or plan.old.place_index(gate.place) < plan.old.place_index(idea.place):
            continue
        what = papers.get(key, "the day to present by")
        to_gate, to = plan.to("gates", gate_key), plan.to("deliverables", key)
        there = plan.new.gate(to_gate) if to_gate else None
        if there is None:
            yield f"The waiver of {what} at {gates[gate_key]} has no gate any more, and has no effect."
        elif key in papers and to not in _asked(there):
            yield f"The waiver of {what} has nothing to waive any more: it is not asked for at {there.name}."
        elif key in papers and to != key:
            yield f"The waiver of {what} counts for {named(plan.new, 'deliverables')[to or key]}."


def _gate_ahead(definition: Definition, place: str) -> Gate | None:
    return definition.gate_at(place) or definition.gate_after(place)


def _asked(gate: Gate | None) -> set[str]:
    """What a gate cannot do without, but for what is generated."""
    asks = gate.asks if gate else ()
    return {asked.deliverable.key for asked in asks if asked.required and asked.deliverable.kind != "generated"}
