"""A waiver's way: asked for, granted or refused, and taken back before the idea is presented."""

from __future__ import annotations

from .engine import Step, Workflow

WAIVER: Workflow[str] = Workflow(
    "waiver",
    initial="asked",
    steps=[
        Step("grant", "asked", "granted"),
        Step("refuse", "asked", "refused"),
        Step("revoke", "granted", "revoked"),
    ],
)
