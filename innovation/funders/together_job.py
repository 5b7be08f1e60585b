"""Several budgets planned together by the worker: who should fund what, so that most good is funded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from innovation.funders.budget_job import MOST_ASKS, Question, tags_of
from innovation.funders.budgeting import Open, Purse, Rule, rules_of
from innovation.funders.facets import Filters
from innovation.funders.plan_finding import Finding, things_of, work
from innovation.funders.queries.funding import committed_to
from innovation.funders.queries.together import InCharge, Payer, list_payers, plannable
from innovation.jobs.kinds import Kind, Page, Work
from innovation.jobs.models import Job
from innovation.languages import lazy_gettext
from innovation.permission import Actor
from innovation.values import dataclass
from innovation.web import today
from workflows import Refused

GONE = "A funder of this plan does not want to be found any more. Ask again without it."


@dataclass(frozen=True)
class Together:
    """What is asked of several budgets, each with its own rules; all pay in the same steps."""

    each: tuple[Question, ...]

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> Together:
        return cls(tuple(Question(**each) for each in payload["each"]))

    @property
    def payload(self) -> dict[str, Any]:
        return {"each": [asdict(each) for each in self.each]}

    @property
    def steps(self) -> int:
        return self.each[0].steps

    @property
    def budget_cents(self) -> int:
        return sum(each.budget_cents for each in self.each)

    @property
    def rules(self) -> list[Rule]:
        return rules_of(each.purse({}) for each in self.each)

    @property
    def things(self) -> list[str]:
        return things_of(self.rules)

    def of_funder(self, funder_id: int) -> Question:
        return next(each for each in self.each if each.funder_id == funder_id)


def _begin(actor: Actor, job: Job) -> Work:
    together = Together.of(job.payload)
    payers = {
        payer.funder.id: payer for payer in list_payers(actor, today(), ids=[each.funder_id for each in together.each])
    }
    if any(each.funder_id not in payers for each in together.each):
        raise Refused((GONE,))
    given, amounts, province_of = committed_to(plannable(actor)), {}, {}
    purses = []
    for question in together.each:
        browsing = _look(actor, payers[question.funder_id])
        matches, province_of = browsing.find(Filters()).matches, browsing.province_of
        amounts.update({match.idea_id: match.amount for match in matches})
        points = {match.idea_id: match.fit.score for match in matches}
        purses.append(_purse(question, payers[question.funder_id], points, given))
    best = sorted(amounts, key=lambda key: (-max(purse.points.get(key, 0) for purse in purses), key))[:MOST_ASKS]
    tags = tags_of(best, province_of)
    asks = [Open(key, max(0, amounts[key] - _sum_of(key, given)), tags[key]) for key in best]
    return work(job, Finding(asks, purses, together.rules, together.steps))


def _look(actor: Actor, payer: Payer) -> InCharge:
    return InCharge(actor, payer.funder, payer.mandates, today())


def _purse(question: Question, payer: Payer, points: dict[int, int], given: Mapping[tuple[int, int], int]) -> Purse:
    """A funder that does not fund with others leaves out what others fund already."""
    if payer.co_funds:
        return question.purse(points)
    with_others = {idea_id for idea_id, funder_id in given if funder_id != question.funder_id}
    return question.purse({key: n for key, n in points.items() if key not in with_others}, alone=True)


def _sum_of(idea_id: int, given: Mapping[tuple[int, int], int]) -> int:
    return sum(cents for (key, _funder), cents in given.items() if key == idea_id)


def _back(job: Job) -> list[Page]:
    return [Page(lazy_gettext("The plan"), "funders.planned_together", {"job_id": job.id})]


KIND = Kind(lazy_gettext("Plan several budgets"), _begin, back=_back)
