"""Recording a decision: what each outcome requires, what it does, and what stands in the way."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from innovation.command import Stale, require_version
from innovation.db import db, now
from innovation.events import list_events
from innovation.gates import commands, queries
from innovation.gates.models import Proposal, Review
from innovation.gates.terms import ConditionTerms
from innovation.ideas.models import Access, Tally
from innovation.permission import Forbidden
from tests import make
from tests.gates.deciding import DETAILS, SOON, decide
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")
LEADS_TO = {
    "go": ("concept", "active"),
    "conditional": ("concept", "active"),
    "recycle": ("captured", "active"),
    "hold": ("at_screening", "held"),
    "stop": ("at_screening", "stopped"),
    "refer": ("at_screening", "referred"),
}


@pytest.mark.parametrize("outcome", sorted(DETAILS))
def test_each_outcome_sends_the_idea_where_it_leads(outcome: str) -> None:
    review = make.scored_review()

    decision = decide(review, outcome)

    assert tuple(review.idea.state) == LEADS_TO[outcome]
    assert (review.state, decision.outcome, decision.total) == ("decided", outcome, 7000)


@pytest.mark.parametrize("outcome", sorted(DETAILS))
def test_each_outcome_asks_for_what_it_requires(outcome: str) -> None:
    review = make.scored_review()
    empty = dict.fromkeys(DETAILS[outcome])

    with pytest.raises(Refused) as refused:
        decide(review, outcome, **{key: () if key == "conditions" else None for key in empty})

    assert len(refused.value.reasons) >= len(empty)
    assert review.state == "scoring"


def test_dates_of_outcomes_become_the_dates_of_the_idea() -> None:
    held, recycled, gone = make.scored_review(), make.scored_review(), make.scored_review()

    decide(held, "hold")
    decide(recycled, "recycle")
    decide(gone, "go")

    assert (held.idea.held_until, held.idea.due_on) == (SOON, held.due_on)
    assert (recycled.idea.held_until, recycled.idea.due_on) == (None, SOON)
    assert (gone.idea.held_until, gone.idea.due_on) == (None, SOON)


def test_a_conditional_go_makes_conditions_that_the_owner_owes() -> None:
    review = make.scored_review()

    decide(
        review,
        "conditional",
        conditions=[ConditionTerms("Baseline test.", SOON, evidence="The results", blocking=True)],
    )

    [condition] = queries.open_conditions(review.idea)
    assert (condition.owner_id, condition.due_on, condition.blocking) == (review.idea.owner_id, SOON, True)


def test_merging_carries_the_people_over_and_tells_both_histories() -> None:
    review = make.scored_review()
    helper = make.contributor(review.idea)
    chair = review.leading[0].person
    target = make.idea()
    make.contributor(target, chair)

    decide(review, "merge", merge_into=target.reference)

    assert (review.idea.standing, review.idea.merged_into_id) == ("merged", target.id)
    assert {c.person_id for c in target.contributors} == {chair.id, helper.id, review.idea.owner_id}
    assert [e.kind for e in list_events(f"idea:{target.id}")] == ["idea_joined"]
    assert list_events(f"idea:{review.idea_id}")[0].kind == "gate_decided"


def test_an_idea_joins_only_one_that_the_chair_may_see() -> None:
    review = make.scored_review()
    unseen = make.idea()

    with pytest.raises(Refused) as refused:
        decide(review, "merge", merge_into=unseen.reference)

    assert refused.value.reasons == ("There is no idea with this reference that you may see.",)
    assert db.session.get(Review, review.id).state == "scoring"


def test_an_idea_does_not_bring_its_people_to_one_whose_panel_they_sit_on() -> None:
    review, other = make.scored_review(), make.review()
    chair = review.leading[0].person
    make.contributor(review.idea, other.seats[1].person)
    make.add(Access(idea_id=other.idea_id, person_id=chair.id, why="seat:0"))
    db.session.refresh(review.idea)

    with pytest.raises(Refused, match="Let that panel decide first"):
        decide(review, "merge", merge_into=other.idea.reference)

    assert db.session.get(Review, review.id).state == "scoring"


@pytest.mark.parametrize("how", ["wrote it down", "facilitates in the region"])
def test_a_chair_who_helped_to_capture_the_idea_scores_and_does_not_decide(how: str) -> None:
    clinic = make.clinic()
    review = make.review(of=make.idea(place="at_screening", clinic_id=clinic.id), size=5)
    chair = review.seats[0].person
    review.seats[1].role = "deputy"
    if how == "wrote it down":
        review.idea.captured_by_id = chair.id
    else:
        make.grant(chair, "facilitator", programme_id=clinic.programme_id, region_id=clinic.region_id)
    make.declare(review.seats[1])
    make.declare(review.seats[0], "declare", "I was at the clinic.")
    coordinator = make.actor(make.staff("coordinator"))
    settler = coordinator if not review.seats[0].settlers else make.actor(review.seats[1].person)
    commands.settle_interest(settler, review.seats[0], answer="accepted")
    for seat in review.seats:
        make.score(seat)

    with pytest.raises(Forbidden):
        decide(review)

    assert review.state == "scoring"


def test_deciding_otherwise_than_recommended_asks_for_a_reason() -> None:
    review = make.scored_review(mark=9)

    with pytest.raises(Refused) as refused:
        decide(review, "stop", against_reason="")

    assert refused.value.reasons == ("The scores recommend: go. Say why the panel decides otherwise.",)


def test_a_decision_as_recommended_keeps_no_reason_against() -> None:
    review = make.scored_review(mark=9)

    decision = decide(review, "go")

    assert (decision.recommended, decision.against_reason) == ("go", "")


def test_below_quorum_nobody_decides() -> None:
    review = make.review()
    for seat in review.seats:
        make.declare(seat)
    for seat in review.seats[:2]:
        make.score(seat)

    with pytest.raises(Refused) as refused:
        decide(review)

    assert refused.value.reasons == ("The panel has not reached its quorum of scorecards.",)


def test_nobody_decides_while_a_member_has_not_declared() -> None:
    review = make.review()
    for seat in review.seats[:3]:
        make.score(seat)

    with pytest.raises(Refused) as refused:
        decide(review)

    assert refused.value.reasons == ("A panel member has not declared their interests yet.",)


def test_a_chair_who_has_not_scored_does_not_decide() -> None:
    review = make.review()
    make.declare(review.seats[0])
    for seat in review.seats[1:]:
        make.score(seat)

    with pytest.raises(Refused) as refused:
        decide(review)

    assert refused.value.reasons == ("Submit your own scorecard first: the panel's scores open to you then.",)


def test_a_replication_panel_needs_its_government_member() -> None:
    review = make.scored_review("replication", 7)
    government = next(seat for seat in review.seats if seat.role == "government")
    make.declare(government, "recuse")

    with pytest.raises(Refused) as refused:
        decide(review, "hold")

    assert refused.value.reasons == ("The panel still needs a government member who counts.",)


def test_the_government_member_of_a_replication_panel_has_to_score() -> None:
    review = make.review("replication", 7)
    for seat in review.seats:
        make.declare(seat)
        if seat.role != "government":
            make.score(seat)

    with pytest.raises(Refused) as refused:
        decide(review, "hold")

    assert refused.value.reasons == ("The panel still needs a government member who counts.",)


@pytest.mark.parametrize("who", ["member", "coordinator", "manager", "owner", "stranger"])
def test_only_the_chair_decides(who: str) -> None:
    review = make.scored_review()
    people = {
        "member": lambda: review.seats[-1].person,
        "coordinator": lambda: make.staff("coordinator"),
        "manager": lambda: make.staff("manager"),
        "owner": lambda: review.idea.owner,
        "stranger": make.person,
    }

    with pytest.raises(Forbidden):
        commands.record_decision(make.actor(people[who]()), review, outcome="go", rationale="Because.", **DETAILS["go"])

    assert db.session.get(Review, review.id).state == "scoring"


def test_a_chair_who_joined_the_team_does_not_decide() -> None:
    review = make.scored_review()
    make.contributor(review.idea, review.leading[0].person)
    db.session.refresh(review.idea)

    with pytest.raises(Forbidden):
        decide(review)


def test_the_deputy_decides_when_the_chair_is_recused() -> None:
    review = make.review(size=5)
    review.seats[-1].role = "deputy"
    make.declare(review.seats[0], "recuse")
    for seat in review.seats[1:]:
        make.score(seat)

    decision = decide(review)

    assert decision.decided_by_id == review.seats[-1].person_id


def test_an_idea_is_sent_back_at_most_twice() -> None:
    idea = make.idea(place="at_screening")
    for _round in range(2):
        decide(make.scored_review(of=idea), "recycle")
        idea.state = idea.state._replace(place="at_screening")
        db.session.commit()

    with pytest.raises(Refused) as refused:
        decide(make.scored_review(of=idea), "recycle")

    assert refused.value.reasons == (
        "This idea has been sent back from this gate as often as is allowed. Choose another outcome.",
    )


def test_a_recycle_goes_to_a_stage_that_the_gate_permits() -> None:
    review = make.scored_review()

    with pytest.raises(Refused) as refused:
        decide(review, "recycle", target="replicating")

    assert refused.value.reasons == ("Choose a stage that this gate may send an idea back to.",)


def test_two_co_chairs_sign_before_anything_happens() -> None:
    review = make.review("institutionalisation", 7)
    review.seats[3].role = "cochair"
    review.seats[0].role = "cochair"
    for seat in review.seats:
        make.score(seat, 4)
    first, second = review.leading

    proposal = commands.record_decision(
        make.actor(first.person), review, outcome="go", rationale="The system pays for it.", **DETAILS["go"]
    )
    before = (isinstance(proposal, Proposal), review.state, review.idea.place)
    decision = commands.sign_decision(make.actor(second.person), review)

    assert before == (True, "scoring", "at_institutionalisation")
    assert (review.state, review.idea.place) == ("decided", "institutionalised")
    assert decision.details["signed_by"] == [first.person_id, second.person_id]


def test_where_a_co_chair_sits_both_sign_at_any_gate() -> None:
    review = make.review()
    review.seats[3].role = "cochair"
    for seat in review.seats:
        make.score(seat)

    signed = decide(review)

    assert (isinstance(signed, Proposal), review.state, review.idea.place) == (True, "scoring", "at_screening")


def test_a_new_chair_beside_one_who_stays_away_decides_alone() -> None:
    review = make.scored_review()
    review.seats[3].role = "chair"

    decide(review)

    assert review.state == "decided"


def test_nobody_signs_twice() -> None:
    review = make.review("institutionalisation", 7)
    review.seats[3].role = "cochair"
    for seat in review.seats:
        make.score(seat, 4)
    first = review.leading[0]
    commands.record_decision(make.actor(first.person), review, outcome="go", rationale="Yes.", **DETAILS["go"])

    with pytest.raises(Refused) as refused:
        commands.sign_decision(make.actor(first.person), review)

    assert refused.value.reasons == ("You have signed already. The other co-chair has to sign as well.",)


def test_a_scorecard_that_comes_in_meanwhile_makes_the_chair_look_again() -> None:
    review = make.review()
    for seat in review.seats:
        make.declare(seat)
    cards = [make.score(seat) for seat in review.seats[:3]]
    make.score(review.seats[3])

    with pytest.raises(Refused) as refused:
        decide(review, seen=cards[-1].id)

    assert refused.value.reasons == (
        "A scorecard came in while you were deciding. Look at the panel's scores again, then decide.",
    )


def test_a_decision_made_against_an_older_state_is_stale() -> None:
    review = make.scored_review()
    version = review.version
    decide(review)

    with pytest.raises(Stale):
        require_version(review, version)


def test_members_read_on_for_a_year_and_the_counts_follow_the_idea() -> None:
    review = make.scored_review()
    idea = review.idea

    decide(review)

    until = db.session.scalars(sa.select(Access.until).where(Access.idea_id == idea.id)).all()
    tally = {row.place: row.n for row in db.session.scalars(sa.select(Tally).where(Tally.n != 0))}
    assert {(day - now()).days for day in until if day} == {364}
    assert tally == {"concept": 1}


def test_what_the_next_panel_finds_met_is_met() -> None:
    first = make.scored_review()
    decide(first, "conditional")
    idea = first.idea
    [condition] = queries.open_conditions(idea)
    idea.state = idea.state._replace(place="at_pilot")
    second = make.review("pilot", 5, of=idea)
    for seat in second.seats:
        make.declare(seat)
        card = [*make.entries(second.gate), commands.Entry(condition.key, answer="yes")]
        commands.submit_scorecard(make.actor(seat.person), seat, entries=card)

    decide(second, "go")

    assert condition.state == "met"


def test_events_hold_codes_and_no_reasons(app: Flask) -> None:
    review = make.scored_review()

    decide(
        review, "stop", rationale="canary one", lesson="canary two", thanks="canary three", against_reason="canary four"
    )

    assert [e for e in list_events(f"idea:{review.idea_id}") if "canary" in e.facts] == []
