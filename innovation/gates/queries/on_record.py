"""What the record answers to a must-meet, beside which a panel still answers for itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from innovation.ideas.models import Idea
from workflows import Gate


class OnRecord(NamedTuple):
    """``answer`` is yes or no, or nothing where the record cannot tell; ``text`` says it in a sentence."""

    answer: str
    text: str


RECORDS: dict[str, Callable[[Idea], OnRecord]] = {}
"""By the name that a definition gives (``told_by``); whoever keeps a record, above this area, adds itself."""


def told_beside(idea: Idea, gate: Gate) -> dict[str, OnRecord]:
    """What is on record for the must-meets of a gate, by their keys."""
    return {each.key: RECORDS[each.told_by](idea) for each in gate.must if each.told_by in RECORDS}
