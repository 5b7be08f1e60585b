"""What must hold between the parts of a definition, once each part has been read by itself."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .asking import Choice, Column, Question
from .naming_checks import (
    check_evidence,
    check_limits,
    check_made_of,
    check_tracker,
    check_unique,
    check_words,
    keys_of,
)
from .pilot_checks import check_pilot
from .shapes import (
    CanvasField,
    Criterion,
    Definition,
    Gate,
    Mark,
    SeatRule,
    Stage,
)
from .tables import Faults
from .words import (
    CAPTURE,
    DETAILS,
    EVERY_IDEA,
    INDISPENSABLE,
    KEPT_BY_IDEA,
    OUTCOMES,
    WHOLE_WAY,
)

PARTS = ("stages", "gates", "canvas", "deliverables", "evidence_levels", "stop_reasons", "scales")
NAME_LENGTH = 120
PANEL_SIZE = 50
WORKING_DAYS = 500
REVIEW_MONTHS = 120
RESERVED = ("present", "resume", "withdraw", "revive", "overdue", *OUTCOMES)


def check(definition: Definition, faults: Faults) -> None:
    """Note every fault that shows only when the parts are seen together."""
    _check_keys(definition, faults)
    _check_outcomes(definition, faults)
    _check_scales(definition, faults)
    for index, gate in enumerate(definition.gates):
        _check_gate(definition, gate, f"gates[{index}]", faults)
    _check_line(definition, faults)
    _check_tracks(definition, faults)
    _check_reach(definition, faults)
    _check_canvas(definition, faults)
    _check_deliverables(definition, faults)
    check_words(definition, faults)
    check_pilot(definition, faults)
    check_evidence(definition, faults)
    check_tracker(definition, faults)
    if len(definition.name) > NAME_LENGTH:
        faults.note("name", f"is longer than {NAME_LENGTH} characters")
    if definition.funders_from not in keys_of(definition.stages):
        faults.note("funders_from", f"there is no stage {definition.funders_from!r}")


def _check_keys(definition: Definition, faults: Faults) -> None:
    for name in PARTS:
        items = getattr(definition, name)
        if not items:
            faults.note(name, "is empty")
        check_unique(keys_of(items), name, faults)
    check_unique(keys_of(definition.tracks), "tracks", faults)
    check_unique((item.code for item in definition.deliverables), "deliverables", faults, "code")
    stages = {stage.place for stage in definition.stages}
    for index, gate in enumerate(definition.gates):
        if gate.place in stages:
            faults.note(f"gates[{index}].key", f"its place {gate.place!r} is already a stage")
    seen: set[str] = set()
    for index, gate in enumerate(definition.gates):
        for kind, criteria in (("must", gate.must), ("should", gate.should)):
            for number, criterion in enumerate(criteria):
                if criterion.key in seen and criterion.key:
                    faults.note(f"gates[{index}].{kind}[{number}].key", f"{criterion.key!r} is used twice")
                seen.add(criterion.key)


def _check_outcomes(definition: Definition, faults: Faults) -> None:
    keys = keys_of(definition.outcomes)
    check_unique(keys, "outcomes", faults)
    for index, key in enumerate(keys):
        if key and key not in OUTCOMES:
            faults.note(f"outcomes[{index}].key", f"is none of {', '.join(OUTCOMES)}")
        _check_requires(key, definition.outcomes[index].requires, f"outcomes[{index}].requires", faults)
    for key in OUTCOMES:
        if key not in keys and not faults.at("outcomes"):
            faults.note(f"outcomes.{key}", "is missing: every gate offers every outcome")


def _check_requires(outcome: str, requires: tuple[str, ...], place: str, faults: Faults) -> None:
    for index, detail in enumerate(requires):
        if detail not in DETAILS:
            faults.note(f"{place}[{index}]", f"is none of {', '.join(DETAILS)}")
    needed = INDISPENSABLE.get(outcome)
    if needed is not None and needed not in requires:
        faults.note(place, f"lacks {needed!r}, without which this outcome cannot be carried out")


def _check_scales(definition: Definition, faults: Faults) -> None:
    for index, scale in enumerate(definition.scales):
        place = f"scales[{index}].marks"
        if len(scale.marks) < 2:
            faults.note(place, "needs at least two marks")
        _check_rising(scale.marks, place, faults)
        if scale.marks and not faults.within(place) and scale.marks[-1].worth != 10:
            faults.note(f"{place}[{len(scale.marks) - 1}].worth", "must be 10: the highest mark is worth all of ten")


def _check_rising(marks: tuple[Mark, ...], place: str, faults: Faults) -> None:
    if faults.within(place):
        return
    for index, mark in enumerate(marks):
        if not 0 <= mark.worth <= 10:
            faults.note(f"{place}[{index}].worth", "must be from 0 to 10")
    for index, (lower, higher) in enumerate(pairwise(marks), start=1):
        if higher.value <= lower.value:
            faults.note(f"{place}[{index}].value", "must be higher than the mark before it")
        if higher.worth <= lower.worth:
            faults.note(f"{place}[{index}].worth", "must be more than the mark before it")


def _check_gate(definition: Definition, gate: Gate, place: str, faults: Faults) -> None:
    stages = keys_of(definition.stages)
    for name in ("comes_from", "leads_to"):
        if getattr(gate, name) not in stages:
            faults.note(f"{place}.{name}", f"there is no stage {getattr(gate, name)!r}")
    if gate.track is not None and gate.track not in keys_of(definition.tracks):
        faults.note(f"{place}.track", f"there is no track {gate.track!r}")
    if gate.quorum < 1:
        faults.note(f"{place}.quorum", "must be at least 1")
    if gate.panel_size > PANEL_SIZE:
        faults.note(f"{place}.panel_size", f"must be at most {PANEL_SIZE}")
    if gate.quorum > gate.panel_size and not faults.at(f"{place}.panel_size"):
        faults.note(f"{place}.quorum", f"is above the panel's size of {gate.panel_size}")
    if not 1 <= gate.working_days <= WORKING_DAYS:
        faults.note(f"{place}.working_days", f"must be from 1 to {WORKING_DAYS}")
    if not 0 <= gate.reading_days <= gate.working_days and not faults.at(f"{place}.working_days"):
        faults.note(f"{place}.reading_days", f"must be from 0 to the gate's {gate.working_days} working days")
    if gate.max_recycles < 0:
        faults.note(f"{place}.max_recycles", "must not be below 0")
    _check_composition(gate.composition, f"{place}.composition", faults)
    needed = sum(rule.at_least for rule in gate.composition)
    if needed > gate.panel_size and not faults.within(f"{place}.composition"):
        faults.note(f"{place}.composition", f"asks for {needed} seats on a panel of {gate.panel_size}")
    _check_criteria(gate, place, faults)
    _check_thresholds(gate, place, faults)
    _check_recycling(stages, gate, place, faults)


def _check_composition(rules: tuple[SeatRule, ...], place: str, faults: Faults) -> None:
    check_unique((rule.kind for rule in rules), place, faults, "kind")
    for index, rule in enumerate(rules):
        if rule.at_least < 1:
            faults.note(f"{place}[{index}].at_least", "must be at least 1")


def _check_criteria(gate: Gate, place: str, faults: Faults) -> None:
    if not gate.must and not gate.should:
        if not faults.within(f"{place}.must") and not faults.within(f"{place}.should"):
            faults.note(place, "has no criteria")
        return
    if not gate.should:
        faults.note(f"{place}.should", "has no criteria to score")
        return
    for index, criterion in enumerate(gate.should):
        _check_should(gate, criterion, f"{place}.should[{index}]", faults)
    total = sum(criterion.weight for criterion in gate.should)
    at_fault = any(faults.at(f"{place}.should[{index}].weight") for index in range(len(gate.should)))
    if total != 100 and not at_fault:
        faults.note(f"{place}.should", f"the weights sum to {total}, not to 100")


def _check_should(gate: Gate, criterion: Criterion, place: str, faults: Faults) -> None:
    if criterion.weight < 1:
        faults.note(f"{place}.weight", "must be at least 1")
    if not criterion.anchors:
        faults.note(f"{place}.anchors", "has no anchors")
    values = {mark.value for mark in gate.marks}
    for anchor in criterion.anchors:
        if values and anchor.value not in values:
            faults.note(f"{place}.anchors.{anchor.value}", "is no mark of the gate's scale")


def _check_thresholds(gate: Gate, place: str, faults: Faults) -> None:
    limits = gate.thresholds
    if faults.within(f"{place}.thresholds"):
        return
    if not 0 <= limits.recycle < limits.conditional < limits.go <= 100:
        faults.note(f"{place}.thresholds", "must rise from recycle to conditional to go, between 0 and 100")
    values = [mark.value for mark in gate.marks]
    if limits.mean_mark is not None and values and not min(values) <= limits.mean_mark <= max(values):
        faults.note(f"{place}.thresholds.mean_mark", "is outside the gate's scale")


def _check_recycling(stages: tuple[str, ...], gate: Gate, place: str, faults: Faults) -> None:
    if not gate.recycle_to and not faults.within(f"{place}.recycle_to"):
        faults.note(f"{place}.recycle_to", "names no stage to go back to")
    for index, target in enumerate(gate.recycle_to):
        at = f"{place}.recycle_to[{index}]"
        if target in gate.recycle_to[:index]:
            faults.note(at, f"{target!r} is used twice")
        if target not in stages:
            faults.note(at, f"there is no stage {target!r}")
        elif gate.comes_from in stages and stages.index(target) > stages.index(gate.comes_from):
            faults.note(at, f"{target!r} comes after the gate")


def _check_line(definition: Definition, faults: Faults) -> None:
    seen: set[str] = set()
    for index, gate in enumerate(definition.gates):
        following = _following(definition, gate.comes_from)
        if gate.track is not None or faults.at(f"gates[{index}].comes_from"):
            continue
        if gate.comes_from in seen:
            faults.note(f"gates[{index}].comes_from", f"{gate.comes_from!r} already leads to another gate")
        elif following is None or following.key != gate.leads_to:
            faults.note(f"gates[{index}].leads_to", "must be the stage that follows on the line")
        seen.add(gate.comes_from)
    for index, stage in enumerate(definition.stages):
        _check_stage(definition, stage, f"stages[{index}]", faults)


def _check_stage(definition: Definition, stage: Stage, place: str, faults: Faults) -> None:
    gate, following = definition.gate_after(stage.key), _following(definition, stage.key)
    if stage.review_months is not None and not 1 <= stage.review_months <= REVIEW_MONTHS:
        faults.note(f"{place}.review_months", f"must be from 1 to {REVIEW_MONTHS}")
    if stage.working_days is not None and not 1 <= stage.working_days <= WORKING_DAYS:
        faults.note(f"{place}.working_days", f"must be from 1 to {WORKING_DAYS}")
    if stage.moves_on_by is None:
        if gate is None and following is not None:
            faults.note(place, "nothing leads on from this stage: it needs a gate or moves_on_by")
        return
    if stage.moves_on_by in RESERVED or stage.moves_on_by.startswith("present_"):
        faults.note(f"{place}.moves_on_by", f"{stage.moves_on_by!r} has a meaning of its own")
    if gate is not None:
        faults.note(f"{place}.moves_on_by", f"the gate {gate.key!r} already leads on from this stage")
    if following is None:
        faults.note(f"{place}.moves_on_by", "there is no stage after this one")


def _following(definition: Definition, key: str) -> Stage | None:
    return definition.next_stage(key) if key in keys_of(definition.stages) else None


def _check_tracks(definition: Definition, faults: Faults) -> None:
    gates = {gate.key: gate for gate in definition.gates}
    for index, track in enumerate(definition.tracks):
        place = f"tracks[{index}]"
        gate = gates.get(track.entry)
        if gate is None:
            faults.note(f"{place}.entry", f"there is no gate {track.entry!r}")
        elif gate.track not in (None, track.key):
            faults.note(f"{place}.entry", f"the gate {gate.key!r} belongs to another track")
        check_limits(definition, track, f"{place}.limits", faults)
        if track.min_evidence is not None and track.min_evidence not in keys_of(definition.evidence_levels):
            faults.note(f"{place}.min_evidence", f"there is no evidence level {track.min_evidence!r}")
    _check_ways(definition, faults)
    for index, gate in enumerate(definition.gates):
        if gate.track is not None:
            _check_shortcut(definition, gate, f"gates[{index}]", faults)


def _check_ways(definition: Definition, faults: Faults) -> None:
    """Where there is a choice of ways, the whole line is one of them; only one way has limits to be measured."""
    first = definition.gate_after(definition.stages[0].key) if definition.stages else None
    limited = 0
    for index, track in enumerate(definition.tracks):
        if track.key == WHOLE_WAY and first is not None and track.entry != first.key:
            faults.note(f"tracks[{index}].entry", f"must be {first.key!r}, the first gate: this is the whole way")
        limited += bool(track.limits)
        if track.limits and limited > 1:
            faults.note(f"tracks[{index}].limits", "stand on another track already; only one can have limits")
    if definition.tracks and WHOLE_WAY not in keys_of(definition.tracks):
        faults.note("tracks", f"lacks {WHOLE_WAY!r}, the whole way, beside the shorter ones")


def _check_shortcut(definition: Definition, gate: Gate, place: str, faults: Faults) -> None:
    """A gate beside the line stands after the first stage, where tracks begin, and leads to a later one."""
    stages = keys_of(definition.stages)
    if gate.comes_from in stages[1:]:
        faults.note(f"{place}.comes_from", "must be the first stage, where tracks begin")
    if gate.leads_to in stages[:1]:
        faults.note(f"{place}.leads_to", "must be a later stage than the one it comes from")


def _check_reach(definition: Definition, faults: Faults) -> None:
    """A place is reached from the first stage by gates, by moving on, or by a track's entry."""
    if not definition.stages:
        return
    entries = {track.entry for track in definition.tracks}
    reached = {definition.stages[0].key}
    while True:
        by_gate = {gate.leads_to for gate in definition.gates if gate.comes_from in reached or gate.key in entries}
        onward = {
            following.key
            for stage in definition.stages
            if stage.key in reached and stage.moves_on_by and (following := _following(definition, stage.key))
        }
        if by_gate | onward <= reached:
            break
        reached |= by_gate | onward
    for index, stage in enumerate(definition.stages):
        if stage.key not in reached:
            faults.note(f"stages[{index}]", f"no idea can ever reach {stage.key!r}")
    for index, gate in enumerate(definition.gates):
        if gate.track is not None and gate.key not in entries:
            faults.note(f"gates[{index}]", f"no idea can ever reach {gate.key!r}: no track enters there")


def _check_canvas(definition: Definition, faults: Faults) -> None:
    gates = (CAPTURE, *(gate.key for gate in definition.gates if gate.track is None))
    kept = {field.key for field in definition.canvas if field.kept_in == "idea"}
    for key in EVERY_IDEA:
        if key not in kept and definition.canvas:
            faults.note(f"canvas.{key}", 'is missing: every idea keeps it (kept_in = "idea")')
    for index, field in enumerate(definition.canvas):
        place = f"canvas[{index}]"
        if field.required_from is not None and field.required_from not in gates:
            faults.note(f"{place}.required_from", f"there is no gate {field.required_from!r} on the line")
        if field.type in ("choice", "choices") and not field.choices_from:
            _check_choices(field.choices, place, faults)
        elif faults.at(f"{place}.type"):
            continue
        elif field.choices or (field.choices_from and field.type not in ("choice", "choices")):
            faults.note(f"{place}.choices", "belong to a choice, and come from one source")
        _check_kept(field, place, faults)
        _check_columns(field.type, field.columns, place, faults)
        if field.personal and field.audience == "funders":
            faults.note(f"{place}.audience", "must not be funders: the field is personal")
        if field.max_length is not None and field.max_length < 1:
            faults.note(f"{place}.max_length", "must be at least 1")


def _check_kept(field: CanvasField, place: str, faults: Faults) -> None:
    """What the idea itself keeps has a fixed key and type, because pages other than the canvas ask for it."""
    if field.choices_from and field.kept_in != "idea":
        faults.note(f"{place}.choices_from", "is for what the idea itself keeps: the theme and the topic")
    if field.kept_in != "idea":
        return
    wanted = KEPT_BY_IDEA.get(field.key)
    if wanted is None:
        faults.note(f"{place}.kept_in", f"an idea itself keeps only {', '.join(KEPT_BY_IDEA)}")
    elif field.type != wanted:
        faults.note(f"{place}.type", f"must be {wanted!r} for what the idea itself keeps")
    if field.key in EVERY_IDEA and field.required_from != CAPTURE:
        faults.note(f"{place}.required_from", f"must be {CAPTURE!r}: no idea is without it")


def _check_deliverables(definition: Definition, faults: Faults) -> None:
    for index, item in enumerate(definition.deliverables):
        place = f"deliverables[{index}]"
        _check_columns(item.kind, item.columns, place, faults)
        if item.kind == "form" and not item.questions and not faults.within(f"{place}.questions"):
            faults.note(f"{place}.questions", "a form needs questions")
        if item.kind != "form" and item.questions:
            faults.note(f"{place}.questions", "belong to a form")
        if item.expires and item.kind != "letter":
            faults.note(f"{place}.expires", "only a letter expires")
        check_made_of(item, place, faults)
        _check_parts(item.questions, f"{place}.questions", faults)


def _check_columns(kind: str, columns: tuple[Column, ...], place: str, faults: Faults) -> None:
    at = f"{place}.columns"
    if kind == "table" and not columns and not faults.within(at):
        faults.note(at, "a table needs columns")
    if kind != "table" and columns:
        faults.note(at, "belong to a table")
    _check_parts(columns, at, faults)


def _check_parts(parts: Sequence[Column | Question], place: str, faults: Faults) -> None:
    check_unique(keys_of(parts), place, faults)
    for index, part in enumerate(parts):
        if part.type == "choice":
            _check_choices(part.choices, f"{place}[{index}]", faults)
        elif part.choices and not faults.at(f"{place}[{index}].type"):
            faults.note(f"{place}[{index}].choices", "belong to a choice")


def _check_choices(choices: tuple[Choice, ...], place: str, faults: Faults) -> None:
    at = f"{place}.choices"
    if not choices and not faults.within(at):
        faults.note(at, "no choices are given")
    check_unique(keys_of(choices), at, faults)
