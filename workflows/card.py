"""A paper card's way: printed, then typed in, void or missing; whatever is found again can still be typed in."""

from __future__ import annotations

from .engine import Step, Workflow

CARD: Workflow[str] = Workflow(
    "card",
    initial="printed",
    steps=[
        Step("type", "printed", "typed"),
        Step("type", "missing", "typed"),
        Step("void", "printed", "void"),
        Step("void", "missing", "void"),
        Step("miss", "printed", "missing"),
        Step("restore", "void", "printed"),
        Step("restore", "missing", "printed"),
    ],
)
