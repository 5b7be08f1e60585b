"""A definition as a picture: Mermaid text, the same for the same definition."""

from __future__ import annotations

from collections.abc import Iterator

from .definition.shapes import Definition, Gate


def draw(definition: Definition) -> str:
    """A Mermaid state diagram: stages as states, gates as choices, and where each outcome leads."""
    return "\n".join(("stateDiagram-v2", *(f"    {line}" for line in _lines(definition)))) + "\n"


def _lines(definition: Definition) -> Iterator[str]:
    yield "direction LR"
    for place in (*definition.places, *(gate for gate in definition.gates if gate.track)):
        yield f'state "{_quoted(place.short)}" as {_id(place.place)}'
    yield f"[*] --> {_id(definition.stages[0].key)}"
    for stage in definition.stages:
        gate, following = definition.gate_after(stage.key), definition.next_stage(stage.key)
        if gate is not None:
            yield f"{_id(stage.key)} --> {_id(gate.place)}: present"
        elif stage.moves_on_by is not None and following is not None:
            yield f"{_id(stage.key)} --> {_id(following.key)}: {stage.moves_on_by.replace('_', ' ')}"
    for track in definition.tracks:
        entry = definition.gate(track.entry)
        if entry is not definition.gate_after(definition.stages[0].key):
            yield f"{_id(definition.stages[0].key)} --> {_id(entry.place)}: {_label(track.name)}"
    for gate in definition.gates:
        yield from _outcomes(definition, gate)
    yield f"{_id(definition.stages[-1].key)} --> [*]"
    yield "classDef gate fill:#fff4df,stroke:#a15c00,color:#4a2b00"
    yield f"class {','.join(_id(gate.place) for gate in definition.gates)} gate"


def _outcomes(definition: Definition, gate: Gate) -> Iterator[str]:
    labels = {outcome.key: _label(outcome.label) for outcome in definition.outcomes}
    here = _id(gate.place)
    yield f"{here} --> {_id(gate.leads_to)}: {labels['go']}, {labels['conditional']}"
    for stage_key in gate.recycle_to:
        yield f"{here} --> {_id(stage_key)}: {labels['recycle']}"


def _id(key: str) -> str:
    return key.replace("-", "_")


def _quoted(text: str) -> str:
    return " ".join(text.replace('"', "'").split())


def _label(text: str) -> str:
    # A colon or a semicolon would end the label.
    return " ".join(text.replace(":", " ").replace(";", ",").split()).lower()
