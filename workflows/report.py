"""The way of a report to the funders of an idea: written, handed in, released; a correction begins a new edition."""

from __future__ import annotations

from dataclasses import dataclass

from .engine import Guard, Step, Workflow


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What a report must know: what is still empty, and for how many funders it is."""

    missing: tuple[str, ...] = ()
    funders: int = 1
    over: bool = True


WRITTEN = Guard(lambda f: not f.missing, "Say what was done and what comes next: one of them is still empty.")
FUNDED = Guard(lambda f: f.funders > 0, "No funder has committed anything to this idea that still stands.")
OVER = Guard(lambda f: f.over, "The last day of the report is still ahead.")

REPORT: Workflow[str] = Workflow(
    "report",
    initial="draft",
    steps=[
        Step("hand_in", "draft", "ready", guards=(WRITTEN,)),
        Step("return", "ready", "draft"),
        Step("release", "ready", "released", guards=(OVER, WRITTEN, FUNDED)),
    ],
)
