"""Planning several budgets together, for a programme manager: who should fund what. Nothing is offered or sent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from flask import redirect, render_template, request, url_for

from innovation.funders import policy
from innovation.funders.blueprint import bp
from innovation.funders.budget_forms import TogetherForm
from innovation.funders.flows import Flow, Picture, draw
from innovation.funders.queries.together import list_payers, names_of
from innovation.funders.together_job import Together
from innovation.funders.views.planning import rule_words
from innovation.jobs import commands as jobs
from innovation.jobs.models import Job
from innovation.jobs.queries import find_job, list_parts
from innovation.languages import gettext as _
from innovation.lists import ListState
from innovation.permission import NotThere
from innovation.tables import write_table
from innovation.values import dataclass
from innovation.web import me, today

KIND = "budgets"
MOST = 20  # funders in one plan: as many as the solver proves a small gap for in its seconds


@dataclass(frozen=True)
class Line:
    """What a funder gives to an idea; no reference where the idea is not the manager's to plan with any more."""

    funder_id: int
    funder: str
    idea_id: int
    reference: str
    title: str
    cents: int
    share: int


@dataclass(frozen=True)
class Purse:
    """A funder's budget, what the plan uses of it, and its rules in words."""

    funder: str
    budget: int
    cents: int
    ideas: int
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """A plan as it is told; ``gap`` is by how much a better one could be worth more, of a hundred."""

    lines: tuple[Line, ...]
    worth: int
    bound: int

    @property
    def cents(self) -> int:
        return sum(line.cents for line in self.lines)

    @property
    def ideas(self) -> int:
        return len({line.idea_id for line in self.lines})

    @property
    def whole(self) -> int:
        """How many ideas get all that is missing."""
        shares: dict[int, int] = {}
        for line in self.lines:
            shares[line.idea_id] = shares.get(line.idea_id, 0) + line.share
        return sum(share > 99 for share in shares.values())

    @property
    def gap(self) -> float:
        return round(100 * (self.bound - self.worth) / self.worth, 2) if self.worth else 0.0

    @cached_property
    def picture(self) -> Picture:
        return draw([Flow(line.funder_id, line.idea_id, line.cents) for line in self.lines])

    def of_funder(self, funder_id: int) -> list[Line]:
        return [line for line in self.lines if line.funder_id == funder_id]


@dataclass(frozen=True)
class WhatIf:
    """A rule of a funder in words, and how much more the best plan would be worth without it, of a hundred."""

    funder: str
    rule: str
    ideas: int
    more: float


@bp.route("/funders/plan/together", methods=["GET", "POST"])
def plan_together() -> Any:
    """First which funders, then the budget and the rules of each."""
    policy.may_plan_together.require(me())
    keys = list(dict.fromkeys(request.args.getlist("fund")))
    chosen = list_payers(me(), today(), keys) if 0 < len(keys) <= MOST else []
    if not chosen:
        none_chosen = not keys and request.args.get("step") == "budgets"
        known = {"payers": list_payers(me(), today()), "most": MOST, "too_many": len(keys) > MOST, "keys": keys}
        known |= {"none_chosen": none_chosen}
        return render_template("funders/choose_funders.html", **known), 422 if request.method == "POST" else 200
    form = TogetherForm.of(chosen)
    if request.method == "POST" and form.validate():
        together = form.together(payer.funder.id for payer in chosen)
        told: dict[str, Any] = {"kind": KIND, "payload": together.payload, "total": len(together.things)}
        job = jobs.ask_job(me(), form_key=request.form.get("once", ""), **told)
        return redirect(url_for(".planned_together", job_id=job.id))
    status = 422 if request.method == "POST" else 200
    return render_template("funders/plan_together.html", payers=chosen, form=form), status


@bp.get("/funders/plans/together/<int:job_id>")
def planned_together(job_id: int) -> Any:
    """What has been found so far, for the manager who asked; also as a file."""
    job = find_job(me(), job_id)
    if job.kind != KIND or not policy.may_plan_together.allows(me()):
        raise NotThere
    together, state = Together.of(job.payload), ListState.read((), "plan")
    funders = {
        payer.funder.id: payer.funder for payer in list_payers(me(), today(), ids=[e.funder_id for e in together.each])
    }
    names = {each.funder_id: _name_of(funders.get(each.funder_id)) for each in together.each}
    plans = _read(job, together, names)
    best, rules = plans.get(0), together.rules
    if state.export and best:
        return write_table(_columns(), (_row(line) for line in best.lines), state.export, "who-funds-what")
    part = request.headers.get("HX-Request") == "true"
    return render_template(
        "funders/together_now.html" if part else "funders/planned_together.html",
        job=job,
        state=state,
        again=[funders[each.funder_id].key for each in together.each if each.funder_id in funders],
        together=together,
        best=best,
        purses=_purses(best, together, names) if best else [],
        what_ifs=[
            WhatIf(names[rule.funder_id], rule_words(rule, together.of_funder(rule.funder_id)), plans[at].ideas, more)
            for at, rule in enumerate(rules, 1)
            if at in plans and best
            for more in [_more(best, plans[at])]
        ],
        others=[plans[at] for at in sorted(plans) if at > len(rules) and plans[at].lines],
    )


def _name_of(funder: Any) -> str:
    return funder.name if funder else _("A funder that is not to be found any more")


def _read(job: Job, together: Together, names: Mapping[int, str]) -> dict[int, Found]:
    kept = {part.at: json.loads(part.content) for part in list_parts(job)}
    ideas = names_of(me(), {line[0] for each in kept.values() if each for line in each["parts"]})
    return {at: _found(each, together, names, ideas) for at, each in kept.items() if each}


def _found(
    kept: dict[str, Any], together: Together, funders: Mapping[int, str], ideas: Mapping[int, tuple[str, str]]
) -> Found:
    lines = [
        Line(
            funder_id,
            funders[funder_id],
            idea_id,
            *ideas.get(idea_id, ("", "")),
            cents,
            round(100 * steps / together.steps),
        )
        for idea_id, cents, steps, funder_id, _worth in kept["parts"]
    ]
    lines.sort(key=lambda line: (line.funder.lower(), line.funder_id, -line.cents, line.reference))
    return Found(tuple(lines), kept["worth"], kept["bound"])


def _purses(best: Found, together: Together, names: Mapping[int, str]) -> Sequence[Purse]:
    found = []
    for each in together.each:
        lines = best.of_funder(each.funder_id)
        rules = tuple(rule_words(rule, each) for rule in each.rules)
        spent = sum(line.cents for line in lines)
        found.append(Purse(names[each.funder_id], each.budget_cents, spent, len(lines), rules))
    return found


def _more(best: Found, other: Found) -> float:
    return round(100 * (other.worth - best.worth) / best.worth, 1) if best.worth else 0.0


def _columns() -> list[tuple[str, str]]:
    return [
        ("funder", _("Funder")),
        ("reference", _("Reference")),
        ("title", _("Title")),
        ("amount", _("Amount, rand")),
        ("share", _("Of what is missing, %")),
    ]


def _row(line: Line) -> dict[str, Any]:
    told = {"funder": line.funder, "reference": line.reference, "title": line.title}
    return told | {"amount": line.cents / 100, "share": line.share}
