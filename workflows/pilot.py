"""The way of a pilot: planned, running, paused after harm, asking when a stop threshold is crossed, ended."""

from __future__ import annotations

from dataclasses import dataclass

from .engine import Guard, Step, Workflow


@dataclass(frozen=True, slots=True)
class PilotFacts:
    """What a pilot must know: incidents of harm that are not settled, and stop warnings that nobody has answered."""

    harm: int = 0
    warnings: int = 0


SAFE = Guard(lambda f: f.harm == 0, "An incident in which somebody came to harm is not settled yet.")
ANSWERED = Guard(lambda f: f.warnings == 0, "A stop threshold was crossed, and nobody has answered for it yet.")
WARNED = Guard(lambda f: f.warnings > 0, "Some stop thresholds are still to be answered for.")

PILOT: Workflow[str] = Workflow(
    "pilot",
    initial="planned",
    steps=[
        Step("start", "planned", "running", guards=(SAFE,)),
        Step("pause", "running", "paused"),
        Step("pause", "asking", "paused"),
        Step("resume", "paused", "asking", guards=(SAFE,), when=WARNED),
        Step("resume", "paused", "running", guards=(SAFE,), when=ANSWERED),
        Step("warn", "running", "asking"),
        Step("answer", "asking", "running", guards=(ANSWERED,)),
        Step("end", "running", "ended"),
        Step("end", "asking", "ended"),
        Step("end", "paused", "ended"),
    ],
)
