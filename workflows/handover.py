"""The way of a hand-over: planned, agreed upon by both sides, and done; what was agreed can be opened again."""

from __future__ import annotations

from dataclasses import dataclass

from .engine import Guard, Step, Workflow


@dataclass(frozen=True, slots=True)
class HandoverFacts:
    """What a hand-over must know: who takes over, what it rests on, and how many of its steps are still open."""

    has_post: bool = False
    has_sides: bool = False
    has_day: bool = False
    references: int = 0
    budget_lines: int = 0
    steps: int = 0
    steps_open: int = 0


POST = Guard(lambda f: f.has_post, "It is not said yet which post in which unit takes it over.")
SIDES = Guard(lambda f: f.has_sides, "Both sides are to be named by their roles: who hands over, and who takes over.")
DAY = Guard(lambda f: f.has_day, "No day is agreed upon yet.")
PLANNED = Guard(lambda f: f.steps > 0, "The plan has no steps yet: say what is done until then, and by whom.")
GROUNDED = Guard(lambda f: f.references > 0, "No policy, circular or plan is named on which it rests.")
PAID = Guard(lambda f: f.budget_lines > 0, "No budget line is named from which it is paid.")
DONE = Guard(
    lambda f: f.steps_open == 0,
    lambda f: (f"Steps of the plan that are still open: {f.steps_open}.",),
)

HANDOVER: Workflow[str] = Workflow(
    "hand-over",
    initial="planned",
    steps=[
        Step("agree", "planned", "agreed", guards=(POST, SIDES, DAY, PLANNED)),
        Step("reopen", "agreed", "planned"),
        Step("hand_over", "agreed", "handed_over", guards=(GROUNDED, PAID, DONE)),
    ],
)
