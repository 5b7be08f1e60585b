"""The way of an adaptation: planned, tried, studied, and settled; what nobody tries is dropped."""

from __future__ import annotations

from dataclasses import dataclass

from .engine import Guard, Step, Workflow


@dataclass(frozen=True, slots=True)
class AdaptationFacts:
    """What an adaptation must know: whether its pilot is under way, and whether anything was found."""

    is_under_way: bool = True
    is_found: bool = False


UNDER_WAY = Guard(lambda f: f.is_under_way, "The pilot is not under way, so nothing can be tried in it now.")
FOUND = Guard(lambda f: f.is_found, "Say first what was found: others learn from it.")

ADAPTATION: Workflow[str] = Workflow(
    "adaptation",
    initial="planned",
    steps=[
        Step("try", "planned", "tried", guards=(UNDER_WAY,)),
        Step("drop", "planned", "settled"),
        Step("study", "tried", "studied"),
        Step("settle", "studied", "settled", guards=(FOUND,)),
    ],
)
"""``try`` is the do of plan, do, study, act, and ``settle`` its act."""
