"""The way of a request to reconsider a decision: asked, taken by another chair, and answered."""

from __future__ import annotations

from .engine import Step, Workflow

RECONSIDERATION: Workflow[str] = Workflow(
    "reconsideration",
    initial="asked",
    steps=[
        Step("take", "asked", "taken"),
        Step("give back", "taken", "asked"),
        Step("uphold", "taken", "upheld"),
        Step("change", "taken", "changed"),
    ],
)
