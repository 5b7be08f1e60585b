"""Planning a budget: what is asked of it, and what the worker has found."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for

from innovation.db import db
from innovation.funders import policy, queries
from innovation.funders.blueprint import bp
from innovation.funders.budget_forms import BudgetForm, share_asked_for
from innovation.funders.budget_job import LOW_QUINTILES, Question
from innovation.funders.budgeting import Rule
from innovation.funders.models import Funder
from innovation.funders.queries.browsing import listed
from innovation.funders.queries.directory import find_own_funder
from innovation.funders.views.browsing import acting
from innovation.ideas.models import Idea
from innovation.jobs import commands as jobs
from innovation.jobs.models import Job
from innovation.jobs.queries import find_job, list_parts
from innovation.languages import gettext as _
from innovation.permission import Actor, NotThere
from innovation.places.names import PROVINCES
from innovation.values import dataclass
from innovation.web import me, money, today

KIND = "budget"
OWN_CURRENCY = "ZAR"


@dataclass(frozen=True)
class Line:
    """What an idea gets; no reference where it is not shown to the funder any more. ``share`` is of its ask."""

    reference: str
    title: str
    cents: int
    share: int


@dataclass(frozen=True)
class Found:
    """A plan as it is told; ``gap`` is by how much a better one could be worth more, of a hundred."""

    lines: tuple[Line, ...]
    worth: int
    gap: float
    seconds: float

    @property
    def cents(self) -> int:
        return sum(line.cents for line in self.lines)


@dataclass(frozen=True)
class WhatIf:
    """A rule in words, and the plan without it."""

    rule: str
    found: Found
    more: float


@bp.route("/funders/plan", methods=["GET", "POST"])
def plan() -> Any:
    policy.may_plan_budget.require(me())
    funder = acting()
    givings, chosen = queries.givings_of(funder), request.args.get("grant", "")
    mandates = queries.matched(givings, today(), chosen)
    form = BudgetForm.read(data={"budget": _budget_of_the_year(funder, chosen)}).offer()
    if request.method == "POST" and form.validate():
        question = form.question(funder.id, chosen)
        told: dict[str, Any] = {"kind": KIND, "payload": asdict(question), "total": len(question.things)}
        job = jobs.ask_job(me(), form_key=request.form.get("once", ""), **told)
        return redirect(url_for(".planned", job_id=job.id))
    return render_template(
        "funders/plan.html",
        funder=funder,
        own=queries.own_funders(me()),
        mandates=mandates,
        givings=givings,
        grant=chosen,
        form=form,
    ), 422 if request.method == "POST" else 200


def _budget_of_the_year(funder: Funder, key: str) -> int | None:
    """What the programme has this year, in cents of the currency in which ideas ask; None where it does not say."""
    if not key:
        return None
    budgets = queries.find_grant(funder, key).budgets
    found = (each.amount_minor for each in budgets if (each.year, each.currency) == (today().year, OWN_CURRENCY))
    return next(found, None)


@bp.get("/funders/plans/<int:job_id>")
def planned(job_id: int) -> Any:
    """What has been found so far, for whoever asked; a page that is open already takes in the part that changes."""
    job = find_job(me(), job_id)
    if job.kind != KIND:
        raise NotThere
    question = Question(**job.payload)
    funder = find_own_funder(me(), question.funder_id)
    part = request.headers.get("HX-Request") == "true"
    found = _read(me(), job, question)
    return render_template(
        "funders/planned_now.html" if part else "funders/planned.html",
        job=job,
        funder=funder,
        question=question,
        rules=[rule_words(rule, question) for rule in question.rules],
        **found,
    )


def _read(actor: Actor, job: Job, question: Question) -> dict[str, Any]:
    kept = {part.at: json.loads(part.content) for part in list_parts(job)}
    names = _names(actor, {idea_id for each in kept.values() if each for idea_id, *_rest in each["parts"]})
    plans = {at: _found(each, names, question) for at, each in kept.items() if each}
    best, rules = plans.get(0), question.rules
    what_ifs = [
        WhatIf(rule_words(rule, question), plans[at], _more(best, plans[at]))
        for at, rule in enumerate(rules, 1)
        if at in plans and best
    ]
    return {
        "best": best,
        "what_ifs": what_ifs,
        "others": [plans[at] for at in sorted(plans) if at > len(rules) and plans[at].lines],
    }


def _names(actor: Actor, idea_ids: set[int]) -> dict[int, tuple[str, str]]:
    query = sa.select(Idea.id, Idea.reference, Idea.title).where(Idea.id.in_(idea_ids), listed(actor))
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}


def _found(kept: dict[str, Any], names: dict[int, tuple[str, str]], question: Question) -> Found:
    lines = [
        Line(*names.get(idea_id, ("", "")), cents, round(100 * steps / question.steps))
        for idea_id, cents, steps, *_rest in kept["parts"]
    ]
    lines.sort(key=lambda line: (-line.cents, line.reference))
    gap = 100 * (kept["bound"] - kept["worth"]) / kept["worth"] if kept["worth"] else 0.0
    return Found(tuple(lines), kept["worth"], round(gap, 2), kept["seconds"])


def _more(best: Found, other: Found) -> float:
    """How much more another plan is worth, of a hundred."""
    return round(100 * (other.worth - best.worth) / best.worth, 1) if best.worth else 0.0


def rule_words(rule: Rule, question: Question) -> str:
    """A rule as people say it."""
    if rule.kind == "most_cents":
        return _("At most %(amount)s for one idea", amount=money(question.most_cents))
    if rule.kind == "most_ideas":
        return _("At most %(many)s ideas", many=question.most_ideas)
    if rule.tag == LOW_QUINTILES:
        return _("%(what)s: %(percent)s %% or more", what=_(share_asked_for()), percent=question.low_quintiles)
    return _(
        "%(percent)s %% or more in %(province)s",
        percent=question.province_share,
        province=PROVINCES.get(rule.tag, rule.tag),
    )
