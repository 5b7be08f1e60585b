"""Whatever people do at two gates, in any order: nobody comes by what is sealed to them or by an idea that is closed to
them, and every decision names exactly what it rests on.

A campaign: ``GATEHOUSE_TEST_FUZZ=100`` plays so many stories, and looks at everything as everybody at the end of each
fourth one.
"""

from __future__ import annotations

import itertools
import os
import re
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test

from innovation.db import db, now
from innovation.dossiers.queries import read_contents
from innovation.dossiers.records import records_of
from innovation.gates import commands, queries
from innovation.gates.bases import Basis
from innovation.gates.models import Decision, Review
from innovation.ideas import commands as idea_commands
from innovation.ideas import queries as idea_queries
from innovation.ideas.models import Idea
from innovation.meetings.models import Vote
from tests import make
from tests.gates.deciding import DETAILS
from tests.gates.sealed_meeting import ORDERS, OUTCOMES, REVIEWS, WHO, AtMeetings
from tests.gates.sealed_model import Card, DecisionModel, ReviewModel
from tests.gates.sealed_stage import PEOPLE

CAMPAIGN = int(os.environ.get("GATEHOUSE_TEST_FUZZ", "0"))
SHRINK = os.environ.get("GATEHOUSE_TEST_SHRINK", "")  # a story that fails is made shorter, which takes its time
STORIES, STEPS, LOOKS = (CAMPAIGN, 50, 2) if CAMPAIGN else (3, 22, 1)  # looks at the pages after each step
AT = st.integers(0, 5)
TOLD = itertools.count()
LISTS = ("/", "/work", "/reviews", "/reviews?export=csv", "/search?q=clubs", "/?export=csv&standing=any", "/inbox")
OF_REVIEW = ("", "/scorecard", "/outcome", "/decision", "/signature", "/correction", "/seats", "/declaration")
OF_IDEA = ("", "?history=all", "/revisions", "/gate", "/conditions", "/deliverables", "/people")


class Gates(AtMeetings):
    """Everything that people do at a gate; what they do at a meeting comes from ``AtMeetings``."""

    @initialize(far=st.sampled_from([0, 1, 2, 3, 3, 3]), order=ORDERS)
    def begin(self, far: int, order: str) -> None:
        """Some stories begin where everybody has scored, or at a meeting that has come to its first item."""
        if far:
            self.everybody_scores(0)
        if far > 1:
            self.everybody_scores(1)
            self.meet(0, order)
            self.everybody_comes()
        if far > 2:
            self.take(0)

    # What people do

    @rule(
        of=REVIEWS,
        at=AT,
        level=st.sampled_from(["none", "none", "none", "declare", "recuse"]),
        by=WHO,
        own=st.booleans(),
    )
    def declare(self, of: int, at: int, level: str, by: int, own: bool) -> None:
        seat, text = self.reviews[of].seats[at], self.word()
        who = self.member(of, at) if own else by
        done = self.on_seat(who, of, at, lambda a, s: commands.declare_interest(a, s, level=level, text=text))
        if done is not None:
            assert self.ids[who] == seat.person
            seat.stance = {"none": "none", "declare": "declared", "recuse": "recused"}[level]
            seat.said.append(text)

    @rule(of=REVIEWS, at=AT, by=WHO, answer=st.sampled_from(["accepted", "refused"]))
    def settle(self, of: int, at: int, by: int, answer: str) -> None:
        seat = self.reviews[of].seats[at]
        if self.on_seat(by, of, at, lambda a, s: commands.settle_interest(a, s, answer=answer)) is not None:
            assert self.ids[by] != seat.person
            seat.stance = "accepted" if answer == "accepted" else "recused"

    @rule(of=REVIEWS, at=AT, mark=st.integers(0, 10), by=WHO, own=st.booleans())
    def save(self, of: int, at: int, mark: int, by: int, own: bool) -> None:
        seat = self.reviews[of].seats[at]
        said, card = self.card(self.reviews[of], mark)
        who = self.member(of, at) if own else by
        if self.on_seat(who, of, at, lambda a, s: commands.save_scorecard(a, s, **card)) is not None:
            assert self.ids[who] == seat.person
            seat.draft = said

    @rule(of=REVIEWS, at=AT, mark=st.integers(0, 10))
    def submit(self, of: int, at: int, mark: int) -> None:
        seat = self.reviews[of].seats[at]
        said, card = self.card(self.reviews[of], mark)
        made = self.on_seat(self.member(of, at), of, at, lambda a, s: commands.submit_scorecard(a, s, **card))
        if made is not None:
            said.id = made.id
            seat.cards.append(said)
            seat.draft = None

    @rule(of=REVIEWS, at=AT)
    def abstain(self, of: int, at: int) -> None:
        seat, why = self.reviews[of].seats[at], self.word()
        if self.on_seat(self.member(of, at), of, at, lambda a, s: commands.abstain(a, s, reason=why)) is not None:
            seat.abstains, seat.why = True, why

    @rule(of=REVIEWS, at=AT)
    def take_part_again(self, of: int, at: int) -> None:
        seat = self.reviews[of].seats[at]
        if self.on_seat(self.member(of, at), of, at, commands.end_abstention) is not None:
            seat.abstains, seat.why = False, ""

    @rule(of=REVIEWS, at=AT, by=WHO)
    def excuse(self, of: int, at: int, by: int) -> None:
        if self.on_seat(by, of, at, commands.excuse_seat) is not None:
            assert self.ids[by] in self.reviews[of].staff
            self.reviews[of].seats[at].stance = "excused"

    @rule(of=REVIEWS)
    def revise(self, of: int) -> None:
        model, summary = self.reviews[of], self.word()

        def acting() -> Any:
            actor = self.actors[next(iter(model.team))]
            idea = idea_queries.find_idea(actor, model.reference)
            answers = {**make.ANSWERS, "summary": summary}
            return idea_commands.hand_in_canvas(actor, idea, answers=answers, based_on=idea.revision_number)

        made = self.try_to(acting)
        if made is not None:
            model.content.add(summary)
            model.newest = made.id

    @rule(of=REVIEWS, by=WHO)
    def take_revision(self, of: int, by: int) -> None:
        model = self.reviews[of]
        may = model.leads(self.ids[by]) or self.ids[by] in model.staff
        if self.on_review(by, of, commands.take_revision) is not None:
            assert may
            model.revision = model.newest

    @rule(of=REVIEWS, at=AT)
    def confirm(self, of: int, at: int) -> None:
        model = self.reviews[of]
        seat = model.seats[at]
        made = self.on_seat(self.member(of, at), of, at, commands.confirm_scorecard)
        if made is not None:
            last = seat.cards[-1]
            seat.cards.append(Card(model.revision, last.comment, last.note, last.feedback, "", made.id))

    @rule(of=REVIEWS)
    def everybody_scores(self, of: int) -> None:
        """Further into the story: whoever can declare and score does."""
        for at, seat in enumerate(self.reviews[of].seats):
            if seat.stance == "undeclared":
                self.declare(of, at, "none", 0, True)
            if not seat.cards:
                self.submit(of, at, 7)

    @rule(of=REVIEWS, by=WHO, outcome=OUTCOMES, chair=st.booleans())
    def decide(self, of: int, by: int, outcome: str, chair: bool) -> None:
        self._decide(of, by, outcome, chair, commands.record_decision)

    @precondition(lambda self: any(model.decisions for model in self.reviews))
    @rule(of=REVIEWS, by=WHO, outcome=OUTCOMES, chair=st.booleans())
    def supersede(self, of: int, by: int, outcome: str, chair: bool) -> None:
        self._decide(of, by, outcome, chair, commands.supersede_decision, reason="A letter came.")

    @rule(of=REVIEWS, by=WHO, outcome=OUTCOMES, chair=st.booleans())
    def decide_and_hold_back(self, of: int, by: int, outcome: str, chair: bool) -> None:
        self._decide(of, by, outcome, chair, commands.record_decision, announce="later")

    @precondition(lambda self: any(model.held for model in self.reviews))
    @rule(of=REVIEWS, by=WHO)
    def announce(self, of: int, by: int) -> None:
        model = self.reviews[of]
        may = model.leads(self.ids[by]) or self.ids[by] in model.staff
        made = self.on_review(by, of, commands.announce_decision)
        if made is not None and model.held is not None:
            assert may
            model.held.id, model.held.announced, model.state = made.id, True, "decided"
            model.decisions.append(model.held)
            model.held = None

    @precondition(lambda self: any(model.held for model in self.reviews))
    @rule(of=REVIEWS, by=WHO)
    def take_back(self, of: int, by: int) -> None:
        model = self.reviews[of]
        made = self.on_review(by, of, lambda a, r: commands.take_back_decision(a, r, reason="Too soon."))
        if made is not None and model.held is not None:
            model.taken_back.append(model.held.why)
            model.held = None

    def _decide(self, of: int, by: int, outcome: str, chair: bool, act: Any, **more: Any) -> None:
        model = self.reviews[of]
        who = self.ids.index(model.leading[0].person) if chair and model.leading else by
        leads = model.leads(self.ids[who]) and model.sees_marks(self.ids[who])
        why = self.word()
        told = {"rationale": why, "against_reason": "We know more.", **DETAILS[outcome], **more}
        made = self.on_review(who, of, lambda a, r: act(a, r, outcome=outcome, **told))
        if made is None:
            return
        assert leads
        decided = self.decided(model, made.id, outcome, self.ids[who], why)
        decided.later = more.get("announce") == "later"
        self.note_decision(model, decided)

    @rule(of=REVIEWS, by=WHO, sure=st.integers(0, 3))
    def cancel(self, of: int, by: int, sure: int) -> None:
        if sure == 0 and self.on_review(by, of, commands.cancel_review) is not None:
            assert self.ids[by] in self.reviews[of].staff
            self.reviews[of].state = "cancelled"

    # What must hold

    def told(self, person: int, address: str) -> set[str]:
        answer = self.client(person).get(address)
        return self.words_in(f"{answer.headers}\n{answer.text}")

    def words_in(self, text: str) -> set[str]:
        return set(re.findall(rf"{self.story}\d+x", text))

    def may_know(self, person: int) -> set[str]:
        words = {word for model in self.reviews for word in model.words_for(person) if word}
        return words | set(self.words_of_meeting(person))

    def addresses(self) -> list[str]:
        found = [*LISTS, *self.meeting_pages()]
        for model in self.reviews:
            found += [f"/reviews/{model.id}{page}" for page in OF_REVIEW]
            found += [f"/ideas/{model.reference}{page}" for page in OF_IDEA]
        return found

    @invariant()
    def nobody_comes_by_what_is_sealed(self) -> None:
        """The next ones of all pages as all people; every day in turns with the queries behind them."""
        if not CAMPAIGN and next(self.paging) % 2:
            return
        looks = list(itertools.product(self.ids, self.addresses()))
        self.look([looks[next(self.looked) * 37 % len(looks)] for _n in range(LOOKS)])

    def teardown(self) -> None:
        if CAMPAIGN and next(TOLD) % 4 == 0:
            self.look(list(itertools.product(self.ids, self.addresses())))
        self.clear_away()

    def look(self, at: list[tuple[int, str]]) -> None:
        for person, address in at:
            assert self.told(person, address) - self.may_know(person) == set(), (person, address)

    @invariant()
    def no_query_gives_more(self) -> None:
        if not CAMPAIGN and next(self.querying) % 2 == 0:
            return
        for turn in [next(self.asked) for _n in range(LOOKS)]:
            person = self.ids[turn % PEOPLE]
            for model in self.reviews:
                self.no_view_gives_more(person, model)
            if turn % 3 == 0:
                self.no_list_gives_more(person)
            if turn % 5 == 0:
                self.no_dossier_gives_more(person, self.reviews[turn % 2])
            if turn % 4 == 0:
                assert self.words_in(self.no_meeting_gives_more(person)) - self.may_know(person) == set(), person

    def no_dossier_gives_more(self, person: int, model: ReviewModel) -> None:
        with self.app.test_request_context():
            told = self.try_to(lambda: records_of(read_contents(self.actors[person], model.reference)))
        assert self.words_in(str(told)) - self.may_know(person) == set(), person

    def no_list_gives_more(self, person: int) -> None:
        actor = self.actors[person]
        ids = queries.list_review_ids(actor, queries.ReviewFilters(), today=now().date(), limit=100)
        rows = queries.reviews_by_id(actor, ids)
        listed = {row.id for row in rows} | {item.review_id for item in queries.waiting_for(actor)}
        assert [m.id for m in self.reviews if m.id in listed and not m.knows_of(person)] == [], person

    def no_view_gives_more(self, person: int, model: ReviewModel) -> None:
        actor = self.actors[person]
        view = self.try_to(lambda: queries.panel_view(actor, queries.find_review(actor, model.id)))
        if view is None:
            return
        sees = model.sees_marks(person)
        assert model.knows_of(person)
        assert [bool(view.result) > sees, bool(view.comments) > sees, bool(view.changed) > sees] == [False] * 3
        assert view.submitted == len(model.counted)
        assert view.expected == sum(seat.counts for seat in model.seats)

    @invariant()
    def a_decision_names_what_it_rests_on(self) -> None:
        for model in self.reviews:
            found = db.session.scalars(sa_decisions(model.id)).all()
            assert [(each.id, each.outcome) for each in found] == [(d.id, d.outcome) for d in model.decisions]
            for decision, known in zip(found, model.decisions, strict=True):
                basis = queries.find_basis(decision)
                assert basis is not None
                assert (basis.revision_id, basis.workflow_version_id) == (
                    known.revision,
                    db.session.get_one(Idea, decision.idea_id).workflow_version_id,
                )
                assert {card.id for card in queries.cards_behind(decision)} == known.cards
                assert len(known.cards) >= basis.quorum == model.quorum
                assert db.session.get_one(Review, decision.review_id).gate.uncovered(known.roles) == ()
                assert decision.decided_by_id == known.by
                self.rests_on_its_votes(basis, known)

    def rests_on_its_votes(self, basis: Basis, known: DecisionModel) -> None:
        table = basis.at_table
        if known.item is None:
            assert table is None
            return
        assert table is not None
        cast = {vote.id: (vote.person_id, vote.choice) for vote in db.session.scalars(votes_of(table.motion_id))}
        assert (table.item_id, set(table.present)) == (known.item, known.present)
        assert {each.vote_id: (each.person_id, each.choice) for each in table.ballots} == cast
        assert {each.person_id: each.choice for each in table.ballots} == known.votes
        assert len(known.present) >= basis.quorum


def votes_of(motion_id: int | None) -> Any:
    return db.select(Vote).filter_by(motion_id=motion_id)


def sa_decisions(review_id: int) -> Any:
    return db.select(Decision).filter_by(review_id=review_id).order_by(Decision.id)


def test_whatever_people_do_what_is_sealed_stays_sealed(app: Flask) -> None:
    Gates.app = app

    run_state_machine_as_test(
        Gates,
        settings=settings(
            max_examples=STORIES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink) if SHRINK else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("sealed", ["comment", "title"])
def test_a_leak_would_be_found(app: Flask, sealed: str) -> None:
    """The hunt above is not blind: a word that somebody may see is found where they look."""
    Gates.app = app
    gates = Gates()
    gates.everybody_scores(0)
    chair, model = gates.ids[0], gates.reviews[0]

    found = gates.told(chair, f"/reviews/{model.id}")

    word = model.title if sealed == "title" else model.seats[2].cards[-1].comment
    assert word in found
