"""A meeting about both reviews in the play: what people do there, and who may come by what of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from innovation.db import db, now
from innovation.dossiers import meeting_dossier
from innovation.gates.models import Panel
from innovation.meetings import commands, queries
from innovation.meetings.models import AgendaItem, Meeting
from innovation.permission import Actor
from tests.gates.deciding import DETAILS
from tests.gates.sealed_model import DecisionModel, ReviewModel
from tests.gates.sealed_stage import PEOPLE, TwoGates

REVIEWS, WHO = st.integers(0, 1), st.integers(0, PEOPLE - 1)
SOON = dt.timedelta(minutes=30)
OUTCOMES = st.sampled_from(["go", "conditional", "recycle", "hold", "stop", "refer"])
ORDERS = st.sampled_from(["rank", "reference"])
CHOICES = st.sampled_from(["for", "for", "against", "abstain"])


@dataclass
class ItemModel:
    """An item of the agenda; ``votes`` are those of the motion that is open or was counted last, by person."""

    id: int
    of: int
    said: set[str] = field(default_factory=set)
    votes: dict[int, str] = field(default_factory=dict)
    voting: bool = False
    voted_on: str = ""
    counted: dict[int, str] = field(default_factory=dict)
    decided: list[DecisionModel] = field(default_factory=list)


@dataclass
class MeetingModel:
    id: int
    items: list[ItemModel]
    asked: set[int]
    order: str = ""
    state: str = "planned"
    here: set[int] = field(default_factory=set)
    came: set[int] = field(default_factory=set)

    def electors(self, model: ReviewModel) -> set[int]:
        return {seat.person for seat in model.seats if seat.counts and seat.clear} & self.here

    def hears(self, person: int, model: ReviewModel, item: ItemModel) -> bool:
        """What is said and voted: the panel and who runs its gate; what is held back, of the panel those who came."""
        if model.walled(person) or person in model.team or (model.state == "cancelled" and person not in model.staff):
            return False
        seat = model.seat_of(person)
        if seat is None:
            return person in model.staff
        secret = item.decided and item.decided[-1].later and not item.decided[-1].announced
        return seat.clear and (not secret or person in self.came)

    def knows_order(self, person: int, models: list[ReviewModel]) -> bool:
        """An order by rank tells what was given: it is for those who see every mark, or would with a quorum."""
        return self.order == "reference" or all(_sees_every_mark(person, models[item.of]) for item in self.items)


def _sees_every_mark(person: int, model: ReviewModel) -> bool:
    if model.walled(person) or person in model.team:
        return False
    seat = model.seat_of(person)
    return person in model.staff if seat is None else seat.clear and seat.counts and bool(seat.cards)


class AtMeetings(TwoGates):
    """What people do at a meeting, in any order."""

    meeting: MeetingModel | None = None

    @precondition(lambda self: self.meeting is None)
    @rule(of=REVIEWS, order=ORDERS)
    def meet(self, of: int, order: str) -> None:
        """The coordinator plans a meeting; who chairs it fixes the order as far as they may, and opens it."""
        coordinator = self.actors[next(iter(self.reviews[0].staff))]

        def plan() -> Meeting:
            panel = db.session.get_one(Panel, self.panels[of])
            found = commands.plan_meeting(coordinator, panel, title="A meeting", starts_at=now() + SOON, which="open")
            return commands.set_agenda(coordinator, found, review_ids=[model.id for model in self.reviews], minutes={})

        made = self.try_to(plan)
        if made is None:
            return
        numbers = {model.id: n for n, model in enumerate(self.reviews)}
        items = [ItemModel(item.id, numbers[item.review_id]) for item in made.items]
        self.meeting = MeetingModel(made.id, items, {each.person_id for each in made.attendees})
        self.fix(order)

    @precondition(lambda self: self.meeting is not None and self.meeting.state == "planned")
    @rule(order=ORDERS)
    def fix(self, order: str) -> None:
        chairs = self.chairs()
        if self.at_meeting(chairs[:1], lambda a, m: commands.fix_agenda(a, m, order=order)) is not None:
            self.meeting.order = order
        if self.at_meeting(chairs[:1], commands.open_meeting) is not None:
            self.meeting.state = "open"
            self.come(chairs[:1])

    def chairs(self) -> list[int]:
        """Who presides: by the parts that people were asked with."""
        found = self.try_to(lambda: queries.find_meeting(self.actors[self.coordinator], self.meeting.id))
        return [each.person_id for each in found.leading] if found is not None else []

    def come(self, people: list[int]) -> None:
        self.meeting.here |= set(people)
        self.meeting.came |= set(people)

    @precondition(lambda self: self.meeting is not None)
    @rule()
    def everybody_comes(self) -> None:
        for person in sorted(self.meeting.asked - self.meeting.here):
            if self.at_meeting([person], lambda a, m: commands.say_presence(a, m, what="arrived")) is not None:
                self.come([person])

    @precondition(lambda self: self.meeting is not None)
    @rule(who=WHO, what=st.sampled_from(["arrived", "left"]))
    def come_or_go(self, who: int, what: str) -> None:
        person = self.ids[who]
        if self.at_meeting([person], lambda a, m: commands.say_presence(a, m, what=what)) is not None:
            assert person in self.meeting.asked
            self.meeting.here.discard(person)
            if what == "arrived":
                self.come([person])

    @precondition(lambda self: self.meeting is not None and self.meeting.state == "open")
    @rule(at=REVIEWS)
    def take(self, at: int) -> None:
        item = self.item(at)
        for person in [*self.chairs()[:1], *self.leaders(item)]:
            if self.at_meeting([person], lambda a, m: commands.take_item(a, m, item_id=item.id)) is not None:
                return

    @precondition(lambda self: self.meeting is not None)
    @rule(at=REVIEWS, who=WHO)
    def note(self, at: int, who: int) -> None:
        item, word = self.item(at), self.word()
        if self.on_item(self.ids[who], item, lambda a, i: commands.take_note(a, i, text=word)) is not None:
            model = self.reviews[item.of]
            assert model.leads(self.ids[who]) or self.ids[who] in model.staff
            item.said.add(word)

    @precondition(lambda self: self.meeting is not None and self.meeting.state == "open")
    @rule(at=REVIEWS, who=WHO, own=st.booleans(), outcome=OUTCOMES)
    def put(self, at: int, who: int, own: bool, outcome: str) -> None:
        item, word = self.item(at), self.word()
        person = self.somebody(item, who, own)
        if self.on_item(person, item, lambda a, i: commands.put_motion(a, i, outcome=outcome, text=word)) is not None:
            assert self.reviews[item.of].leads(person)
            assert len(self.meeting.electors(self.reviews[item.of])) >= self.reviews[item.of].quorum
            item.said.add(word)
            item.votes, item.voting, item.voted_on = {}, True, outcome

    @precondition(lambda self: self.meeting is not None and self.meeting.state == "open")
    @rule(at=REVIEWS, who=WHO, choice=CHOICES)
    def vote(self, at: int, who: int, choice: str) -> None:
        self._vote(self.item(at), self.ids[who], choice)

    def _vote(self, item: ItemModel, person: int, choice: str) -> None:
        def cast(actor: Actor, found: AgendaItem) -> Any:
            return commands.cast_vote(actor, found.motions[-1], choice=choice) if found.motions else None

        if self.on_item(person, item, cast) is not None:
            assert person in self.meeting.electors(self.reviews[item.of])
            assert item.voting
            item.votes[person] = choice

    @precondition(lambda self: self.meeting is not None and self.meeting.state == "open")
    @rule(at=REVIEWS, choices=st.lists(CHOICES, min_size=6, max_size=6))
    def everybody_votes(self, at: int, choices: list[str]) -> None:
        item = self.item(at)
        for person, choice in zip(sorted(self.meeting.electors(self.reviews[item.of])), choices, strict=False):
            self._vote(item, person, choice)

    @precondition(lambda self: self.meeting is not None and self.meeting.state == "open")
    @rule(at=REVIEWS)
    def count(self, at: int) -> None:
        item = self.item(at)

        def counting(actor: Actor, found: AgendaItem) -> Any:
            return commands.count_votes(actor, found.motions[-1]) if found.motions else None

        for person in self.leaders(item):
            made = self.on_item(person, item, counting)
            if made is not None:
                electors = self.meeting.electors(self.reviews[item.of])
                item.counted = {p: choice for p, choice in item.votes.items() if p in electors}
                assert {vote.person_id: vote.choice for vote in made.votes} == item.counted
                item.voting = False
                return

    @precondition(lambda self: self.meeting is not None and self.meeting.state == "open")
    @rule(at=REVIEWS, who=WHO, own=st.booleans(), outcome=OUTCOMES, later=st.booleans())
    def decide_at_meeting(self, at: int, who: int, own: bool, outcome: str, later: bool) -> None:
        item, why = self.item(at), self.word()
        model, person = self.reviews[item.of], self.somebody(item, who, own)
        told = {"rationale": why, "against_reason": "We know more.", "announce": "later" if later else "now"}
        details = {"outcome": outcome, **told, **DETAILS[outcome]}
        made = self.on_item(person, item, lambda a, i: commands.decide_item(a, i, **details))
        if made is None:
            return
        electors = self.meeting.electors(model)
        assert model.leads(person)
        assert model.sees_marks(person)
        assert len(electors) >= model.quorum
        decided = self.decided(model, made.id, outcome, person, why)
        decided.item, decided.present, decided.votes, decided.later = item.id, electors, dict(item.counted), later
        item.decided.append(decided)
        self.note_decision(model, decided)

    @precondition(lambda self: self.meeting is not None and self.meeting.state == "open")
    @rule(
        at=REVIEWS,
        outcome=OUTCOMES,
        choices=st.lists(CHOICES, min_size=6, max_size=6),
        far=st.integers(0, 2),
        later=st.booleans(),
    )
    def go_through(self, at: int, outcome: str, choices: list[str], far: int, later: bool) -> None:
        """Further into the story: an item is taken, voted on, and perhaps counted and decided."""
        self.take(at)
        self.put(at, 0, True, outcome)
        self.everybody_votes(at, choices)
        if far:
            self.count(at)
        if far > 1:
            self.decide_at_meeting(at, 0, True, outcome, later)

    @precondition(lambda self: self.meeting is not None and self.meeting.state == "open")
    @rule(at=REVIEWS)
    def put_off(self, at: int) -> None:
        item = self.item(at)
        for person in self.leaders(item):
            self.on_item(person, item, lambda a, i: commands.put_off(a, i, reason="No time."))

    @precondition(lambda self: self.meeting is not None and self.meeting.state == "open")
    @rule(sure=st.integers(0, 3))
    def close(self, sure: int) -> None:
        """Close it and send its minutes round."""
        if sure == 0 and self.at_meeting(self.chairs()[:1], commands.close_meeting) is not None:
            self.meeting.state = "closed"
        if (
            self.meeting.state == "closed"
            and self.at_meeting([self.coordinator], commands.circulate_minutes) is not None
        ):
            self.meeting.state = "minuted"

    # Acting

    @property
    def coordinator(self) -> int:
        return next(iter(self.reviews[0].staff))

    def item(self, at: int) -> ItemModel:
        return self.meeting.items[at % len(self.meeting.items)]

    def leaders(self, item: ItemModel) -> list[int]:
        return [seat.person for seat in self.reviews[item.of].leading]

    def somebody(self, item: ItemModel, who: int, own: bool) -> int:
        leaders = self.leaders(item)
        return leaders[0] if own and leaders else self.ids[who]

    def at_meeting(self, people: list[int], act: Callable[[Actor, Meeting], Any]) -> Any:
        """What came of it for the first of these people."""

        def acting() -> Any:
            actor = self.actors[people[0]]
            return act(actor, queries.find_meeting(actor, self.meeting.id))

        return self.try_to(acting) if people else None

    def on_item(self, person: int, item: ItemModel, act: Callable[[Actor, AgendaItem], Any]) -> Any:
        """The same for an item that is open to the person, as the pages find it."""

        def acting() -> Any:
            actor = self.actors[person]
            found = queries.find_item(queries.find_meeting(actor, self.meeting.id), item.id)
            return act(actor, found) if queries.relation_to(actor, found).relation == "full" else None

        return self.try_to(acting)

    # What must hold

    def words_of_meeting(self, person: int) -> Iterator[str]:
        """Every word of the meeting that the person may come by."""
        for item in self.meeting.items if self.meeting else ():
            model = self.reviews[item.of]
            if self.meeting.hears(person, model, item):
                yield from item.said
                yield from (each.why for each in item.decided)

    def meeting_pages(self) -> list[str]:
        if self.meeting is None:
            return []
        pages = ("", "/now", "/minutes", "/order", "/agenda", "/minutes/text")
        return ["/meetings", *(f"/meetings/{self.meeting.id}{page}" for page in pages)]

    def no_meeting_gives_more(self, person: int) -> str:
        """All that the person gets of the meeting: its screen, its minutes, its dossier; and in no order that tells."""
        if self.meeting is None:
            return ""
        actor = self.actors[person]
        screen = self.try_to(lambda: queries.screen(actor, queries.find_meeting(actor, self.meeting.id)))
        if screen is None:
            return ""
        shown = {each.item_id: each for each in screen.items}
        for item in self.meeting.items:
            model, seen = self.reviews[item.of], shown[item.id]
            assert seen.hears <= self.meeting.hears(person, model, item), person
            assert (seen.review is not None) <= model.knows_of(person), person
            assert (seen.result is not None) <= model.sees_marks(person), person
        ordered = [each.number for each in screen.items if each.number is not None]
        assert not ordered or self.meeting.knows_order(person, self.reviews), person
        assert screen.ranking is None or all(model.sees_marks(person) for model in self.reviews), person
        with self.app.test_request_context():
            told = self.try_to(lambda: meeting_dossier.make(actor, self.meeting.id))
        return str((told.records, told.sections)) if told else ""
