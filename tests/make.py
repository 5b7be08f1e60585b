"""Valid things for tests: each function makes one and takes what matters to the test."""

from __future__ import annotations

import datetime as dt
import itertools
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa
from flask.testing import FlaskClient

from innovation.accounts.models import Account, Person, RoleGrant, UserSession
from innovation.accounts.queries import actor_of, digest
from innovation.clinics.models import Card, Clinic, Device, Room
from innovation.db import db, now
from innovation.funders.models import Funder, GrantProgramme, Mandate
from innovation.gates import commands as gate_commands
from innovation.gates.models import Panel, PanelMember, Review, Scorecard, Seat
from innovation.gates.terms import Entry
from innovation.ideas.filecheck import Checked, check
from innovation.ideas.models import Ask, Consent, Contributor, Idea, Revision
from innovation.ideas.moves import count
from innovation.ideas.store import size_limit
from innovation.permission import Actor
from innovation.places.models import District, Province, School
from innovation.programmes.models import Programme, Region, Theme, Topic, WorkflowVersion
from workflows import Definition, Gate, library_text, read_definition

numbers = itertools.count(1)
PASSWORD = "a long enough password"


Thing = TypeVar("Thing")


def add(thing: Thing) -> Thing:
    db.session.add(thing)
    db.session.flush()
    return thing


def first(model: type[Any], **by: Any) -> Any:
    return db.session.scalars(sa.select(model).filter_by(**by)).first()


def find(model: type[Any], **by: Any) -> Any:
    """The first one, which is not looked for again as long as the session has it."""
    kept = db.session.info.setdefault("found", {})
    key = (model, *by.items())
    found = kept.get(key)
    if found is None or not sa.inspect(found).persistent:
        found = kept[key] = first(model, **by)
    return found


@lru_cache
def library(key: str) -> tuple[str, Definition]:
    """A definition that comes with the application, read and checked once for all tests of a process."""
    text = library_text(key)
    return text, read_definition(text)


def workflow(key: str = "education") -> WorkflowVersion:
    found = find(WorkflowVersion, key=key)
    if found:
        return found
    text, definition = library(key)
    return add(WorkflowVersion(key=key, number=1, name=definition.name, checksum=definition.checksum, text=text))


def province(code: str = "ZA-LP", name: str = "Limpopo") -> Province:
    return db.session.get(Province, code) or add(Province(code=code, name=name))


def district(name: str = "Vhembe East", code: str = "ZA-LP") -> District:
    province(code)
    return find(District, name=name) or add(District(province_code=code, name=name))


def school(emis: str = "930320001", **more: Any) -> School:
    values = {
        "name": "Demo Primary School",
        "province_code": "ZA-LP",
        "district_id": district().id,
        "search_text": "demo primary school 930320001",
    }
    return db.session.get(School, emis) or add(School(emis=emis, **(values | more)))


def programme(key: str = "clinics", workflow_key: str = "education") -> Programme:
    found = find(Programme, key=key)
    if found:
        return found
    made = add(Programme(key=key, name="Innovation clinics programme", workflow_version_id=workflow(workflow_key).id))
    db.session.add_all(
        [
            Theme(programme_id=made.id, key="t1", name="Professionalising the teaching service", position=1),
            Theme(programme_id=made.id, key="t6", name="Learner support and wellbeing", position=6),
            Topic(programme_id=made.id, key="literacy", name="Literacy", position=1),
        ]
    )
    db.session.flush()
    return made


def region(prefix: str = "LP", in_programme: Programme | None = None) -> Region:
    home = in_programme or programme()
    province()
    found = find(Region, programme_id=home.id, prefix=prefix)
    return found or add(Region(programme_id=home.id, prefix=prefix, name="Limpopo", province_code="ZA-LP"))


def person(name: str = "", **more: Any) -> Person:
    n = next(numbers)
    return add(Person(name=name or f"Person {n}", email=more.pop("email", f"person{n}@gatehouse.example"), **more))


def account(whose: Person, password_hash: str | None = None) -> Account:
    return find(Account, person_id=whose.id) or add(
        Account(person_id=whose.id, email=whose.email, password_hash=password_hash)
    )


def grant(whose: Person, role: str, **scope: Any) -> Person:
    add(RoleGrant(person_id=whose.id, role=role, **scope))
    return whose


def staff(role: str, name: str = "", **scope: Any) -> Person:
    """A person with a role in the programme (administrators: in the whole site)."""
    if role != "administrator":
        scope.setdefault("programme_id", programme().id)
    return grant(person(name or role.title()), role, **scope)


def actor(whose: Person) -> Actor:
    return actor_of(whose)


def sign_in(client: FlaskClient, whose: Person) -> FlaskClient:
    """Sign the person in by giving the browser a session of theirs."""
    token = f"token-{next(numbers)}"
    add(UserSession(account_id=account(whose).id, token_digest=digest(token), expires_at=now() + dt.timedelta(days=1)))
    db.session.commit()
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    return client


def clinic(state: str = "open", **more: Any) -> Clinic:
    values = {
        "programme_id": programme().id,
        "region_id": region().id,
        "code": f"CL-LP-2026-{next(numbers):02d}",
        "title": "Literacy clinic",
        "challenge": "How might we help every child read for meaning?",
        "starts_on": dt.date(2026, 3, 12),
        "ends_on": dt.date(2026, 3, 12),
    }
    return add(Clinic(state=state, **(values | more)))


def room(of: Clinic, code: str = "KXTRPW", token: str = "token of a phone") -> Device:
    """The clinic can be joined by the code, and a phone that holds the token has done so."""
    add(Room(clinic_id=of.id, code=code))
    return add(Device(clinic_id=of.id, token_digest=digest(token), label="Chrome · Android"))


def card(of: Clinic, number: int = 1, **more: Any) -> Card:
    """A paper card; its reference is far from those of ideas."""
    return add(Card(clinic_id=of.id, number=number, reference=f"LP26-{9000 + next(numbers)}", **more))


ANSWERS = {
    "problem": "Children do not read for meaning.",
    "summary": "Matric leavers run reading clubs after school.",
}


def idea(
    owner: Person | None = None,
    *,
    place: str = "captured",
    standing: str = "active",
    answers: dict[str, Any] | None = None,
    **more: Any,
) -> Idea:
    """An idea standing at a place, with its first revision, counted in the tally."""
    n = next(numbers)
    home = more.pop("programme", None) or programme()
    values = {
        "programme_id": home.id,
        "region_id": region(in_programme=home).id,
        "workflow_version_id": home.workflow_version_id,
        "reference": f"LP26-{n:04d}",
        "secret_digest": digest(f"SECRET{n:02d}"),
        "title": f"Reading clubs {n}",
        "summary": "Matric leavers run reading clubs after school.",
        "owner_id": (owner or person("Owner")).id,
        "revision_number": 1,
        "theme_id": find(Theme, programme_id=home.id, key="t1").id,
        "phases": ["fp"],
        "evidence_level": home.workflow_version.definition.evidence_levels[0].key,
    }
    made = Idea(place=place, standing=standing, **(values | more))
    add(
        Revision(
            idea=made,
            number=1,
            title=made.title,
            answers=answers or dict(ANSWERS),
            submitted_by_id=made.owner_id,
        )
    )
    count(made, {made.state: +1})
    return made


def file(name: str, content: bytes) -> Checked:
    """A file as a form hands it on."""
    return check(name, content, size_limit())


def contributor(to: Idea, who: Person | None = None) -> Person:
    who = who or person("Contributor")
    add(Contributor(idea_id=to.id, person_id=who.id))
    db.session.expire(to, ["contributors"])
    return who


def consent(to: Idea, purpose: str = "share_with_funders") -> Consent:
    return add(Consent(idea_id=to.id, person_id=to.owner_id, purpose=purpose))


def ask(of: Idea, **more: Any) -> Ask:
    values = {
        "number": 1,
        "amount_cents": 480_000_00,
        "instruments": ["grant"],
        "months": 12,
        "provinces": ["ZA-LP"],
        "phases": ["fp"],
        "schools": 8,
        "learners": 960,
        "cost_per_learner_cents": 412_00,
        "evidence_level": "E2",
        "share_q1_3": 75,
        "legal_status": ["pbo"],
    }
    return add(Ask(idea_id=of.id, **(values | more)))


def listed_idea(**more: Any) -> Idea:
    """A pilot-ready idea with an ask and its owner's consent: one that funders may browse."""
    made = idea(place=more.pop("place", "ready"), listed_at=now(), pilot_ready_at=now(), **more)
    ask(made)
    consent(made)
    return made


def panel(gate: str = "screening", size: int = 4, **more: Any) -> Panel:
    """A panel of a chair and members (one government, one practitioner among them from three on)."""
    made = add(Panel(programme_id=programme().id, gate_key=gate, name=f"{gate.title()} panel", **more))
    roles = ["chair", "government", "practitioner"] + ["member"] * max(0, size - 3)
    for role in roles[:size]:
        add(PanelMember(panel_id=made.id, person_id=person(f"Panel {role}").id, role=role))
    return made


def funder(name: str = "Demo CSI fund", **mandate: Any) -> Funder:
    n = next(numbers)
    made = add(Funder(key=f"funder-{n}", name=name, kind="CORPORATE_CSI"))
    values = {
        "theme_keys": ["t1"],
        "phases": ["fp"],
        "appetite": {"ready": "preferred"},
        "ticket_min_cents": 100_000_00,
        "ticket_max_cents": 750_000_00,
        "instruments": ["grant"],
    }
    mandate_of(programme_of(made), **(values | mandate))
    return made


def programme_of(of: Funder, name: str = "First programme", **more: Any) -> GrantProgramme:
    """A grant programme without a mandate."""
    return add(GrantProgramme(funder_id=of.id, key=name.lower().replace(" ", "-"), name=name, **more))


def mandate_of(programme: GrantProgramme, number: int = 1, **more: Any) -> Mandate:
    fresh = {"confirmed_at": now(), "stale_on": now().date() + dt.timedelta(days=365)}
    return add(Mandate(funder_id=programme.funder_id, programme_id=programme.id, number=number, **(fresh | more)))


def funder_person(of: Funder, role: str = "funder_member") -> Person:
    return grant(person(f"{of.name} {role}"), role, funder_id=of.id)


# Gates


def review(
    gate: str = "screening", size: int = 4, *, scoring: str = "now", of: Idea | None = None, **seats: Any
) -> Review:
    """A panel convened by a coordinator for an idea that stands at the gate."""
    made = of or idea(place=f"at_{gate}")
    coordinator = staff("coordinator", "Coordinator")
    sitting = panel(gate, size, **seats)
    return gate_commands.convene_panel(actor(coordinator), made, panel_id=sitting.id, scoring=scoring)


def entries(gate: Gate, mark: int = 7, answer: str = "yes", **more: Any) -> list[Entry]:
    """A whole scorecard; ``more`` gives single criteria another answer or mark, by key with ``_`` for ``-``."""
    others = {key.replace("_", "-"): value for key, value in more.items()}
    musts = [Entry(c.key, answer=others.get(c.key, answer), fixable=False) for c in gate.must]
    return musts + [Entry(c.key, mark=others.get(c.key, mark)) for c in gate.should]


def declare(seat: Seat, level: str = "none", text: str = "") -> Seat:
    return gate_commands.declare_interest(actor(seat.person), seat, level=level, text=text)


def score(seat: Seat, mark: int = 7, **more: Any) -> Scorecard:
    """The seat's member submits; declares first where that is still to do."""
    if seat.stance == "undeclared":
        declare(seat)
    texts = {key: more.pop(key) for key in ("note", "feedback", "change_reason") if key in more}
    card = entries(seat.review.gate, mark, **more)
    return gate_commands.submit_scorecard(actor(seat.person), seat, entries=card, **texts)


def scored_review(gate: str = "screening", size: int = 4, mark: int = 7, **more: Any) -> Review:
    """A review in which every member has declared no interest and given the same mark throughout."""
    made = review(gate, size, **more)
    for seat in made.seats:
        score(seat, mark)
    return made


def go_details(days: int = 90) -> dict[str, Any]:
    """What a go requires."""
    day = now().date() + dt.timedelta(days=days)
    return {
        "plan": "Work out the canvas with two schools.",
        "next_date": day,
        "resources": "One coach, two days a week.",
    }
