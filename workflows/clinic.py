"""A clinic's way: planned, open for ideas, voting where it votes, closed, reported."""

from __future__ import annotations

from .engine import Step, Workflow

CLINIC: Workflow[str] = Workflow(
    "clinic",
    initial="planned",
    steps=[
        Step("open", "planned", "open"),
        Step("vote", "open", "voting"),
        Step("close", "open", "closed"),
        Step("close", "voting", "closed"),
        Step("reopen", "closed", "open"),
        Step("report", "closed", "reported"),
    ],
)
