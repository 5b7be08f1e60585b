"""A review's way: a panel is convened, scores, and decides."""

from __future__ import annotations

from dataclasses import dataclass

from .engine import Guard, Step, Workflow


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """What a review must know of its panel; ``uncovered`` are the sentences of ``Gate.uncovered``."""

    scorecards: int = 0
    quorum: int = 1
    undeclared: int = 0
    uncovered: tuple[str, ...] = ()
    unsigned: int = 0


DECLARED = Guard(lambda f: f.undeclared == 0, "A panel member has not declared their interests yet.")
QUORUM = Guard(lambda f: f.scorecards >= f.quorum, "The panel has not reached its quorum of scorecards.")
COVERED = Guard(lambda f: not f.uncovered, lambda f: f.uncovered)
SIGNED = Guard(lambda f: f.unsigned == 0, "Both chairs sign a decision, and one signature is still missing.")

REVIEW: Workflow[str] = Workflow(
    "review",
    initial="convened",
    steps=[
        Step("open", "convened", "scoring"),
        Step("decide", "scoring", "decided", guards=(DECLARED, QUORUM, COVERED, SIGNED)),
        Step("cancel", "convened", "cancelled"),
        Step("cancel", "scoring", "cancelled"),
    ],
)
