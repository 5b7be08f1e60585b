"""The way of a review some time after: planned for a day, its figures handed in, and decided; or not held at all."""

from __future__ import annotations

from .engine import Step, Workflow

OUTCOMES_AFTER = ("sustained", "at_risk", "lapsed")

POST_REVIEW: Workflow[str] = Workflow(
    "review",
    initial="planned",
    steps=[
        Step("hand_in", "planned", "handed_in"),
        Step("hand_in", "handed_in", "handed_in"),
        Step("return", "handed_in", "planned"),
        Step("decide", "handed_in", "decided"),
        Step("cancel", "planned", "cancelled"),
        Step("cancel", "handed_in", "cancelled"),
    ],
)
