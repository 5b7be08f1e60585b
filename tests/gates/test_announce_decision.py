"""Deciding first and announcing later: alone, with others, in silence, or not at all."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from innovation import chain
from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.events import list_events
from innovation.gates import commands, queries
from innovation.gates.commands.holding import SETTLED
from innovation.gates.models import Condition, Decision, Review, Seat
from innovation.gates.queries import panel_view
from innovation.ideas.models import Idea
from innovation.ideas.status import last_outcome, marks
from innovation.notifications import commands as post
from innovation.notifications import recipients
from innovation.permission import Forbidden
from innovation.pipeline import timeline
from tests import make
from tests.gates.deciding import DETAILS, chair_of, decide
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")


def withheld(outcome: str = "go", **more: Any) -> Review:
    """A review whose panel has decided, with nobody told."""
    review = make.scored_review(**more)
    decide(review, outcome, announce="later")
    return review


def coordinator() -> Any:
    found = make.staff("coordinator")
    db.session.commit()
    return make.actor(found)


def rows(model: type[Any]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_decision_that_is_held_back_moves_nothing_and_is_in_no_list_of_decisions() -> None:
    before = make.scored_review()
    state, version = before.idea.state, before.idea.version

    decide(before, "conditional", announce="later")

    assert (before.idea.state, before.idea.version, before.state) == (state, version, "scoring")
    assert (rows(Decision), rows(Condition)) == (0, 0)
    assert (before.decision, queries.list_decisions(before.idea)) == (None, [])


def test_nobody_is_reminded_of_a_scorecard_that_can_no_longer_count() -> None:
    review, keeper = withheld(), coordinator()

    with pytest.raises(Refused) as refused:
        commands.remind_panel(keeper, review)

    assert refused.value.reasons == (SETTLED,)
    assert list(queries.list_for_desk(keeper, "remind").items) == []


@pytest.mark.parametrize("outcome", ["go", "stop", "hold", "recycle"])
def test_the_team_reads_the_same_before_and_after_a_panel_has_decided(outcome: str) -> None:
    review = make.scored_review()
    helper = make.contributor(review.idea)
    people = [make.actor(review.idea.owner), make.actor(helper)]

    def read() -> list[Any]:
        told = [[(e.kind, e.facts) for e in timeline.read(p, review.idea, sits=False).events] for p in people]
        shown = [panel_view(person, review) for person in people]
        return [told, shown, marks(review.idea), last_outcome(review.idea)]

    before = read()
    decide(review, outcome, announce="later")

    assert read() == before


def test_the_panel_and_its_staff_know_what_was_decided() -> None:
    review = withheld("stop")
    chair = panel_view(chair_of(review), review)
    staff = panel_view(coordinator(), review)

    assert [view.withheld.outcome for view in (chair, staff) if view.withheld] == ["stop", "stop"]


def test_whoever_has_not_scored_knows_that_the_panel_decided_and_not_what() -> None:
    review = make.review()
    late = review.seats[3]
    make.declare(late)
    for seat in review.seats[:3]:
        make.score(seat)
    decide(review, "go", announce="later")

    view = panel_view(make.actor(late.person), review)

    assert (view.settled, view.withheld) == (True, None)


def test_what_a_decision_rests_on_changes_no_more_while_it_waits() -> None:
    review = withheld()
    member = review.seats[1]
    refused = []

    for act in (
        lambda: make.score(member, 2, change_reason="I think again."),
        lambda: commands.cancel_review(coordinator(), review),
        lambda: commands.seat_person(coordinator(), review, person_id=make.person().id, role="member"),
        lambda: decide(review, "stop"),
    ):
        with pytest.raises(Refused) as caught:
            act()
        refused.append(caught.value.reasons[0].partition(",")[0])

    assert refused == ["The panel has decided"] * 4


def test_the_announcement_is_the_moment_in_which_the_idea_moves() -> None:
    review = withheld()
    chair, told = chair_of(review), coordinator()

    decision = commands.announce_decision(told, review)

    assert (review.idea.place, review.state, review.decision) == ("concept", "decided", decision)
    assert (decision.decided_by_id, decision.announced_at >= decision.decided_at) == (chair.person_id, True)
    assert [event.kind for event in list_events(f"idea:{review.idea_id}")][:1] == ["gate_decided"]
    assert chain.verify().faults == []


def test_a_date_that_passes_while_a_decision_waits_keeps_it_from_taking_effect() -> None:
    review = withheld()
    kept = queries.withheld_decision(review)
    kept.content = {**kept.content, "details": {**kept.content["details"], "next_date": "2026-01-02"}}

    with pytest.raises(Refused) as refused:
        commands.announce_decision(coordinator(), review)

    assert refused.value.reasons == ("A date in this decision has passed. Choose one that lies ahead.",)


def test_several_are_announced_in_one_moment_or_none_is() -> None:
    reviews = [withheld(), withheld("stop")]
    kept = queries.withheld_decision(reviews[1])
    kept.content = {**kept.content, "rationale": ""}
    staff = coordinator()

    with pytest.raises(Refused) as refused:
        commands.announce_together(staff, reviews)
    after = [review.state for review in reviews]
    kept.content = {**kept.content, "rationale": "Done elsewhere."}
    commands.announce_together(staff, reviews)

    assert refused.value.reasons[0].startswith(reviews[1].idea.reference)
    assert (after, [review.idea.standing for review in reviews]) == (["scoring", "scoring"], ["active", "stopped"])


def test_an_idea_moves_in_silence_for_a_reason_and_its_team_is_still_owed_a_letter() -> None:
    review, staff = withheld(), coordinator()

    with pytest.raises(Refused):
        commands.move_silently(staff, review, reason=" ")
    commands.move_silently(staff, review, reason="The family is in mourning.")
    owed = [each.review_id for each in queries.list_withheld(staff)]
    commands.tell_team(staff, review)

    assert (review.idea.place, owed, queries.list_withheld(staff)) == ("concept", [review.id], [])


def test_a_decision_is_taken_back_before_anybody_knows_it_and_stays_on_the_record() -> None:
    review = withheld("stop")
    chair = chair_of(review)

    commands.take_back_decision(chair, review, reason="We had read the wrong budget.")
    decide(review, "go")

    assert [each.outcome for each in queries.taken_back(review)] == ["stop"]
    assert review.decision.outcome == "go"


def test_both_chairs_sign_what_is_held_back() -> None:
    review = make.review("institutionalisation", 7)
    review.seats[3].role = "cochair"
    for seat in review.seats:
        make.score(seat, 4)
    first, second = (make.actor(seat.person) for seat in review.leading)
    commands.record_decision(first, review, outcome="go", rationale="It lasts.", announce="later", **DETAILS["go"])
    commands.sign_decision(second, review)

    decision = commands.announce_decision(coordinator(), review)

    assert decision.details["signed_by"] == [first.person_id, second.person_id]


def test_nobody_behind_an_idea_announces_what_was_decided_about_it() -> None:
    review = withheld()
    owner = make.grant(review.idea.owner, "coordinator", programme_id=review.programme_id)
    walled = make.staff("coordinator")
    review.idea.walls.append(make.add(_wall(review.idea, walled)))
    denied = []

    for person in (owner, walled):
        with pytest.raises(Forbidden):
            commands.announce_decision(make.actor(person), review)
        denied += queries.list_withheld(make.actor(person)) + queries.to_announce(make.actor(person))

    assert denied == []


def _wall(idea: Idea, person: Person) -> Any:
    from innovation.ideas.models import Wall

    return Wall(idea_id=idea.id, person_id=person.id, why="told")


@pytest.mark.parametrize(
    ("role", "stance", "scored", "listed"),
    [
        ("observer", "none", False, False),
        ("member", "none", False, False),
        ("member", "none", True, True),
        ("secretary", "undeclared", False, True),
    ],
)
def test_a_coordinator_who_sits_sees_what_was_decided_as_their_seat_does(
    role: str, stance: str, scored: bool, listed: bool
) -> None:
    who = make.staff("coordinator")
    review = make.review()
    seat = make.add(Seat(review_id=review.id, person_id=who.id, role=role, stance=stance))
    db.session.expire(review, ["seats"])
    make.declare(review.seats[3])
    for each in [*review.seats[:3], *([seat] if scored else [])]:
        make.score(each)
    decide(review, "stop", announce="later")

    found = queries.list_withheld(make.actor(who)), queries.to_announce(make.actor(who))

    assert [bool(each) for each in found] == [listed, listed]
    assert [bool(panel_view(make.actor(who), review).withheld)] == [listed]


def test_what_nobody_would_be_told_of_is_not_announced_but_moved_in_silence() -> None:
    review, staff = withheld(), coordinator()
    everybody = [person.id for person in recipients.of_decision(review)]
    kept = commands.change_announcement(staff, review, subject="", text="", left_out=everybody)

    with pytest.raises(Refused, match="Nobody is ticked to be told"):
        post.announce(staff, review)
    with pytest.raises(Refused, match="Nobody is ticked to be told"):
        post.announce_together(staff, [review])
    commands.move_silently(staff, review, reason="They were told at the school.")
    with pytest.raises(Refused, match="Nobody is ticked to be told"):
        post.tell_team(staff, review)

    assert (review.idea.place, kept.told_at) == ("concept", None)


def test_an_owner_who_withdraws_never_learns_what_had_been_decided() -> None:
    from innovation.ideas import commands as ideas
    from innovation.permission import SYSTEM

    review = withheld("stop")
    ideas.withdraw_idea(make.actor(review.idea.owner), review.idea)

    commands.cancel_review(SYSTEM, review)

    assert (review.state, review.decision, queries.withheld_decision(review)) == ("cancelled", None, None)


@pytest.mark.parametrize("helps", [False, True])
def test_no_list_tells_a_coordinator_that_the_panel_for_their_own_idea_has_decided(
    client: FlaskClient, *, helps: bool
) -> None:
    review = make.scored_review()
    who = make.staff("coordinator")
    if helps:
        make.contributor(review.idea, who)
    else:
        review.idea.owner_id = who.id
    review.due_on = now().date() - dt.timedelta(days=3)
    make.sign_in(client, who)
    paths = ("/reviews", "/reviews?due=overdue", "/reviews/desk?act=remind", "/due", "/due?kind=review", "/work")
    before = [told(client, path) for path in paths]

    decide(review, announce="later")

    assert db.session.get_one(Review, review.id).settled_at is not None
    assert [told(client, path) for path in paths] == before
    assert review.idea.reference in before[1]


def told(client: FlaskClient, path: str) -> str:
    """The page without what is made anew each time."""
    return re.sub(r'(name="(csrf_token|key|once|form_key)"|nonce)[^>]*', "", client.get(path).text)
