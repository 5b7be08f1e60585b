"""The plans of a job in turn: the best one, the best one without each rule, and others that differ."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import Any

from innovation.db import db
from innovation.funders.budgeting import NoPlan, Open, Part, Plan, Purse, Rule, another, plan, without
from innovation.jobs.kinds import Outcome, Work
from innovation.jobs.models import Job, JobPart
from innovation.jobs.queries import list_parts
from innovation.permission import Actor
from innovation.values import dataclass
from workflows import Refused

OTHERS = 2
SECONDS_LATER = 4.0  # for each plan after the best one, which has more
FEWER = "There is no plan within these rules. Loosen one of them."


def things_of(rules: Iterable[Rule]) -> list[str]:
    """What the worker finds in turn, by name."""
    return ["plan", *(f"{rule.funder_id} {rule.kind} {rule.tag}".strip() for rule in rules), *["other"] * OTHERS]


@dataclass
class Finding:
    """What is asked, read once for all plans; ``known`` are those that were found before, by their place."""

    asks: Sequence[Open]
    purses: Sequence[Purse]
    rules: Sequence[Rule]
    steps: int
    known: dict[int, Plan | None] = field(default_factory=dict)

    def find(self, at: int) -> Plan | None:
        """The plan in this place of ``things_of``; None where there is no further one."""
        if at == 0:
            return plan(self.asks, self.purses, steps=self.steps)
        if at <= len(self.rules):
            looser = without(self.purses, self.rules[at - 1])
            return plan(self.asks, looser, steps=self.steps, seconds=SECONDS_LATER, start=self.known.get(0))
        earlier = [self.known.get(place) for place in (0, *range(len(self.rules) + 1, at))]
        apart = [each for each in earlier if each is not None]
        if len(apart) < len(earlier):
            return None
        return another(self.asks, self.purses, apart, steps=self.steps, seconds=SECONDS_LATER)


def work(job: Job, finding: Finding) -> Work:
    """The job that finds them: what was found before it was put aside is read, not found again."""
    job_id, names = job.id, things_of(finding.rules)
    finding.known.update((part.at, _plan(json.loads(part.content))) for part in list_parts(job))

    def ready(_actor: Actor, which: range) -> None:
        for at in which:
            try:
                finding.known[at] = finding.find(at)
            except NoPlan:
                raise Refused((FEWER,)) from None

    def do(_actor: Actor, which: range) -> list[Outcome]:
        for at in which:
            content = json.dumps(_kept(finding.known[at])).encode()
            db.session.add(JobPart(job_id=job_id, at=at, name=names[at], content=content))
        return [Outcome()] * len(which)

    return Work(names, do, ready=ready)


def _kept(found: Plan | None) -> dict[str, Any] | None:
    if found is None:
        return None
    parts = [[part.idea_id, part.cents, part.steps, part.funder_id, part.worth] for part in found.parts]
    return {"worth": found.worth, "bound": found.bound, "seconds": round(found.seconds, 2), "parts": parts}


def _plan(kept: dict[str, Any] | None) -> Plan | None:
    if kept is None:
        return None
    parts = tuple(Part(funder, idea, steps, cents, worth) for idea, cents, steps, funder, worth in kept["parts"])
    return Plan(parts, kept["worth"], kept["bound"], kept["seconds"])
