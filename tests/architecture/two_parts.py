"""One person with two parts, in two worlds that differ only in what the narrower part keeps from them."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import sqlalchemy as sa

from innovation import clock, worker
from innovation.accounts.models import UserSession
from innovation.accounts.queries import digest
from innovation.db import db, now
from innovation.gates import commands as gates
from innovation.gates.models import PanelMember, Review, Score, Scorecard, Seat
from innovation.gates.terms import ConditionTerms
from innovation.ideas.models import Idea, Wall
from innovation.meetings import commands as meetings
from innovation.meetings.models import AgendaItem, Attendee, Meeting
from innovation.permission import Actor
from innovation.programmes.models import WorkflowVersion
from tests import make
from tests.architecture.pairs import BOTH, Scene
from tests.architecture.world import SEATS, World, full_card
from workflows import library_text, read_definition

OWN = ("scoring", "convened", "decided", "settled")
READ, SETTLED, WALLED = "read with a panel", "settled by a panel", "walled off"
GATE = 'key = "screening"\nname'


def build(world: World, wide: str, narrow: str, *, otherwise: bool) -> None:
    """Somebody with a wide part who is on the team of four ideas, sits for two others, and is walled off from one."""
    make.numbers = itertools.count(7000)  # what is made has the same names in both worlds
    add_person(world)
    _sit(world, otherwise=otherwise)
    _sit_on(world, otherwise=otherwise)
    widen(world, wide)  # roles come after seats, too: a coordinator is not seated
    _team(world, narrow)
    _walled_off(world, otherwise=otherwise)
    _change_their_minds(world, READ, _sitters(otherwise=otherwise)[1])
    carry_on()
    _panels_work(world, otherwise=otherwise)
    carry_on()
    db.session.commit()


def carry_on() -> None:
    """All that is owed is done: letters, reminders, and what happens by the clock."""
    db.session.commit()
    worker.deliver_owed(10_000)
    for work in clock.CLOCK:
        if work.name.startswith(("tell", "remind", "escalate")):
            work.function()


def add_person(world: World) -> None:
    person = make.person("Both Parts", email="both.parts@gatehouse.example")
    world.people[BOTH], world.tokens[BOTH] = person.id, "token of both"
    account, ends = make.account(person), now() + dt.timedelta(days=1)
    make.add(UserSession(account_id=account.id, token_digest=digest(world.tokens[BOTH]), expires_at=ends))


def widen(world: World, wide: str) -> None:
    """Give them the wide part, which is nothing for whoever has the narrow one alone."""
    person, home = world.person(BOTH), {"programme_id": make.programme().id}
    scopes: dict[str, dict[str, Any]] = {
        **dict.fromkeys(("coordinator", "manager"), home),
        "facilitator": {**home, "clinic_id": world.things["clinic_id"]["here"]},
        "funder_member": {"funder_id": world.things["funder"]["one"]},
        "administrator": {},
    }
    if wide in scopes:
        make.grant(person, wide, **scopes[wide])
    elif wide == "panel":
        _on_the_panel(world)


def _on_the_panel(world: World) -> None:
    panel_id = world.things["panel"]["screening"]
    make.add(PanelMember(panel_id=panel_id, person_id=world.people[BOTH], role="member"))
    for name in ("open", "planned", "minuted"):
        asked = {"meeting_id": world.things["meeting"][name], "person_id": world.people[BOTH]}
        make.add(Attendee(part="member", presence="present" if name != "planned" else "asked", **asked))


def actor(world: World, persona: str) -> Actor:
    return make.actor(world.person(persona))


def seat_of(world: World, review: str, persona: str) -> Seat:
    found = make.first(Seat, review_id=world.things["review"][review], person_id=world.people[persona])
    assert found is not None
    return found


def review_of(world: World, name: str) -> Review:
    return db.session.get_one(Review, world.things["review"][name])


def idea_of(world: World, name: str) -> Idea:
    return db.session.get_one(Idea, world.things["idea_id"][name])


def _team(world: World, narrow: str) -> None:
    """Owner, contributor, or as ``team`` the one of some ideas and the other of the rest."""
    for name in OWN if narrow != "alone" else ():
        if narrow == "owner" or (narrow == "team" and name in OWN[:2]):
            idea_of(world, name).owner_id = world.people[BOTH]
        else:
            make.contributor(idea_of(world, name), world.person(BOTH))
    db.session.flush()


def _new(world: World, name: str, owner: str, **more: Any) -> Idea:
    idea = make.idea(world.person(owner), clinic_id=world.things["clinic_id"]["here"], **more)
    world.things["idea"][name], world.things["idea_id"][name] = idea.reference, idea.id
    return idea


# Reading with a panel, whose others have given their marks


def _sit(world: World, *, otherwise: bool) -> None:
    """Their own marks are not in. Who of the others has scored, and what, is different; how many have is not.

    So is who owns the idea: names are hidden there.
    """
    _convened(world, READ, "other_owner" if otherwise else "owner", hidden=True)
    first, second = _sitters(otherwise=otherwise)
    _declare(world, READ, first, "none")
    _declare(world, READ, second, "declare", "My sister works there." if otherwise else "My brother works there.")
    gates.settle_interest(actor(world, "chair"), seat_of(world, READ, second), answer="accepted")
    score(world, READ, first, 3 if otherwise else 10)


def _sit_on(world: World, *, otherwise: bool) -> None:
    """The panel has decided without them, and has not told: what it was is different."""
    _convened(world, SETTLED, "owner")
    for persona in sorted(SEATS.keys() - {"chair"}):
        _declare(world, SETTLED, persona, "none")
    for persona in ("chair", "seat_none", "seat_accepted"):
        score(world, SETTLED, persona, 0 if otherwise else 10)
    what: dict[str, Any] = {"outcome": "hold", "hold_reason": "Wait.", "review_date": now().date() + dt.timedelta(90)}
    if otherwise:
        terms = ConditionTerms("Get the letter of the district.", now().date() + dt.timedelta(90))
        what = {"outcome": "conditional", "conditions": [terms]}
    told = {"rationale": f"We say {what['outcome']}.", "against_reason": "So it is.", "announce": "later"}
    gates.record_decision(actor(world, "chair"), review_of(world, SETTLED), **told, **what)


def _convened(world: World, name: str, owner: str, *, hidden: bool = False) -> None:
    """A panel that they sit on and whose chair has declared; their own interest was accepted."""
    idea = _new(world, name, owner, place="at_screening", title=f"Idea {name}")
    if hidden:
        idea.workflow_version_id = _nameless().id
    coordinator, chair = actor(world, "coordinator"), actor(world, "chair")
    review = gates.convene_panel(coordinator, idea, panel_id=world.things["panel"]["screening"], scoring="now")
    world.things["review"][name] = review.id
    gates.seat_person(coordinator, review, person_id=world.people[BOTH], role="member")
    _declare(world, name, "chair", "none")
    _declare(world, name, BOTH, "declare", "I know the school.")
    gates.settle_interest(chair, seat_of(world, name, BOTH), answer="accepted")


def _nameless() -> WorkflowVersion:
    """The process with names hidden at the screening gate."""
    text = library_text("education").replace(GATE, 'key = "screening"\nnames = "hidden"\nname')
    made = read_definition(text)
    return make.add(WorkflowVersion(key="nameless", number=1, name=made.name, checksum=made.checksum, text=text))


def _sitters(*, otherwise: bool) -> tuple[str, str]:
    """Who has no interest and has scored, and whose interest was accepted."""
    return ("seat_accepted", "seat_none") if otherwise else ("seat_none", "seat_accepted")


def _declare(world: World, name: str, persona: str, level: str, text: str = "") -> None:
    gates.declare_interest(actor(world, persona), seat_of(world, name, persona), level=level, text=text)


def score(world: World, review: str, persona: str, mark: int, **more: str) -> None:
    seat = seat_of(world, review, persona)
    card = full_card(seat.review.gate, mark, comment=f"A comment of {persona}")
    told = {"note": f"A note of {persona}", "feedback": "Go on."}
    gates.submit_scorecard(actor(world, persona), seat, entries=card, **told, **more)


# An idea that is walled off from them


def _walled_off(world: World, *, otherwise: bool) -> None:
    more: dict[str, Any] = {"title": "Quagga clubs", "place": "concept"} if otherwise else {"title": "Impala clubs"}
    idea = _new(world, WALLED, "owner", summary=more["title"], search_text=more["title"].lower(), **more)
    make.add(Wall(idea_id=idea.id, person_id=world.people[BOTH], why="affiliation:1"))
    db.session.flush()


# What panels do among themselves


def _panels_work(world: World, *, otherwise: bool) -> None:
    """What a panel does between convening and telling, for each of the four ideas; its team is told how many scored."""
    _score_on(world, otherwise=otherwise)
    if otherwise:
        _deliberate(world)
        gates.take_back_decision(actor(world, "chair"), review_of(world, "settled"), reason="The district answered.")
        _say_something_else(world)


def _say_something_else(world: World) -> None:
    cards = sa.select(Scorecard.id).join(Seat).where(Seat.review_id == world.things["review"]["decided"])
    db.session.execute(sa.update(Score).where(Score.scorecard_id.in_(cards)).values(comment="Another comment."))
    db.session.execute(sa.update(Scorecard).where(Scorecard.id.in_(cards)).values(note="Another note."))


def _score_on(world: World, *, otherwise: bool) -> None:
    """Four of four have scored in the end: one member has stepped aside, and which one nobody outside knows."""
    chair, about = actor(world, "chair"), "scoring"
    scores, aside = ("seat_declared", "seat_undeclared") if otherwise else ("seat_undeclared", "seat_declared")
    answer = "accepted" if otherwise else "refused"
    gates.settle_interest(chair, seat_of(world, about, "seat_declared"), answer=answer)
    undeclared = seat_of(world, about, "seat_undeclared")
    level = "recuse" if aside == "seat_undeclared" else "none"
    gates.declare_interest(actor(world, "seat_undeclared"), undeclared, level=level)
    score(world, about, "seat_accepted", 5)
    if otherwise:
        _change_their_minds(world, about, scores)
    score(world, about, scores, 3)


def _change_their_minds(world: World, about: str, persona: str) -> None:
    """Nothing comes of it, and nobody but those who run the gate is told."""
    chair, seat = actor(world, "chair"), seat_of(world, about, persona)
    if seat.submitted is None:
        gates.abstain(actor(world, persona), seat, reason="I was ill.")
        gates.end_abstention(actor(world, persona), seat)
    else:
        score(world, about, persona, 0, change_reason="I read it again.")
    gates.overrule_interest(chair, seat, answer="removed", reason="Too close to it.")
    gates.overrule_interest(chair, seat, answer="admitted", reason="Not so close.")
    nobody, review = world.people["nobody"], review_of(world, about)
    gates.seat_person(actor(world, "coordinator"), review, person_id=nobody, role="observer")


def _deliberate(world: World) -> None:
    item = db.session.get_one(AgendaItem, world.things["item"]["open"])
    meetings.take_note(actor(world, "chair"), item, text="The panel asks for a letter.")
    for persona, choice in (("chair", "for"), ("seat_none", "for"), ("seat_accepted", "against")):
        meetings.cast_vote(actor(world, persona), item.motions[-1], choice=choice)
    meetings.count_votes(actor(world, "chair"), item.motions[-1])
    assert db.session.get_one(Meeting, item.meeting_id).state == "open"


SCENE = Scene(
    build,
    ideas={
        **dict.fromkeys(("gates", "meetings", "notifications", "pipeline", "dossiers"), (*OWN, READ, SETTLED, WALLED)),
        "ideas": (READ, WALLED),
    },
    reviews=(*OWN, READ, SETTLED),
    meetings=("open", "planned", "minuted"),
)
