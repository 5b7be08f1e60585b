"""Checks of keys, of the words of a programme, and of what a way may be limited by."""

from __future__ import annotations

from collections.abc import Iterable

from .shapes import Definition, Deliverable
from .tables import Faults
from .ways import AskedIn, Track
from .words import PHASES, PILOT_PARTS, SYSTEM_PARTS

LABEL_LENGTH = 60
MOST_MONTHS = 120


def keys_of(items: Iterable[object]) -> tuple[str, ...]:
    return tuple(str(getattr(item, "key", "")) for item in items)


def check_unique(values: Iterable[object], place: str, faults: Faults, attribute: str = "key") -> None:
    seen: set[object] = set()
    for index, value in enumerate(values):
        if value in seen and value != "":
            faults.note(f"{place}[{index}].{attribute}", f"{value!r} is used twice")
        seen.add(value)


def check_words(definition: Definition, faults: Faults) -> None:
    """Labels of forms, and the groups of people that lists and funders ask for."""
    check_unique(keys_of(definition.attendees), "attendees", faults)
    for name, text in vars(definition.words).items():
        if len(text) > LABEL_LENGTH:
            faults.note(f"words.{name}", f"is longer than {LABEL_LENGTH} characters")
    for index, field in enumerate(definition.canvas):
        if field.key == PHASES and field.type != "choices":
            faults.note(f"canvas[{index}].type", 'must be "choices" for the groups that an idea is for')


def check_evidence(definition: Definition, faults: Faults) -> None:
    """What shows that a level is reached must be something that is asked for."""
    known = {*keys_of(definition.deliverables), *keys_of(definition.canvas)}
    for index, level in enumerate(definition.evidence_levels):
        place = f"evidence_levels[{index}]"
        if level.at_least < 0:
            faults.note(f"{place}.at_least", "must not be below 0")
        for number, key in enumerate(level.shown_by):
            if key not in known:
                faults.note(f"{place}.shown_by[{number}]", f"there is no deliverable or field {key!r}")


def check_made_of(deliverable: Deliverable, place: str, faults: Faults) -> None:
    """What a file is made of instead, where there is a pilot with readings, or a tracker."""
    for index, part in enumerate(deliverable.made_of):
        if part not in (*PILOT_PARTS, *SYSTEM_PARTS):
            faults.note(f"{place}.made_of[{index}]", f"is none of {', '.join((*PILOT_PARTS, *SYSTEM_PARTS))}")


def check_tracker(definition: Definition, faults: Faults) -> None:
    """What is followed are the criteria of a gate of the line that leads to a stage which is looked at again."""
    tracker = definition.tracker
    if tracker is None:
        return
    gate = next((gate for gate in definition.gates if gate.key == tracker.gate and gate.track is None), None)
    if gate is None:
        faults.note("tracker.gate", f"there is no gate {tracker.gate!r} on the line")
    if not 1 <= tracker.sooner_months <= MOST_MONTHS:
        faults.note("tracker.sooner_months", f"must be from 1 to {MOST_MONTHS}")


def check_limits(definition: Definition, track: Track, place: str, faults: Faults) -> None:
    check_unique(keys_of(track.limits), place, faults)
    for index, limit in enumerate(track.limits):
        if limit.at_most < 0:
            faults.note(f"{place}[{index}].at_most", "must not be below 0")
        if limit.asked_in is not None:
            _check_asked_in(definition, limit.asked_in, f"{place}[{index}].asked_in", faults)


def _check_asked_in(definition: Definition, asked: AskedIn, place: str, faults: Faults) -> None:
    """A limit is read from a choice that a form offers."""
    form = next((item for item in definition.deliverables if item.key == asked.deliverable), None)
    question = next((item for item in form.questions if item.key == asked.question), None) if form else None
    if form is None:
        faults.note(f"{place}.deliverable", f"there is no deliverable {asked.deliverable!r}")
    elif question is None or question.type != "choice":
        faults.note(f"{place}.question", f"{asked.deliverable!r} has no question {asked.question!r} with choices")
    else:
        for index, answer in enumerate(asked.answers):
            if answer not in keys_of(question.choices):
                faults.note(f"{place}.answers[{index}]", f"{answer!r} is not offered there")
    if not asked.answers:
        faults.note(f"{place}.answers", "names no answer")
