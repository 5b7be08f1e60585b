"""Presenting, convening, reminding and running a review."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask.testing import FlaskClient

from innovation.db import db, now
from innovation.events import Event
from innovation.gates import commands, queries
from innovation.gates.deadlines import today_of, working_days_after
from innovation.gates.models import Review
from innovation.ideas.models import Handin, Idea, Wall
from innovation.permission import Forbidden
from tests import make
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")


def ready_idea(**more: Any) -> Idea:
    """An idea with everything that the first gate asks for."""
    definition = make.workflow().definition
    answers = {field.key: "Yes." for field in definition.fields_required_at("screening")}
    idea = make.idea(district_id=make.district().id, answers=answers, **more)
    for asked in definition.gate("screening").asks:
        key = asked.deliverable.key
        make.add(Handin(idea_id=idea.id, deliverable=key, number=1, content={}, state="accepted"))
    return idea


def why_so_soon(idea: Idea) -> str:
    """What the record says of a panel that decides soon."""
    event: Event = make.first(Event, subject=f"idea:{idea.id}", kind="panel_convened")
    return str(event.data["sooner"])


def test_an_idea_with_gaps_is_not_presented() -> None:
    idea = make.idea()
    db.session.commit()

    with pytest.raises(Refused) as refused:
        commands.present_idea(make.actor(idea.owner), idea)

    assert "Hand in: Evidence of the problem." in refused.value.reasons
    assert db.session.get(make.Idea, idea.id).place == "captured"


def test_a_way_that_the_process_does_not_offer_is_refused() -> None:
    idea = make.idea()

    with pytest.raises(Refused) as refused:
        commands.present_idea(make.actor(idea.owner), idea, track="nonsense")

    assert (refused.value.reasons, idea.track) == (("Choose one of the ways that this process offers.",), "full")


def test_a_form_with_an_unknown_way_is_shown_again(client: FlaskClient) -> None:
    idea = make.idea()
    make.sign_in(client, idea.owner)

    answer = client.post(f"/ideas/{idea.reference}/gate", data={"track": "nonsense"})

    assert (answer.status_code, idea.track, idea.place) == (422, "full", "captured")


def test_a_way_with_limits_says_what_is_not_known() -> None:
    idea = make.idea()

    with pytest.raises(Refused) as refused:
        commands.present_idea(make.actor(idea.owner), idea, track="light")

    assert "The amount of the ask is not known yet." in refused.value.reasons


def test_the_proven_way_needs_evidence_that_the_coordinator_accepted() -> None:
    idea = make.idea(evidence_level="E3")

    with pytest.raises(Refused) as refused:
        commands.present_idea(make.actor(idea.owner), idea, track="proven")

    assert "The coordinator has not yet accepted evidence of the level that this way asks for." in refused.value.reasons


def test_an_idea_that_was_sent_back_may_go_the_whole_way_instead_of_the_short_one() -> None:
    idea = ready_idea(track="light")

    commands.present_idea(make.actor(idea.owner), idea)

    assert (idea.place, idea.track) == ("at_screening", "full")


def test_a_stranger_does_not_present() -> None:
    idea = make.idea()
    db.session.commit()

    with pytest.raises(Forbidden):
        commands.present_idea(make.actor(make.person()), idea)

    assert db.session.get(make.Idea, idea.id).place == "captured"


def test_a_convened_review_keeps_the_revision_the_quorum_and_the_date() -> None:
    day = now().date() + dt.timedelta(days=30)
    idea = make.idea(place="at_screening", due_on=day)

    review = make.review(of=idea)

    assert (review.round, review.quorum, review.due_on, review.revision.number) == (1, 3, day, 1)
    assert (review.state, len(review.seats)) == ("scoring", 4)


def test_owners_contributors_and_the_conflicted_are_never_seated() -> None:
    panel = make.panel("screening", 6)
    people = [member.person for member in panel.members]
    idea = make.idea(people[1], place="at_screening")
    make.contributor(idea, people[2])
    idea.walls.append(Wall(person_id=people[3].id, why="declared"))

    review = commands.convene_panel(make.actor(make.staff("coordinator")), idea, panel_id=panel.id)

    assert {seat.person_id for seat in review.seats} == {people[0].id, people[4].id, people[5].id}


def test_whoever_coordinates_the_idea_keeps_the_minutes_and_has_no_vote() -> None:
    panel = make.panel("screening", 6)
    panel.members[4].role = "secretary"
    for member in panel.members[4:]:
        make.grant(member.person, "coordinator", programme_id=panel.programme_id)
    make.grant(panel.members[3].person, "coordinator", programme_id=panel.programme_id, region_id=make.region("GP").id)
    idea = make.idea(place="at_screening")
    coordinator = make.actor(make.staff("coordinator"))

    review = commands.convene_panel(coordinator, idea, panel_id=panel.id)
    with pytest.raises(Refused) as refused:
        commands.seat_person(coordinator, review, person_id=panel.members[4].person_id, role="member")

    assert {seat.person_id for seat in review.seats} == {member.person_id for member in panel.members[:5]}
    assert refused.value.reasons == ("Panel member coordinates the gates of this idea, and so has no vote.",)


def test_whoever_helped_to_capture_the_idea_does_not_chair_its_panel() -> None:
    clinic = make.clinic()
    panel = make.panel("screening", 6)
    panel.members[4].role = "deputy"
    for member in (panel.members[0], panel.members[1]):
        make.grant(member.person, "facilitator", programme_id=clinic.programme_id, clinic_id=clinic.id)
    idea = make.idea(place="at_screening", clinic_id=clinic.id)

    review = commands.convene_panel(make.actor(make.staff("coordinator")), idea, panel_id=panel.id)

    assert {seat.person_id for seat in review.seats} == {member.person_id for member in panel.members[1:]}
    assert [seat.role for seat in review.leading] == ["deputy"]


def test_nobody_is_seated_whose_sign_in_is_closed() -> None:
    panel = make.panel("screening", 5)
    make.account(panel.members[4].person).disabled_at = now()
    idea = make.idea(place="at_screening")

    review = commands.convene_panel(make.actor(make.staff("coordinator")), idea, panel_id=panel.id)

    assert len(review.seats) == 4


def test_a_panel_is_not_asked_to_decide_by_a_day_that_has_passed() -> None:
    panel, idea = make.panel(), make.idea(place="at_screening")
    coordinator = make.actor(make.staff("coordinator"))

    with pytest.raises(Refused) as refused:
        commands.convene_panel(coordinator, idea, panel_id=panel.id, due_on=dt.date(2020, 1, 1))

    assert refused.value.reasons == ("The day to decide by has passed. Choose one that lies ahead.",)


def test_a_panel_has_five_working_days_to_read_unless_a_reason_is_given() -> None:
    idea, coordinator = make.idea(place="at_screening"), make.actor(make.staff("coordinator"))
    panel, soon = make.panel(), now().date() + dt.timedelta(days=2)
    db.session.commit()

    with pytest.raises(Refused) as refused:
        commands.convene_panel(coordinator, idea, panel_id=panel.id, due_on=soon)
    review = commands.convene_panel(coordinator, idea, panel_id=panel.id, due_on=soon, sooner="The term ends.")

    until = working_days_after(today_of(idea.programme), 5)
    assert refused.value.reasons == (
        f"The panel has until {until.day} {until:%b %Y} to read. Choose a later day, or say why not.",
    )
    assert (review.due_on, why_so_soon(idea)) == (soon, "The term ends.")


def test_a_day_that_nobody_chose_leaves_the_panel_its_time_to_read() -> None:
    idea, panel = make.idea(place="at_screening"), make.panel()
    idea.due_on = today_of(idea.programme) + dt.timedelta(days=1)

    review = commands.convene_panel(make.actor(make.staff("coordinator")), idea, panel_id=panel.id)

    assert review.due_on == working_days_after(today_of(idea.programme), 5)


def test_a_reason_is_kept_only_where_one_was_needed() -> None:
    idea, panel = make.idea(place="at_screening"), make.panel()

    commands.convene_panel(make.actor(make.staff("coordinator")), idea, panel_id=panel.id, sooner="In a hurry.")

    assert why_so_soon(idea) == ""


def test_too_few_people_are_refused_with_who_cannot_sit() -> None:
    panel = make.panel("screening", 3)
    idea = make.idea(panel.members[1].person, place="at_screening")

    with pytest.raises(Refused) as refused:
        commands.convene_panel(make.actor(make.staff("coordinator")), idea, panel_id=panel.id)

    assert refused.value.reasons == (
        "Only 2 of the people left can score, and the quorum is 3.",
        "Panel government owns this idea.",
    )


def test_a_replication_panel_is_not_convened_without_government() -> None:
    panel = make.panel("replication", 7)
    idea = make.idea(place="at_replication")

    with pytest.raises(Refused) as refused:
        commands.convene_panel(
            make.actor(make.staff("coordinator")), idea, panel_id=panel.id, left_out=[panel.members[1].person_id]
        )

    assert refused.value.reasons == ("The panel still needs a government member who counts.",)


def test_one_panel_at_a_time() -> None:
    review = make.review()

    with pytest.raises(Refused) as refused:
        make.review(of=review.idea)

    assert refused.value.reasons == ("A panel has been convened for this idea already.",)


def test_a_coordinator_convenes_nothing_for_an_idea_of_their_own() -> None:
    coordinator = make.staff("coordinator")
    idea = make.idea(coordinator, place="at_screening")
    panel = make.panel()
    db.session.commit()

    with pytest.raises(Forbidden):
        commands.convene_panel(make.actor(coordinator), idea, panel_id=panel.id)

    assert queries.current_review(idea) is None


def test_the_panel_of_the_region_is_suggested_before_the_one_of_the_programme() -> None:
    whole = make.panel("screening")
    own = make.panel("screening", region_id=make.region().id)
    make.panel("screening", region_id=make.region("EC").id)
    idea = make.idea(place="at_screening")
    gate = idea.definition.gate("screening")

    assert [panel.id for panel in queries.panels_for(idea, gate)][:2] == [own.id, whole.id]
    assert queries.suggested_panel(idea, gate) == own


def test_reminding_notes_who_still_owes_something() -> None:
    review = make.review()
    make.score(review.seats[0])

    commands.remind_panel(make.actor(make.staff("coordinator")), review)

    assert [seat.reminded_at is not None for seat in review.seats] == [False, True, True, True]


def test_nobody_is_reminded_when_everything_is_in() -> None:
    review = make.scored_review()

    with pytest.raises(Refused) as refused:
        commands.remind_panel(make.actor(make.staff("coordinator")), review)

    assert refused.value.reasons == ("Everybody on this panel has declared and scored. Nobody needs a reminder.",)


def test_many_at_once_are_done_one_by_one_with_a_report_in_words() -> None:
    make.panel("screening")
    good, at_stage = make.idea(place="at_screening"), make.idea()
    own = make.idea(make.staff("coordinator", "Owner and coordinator"), place="at_screening")

    report = commands.in_bulk(
        make.actor(own.owner),
        [good.reference, at_stage.reference, own.reference, "LP26-9999"],
        commands.convene_suggested,
    )

    assert report.done == [good.reference]
    assert report.failed == [
        (at_stage.reference, ("This idea does not wait at a gate.",)),
        (own.reference, ("You may not do this for this idea.",)),
        ("LP26-9999", ("There is no such idea that you may see.",)),
    ]


def test_an_excused_member_holds_nobody_up() -> None:
    review = make.review()
    for seat in review.seats[:3]:
        make.score(seat)

    commands.excuse_seat(make.actor(make.staff("coordinator")), review.seats[3])

    assert (queries.review_facts(review).undeclared, queries.list_owing_seats(review)) == (0, [])


def test_a_member_who_has_scored_is_not_excused() -> None:
    review = make.scored_review()

    with pytest.raises(Refused) as refused:
        commands.excuse_seat(make.actor(make.staff("coordinator")), review.seats[3])

    assert refused.value.reasons == ("This member has submitted a scorecard, so the seat stays.",)


def test_a_cancelled_review_makes_room_for_another_round() -> None:
    review = make.review()

    commands.cancel_review(make.actor(make.staff("coordinator")), review)

    assert make.review(of=review.idea).round == 2
    assert db.session.get(Review, review.id).state == "cancelled"
    assert {seat.closed_at for seat in review.seats} == {review.closed_at} != {None}


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (dt.date(2026, 11, 23), 5, dt.date(2026, 11, 30)),
        (dt.date(2026, 11, 27), 1, dt.date(2026, 11, 30)),
        (dt.date(2026, 11, 28), 0, dt.date(2026, 11, 30)),
        (dt.date(2026, 11, 25), 15, dt.date(2026, 12, 16)),
    ],
)
def test_working_days_skip_week_ends(day: dt.date, count: int, expected: dt.date) -> None:
    assert working_days_after(day, count) == expected
