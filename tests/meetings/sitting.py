"""A meeting in tests: its people, and the steps that lead to where a test begins."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.gates.models import Panel, PanelMember, Review
from innovation.meetings import commands, queries
from innovation.meetings.models import AgendaItem, Meeting
from innovation.permission import Actor
from tests import make

ROLES = ("chair", "deputy", "government", "practitioner", "secretary")


class Sitting:
    """A panel with a chair, a deputy, two members and a secretary, some reviews, and a meeting about them."""

    def __init__(self, ideas: int = 2, marks: tuple[int, ...] = (7, 8, 6), **more: Any) -> None:
        self.coordinator = make.staff("coordinator")
        self.people = {role: make.person(role.title()) for role in ROLES}
        for person in self.people.values():
            make.account(person)
        self.panel = make.add(Panel(programme_id=make.programme().id, gate_key="screening", name="Screening panel"))
        for role, person in self.people.items():
            make.add(PanelMember(panel_id=self.panel.id, person_id=person.id, role=role))
        db.session.expire(self.panel, ["members"])
        self.reviews = [self.review(marks[n % len(marks)]) for n in range(ideas)]
        self.meeting: Meeting = self.plan(**more)

    def review(self, mark: int | None = 7) -> Review:
        """A review that every member has scored with the same mark, or that nobody has scored."""
        idea = make.idea(place="at_screening")
        found = make.gate_commands.convene_panel(make.actor(self.coordinator), idea, panel_id=self.panel.id)
        for seat in found.seats:
            make.declare(seat)
            if mark is not None and seat.scores:
                make.score(seat, mark)
        return found

    def plan(self, **more: Any) -> Meeting:
        details = {"title": "Screening meeting", "starts_at": now() + dt.timedelta(minutes=30), "venue": "Room 2"}
        return commands.plan_meeting(make.actor(self.coordinator), self.panel, **(details | more))

    def act(self, who: str) -> Actor:
        return make.actor(self.coordinator if who == "coordinator" else self.people[who])

    def opened(self) -> Meeting:
        """The meeting with its agenda fixed, opened by the chair, everybody there."""
        commands.fix_agenda(self.act("chair"), self.meeting, order="rank")
        for attendee in self.meeting.attendees:
            commands.note_attendance(self.act("coordinator"), attendee, what="arrived")
        return commands.open_meeting(self.act("chair"), self.meeting)

    def taken(self, number: int = 1) -> AgendaItem:
        """An item of the open meeting in hand."""
        if self.meeting.state == "planned":
            self.opened()
        item = next(item for item in self.meeting.items if item.number == number)
        return commands.take_item(self.act("chair"), self.meeting, item_id=item.id)

    def vote(self, item: AgendaItem, outcome: str = "go", **choices: str) -> Any:
        motion = commands.put_motion(self.act("chair"), item, outcome=outcome)
        for who, choice in choices.items():
            commands.cast_vote(self.act(who), motion, choice=choice)
        return motion

    def decide(self, item: AgendaItem, outcome: str = "go", **more: Any) -> Any:
        details = {"rationale": "A clear need.", "against_reason": "The panel knows more.", **make.go_details(), **more}
        return commands.decide_item(self.act("chair"), item, outcome=outcome, **details)

    def screen(self, who: str) -> queries.Screen:
        """The meeting as somebody sees it now."""
        actor = self.act(who)
        db.session.flush()
        return queries.screen(actor, queries.find_meeting(actor, self.meeting.id))

    def person(self, who: str) -> Person:
        return self.people[who]
