"""A small world in which every kind of person stands in every relation to an idea that a rule could ask about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.models import Affiliation, Person, RegisteredInterest, RoleGrant, UserSession
from innovation.accounts.queries import digest
from innovation.db import db, now
from innovation.funders.models import Interest, Mandate
from innovation.funders.workspace_models import Passed, SavedSearch
from innovation.gates import commands as gates
from innovation.gates.models import Panel, PanelMember, Review, Seat
from innovation.gates.terms import ConditionTerms, Entry
from innovation.ideas.commands import add_attachment
from innovation.ideas.import_models import IdeaImport
from innovation.ideas.models import Contributor, Handin, Idea, Wall
from innovation.ideas.moved import VersionMove
from innovation.ideas.queries import latest_revision
from innovation.jobs.models import Job
from innovation.notifications.models import Message, Notice
from innovation.programmes import writing
from innovation.programmes.models import Programme, WorkflowDraft
from tests import make
from tests.architecture import (
    harmed,
    into_system,
    measured,
    measuring,
    meetings,
    money,
    plans,
    spread,
    taught,
    visiting,
    wall,
)
from tests.stories.filling import PDF
from workflows import Gate

CANARY = "zanzibar"
"""A word that nobody writes by chance: each secret below holds it, followed by what kind of secret it is."""

ROOM_CODE, TOKEN = "KXTRPW", "token of a phone"

SEATS = {
    "chair": "chair",
    "seat_none": "government",
    "seat_declared": "practitioner",
    "seat_accepted": "member",
    "seat_undeclared": "member",
    "seat_recused": "member",
    "observer": "observer",
    "secretary": "secretary",
}


@dataclass
class World:
    """People by persona, and things by name; ids and codes only, so that it outlives a session."""

    people: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)

    def client(self, app: Flask, persona: str) -> FlaskClient:
        """A browser in which the persona is signed in (nobody is, for a stranger and an ended session); or a phone."""
        client = app.test_client()
        if persona == "phone":
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
        if persona in self.tokens:
            with client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = self.tokens[persona], True
        return client

    def person(self, persona: str) -> Person:
        return db.session.get_one(Person, self.people[persona])


def full_card(gate: Gate, mark: int | None = None, comment: str = "") -> list[Entry]:
    """An answer and a mark for every criterion of a gate; the highest mark without one."""
    mark = max(each.value for each in gate.marks) if mark is None else mark
    musts = [Entry(criterion.key, answer="yes", comment=comment) for criterion in gate.must]
    return musts + [Entry(criterion.key, mark=mark, comment=comment) for criterion in gate.should]


def build() -> World:
    """Make the world in the present database and commit it."""
    world = World()
    _people(world)
    _ideas(world)
    _reviews(world)
    world.things |= meetings.build(world.people, world.things)
    world.things |= money.build(world.people, world.things)
    world.things |= plans.build(world.things)
    world.things |= measured.build(world.things)
    world.things |= spread.build(world.people, world.things)
    world.things |= into_system.build(world.people, world.things)
    world.things |= taught.build(world.things)
    _surroundings(world)
    world.things |= measuring.build(world.people, world.things)
    world.things |= harmed.build(world.people, world.things, CANARY)
    world.things |= visiting.build(world.people, world.things)
    _versions(world)
    world.things |= wall.build(world.things)
    for persona, person_id in world.people.items():
        session = _session(persona, db.session.get_one(Person, person_id))
        world.tokens[persona] = f"token of {persona}"
        world.things.setdefault("session", {})[persona] = session.id
    db.session.commit()
    return world


def _session(persona: str, person: Person) -> UserSession:
    ends = dt.timedelta(days=-1 if persona == "ended" else 1)
    return make.add(
        UserSession(
            account_id=make.account(person).id,
            token_digest=digest(f"token of {persona}"),
            expires_at=now() + ends,
            ended_at=now() if persona == "ended" else None,
        )
    )


def _people(world: World) -> None:
    home, foreign = make.programme(), make.programme("others")
    make.region(in_programme=foreign)
    elsewhere = make.region("GP")
    here, there = make.clinic(), make.clinic(title="Another clinic")
    abroad = make.clinic(programme_id=foreign.id, region_id=make.region(in_programme=foreign).id)
    for clinic in (here, there, abroad):
        make.card(clinic)
    one, other = make.funder(), make.funder("Demo family foundation")
    within = {"programme_id": home.id}
    roles: dict[str, tuple[str, dict[str, Any]]] = {
        "facilitator": ("facilitator", {**within, "clinic_id": here.id}),
        "other_facilitator": ("facilitator", {**within, "clinic_id": there.id}),
        "other_region": ("coordinator", {**within, "region_id": elsewhere.id}),
        "coordinator": ("coordinator", within),
        "walled": ("coordinator", within),
        "manager": ("manager", within),
        "foreign_manager": ("manager", {"programme_id": foreign.id}),
        "administrator": ("administrator", {}),
        "funder_admin": ("funder_admin", {"funder_id": one.id}),
        "funder_member": ("funder_member", {"funder_id": one.id}),
        "other_funder": ("funder_admin", {"funder_id": other.id}),
        "former": ("coordinator", within),
        "ended": ("coordinator", within),
    }
    for persona in ("nobody", "owner", "contributor", "other_owner", *roles, *SEATS):
        # An administrator's name is no secret; every other name tells who it is when a test fails.
        person = make.person(persona.replace("_", " ").title(), email=f"{persona.replace('_', '.')}@gatehouse.example")
        make.account(person)
        world.people[persona] = person.id
        if persona in roles:
            role, scope = roles[persona]
            make.grant(person, role, **scope)
    for grant in db.session.query(RoleGrant).filter_by(person_id=world.people["former"]):
        grant.ended_at = now()
    world.things["programme"] = {"home": home.key, "foreign": foreign.key}
    world.things["clinic"] = {"here": here.code, "there": there.code, "foreign": abroad.code}
    world.things["clinic_id"] = {"here": here.id, "there": there.id, "foreign": abroad.id}
    world.things["device"] = {"here": make.room(here, ROOM_CODE, TOKEN).id}
    world.things["funder_key"] = {"one": one.key, "other": other.key}
    world.things["funder"] = {"one": one.id, "other": other.id}
    db.session.flush()


def _ideas(world: World) -> None:
    owner, contributor = world.person("owner"), world.person("contributor")
    here = world.things["clinic_id"]["here"]
    kinds: dict[str, dict[str, Any]] = {
        "captured": {},
        "held": {"place": "concept", "standing": "held"},
        "stopped": {"place": "concept", "standing": "stopped"},
        "waiting": {"place": "at_screening"},
        "convened": {"place": "at_screening"},
        "scoring": {"place": "at_screening"},
        "decided": {"place": "at_screening"},
        "settled": {"place": "at_screening"},
        "ready": {"place": "ready", "listed_at": now(), "pilot_ready_at": now()},
        "introduced": {"place": "ready", "listed_at": now(), "pilot_ready_at": now()},
        "piloting": {"place": "piloting", "pilot_ready_at": now()},
    }
    ideas: dict[str, Idea] = {}
    for name, more in kinds.items():
        ideas[name] = make.idea(owner, clinic_id=here, title=f"Idea {name}", **more)
        make.contributor(ideas[name], contributor)
    for name in ("ready", "introduced", "piloting"):
        make.ask(ideas[name])
        make.consent(ideas[name])
    ideas["another's"] = make.idea(
        world.person("other_owner"), clinic_id=world.things["clinic_id"]["there"], title="Idea of another"
    )
    foreign = make.programme("others")
    ideas["foreign"] = make.idea(programme=foreign, title="Foreign idea")
    ideas["behind a wall"] = make.idea(owner, clinic_id=here, title=f"{CANARY}wall is in this title")
    make.contributor(ideas["behind a wall"], contributor)
    for name in ("captured", "scoring", "behind a wall"):
        ideas[name].walls.append(Wall(person_id=world.people["walled"], why="affiliation:1"))
    row = make.first(Contributor, idea_id=ideas["captured"].id)
    world.things["contributor"] = {"captured": row.id}
    world.things["idea"] = {name: idea.reference for name, idea in ideas.items()}
    world.things["idea_id"] = {name: idea.id for name, idea in ideas.items()}
    _papers(world, ideas)
    db.session.flush()


def _papers(world: World, ideas: dict[str, Idea]) -> None:
    """A file, a deliverable that waits for its judgement, and interests of a funder."""
    owner = make.actor(world.person("owner"))
    attachment = add_attachment(owner, ideas["captured"], file=make.file("plan.pdf", PDF))
    make.add(
        Handin(
            idea_id=ideas["captured"].id,
            deliverable="theory_of_change",
            number=1,
            content={"text": "If children read with somebody they trust, they read more."},
            handed_in_by_id=world.people["owner"],
        )
    )
    one = world.things["funder"]["one"]
    shown = make.add(Interest(funder_id=one, idea_id=ideas["ready"].id, shown_by_id=world.people["funder_admin"]))
    accepted = make.add(Interest(funder_id=one, idea_id=ideas["introduced"].id, state="accepted"))
    world.things["attachment"] = {"captured": attachment.id}
    world.things["interest"] = {"shown": shown.id, "accepted": accepted.id}


def _reviews(world: World) -> None:
    panel = make.add(Panel(programme_id=make.programme().id, gate_key="screening", name="Screening panel"))
    spare = make.panel("pilot")
    foreign = make.add(Panel(programme_id=make.programme("others").id, gate_key="screening", name="Foreign panel"))
    for persona, role in SEATS.items():
        make.add(PanelMember(panel_id=panel.id, person_id=world.people[persona], role=role))
    db.session.expire(panel, ["members"])
    world.things["panel"] = {"screening": panel.id, "pilot": spare.id, "foreign": foreign.id}
    reviews = {name: _convened(world, name, panel) for name in ("convened", "scoring", "decided", "settled")}
    reviews["foreign"] = make.add(
        Review(
            idea_id=world.things["idea_id"]["foreign"],
            panel_id=foreign.id,
            gate_key="screening",
            round=1,
            quorum=3,
            revision_id=latest_revision(_idea(world, "foreign")).id,
        )
    )
    world.things["review"] = {name: review.id for name, review in reviews.items()}
    world.things["seat"] = {persona: _seat(world, reviews["scoring"], persona).id for persona in SEATS}
    for persona in ("chair", "seat_none"):
        _score(world, reviews["scoring"], persona)
    for persona in ("chair", "seat_none", "seat_accepted"):
        _score(world, reviews["decided"], persona)
    decision = gates.record_decision(
        make.actor(world.person("chair")),
        reviews["decided"],
        outcome="conditional",
        rationale="The team is strong.",
        against_reason="The panel asks for one thing first.",
        conditions=[ConditionTerms("Get the letter of the district.", dt.date(2027, 6, 1))],
    )
    world.things["condition"] = {"open": decision.conditions[0].id}
    _held_back(world, reviews["settled"])
    owner = make.actor(world.person("owner"))
    asked = gates.ask_reconsideration(owner, reviews["decided"], grounds=f"{CANARY}grounds of the owner")
    world.things["reconsideration"] = {"asked": asked.id}
    what = next(iter(gates.waivable(_idea(world, "captured"))))
    waiver = gates.ask_waiver(owner, _idea(world, "captured"), what=what, grounds="The district has it.")
    world.things["waiver"] = {"asked": waiver.id}


def _held_back(world: World, review: Review) -> None:
    """What a panel has decided, and nobody but itself and its staff knows of."""
    for persona in ("chair", "seat_none", "seat_accepted"):
        _score(world, review, persona)
    gates.record_decision(
        make.actor(world.person("chair")),
        review,
        outcome="hold",
        rationale=f"{CANARY}withheld reasons",
        against_reason="The panel waits for the district.",
        hold_reason="The district decides in spring.",
        review_date=dt.date(2027, 6, 1),
        announce="later",
    )


def _idea(world: World, name: str) -> Idea:
    return db.session.get_one(Idea, world.things["idea_id"][name])


def _convened(world: World, name: str, panel: Panel) -> Review:
    coordinator = make.actor(world.person("coordinator"))
    scoring = "later" if name == "convened" else "now"
    review: Review = gates.convene_panel(coordinator, _idea(world, name), panel_id=panel.id, scoring=scoring)
    levels = {"seat_undeclared": "", "seat_declared": "declare", "seat_accepted": "declare", "seat_recused": "recuse"}
    for persona in SEATS:
        # A decision waits for every declaration, so in a decided review nobody is left to declare or to answer.
        level = levels.get(persona, "none")
        if name in ("decided", "settled"):
            level = {"": "none", "declare": "none"}.get(level, level)
        if level:
            text = f"{CANARY}interest in this idea" if level == "declare" else ""
            gates.declare_interest(
                make.actor(world.person(persona)), _seat(world, review, persona), level=level, text=text
            )
    if name not in ("decided", "settled"):
        chair = make.actor(world.person("chair"))
        gates.settle_interest(chair, _seat(world, review, "seat_accepted"), answer="accepted")
    return review


def _seat(world: World, review: Review, persona: str) -> Seat:
    db.session.expire(review, ["seats"])
    return next(seat for seat in review.seats if seat.person_id == world.people[persona])


def _score(world: World, review: Review, persona: str) -> None:
    gates.submit_scorecard(
        make.actor(world.person(persona)),
        _seat(world, review, persona),
        entries=full_card(review.gate, comment=f"{CANARY}comment of {persona}"),
        note=f"{CANARY}note of {persona}",
        feedback=f"{CANARY}feedback of {persona}",
    )


def _assignment(world: World) -> None:
    """Who might review the idea that waits, suggested to the coordinator."""
    coordinator = make.actor(world.person("coordinator"))
    asked = gates.ask_assignment(coordinator, make.programme(), gate_key="screening")
    problem, found = gates.find_suggestion(coordinator, asked)
    gates.keep_suggestion(coordinator, asked, problem=problem, found=found)
    world.things["assignment"] = {"coordinator": asked.id}


def _versions(world: World) -> None:
    """A draft of the next version in each programme, and a plan by which ideas were moved."""
    version = make.workflow()
    content = writing.content_of(version.text) | {"version_note": "Second version."}
    drafts = {}
    for name, key in world.things["programme"].items():
        home = make.first(Programme, key=key)
        draft = WorkflowDraft(programme_id=home.id, based_on_id=version.id, name=f"Draft {name}", content=content)
        drafts[name] = make.add(draft).id
    world.things["workflow_draft"] = drafts
    both = {"from_version_id": version.id, "to_version_id": version.id}
    move = make.add(VersionMove(programme_id=make.programme().id, plan={}, **both))
    world.things["move"] = {"home": move.id}


def _surroundings(world: World) -> None:
    """What lies beside the ideas: an affiliation, a message in the post, a notice in an inbox, a job, a school."""
    make.school()
    affiliation = make.add(Affiliation(person_id=world.people["coordinator"], organisation="Demo school trust"))
    world.things["affiliation"] = {"coordinator": affiliation.id}
    entry = make.add(
        RegisteredInterest(person_id=world.people["coordinator"], kind="employer", organisation="Demo trust")
    )
    world.things["entry"] = {"coordinator": entry.id}
    grant = db.session.query(RoleGrant).filter_by(person_id=world.people["coordinator"]).one()
    member = db.session.query(RoleGrant).filter_by(person_id=world.people["funder_member"]).one()
    world.things["grant"] = {"coordinator": grant.id, "funder_member": member.id}
    mandate = make.first(Mandate, funder_id=world.things["funder"]["one"])
    mandate.stale_on = now().date() + dt.timedelta(days=20)  # asked whether it is still true
    world.things["mandate"] = {"one": mandate.id}
    told = {"why": "event:1:tell", "subject": "Your idea moved on."}
    notice = make.add(Notice(person_id=world.people["owner"], link="/", **told))
    world.things["notice"] = {"owner": notice.id}
    _assignment(world)
    asked = {"kind": "remind", "payload": {"ideas": []}, "total": 1, "key": "one"}
    world.things["job"] = {"coordinator": make.add(Job(person_id=world.people["coordinator"], **asked)).id}
    question = {"funder_id": world.things["funder"]["one"], "budget_cents": 1_000_000_00, "steps": 1}
    planned = {"kind": "budget", "payload": question, "total": 3, "key": "two"}
    world.things["plan"] = {"funder_member": make.add(Job(person_id=world.people["funder_member"], **planned)).id}
    shared = {"kind": "budgets", "payload": {"each": [question]}, "total": 3, "key": "three"}
    world.things["shared_plan"] = {"manager": make.add(Job(person_id=world.people["manager"], **shared)).id}
    world.things["import"] = {"coordinator": _import(world)}
    fund = {"funder_id": world.things["funder"]["one"]}
    world.things["search"] = {"one": make.add(SavedSearch(**fund, name="Clubs", filters={"q": "clubs"})).id}
    make.add(Passed(**fund, idea_id=world.things["idea_id"]["piloting"], reason="time"))
    message = make.add(Message(to_address="owner@gatehouse.example", text="It has a review.", **told))
    world.things["message"] = {"one": message.id}


def _import(world: World) -> int:
    """A table that the coordinator has imported and can still undo."""
    where = {"programme_id": make.programme().id, "region_id": make.region().id}
    whose = {"person_id": world.people["coordinator"], "key": "0" * 32, "name": "ideas.csv"}
    return int(make.add(IdeaImport(**where, **whose)).id)
