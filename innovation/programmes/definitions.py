"""Published definitions, found by their checksum, and what is asked of one before it is published."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.db import db
from innovation.programmes.models import WorkflowVersion
from innovation.programmes.opened import definition_of, known
from innovation.traces import tracing
from workflows import Definition, DefinitionFault, Fault, Gate, read_definition

MEASURED = ("ask_rand", "sites", "reached")  # what a track can limit without asking (see ideas.queries.measured)


def checked(text: str) -> Definition:
    """The definition in ``text``; ``DefinitionFault`` names its faults, and the limits that nobody could measure."""
    return measurable(read_definition(text))


def measurable(definition: Definition) -> Definition:
    """The definition, unless a track of it has a limit that nobody could measure."""
    faults = [
        Fault(
            f"tracks[{number}].limits[{index}].key", f"cannot be measured; name {', '.join(MEASURED)}, or say asked_in"
        )
        for number, track in enumerate(definition.tracks)
        for index, limit in enumerate(track.limits)
        if limit.key not in MEASURED and limit.asked_in is None
    ]
    if faults:
        raise DefinitionFault(faults)
    return definition


def of(checksum: str) -> Definition:
    """The published definition with this checksum."""
    found = known(checksum)
    if found is None:
        query = sa.select(WorkflowVersion.text).where(WorkflowVersion.checksum == checksum)
        with tracing(None):  # a version that was published stays as it is
            text = db.session.scalars(query).one()
        found = definition_of(checksum, text)
    return found


def gate_once(key: str, version: WorkflowVersion) -> Gate:
    """A gate of this version, or of the newest other one that has it; ``KeyError`` where none ever had."""
    found = next((gate for gate in version.definition.gates if gate.key == key), None)
    if found is not None:
        return found
    earlier = sa.select(WorkflowVersion).where(WorkflowVersion.id != version.id).order_by(WorkflowVersion.id.desc())
    for other in db.session.scalars(earlier):
        if any(gate.key == key for gate in other.definition.gates):
            return other.definition.gate(key)
    raise KeyError(key)
