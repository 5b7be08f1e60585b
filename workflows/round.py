"""A voting round's way: open while dots are placed in silence, then closed and counted."""

from __future__ import annotations

from .engine import Step, Workflow

ROUND: Workflow[str] = Workflow("round", initial="open", steps=[Step("close", "open", "closed")])
