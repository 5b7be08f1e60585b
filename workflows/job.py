"""A long job's way: waiting for a worker, running, finished, or stopped by whoever asked for it."""

from __future__ import annotations

from .engine import Step, Workflow

JOB: Workflow[str] = Workflow(
    "job",
    initial="waiting",
    steps=[
        Step("start", "waiting", "running"),
        Step("finish", "running", "finished"),
        Step("stop", "waiting", "stopped"),
        Step("stop", "running", "stopped"),
    ],
)
