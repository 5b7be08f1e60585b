"""A programme's workflow as data: stages, gates, criteria, canvas, deliverables, tracks and outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Protocol, TypeVar

from .after import USUAL_DAYS, USUAL_WAIVERS, Afterwards, Waivers
from .asking import Choice, Column, Question
from .naming import ATTENDEES, PLAIN, Attendee, Words
from .piloting import EMPTY_PLAN, PilotTemplate
from .tracking import Tracker
from .ways import Track
from .words import CAPTURE, HIDDEN, PHASES, SHOWN


@dataclass(frozen=True)
class CanvasField:
    """A field of the canvas; ``kept_in`` is "idea" for what the idea itself keeps, as its title and owner."""

    key: str
    name: str
    help: str
    type: str
    choices: tuple[Choice, ...] = ()
    choices_from: str = ""
    columns: tuple[Column, ...] = ()
    required_from: str | None = None
    personal: bool = False
    audience: str = "idea"
    quick: bool = False
    max_length: int | None = None
    kept_in: str = "canvas"


@dataclass(frozen=True)
class Deliverable:
    """What a gate can ask for; ``made_of`` names what the pilot already knows, so that nobody types it again."""

    key: str
    code: str
    name: str
    help: str
    kind: str
    expires: bool = False
    columns: tuple[Column, ...] = ()
    questions: tuple[Question, ...] = ()
    size_limit: str = ""
    made_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class GateDeliverable:
    """What a gate asks; ``update``: a version accepted before counts, and may be brought up to date."""

    deliverable: Deliverable
    required: bool
    update: bool


@dataclass(frozen=True)
class Anchor:
    value: int
    text: str


@dataclass(frozen=True)
class Mark:
    """A mark as shown, and what it is worth of ten; the anchor says what it means on any criterion."""

    value: int
    label: str
    worth: float
    anchor: str = ""


@dataclass(frozen=True)
class Scale:
    key: str
    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Criterion:
    """Must-meet (no weight, answered Yes, No or Unsure) or should-meet; a starred one can flag."""

    key: str
    name: str
    question: str
    help: str = ""
    weight: int = 0
    starred: bool = False
    anchors: tuple[Anchor, ...] = ()
    told_by: str = ""

    def anchor(self, value: int) -> str:
        """The text of the highest anchor at or below a mark, or nothing."""
        return next((anchor.text for anchor in reversed(self.anchors) if anchor.value <= value), "")


@dataclass(frozen=True)
class Thresholds:
    """The panel's mean of 100 from which an outcome is recommended; ``mean_mark`` is also needed for go."""

    go: int
    conditional: int
    recycle: int
    mean_mark: float | None = None


@dataclass(frozen=True)
class SeatRule:
    """A kind of seat that must be among those who count, and what to say while it is not."""

    kind: str
    name: str
    at_least: int
    lacking: str


@dataclass(frozen=True)
class Gate:
    """Where a panel decides, within ``working_days`` of the hand-in; sooner than ``reading_days`` needs a reason."""

    kind: ClassVar[str] = "gate"

    key: str
    name: str
    short: str
    question: str
    comes_from: str
    leads_to: str
    thresholds: Thresholds
    quorum: int
    panel_size: int
    working_days: int
    scale: str
    marks: tuple[Mark, ...]
    must: tuple[Criterion, ...]
    should: tuple[Criterion, ...]
    recycle_to: tuple[str, ...]
    asks: tuple[GateDeliverable, ...] = ()
    max_recycles: int = 2
    reading_days: int = 0
    ask_required: bool = False
    composition: tuple[SeatRule, ...] = ()
    co_chaired: bool = False
    typical_ask: str = ""
    track: str | None = None
    names: str = SHOWN

    @property
    def place(self) -> str:
        return f"at_{self.key}"

    @property
    def hides_names(self) -> bool:
        """True where members read without the names of the people behind an idea until their own marks are in."""
        return self.names == HIDDEN

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        return self.must + self.should

    def criterion(self, key: str) -> Criterion:
        return next(item for item in self.criteria if item.key == key)

    def mark(self, value: int) -> Mark:
        return next(item for item in self.marks if item.value == value)

    def uncovered(self, kinds: Iterable[str]) -> tuple[str, ...]:
        """A sentence for each kind of seat still lacking, given the kinds of the seats that count."""
        seated = list(kinds)
        return tuple(rule.lacking for rule in self.composition if seated.count(rule.kind) < rule.at_least)


@dataclass(frozen=True)
class Stage:
    """Where work happens; ``moves_on_by`` is the trigger to the next stage where no gate stands between.

    ``working_days`` is how long the work usually takes: the date that an idea gets unless somebody sets another.
    """

    kind: ClassVar[str] = "stage"

    key: str
    name: str
    short: str
    help: str = ""
    moves_on_by: str | None = None
    review_months: int | None = None
    working_days: int | None = None

    @property
    def place(self) -> str:
        return self.key


@dataclass(frozen=True)
class EvidenceLevel:
    """A level; ``reached_by`` names the test that it takes, at ``at_least`` sites or places, shown by what is there."""

    key: str
    name: str
    test: str
    reached_by: str = ""
    at_least: int = 0
    shown_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class StopReason:
    key: str
    name: str


@dataclass(frozen=True)
class Outcome:
    """What an outcome is called and does, its tone, and the details that a decision must give with it."""

    key: str
    label: str
    description: str
    tone: str
    requires: tuple[str, ...] = ()


Place = Stage | Gate


@dataclass(frozen=True)
class Definition:
    """A whole process; two with the same checksum say the same, whatever their comments and spacing."""

    key: str
    name: str
    summary: str
    version_note: str
    stages: tuple[Stage, ...]
    gates: tuple[Gate, ...]
    tracks: tuple[Track, ...]
    canvas: tuple[CanvasField, ...]
    deliverables: tuple[Deliverable, ...]
    evidence_levels: tuple[EvidenceLevel, ...]
    stop_reasons: tuple[StopReason, ...]
    outcomes: tuple[Outcome, ...]
    scales: tuple[Scale, ...]
    funders_from: str
    checksum: str
    text: str
    words: Words = PLAIN
    attendees: tuple[Attendee, ...] = ATTENDEES
    after: Afterwards = USUAL_DAYS
    waivers: Waivers = USUAL_WAIVERS
    pilot: PilotTemplate = EMPTY_PLAN
    tracker: Tracker | None = None

    def __hash__(self) -> int:
        return hash(self.checksum)

    @cached_property
    def phases(self) -> CanvasField | None:
        """The field of the canvas that says which groups an idea is for, where the programme has such groups."""
        return next((field for field in self.canvas if field.key == PHASES), None)

    @cached_property
    def cost(self) -> CanvasField | None:
        """The field of the canvas that says what each person costs: the first sum of money in it."""
        return next((field for field in self.canvas if field.type == "money"), None)

    def phase_name(self, key: str) -> str:
        """What a group is called; the key itself where the canvas does not know it."""
        known = self.phases.choices if self.phases else ()
        return next((choice.name for choice in known if choice.key.lower() == key.lower()), key)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every place of the line, in journey order; the gate of a shorter track is not among them."""
        found: list[Place] = []
        for stage in self.stages:
            gate = self.gate_after(stage.key)
            found += [stage] if gate is None else [stage, gate]
        return tuple(found)

    @cached_property
    def _places(self) -> dict[str, Place]:
        found: list[Place] = [*self.stages, *self.gates]
        return {item.place: item for item in found}

    @cached_property
    def _line_gates(self) -> tuple[Gate, ...]:
        return tuple(gate for gate in self.gates if gate.track is None)

    @cached_property
    def _indexes(self) -> dict[str, int]:
        return {item.place: index for index, item in enumerate(self.places)}

    def stage(self, key: str) -> Stage:
        return _find(self.stages, key)

    def gate(self, key: str) -> Gate:
        return _find(self.gates, key)

    def place(self, key: str) -> Place:
        return self._places[key]

    def place_index(self, key: str) -> int:
        """Where a place stands on the line, from 0; a shorter track's gate stands right after its stage."""
        if key in self._indexes:
            return self._indexes[key]
        gate = self._places[key]
        return self._indexes[gate.comes_from] + 1 if isinstance(gate, Gate) else 0

    def entry_of(self, track_key: str) -> Gate | None:
        """The first gate of a track, or nothing where there is no such track."""
        return next((self.gate(track.entry) for track in self.tracks if track.key == track_key), None)

    def left_out(self, track_key: str) -> frozenset[str]:
        """The places of the line that ideas on a track never come to."""
        entry = self.entry_of(track_key)
        if entry is None:
            return frozenset()
        at, onward = self.place_index(entry.place), self.place_index(entry.leads_to)
        return frozenset(
            place.place for index, place in enumerate(self.places) if 0 < index < at or at < index < onward
        )

    def gate_after(self, stage_key: str) -> Gate | None:
        """The gate of the line that a stage leads to."""
        return next((gate for gate in self._line_gates if gate.comes_from == stage_key), None)

    def gate_at(self, place_key: str) -> Gate | None:
        """The gate of a place, or nothing when the place is a stage."""
        found = self._places.get(place_key)
        return found if isinstance(found, Gate) else None

    def next_stage(self, stage_key: str) -> Stage | None:
        after = [stage.key for stage in self.stages].index(stage_key) + 1
        return self.stages[after] if after < len(self.stages) else None

    @cached_property
    def pilot_stage(self) -> Stage | None:
        """The stage from which a pilot is started: the first one that moves on without a gate."""
        return next((stage for stage in self.stages if stage.moves_on_by is not None), None)

    def track(self, key: str) -> Track:
        return _find(self.tracks, key)

    def field(self, key: str) -> CanvasField:
        return _find(self.canvas, key)

    def deliverable(self, key: str) -> Deliverable:
        return _find(self.deliverables, key)

    def deliverable_coded(self, code: str) -> Deliverable:
        return next(item for item in self.deliverables if item.code == code)

    def outcome(self, key: str) -> Outcome:
        return _find(self.outcomes, key)

    def stop_reason(self, key: str) -> StopReason:
        return _find(self.stop_reasons, key)

    def evidence_level(self, key: str) -> EvidenceLevel:
        return _find(self.evidence_levels, key)

    def asked_at(self, gate_key: str) -> tuple[GateDeliverable, ...]:
        return self.gate(gate_key).asks

    def fields_required_at(self, gate_key: str) -> tuple[CanvasField, ...]:
        """The canvas fields that must be filled before a gate, those of the gates before it included."""
        before = self._indexes[self.gate(gate_key).leads_to]
        wanted = ((item, item.required_from) for item in self.canvas if item.required_from)
        return tuple(item for item, gate in wanted if gate == CAPTURE or self._indexes[self.gate(gate).place] < before)

    def evidence_reaches(self, level: str | None, least: str) -> bool:
        """Whether an evidence level is at least another, in the order of the definition."""
        keys = [item.key for item in self.evidence_levels]
        return level in keys and keys.index(level) >= keys.index(least)


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


ItemT = TypeVar("ItemT", bound=_Keyed)


def _find(items: tuple[ItemT, ...], key: str) -> ItemT:
    for item in items:
        if item.key == key:
            return item
    raise KeyError(key)
