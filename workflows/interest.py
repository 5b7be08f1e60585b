"""The way of an interest that a funder shows in an idea, which the idea's owner answers."""

from __future__ import annotations

from .engine import Step, Workflow

INTEREST: Workflow[str] = Workflow(
    "interest",
    initial="shown",
    steps=[
        Step("accept", "shown", "accepted"),
        Step("decline", "shown", "declined"),
        Step("withdraw", "shown", "withdrawn"),
        Step("expire", "shown", "expired"),  # nobody has answered it in time
        Step("end", "accepted", "ended"),  # the introduction led to nothing, or its talks did
    ],
)
