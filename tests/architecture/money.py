"""The part of the world about money: talks at each step, commitments, tranches, and two funders of one ask."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.funders.codes import DILIGENCE_NAMES
from innovation.funders.commitment_models import (
    Check,
    Commitment,
    DiligencePaper,
    Disclosure,
    Registration,
    Talk,
    Tranche,
)
from innovation.funders.models import Interest
from innovation.funders.report_models import FundingReport
from innovation.funders.reporting import frozen
from innovation.ideas.models import Idea
from innovation.ideas.store import store
from innovation.pilots.models import Milestone, MilestoneFile
from tests import make
from tests.stories.filling import PDF

CANARY = "zanzibar"
SPRING = dt.date(2027, 3, 1)
Things = dict[str, dict[str, Any]]


def build(people: dict[str, int], things: Things) -> Things:
    """Ideas by how far funders have come, and what there is in each."""
    owner = db.session.get_one(Person, people["owner"])
    one, other = things["funder"]["one"], things["funder"]["other"]
    ideas = {name: _idea(owner, people, things, name) for name in ("talked", "funded", "co-funded")}
    talked = _talk(ideas["talked"], one, people, "talking")
    funded = _talk(ideas["funded"], one, people, "committed")
    milestones = _milestones(ideas["funded"])
    commitments = {
        "offered": _commitment(funded, "offered", 100_000_00),
        "open": _commitment(funded, "committed", 50_000_00),
        "whole": _commitment(funded, "committed", 20_000_00),
        "agreed": _commitment(funded, "agreed", 30_000_00, agreed_on=now().date(), agreement="Agreement 1"),
    }
    tranches = {name: _tranche(commitments[name]) for name in ("whole", "agreed")}
    for number, funder in enumerate((one, other)):
        shared = _talk(ideas["co-funded"], funder, people, "committed", f"{CANARY}{('jotting', 'remark')[number]}")
        _commitment(shared, "committed", 10_000_00, terms=f"{CANARY}{('terms', 'stipulation')[number]}")
    for name in ("funded", "co-funded"):
        words = {"item": "accounts", "number": 1, "text": f"{CANARY}papers of the receiver"}
        make.add(DiligencePaper(idea_id=ideas[name].id, **words))
        make.add(Registration(idea_id=ideas[name].id, kind="npo", number=f"{CANARY}registered"))
    return {
        "talk": {"talked": talked.id, "funded": funded.id},
        "talk_interest": {"talked": talked.interest_id, "funded": funded.interest_id},
        "commitment": {name: commitment.id for name, commitment in commitments.items()},
        "tranche": {name: tranche.id for name, tranche in tranches.items()},
        "milestone": {milestone.state: milestone.id for milestone in milestones},
        "milestone_file": {"shown": _file(milestones[1]).id},
        "report": {report.state: report.id for report in _reports(ideas)},
    }


def _idea(owner: Person, people: dict[str, int], things: Things, name: str) -> Idea:
    idea = make.listed_idea(owner=owner, clinic_id=things["clinic_id"]["here"], title=f"Idea {name}")
    make.contributor(idea, db.session.get_one(Person, people["contributor"]))
    things["idea"][name], things["idea_id"][name] = idea.reference, idea.id
    return idea


def _talk(idea: Idea, funder_id: int, people: dict[str, int], state: str, note: str = "") -> Talk:
    met = {"state": "accepted", "answered_by_id": people["owner"], "answered_at": now()}
    interest = make.add(Interest(funder_id=funder_id, idea_id=idea.id, **met))
    talk = make.add(Talk(interest_id=interest.id, idea_id=idea.id, funder_id=funder_id, state=state))
    if state == "committed":
        for item in DILIGENCE_NAMES:
            make.add(Check(talk_id=talk.id, item=item, verdict="fine", note=note if item == "bank" else ""))
        make.add(Disclosure(interest_id=interest.id, field="totals"))
    return talk


def _commitment(talk: Talk, state: str, amount: int, **more: Any) -> Commitment:
    values = {"instrument": "grant", "currency": "ZAR", "purpose": "The first year."} | more
    about = {"talk_id": talk.id, "idea_id": talk.idea_id, "funder_id": talk.funder_id}
    return make.add(Commitment(state=state, amount_minor=amount, **about, **values))


def _tranche(commitment: Commitment) -> Tranche:
    return make.add(Tranche(commitment_id=commitment.id, amount_minor=commitment.amount_minor, due_on=SPRING))


def _reports(ideas: dict[str, Idea]) -> list[FundingReport]:
    """One at each step, of an idea with a funder; and one that waits for no other."""
    nothing = {"evidence": "E1", "evidence_accepted": False, "sites": 0, "schools": None, "learners": None}
    figures = frozen(
        as_of=SPRING,
        place="Pilot",
        target=None,
        given=[],
        milestones=[],
        cost_per_learner=None,
        share_q1_3=None,
        **nothing,
    )
    ended = {"state": "released", "released_at": now(), "released_as": "manager", "figures": figures}
    _report(ideas["talked"], 1, **ended)
    return [
        _report(ideas["funded"], 1, progress=f"{CANARY}told to funders", **ended),
        _report(ideas["funded"], 2, progress=f"{CANARY}unfinished"),
        _report(ideas["funded"], 3, state="ready", handed_in_at=now()),
    ]


def _report(idea: Idea, number: int, **more: Any) -> FundingReport:
    times = {"starts_on": now().date(), "ends_on": now().date(), "due_on": SPRING}
    values = {"progress": "Clubs read.", "outlook": "More clubs."} | more
    return make.add(FundingReport(idea_id=idea.id, number=number, **times, **values))


def _file(milestone: Milestone) -> MilestoneFile:
    kept = {"file_key": store().put(PDF), "name": "lists.pdf", "content_type": "application/pdf", "size": len(PDF)}
    return make.add(MilestoneFile(milestone_id=milestone.id, **kept))


def _milestones(idea: Idea) -> list[Milestone]:
    shown = {"state": "shown", "evidence": "Eight lists.", "shown_at": now()}
    return [
        make.add(Milestone(idea_id=idea.id, title="Eight clubs", due_on=SPRING, state="planned")),
        make.add(Milestone(idea_id=idea.id, title="Four clubs", due_on=SPRING, **shown)),
    ]
