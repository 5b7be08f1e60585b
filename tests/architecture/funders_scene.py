"""What two funders have of their own and were shown, and what is taken back from them, for the world of the tests."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from innovation.accounts.models import RoleGrant
from innovation.db import db, now
from innovation.events import Delivery, record
from innovation.funders.commitment_models import Commitment, DiligencePaper, Disclosure, Talk
from innovation.funders.events import InterestAccepted, InterestDeclined, ReportReleased, TalksDeclined
from innovation.funders.models import Award, Interest
from innovation.funders.report_models import FundingReport
from innovation.funders.workspace_models import FunderNote, Passed, SavedSearch, SearchAlert, Shortlisted
from innovation.gates.models import Condition, Decision, Review
from innovation.ideas import commands as ideas
from innovation.ideas.models import Handin, Idea, Revision, Wall
from innovation.permission import SYSTEM
from tests import make
from tests.architecture.world import World

OPENED, CLOSED, NEVER = "canvas:risks", "canvas:measure", "canvas:resources"
PAPERS = {"bank": "opened", "donors": "closed again", "leadership": "never opened"}
OUT_OF_SIGHT = ("withdrawn", "stopped later", "walled off")
TEXTS = ("now", "how_it_works", "theory_of_change", "resources", "risks", "measure")


def add_scene(world: World) -> None:
    """Ideas that went out of sight with everything that was done with them, and all that a funder can keep."""
    for name in OUT_OF_SIGHT:
        standing = "stopped" if name == "stopped later" else "active"
        idea = make.listed_idea(owner=world.person("owner"), title=f"Idea {name}", standing=standing)
        world.things["idea"][name], world.things["idea_id"][name] = idea.reference, idea.id
    every = {name: db.session.get_one(Idea, number) for name, number in world.things["idea_id"].items()}
    for name in (*OUT_OF_SIGHT, "ready"):
        for fund in world.things["funder"].values():
            _keep(fund, every[name])
    for name in OUT_OF_SIGHT:
        _talk(every[name], world.things["funder"]["one"])
    for persona in ("funder_admin", "funder_member"):
        make.add(Wall(idea_id=every["walled off"].id, person_id=world.people[persona], why="affiliation:1"))
    for idea in every.values():
        _papers(idea)
    for key, fund in world.things["funder"].items():
        _of_its_own(fund, world.people["funder_admin" if key == "one" else "other_funder"])
    interest = world.things["talk_interest"]["funded"]
    make.add(Disclosure(interest_id=interest, field=OPENED))
    make.add(Disclosure(interest_id=interest, field=CLOSED, revoked_at=now()))
    make.add(Disclosure(interest_id=interest, field="paper:bank"))
    make.add(Disclosure(interest_id=interest, field="paper:donors", revoked_at=now()))
    make.add(Passed(funder_id=world.things["funder"]["other"], idea_id=every["talked"].id, reason="time", text="No."))
    for item in PAPERS:
        for idea in (every["funded"], every["co-funded"]):
            make.add(DiligencePaper(idea_id=idea.id, item=item, number=1, text="Words."))
    _owe_letters()
    ideas.withdraw_consent(make.actor(world.person("owner")), every["withdrawn"], purpose="share_with_funders")
    db.session.commit()


def _owe_letters() -> None:
    """Of every introduction and report, to those who work for the funder; what was owed before is done."""
    db.session.execute(sa.update(Delivery).values(done_at=now()))
    for each in db.session.query(Interest):
        about = {"interest_id": each.id, "idea_id": each.idea_id, "funder_id": each.funder_id}
        record(SYSTEM, InterestAccepted(**about) if each.state == "accepted" else InterestDeclined(**about))
        for talk in db.session.query(Talk).filter_by(interest_id=each.id):
            record(SYSTEM, TalksDeclined(**about, talk_id=talk.id))
    for report in db.session.query(FundingReport).filter_by(state="released"):
        of = {"idea_id": report.idea_id, "report_id": report.id, "number": report.number, "edition": 1}
        record(SYSTEM, ReportReleased(**of, funders=1, revision=1))


def add_hidden(world: World) -> None:
    """More of everything that one funder must not notice: ideas that are not shared, and the work of another funder."""
    owner, other = world.person("owner"), world.things["funder"]["other"]
    for more in (
        {"place": "concept"},
        {"place": "at_pilot"},
        {"place": "ready"},
        {"place": "ready", "standing": "held"},
    ):
        idea = make.idea(owner, title="Idea hidden", pilot_ready_at=now(), **more)
        make.ask(idea)
        _keep(world.things["funder"]["other"], idea)
    stopped = make.listed_idea(owner=owner, title="Idea stopped", standing="stopped")
    for name in ("ready", "talked"):
        _keep(other, db.session.get_one(Idea, world.things["idea_id"][name]))
    _keep(other, stopped)
    talked = db.session.get_one(Idea, world.things["idea_id"]["talked"])
    _talk(talked, other)
    talk = make.first(Talk, idea_id=talked.id, funder_id=other)
    money = {"instrument": "grant", "currency": "ZAR", "amount_minor": 90_000_00, "state": "committed"}
    make.add(Commitment(talk_id=talk.id, idea_id=talked.id, funder_id=other, **money))
    make.add(Passed(funder_id=other, idea_id=world.things["idea_id"]["introduced"], reason="time"))
    _of_its_own(other, world.people["other_funder"])
    make.funder("A third fund")
    db.session.commit()


def _keep(fund: int, idea: Idea) -> None:
    there = {"funder_id": fund, "idea_id": idea.id}
    make.add(Shortlisted(**there))
    make.add(FunderNote(**there, text="Good people."))
    if db.session.query(Interest).filter_by(**there).first() is None:
        make.add(Interest(**there, message="We would like to help."))


def _talk(idea: Idea, fund: int) -> None:
    interest = make.first(Interest, funder_id=fund, idea_id=idea.id)
    interest.state, interest.answered_by_id, interest.answered_at = "accepted", idea.owner_id, now()
    make.add(Talk(interest_id=interest.id, idea_id=idea.id, funder_id=fund, state="talking"))
    make.add(Disclosure(interest_id=interest.id, field=OPENED))


def _papers(idea: Idea) -> None:
    """What the team and the panels have written, in the newest revision and beside it."""
    answers: dict[str, Any] = make.first(Revision, idea_id=idea.id).answers
    number = idea.revision_number + 1
    texts = dict.fromkeys(TEXTS, "Words.")
    more = {"title": idea.title, "submitted_by_id": idea.owner_id}
    revision = make.add(Revision(idea_id=idea.id, number=number, answers=dict(answers) | texts, **more))
    idea.revision_number = number
    if idea.listed_at is None:
        return
    make.add(Handin(idea_id=idea.id, deliverable="theory_of_change", number=1, content={"text": "So."}))
    held = {"gate_key": "pilot", "round": 1, "revision_id": revision.id, "quorum": 1, "state": "decided"}
    review = make.add(Review(idea_id=idea.id, **held))
    of = {"idea_id": idea.id}
    decision = make.add(Decision(review_id=review.id, outcome="conditional", rationale="Good.", **of))
    owed = {"gate_key": "pilot", "text": "One more thing.", "due_on": now().date()}
    make.add(Condition(decision_id=decision.id, **owed, **of))


def _of_its_own(fund: int, person_id: int) -> None:
    """Past awards, and a search of which a mail is owed."""
    paid = {"amount_minor": 100_00, "currency": "ZAR", "awarded_on": now().date()}
    make.add(Award(funder_id=fund, identifier=f"award {fund}", title="Clubs", recipient="A school", **paid))
    search = make.add(SavedSearch(funder_id=fund, name="All", filters={}))
    before = now().replace(year=2020)
    about = {"search_id": search.id, "person_id": person_id, "often": "instant", "nonce": "n" * 40}
    make.add(SearchAlert(**about, seen_to=before, looked_at=before))
    assert db.session.query(RoleGrant).filter_by(person_id=person_id, funder_id=fund).count()
