"""A definition that is being written, as TOML and as it is stored."""

from __future__ import annotations

import json
import math
from typing import Any

import tomli_w

from innovation.programmes import definitions
from workflows import Definition, DefinitionFault, Fault, parse, read_tables, reopen_tables


def written(content: dict[str, Any]) -> str:
    """The tables as a TOML text: lists in their order, and read again they are the same."""
    return tomli_w.dumps(content)


def content_of(text: str) -> dict[str, Any]:
    """The tables of a TOML text, in types that can be stored; ``DefinitionFault`` where it is no TOML."""
    found: dict[str, Any] = json.loads(json.dumps(_storable(parse(text)), default=str))
    return found


def _storable(value: Any) -> Any:
    """Nothing that is no number: no definition needs one, and not every database can keep it."""
    if isinstance(value, dict):
        return {key: _storable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_storable(inner) for inner in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def as_it_stands(content: dict[str, Any]) -> Definition:
    """The definition that a draft makes, faulty or not, to be looked at and compared; never to be used."""
    return reopen_tables(content)


def faults_of(content: dict[str, Any]) -> tuple[Fault, ...]:
    """Everything that is wrong, as the check of a file would say it."""
    try:
        definitions.measurable(read_tables(content))
    except DefinitionFault as fault:
        return fault.faults
    return ()
