"""What is known of a gate's criteria before anybody scores: offered to those who do, and asked by the rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import NamedTuple

from innovation.ideas.models import Idea
from workflows import Gate


class Offered(NamedTuple):
    """A confirmed mark of a criterion, on the scale of the gate, with what shows it."""

    mark: int
    seen_on: dt.date
    evidence: str = ""
    link: str = ""


OFFERED: list[Callable[[Idea, Gate], Mapping[str, Offered]]] = []
"""Each gives the marks of an idea at a gate by criterion; whoever keeps some, above this area, adds itself."""


def offered_marks(idea: Idea, gate: Gate) -> dict[str, Offered]:
    """What is offered to those who score; a suggestion beside the mark, and no mark."""
    return {key: mark for offer in OFFERED for key, mark in offer(idea, gate).items()}


def marks_before(idea: Idea, gate: Gate) -> dict[str, int]:
    """The marks alone, for the rule."""
    return {key: offered.mark for key, offered in offered_marks(idea, gate).items()}
