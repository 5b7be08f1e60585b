"""A condition's way: open, evidence offered, and met or waived."""

from __future__ import annotations

from .engine import Step, Workflow

CONDITION: Workflow[str] = Workflow(
    "condition",
    initial="open",
    steps=[
        Step("offer", "open", "offered"),
        Step("accept", "offered", "met"),
        Step("return", "offered", "open"),
        Step("confirm", "open", "met"),
        Step("confirm", "offered", "met"),
        Step("move", "open", "open"),
        Step("move", "offered", "offered"),
        Step("waive", "open", "waived"),
        Step("waive", "offered", "waived"),
    ],
)
