"""The way of an incident in a pilot: open until somebody outside the team has settled it, and open again if need be."""

from __future__ import annotations

from .engine import Step, Workflow

INCIDENT: Workflow[str] = Workflow(
    "incident",
    initial="open",
    steps=[
        Step("settle", "open", "settled"),
        Step("reopen", "settled", "open"),
    ],
)
