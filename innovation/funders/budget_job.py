"""A budget planned by the worker: the best plan, what each rule costs, and the next best plans."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from innovation.db import db
from innovation.funders import queries
from innovation.funders.budgeting import NoPlan, Open, Plan, Purse, Rule, Share, alternatives, plan, rules_of, without
from innovation.funders.facets import Filters
from innovation.funders.queries.browsing import NEWEST, Browsing
from innovation.funders.queries.directory import find_own_funder
from innovation.funders.queries.funding import committed_by
from innovation.ideas.models import Ask, Idea
from innovation.jobs.kinds import Kind, Outcome, Page, Work
from innovation.jobs.models import Job, JobPart
from innovation.languages import lazy_gettext
from innovation.permission import Actor
from innovation.web import today
from workflows import Refused

LOW_QUINTILES, MOST_OF_THEM = "low_quintiles", 60  # per cent of its schools from which an idea counts as for them
OTHERS = 2
FEWER = "There is no plan within these rules. Loosen one of them."


@dataclass(frozen=True)
class Question:
    """What is asked of a budget; money in cents, shares in per cent of what is spent."""

    funder_id: int
    budget_cents: int
    steps: int
    most_cents: int | None = None
    most_ideas: int | None = None
    low_quintiles: int | None = None
    province: str = ""
    province_share: int | None = None

    @property
    def shares(self) -> tuple[Share, ...]:
        low = [Share(LOW_QUINTILES, self.low_quintiles)] if self.low_quintiles else []
        here = [Share(self.province, self.province_share)] if self.province and self.province_share else []
        return (*low, *here)

    def purse(self, points: dict[int, int]) -> Purse:
        return Purse(self.funder_id, self.budget_cents, points, self.most_cents, self.most_ideas, self.shares)

    @property
    def rules(self) -> list[Rule]:
        return rules_of([self.purse({})])

    @property
    def things(self) -> list[str]:
        """What the worker finds in turn: the plan, it without each rule, and others that differ."""
        return ["plan", *(f"{rule.kind} {rule.tag}".strip() for rule in self.rules), *["other"] * OTHERS]


@dataclass
class Sums:
    """The asks that fit a funder and what it thinks of them, read once for all plans."""

    question: Question
    asks: Sequence[Open]
    purse: Purse

    @classmethod
    def read(cls, actor: Actor, question: Question) -> Sums:
        funder = find_own_funder(actor, question.funder_id)
        browsing = Browsing(actor, funder, queries.latest_mandate(funder), today())
        matches = browsing.find(Filters()).matches
        points = {match.idea_id: match.fit.score for match in matches}
        tags = _tags([match.idea_id for match in matches], browsing.province_of)
        given = committed_by(funder)
        asks = [Open(m.idea_id, max(0, m.amount - given.get(m.idea_id, 0)), tags[m.idea_id]) for m in matches]
        return cls(question, asks, question.purse(points))

    @cached_property
    def best(self) -> Plan:
        return plan(self.asks, [self.purse], steps=self.question.steps)

    @cached_property
    def others(self) -> list[Plan]:
        return list(alternatives(self.asks, [self.purse], self.best, OTHERS, steps=self.question.steps))

    def find(self, at: int) -> Plan | None:
        """The plan in this place of ``Question.things``; None where there is no further one."""
        rules = self.question.rules
        if at == 0:
            return self.best
        if at <= len(rules):
            return plan(self.asks, without([self.purse], rules[at - 1]), steps=self.question.steps)
        number = at - len(rules) - 1
        return self.others[number] if number < len(self.others) else None


def _tags(idea_ids: list[int], province_of: dict[int, str]) -> dict[int, frozenset[str]]:
    """The provinces in which an idea would work, and whether most of its schools are of quintiles 1 to 3."""
    query = sa.select(Idea.id, Idea.district_id, Ask.provinces, Ask.share_q1_3).join(Ask, Ask.idea_id == Idea.id)
    found = {}
    for idea_id, district_id, provinces, low in db.session.execute(query.where(Idea.id.in_(idea_ids), NEWEST)):
        here = {province_of[district_id]} if district_id in province_of else set()
        for_low = {LOW_QUINTILES} if (low or 0) >= MOST_OF_THEM else set()
        found[idea_id] = frozenset({*provinces, *here, *for_low})
    return found


def _begin(actor: Actor, job: Job) -> Work:
    question, job_id = Question(**job.payload), job.id
    sums = Sums.read(actor, question)
    found: dict[int, Plan | None] = {}

    def ready(_actor: Actor, which: range) -> None:
        for at in which:
            try:
                found[at] = sums.find(at)
            except NoPlan:
                raise Refused((FEWER,)) from None

    def do(_actor: Actor, which: range) -> list[Outcome]:
        for at in which:
            content = json.dumps(_kept(found[at])).encode()
            db.session.add(JobPart(job_id=job_id, at=at, name=question.things[at], content=content))
        return [Outcome()] * len(which)

    return Work(question.things, do, ready=ready)


def _kept(found: Plan | None) -> dict[str, Any] | None:
    if found is None:
        return None
    parts = [[part.idea_id, part.cents, part.steps] for part in found.parts]
    return {"worth": found.worth, "bound": found.bound, "seconds": round(found.seconds, 2), "parts": parts}


def _back(job: Job) -> list[Page]:
    return [Page(lazy_gettext("The plan"), "funders.planned", {"job_id": job.id})]


KIND = Kind(lazy_gettext("Plan a budget"), _begin, back=_back)
