"""The line of a definition as marks to draw: with counts, as an idea's journey, and tiny in a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from markupsafe import Markup

from innovation.values import dataclass
from workflows import Definition, Place, State

STATUSES = {"active": "now", "held": "held", "stopped": "stopped"}  # merged, referred and withdrawn went elsewhere


@dataclass(frozen=True)
class CountMark:
    key: str
    label: str
    kind: str
    count: int
    url: str
    current: bool
    done: bool


@dataclass(frozen=True)
class JourneyMark:
    key: str
    label: str
    kind: str
    status: str
    note: str = ""


def counted(
    definition: Definition, counts: Mapping[str, int], current: str, url: Callable[[str | None], str]
) -> tuple[CountMark, ...]:
    """Each place with how many ideas stand there; the mark in use leads back to the whole list.

    The gate of a shorter track is drawn as the gate that it replaces: right after the stage that it comes from.
    """
    own = {place.place for place in definition.places}
    extra = {gate.comes_from: gate for gate in definition.gates if gate.place not in own and counts.get(gate.place)}
    places: list[Place] = []
    for place in definition.places:
        places.append(place)
        if place.place in extra:
            places.append(extra[place.place])
    reached = [index for index, place in enumerate(places) if place.place == current]
    return tuple(
        CountMark(
            key=place.place,
            label=_label(place),
            kind=place.kind,
            count=counts.get(place.place, 0),
            url=url(None if place.place == current else place.place),
            current=place.place == current,
            done=index < reached[0] if reached else counts.get(place.place, 0) > 0,
        )
        for index, place in enumerate(places)
    )


def journey(
    definition: Definition, state: State, notes: Mapping[str, str] | None = None, *, track: str = ""
) -> list[JourneyMark]:
    """Every place of the line and how the idea stands to it; ``notes`` are short texts by place.

    What the idea's track leaves out was not passed, unless something was decided there after all (a recycle).
    """
    here, notes = definition.place_index(state.place), notes or {}
    entry, left_out = definition.entry_of(track), definition.left_out(track)
    status = STATUSES.get(state.standing, "gone")
    present = definition.place(state.place)
    marks = []
    for index, place in enumerate(definition.places):
        shown = present if index == here else place
        if entry is not None and index == definition.place_index(entry.place) and index < here:
            shown = entry
        note = notes.get(shown.place, "")
        found = "done" if index < here else status if index == here else "todo"
        if found == "done" and shown.place in left_out and not note:
            found = "skipped"
        marks.append(JourneyMark(shown.place, _label(shown), shown.kind, found, note))
    return marks


def _label(place: Place) -> str:
    """A gate is called one; a stage by its short name."""
    return place.short or place.name


STEP = 14.4
TINY = Markup(
    '<svg class="tiny" width="{width}" height="16" viewBox="0 0 {width} 16" role="img"'
    ' aria-label="{label}">{drawn}</svg>'
)
WAY = Markup('<path{} d="M{} 8h4.4"/>')
GATE = Markup('<rect class="{}" x="{}" y="4" width="8" height="8" rx="1" transform="rotate(45 {} 8)"/>')
STAGE = Markup('<circle class="{}" cx="{}" cy="8" r="4.4"/>')


@lru_cache(maxsize=512)
def tiny(definition: Definition, state: State, track: str, label: str) -> Markup:
    """The line as it stands in a row of a table; ``label`` says where the idea is.

    Drawn once in a process, for there are few lines and many rows.
    """
    return drawn_tiny(journey(definition, state, track=track), label)


def drawn_tiny(marks: Sequence[JourneyMark], label: str) -> Markup:
    """The marks in a row, the way coloured up to the last one that was reached."""
    reached = max((index for index, mark in enumerate(marks) if mark.status != "todo"), default=0)
    drawn = Markup("")
    for index, mark in enumerate(marks):
        x = round(8 + STEP * index, 1)
        if index:
            drawn += WAY.format(Markup(' class="way"') if index <= reached else "", round(x - 9.4, 1))
        drawn += GATE.format(mark.status, round(x - 4, 1), x) if mark.kind == "gate" else STAGE.format(mark.status, x)
    return TINY.format(width=round(16 + STEP * (len(marks) - 1)), label=label, drawn=drawn)
