"""Two gates with everybody around them, for the play in which nobody may come by what is sealed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from hypothesis.stateful import RuleBasedStateMachine

from innovation.accounts.models import Person
from innovation.db import db
from innovation.gates import commands, queries
from innovation.gates.models import Review, Seat
from innovation.gates.terms import Entry
from innovation.ideas.models import Idea
from innovation.permission import Actor, Forbidden, NotThere
from tests import make
from tests.gates.sealed_model import Card, DecisionModel, ReviewModel, SeatModel
from workflows import Refused

PANEL = ("chair", "deputy", "government", "practitioner", "member", "member")
ROLES = ("coordinator", "facilitator", "administrator", "funder")
PEOPLE = 6 + 5 + 2 + len(ROLES)  # a panel, another one that shares a member with it, two owners, and the others


class TwoGates(RuleBasedStateMachine):
    """Two reviews with people who sit, run, own, help and fund, and a model of who may see what of them.

    Each text that somebody writes is a word of its own, so that wherever it turns up it tells whose it is.
    """

    app: Flask

    def __init__(self) -> None:
        super().__init__()
        self.story, self.numbers = f"zq{next(make.numbers)}q", itertools.count()
        self.looked, self.asked = itertools.count(), itertools.count()
        self.paging, self.querying = itertools.count(), itertools.count()
        self.clients: dict[int, FlaskClient] = {}
        clinic = make.clinic()
        staff = {role: make.person(role.title()) for role in ROLES}
        make.grant(staff["coordinator"], "coordinator", programme_id=make.programme().id)
        make.grant(staff["facilitator"], "facilitator", programme_id=make.programme().id, clinic_id=clinic.id)
        make.grant(staff["administrator"], "administrator")
        make.grant(staff["funder"], "funder_member", funder_id=make.funder().id)
        first = [make.person(f"First {role}") for role in PANEL]
        second = [make.person(f"Second {role}") for role in PANEL[:5]]
        owners = [make.person("Owner"), make.person("Other owner")]
        people = [*first, *second, *owners, *staff.values()]
        self.ids = [person.id for person in people]
        self.actors = {person.id: make.actor(person) for person in people}
        self.panels: list[int] = []
        self.reviews = [
            self.convene(owner, clinic.id, members, staff)
            for owner, members in zip(owners, (first, [*second, first[5]]), strict=True)
        ]

    def convene(self, owner: Person, clinic_id: int, members: list[Person], staff: dict[str, Person]) -> ReviewModel:
        title, summary = self.word(), self.word()
        idea = make.idea(
            owner,
            place="at_screening",
            clinic_id=clinic_id,
            title=f"Clubs {title}",
            summary=summary,
            answers={**make.ANSWERS, "summary": summary},
        )
        panel = make.panel(size=0)
        for role, person in zip(PANEL, members, strict=True):
            make.add(make.PanelMember(panel_id=panel.id, person_id=person.id, role=role))
        coordinator = staff["coordinator"]
        self.panels.append(panel.id)
        review = commands.convene_panel(self.actors_of(coordinator), idea, panel_id=panel.id)
        return ReviewModel(
            id=review.id,
            idea=idea.id,
            reference=idea.reference,
            title=title,
            content={summary},
            team={owner.id},
            facilitators={staff["facilitator"].id},
            staff={coordinator.id},
            quorum=review.quorum,
            seats=[SeatModel(seat.id, seat.person_id, seat.role) for seat in review.seats],
            revision=review.revision_id,
            newest=review.revision_id,
        )

    def actors_of(self, person: Person) -> Actor:
        return self.actors[person.id]

    def client(self, person: int) -> FlaskClient:
        """The browser in which somebody is signed in, from their first look on."""
        if person not in self.clients:
            db.session.expunge_all()
            self.clients[person] = make.sign_in(self.app.test_client(), db.session.get_one(Person, person))
        return self.clients[person]

    def decided(self, model: ReviewModel, number: int, outcome: str, by: int, why: str) -> DecisionModel:
        """A decision that was just made, with what is there for it to rest on."""
        cards = {seat.cards[-1].id for seat in model.counted}
        return DecisionModel(number, outcome, model.revision, cards, [seat.role for seat in model.counted], by, why)

    def note_decision(self, model: ReviewModel, decided: DecisionModel) -> None:
        if decided.later:
            model.held = decided
        else:
            decided.announced, model.state = True, "decided"
            model.decisions.append(decided)

    def word(self) -> str:
        return f"{self.story}{next(self.numbers)}x"

    def clear_away(self) -> None:
        """The next story has lists without the ideas of this one."""
        db.session.rollback()
        ids = [model.idea for model in self.reviews]
        db.session.execute(db.update(Idea).where(Idea.id.in_(ids)).values(standing="withdrawn"))
        db.session.commit()

    # Acting: whoever it is, on what they can find

    def as_actor(self, who: int) -> Actor:
        return self.actors[self.ids[who]]

    def try_to(self, act: Callable[[], Any]) -> Any:
        """What came of it, or None where it was refused; each time with nothing read before, as a request has it."""
        db.session.expunge_all()
        try:
            return act()
        except (Refused, Forbidden, NotThere):
            db.session.rollback()
            return None

    def on_seat(self, who: int, of: int, at: int, act: Callable[[Actor, Seat], Any]) -> Any:
        model = self.reviews[of]

        def acting() -> Any:
            actor = self.as_actor(who)
            return act(actor, queries.find_seat(actor, queries.find_review(actor, model.id), model.seats[at].id))

        return self.try_to(acting)

    def on_review(self, who: int, of: int, act: Callable[[Actor, Review], Any]) -> Any:
        def acting() -> Any:
            actor = self.as_actor(who)
            return act(actor, queries.find_review(actor, self.reviews[of].id))

        return self.try_to(acting)

    def member(self, of: int, at: int) -> int:
        """The person at a seat, as one of everybody."""
        return self.ids.index(self.reviews[of].seats[at].person)

    def card(self, model: ReviewModel, mark: int) -> tuple[Card, dict[str, Any]]:
        """A card on which every text is a word of its own."""
        said = Card(model.revision, *(self.word() for _n in range(4)))
        gate = make.library("education")[1].gate("screening")
        entries = [
            Entry(e.criterion, e.answer, e.fixable, e.mark, comment=said.comment) for e in make.entries(gate, mark)
        ]
        texts = {"note": said.note, "feedback": said.feedback, "change_reason": said.reason}
        return said, {"entries": entries, **texts}
