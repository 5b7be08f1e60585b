"""A budget planned by the worker for one funder: what it is asked, and what it is worked out from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from innovation.db import db
from innovation.funders import queries
from innovation.funders.budgeting import Open, Purse, Rule, Share, rules_of
from innovation.funders.facets import Filters
from innovation.funders.plan_finding import Finding, things_of, work
from innovation.funders.queries.browsing import NEWEST, Browsing
from innovation.funders.queries.directory import find_own_funder
from innovation.funders.queries.funding import committed_by
from innovation.ideas.models import Ask, Idea
from innovation.jobs.kinds import Kind, Page, Work
from innovation.jobs.models import Job
from innovation.languages import lazy_gettext
from innovation.permission import Actor
from innovation.values import dataclass
from innovation.web import today

LOW_QUINTILES, MOST_OF_THEM = "low_quintiles", 60  # per cent of its schools from which an idea counts as for them
MOST_ASKS = 500  # those that fit best: with more the solver proves less in its time


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
    grant: str = ""  # the key of the programme of which alone it is; empty is all

    @property
    def shares(self) -> tuple[Share, ...]:
        low = [Share(LOW_QUINTILES, self.low_quintiles)] if self.low_quintiles else []
        here = [Share(self.province, self.province_share)] if self.province and self.province_share else []
        return (*low, *here)

    def purse(self, points: Mapping[int, int], *, alone: bool = False) -> Purse:
        return Purse(self.funder_id, self.budget_cents, points, self.most_cents, self.most_ideas, self.shares, alone)

    @property
    def rules(self) -> list[Rule]:
        return rules_of([self.purse({})])

    @property
    def things(self) -> list[str]:
        """What the worker finds in turn: the plan, it without each rule, and others that differ."""
        return things_of(self.rules)


def _begin(actor: Actor, job: Job) -> Work:
    question = Question(**job.payload)
    funder = find_own_funder(actor, question.funder_id)
    browsing = Browsing(actor, funder, queries.mandates_for(funder, today(), question.grant), today())
    matches = browsing.find(Filters()).matches[:MOST_ASKS]
    tags = tags_of([match.idea_id for match in matches], browsing.province_of)
    given = committed_by(funder)
    asks = [Open(m.idea_id, max(0, m.amount - given.get(m.idea_id, 0)), tags[m.idea_id]) for m in matches]
    purse = question.purse({match.idea_id: match.fit.score for match in matches})
    return work(job, Finding(asks, [purse], question.rules, question.steps))


def tags_of(idea_ids: Iterable[int], province_of: Mapping[int, str]) -> dict[int, frozenset[str]]:
    """The provinces in which an idea would work, and whether most of its schools are of quintiles 1 to 3."""
    query = sa.select(Idea.id, Idea.district_id, Ask.provinces, Ask.share_q1_3).join(Ask, Ask.idea_id == Idea.id)
    found = {}
    for idea_id, district_id, provinces, low in db.session.execute(query.where(Idea.id.in_(list(idea_ids)), NEWEST)):
        here = {province_of[district_id]} if district_id is not None and district_id in province_of else set()
        for_low = {LOW_QUINTILES} if (low or 0) >= MOST_OF_THEM else set()
        found[idea_id] = frozenset({*provinces, *here, *for_low})
    return found


def _back(job: Job) -> list[Page]:
    return [Page(lazy_gettext("The plan"), "funders.planned", {"job_id": job.id})]


KIND = Kind(lazy_gettext("Plan a budget"), _begin, back=_back)
