"""The tracker: marks are proposed and confirmed, stand before one another, and are offered at the gate."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from innovation.db import db
from innovation.events import Delivery, Event
from innovation.gates.queries.sealing import full_result
from innovation.ideas.models import Idea
from innovation.notifications.models import Notice
from innovation.permission import Actor, Forbidden, NotThere
from innovation.reactions import named
from innovation.replication import commands, queries
from tests import make
from tests.replication import in_system
from tests.replication.in_system import DAY
from workflows import Refused

SHOWN = {"seen_on": DAY, "evidence": "Circular 12 of the district names it."}


@pytest.fixture
def idea(app: Any) -> Idea:
    made = make.idea(place="replicating")
    db.session.commit()
    return made


def owner_of(idea: Idea) -> Actor:
    return make.actor(idea.owner)


def coordinator() -> Actor:
    return make.actor(make.staff("coordinator"))


def tracker_of(idea: Idea) -> queries.Tracker:
    found = queries.read_tracker(idea)
    assert found is not None
    return found


def test_a_mark_counts_once_somebody_who_is_not_of_the_team_has_confirmed_it(idea: Idea) -> None:
    mark = commands.propose_mark(owner_of(idea), idea, criterion="G4-S1", mark=3, **SHOWN)
    before = tracker_of(idea)

    commands.confirm_mark(coordinator(), mark)

    after = tracker_of(idea)
    assert (before.found.mean, before.hoped.mean) == (None, 3.0)
    assert (after.found.mean, after.found.marked, after.found.of) == (3.0, 1, 9)


def test_the_team_confirms_nothing_of_its_own(idea: Idea) -> None:
    mark = commands.propose_mark(owner_of(idea), idea, criterion="G4-S1", mark=3, **SHOWN)
    helper = make.grant(make.contributor(idea), "coordinator", programme_id=idea.programme_id)
    db.session.commit()

    for actor in (owner_of(idea), make.actor(helper)):
        with pytest.raises(Forbidden):
            commands.confirm_mark(actor, mark)


def test_a_coordinator_who_proposed_a_mark_does_not_confirm_it(idea: Idea) -> None:
    proposer = coordinator()
    mark = commands.propose_mark(proposer, idea, criterion="G4-S1", mark=3, **SHOWN)

    with pytest.raises(Forbidden):
        commands.confirm_mark(proposer, mark)

    assert commands.confirm_mark(make.actor(make.staff("manager")), mark).state == "confirmed"


def test_a_lower_mark_takes_a_reason_and_both_are_kept(idea: Idea) -> None:
    in_system.mark(idea, value=3)
    lower = {"criterion": "G4-S1", "mark": 2, **SHOWN, "seen_on": DAY + dt.timedelta(days=90)}

    with pytest.raises(Refused) as refused:
        commands.propose_mark(owner_of(idea), idea, **lower)
    mark = commands.propose_mark(owner_of(idea), idea, **lower, reason="The circular has run out.")
    commands.confirm_mark(coordinator(), mark)

    followed = tracker_of(idea).of("G4-S1")
    assert refused.value.reasons == ("It was 3. Say why it is lower now: others learn from it.",)
    assert [(each.mark, each.state) for each in followed.marks] == [(2, "confirmed"), (3, "confirmed")]
    assert followed.standing == mark


def test_the_mark_of_the_latest_day_stands_whenever_it_was_confirmed(idea: Idea) -> None:
    newer = in_system.mark(idea, value=4, seen_on=DAY)
    in_system.mark(idea, value=2, seen_on=DAY - dt.timedelta(days=200))

    assert tracker_of(idea).of("G4-S1").standing == newer


def test_a_later_proposal_replaces_the_one_that_waits(idea: Idea) -> None:
    first = commands.propose_mark(owner_of(idea), idea, criterion="G4-S1", mark=2, **SHOWN)

    commands.propose_mark(owner_of(idea), idea, criterion="G4-S1", mark=3, **SHOWN)

    assert first.state == "overtaken"
    assert [each.mark for each in tracker_of(idea).of("G4-S1").marks] == [3, 2]


def test_a_returned_mark_says_what_is_missing_and_counts_for_nothing(idea: Idea) -> None:
    mark = commands.propose_mark(owner_of(idea), idea, criterion="G4-S1", mark=4, **SHOWN)

    with pytest.raises(Refused):
        commands.return_mark(coordinator(), mark)
    commands.return_mark(coordinator(), mark, answer="The circular is a draft.")

    assert tracker_of(idea).hoped.mean is None


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"mark": 5}, "Choose one of the marks."),
        ({"seen_on": dt.date(2099, 1, 1)}, "This day is still to come."),
    ],
)
def test_a_mark_is_one_of_the_scale_and_of_a_day_that_has_come(idea: Idea, more: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        commands.propose_mark(owner_of(idea), idea, **({"criterion": "G4-S1", "mark": 3} | SHOWN | more))

    assert refused.value.reasons == (reason,)


def test_marks_begin_with_replication_and_only_where_the_process_has_a_tracker(app: Any) -> None:
    piloting, classic = make.idea(place="piloting"), make.idea(programme=make.programme("plain", "classic"))
    db.session.commit()

    with pytest.raises(Refused) as refused:
        commands.propose_mark(owner_of(piloting), piloting, criterion="G4-S1", mark=3, **SHOWN)
    with pytest.raises(NotThere):
        queries.find_tracker(owner_of(classic), classic.reference)

    assert refused.value.reasons == ("Marks are given once the idea is taken up by others.",)


def test_coordinators_are_asked_to_confirm_and_the_team_is_told(idea: Idea) -> None:
    judge = make.staff("coordinator")
    make.account(judge)
    mark = commands.propose_mark(owner_of(idea), idea, criterion="G4-S2", mark=3, **SHOWN)
    commands.confirm_mark(make.actor(judge), mark)

    for delivery, event in db.session.query(Delivery, Event).join(Event, Event.id == Delivery.event_id):
        named(delivery.reaction)(event)

    told = {notice.person_id: notice.text for notice in db.session.query(Notice)}
    assert "a mark is proposed for: Finance" in told[judge.id]
    assert "is confirmed" in told[idea.owner_id]


# At the gate


def test_a_panel_that_scores_high_is_advised_a_conditional_go_while_the_tracker_lags(app: Any) -> None:
    review = make.scored_review("institutionalisation", 7, mark=4)
    before = full_result(review, ()).recommendation
    in_system.marks(review.idea, 2)

    after = full_result(review, ()).recommendation

    assert before is not None
    assert after is not None
    assert (before.outcome, after.outcome) == ("go", "conditional")
    assert "The tracker's mean is 2.0, and a go asks for 3.0." in after.reason


def test_marks_that_are_not_confirmed_hold_nothing_up(app: Any) -> None:
    review = make.scored_review("institutionalisation", 7, mark=4)
    in_system.mark(review.idea, value=1, state="proposed")

    advised = full_result(review, ()).recommendation

    assert advised is not None
    assert advised.outcome == "go"


def test_confirmed_marks_are_offered_beside_the_panels_own(client: FlaskClient) -> None:
    review = make.review("institutionalisation", 7)
    in_system.mark(review.idea, "G4-S3", 3)
    in_system.mark(review.idea, "G4-S4", 2, state="proposed")
    seat = next(seat for seat in review.seats if seat.role == "member")
    make.declare(seat)
    make.sign_in(client, seat.person)

    page = client.get(f"/reviews/{review.id}/scorecard").text

    assert page.count('class="small offered"') == 1
    assert "worth 7 of 10" in page
    assert "checked" not in page.partition('class="small offered"')[2].partition("</fieldset>")[0]


def test_the_team_reads_why_the_tracker_does_not_carry_a_go_before_it_presents(client: FlaskClient) -> None:
    idea = make.idea(place="replicating")
    in_system.marks(idea, 2)
    make.sign_in(client, idea.owner)

    page = client.get(f"/ideas/{idea.reference}/gate").text

    assert "mean is 2.0, and a go asks for 3.0." in page


# Pages


def test_the_team_marks_a_criterion_with_a_file_and_a_coordinator_confirms_it(client: FlaskClient, idea: Idea) -> None:
    judge = make.staff("coordinator")
    address = f"/ideas/{idea.reference}/tracker/G4-S1"
    make.sign_in(client, idea.owner)
    form = {"mark": "3", "seen_on": "2026-03-02", "evidence": "Circular 12.", "link": "https://example.org/12"}
    client.post(address, data=form | {"file": (io.BytesIO(b"Circular 12"), "circular.txt")})
    page = client.get(address).text
    mark = tracker_of(idea).of("G4-S1").waiting
    assert mark is not None
    file = client.get(f"/ideas/{idea.reference}/tracker/marks/{mark.id}/file")
    make.sign_in(client, judge)

    client.post(f"/ideas/{idea.reference}/tracker/marks/{mark.id}/verdict", data={"judge-verdict": "confirm"})

    assert "Waits to be confirmed: 3" in page
    assert "Confirm it" not in page
    assert file.data == b"Circular 12"
    assert "Stands now" in client.get(address).text
    assert "1 of 9" in client.get(f"/ideas/{idea.reference}/tracker").text


def test_what_was_typed_stays_where_something_is_missing(client: FlaskClient, idea: Idea) -> None:
    make.sign_in(client, idea.owner)

    page = client.post(f"/ideas/{idea.reference}/tracker/G4-S1", data={"evidence": "Circular 12.", "link": "nowhere"})

    assert page.status_code == 422
    assert "Circular 12." in page.text
    assert "Write a whole address" in page.text


def test_the_picture_has_a_dot_for_each_mark_and_a_ring_for_what_waits(client: FlaskClient, idea: Idea) -> None:
    in_system.mark(idea, value=2, seen_on=DAY - dt.timedelta(days=100))
    in_system.mark(idea, value=3)
    in_system.mark(idea, value=4, state="proposed")
    make.sign_in(client, idea.owner)

    page = client.get(f"/ideas/{idea.reference}/tracker").text

    assert page.partition('class="trends"')[2].count("<circle") == 3
    assert page.count('<circle class="hollow"') == 1
    assert page.count('<svg viewBox="0 0 300 104"') == 9
    assert "With what is proposed and not confirmed yet: 4.0, over 1 of 9." in page


def test_a_criterion_or_a_mark_that_is_not_there_is_nowhere(client: FlaskClient, idea: Idea) -> None:
    other = in_system.mark(make.idea(place="replicating"))
    make.sign_in(client, idea.owner)

    assert client.get(f"/ideas/{idea.reference}/tracker/G4-S99").status_code == 404
    assert client.get(f"/ideas/{idea.reference}/tracker/marks/{other.id}/file").status_code == 404


def test_the_deliverable_of_the_gate_is_made_from_tracker_and_home(client: FlaskClient, idea: Idea) -> None:
    in_system.marks(idea)
    in_system.home(idea)
    make.sign_in(client, idea.owner)
    address = f"/ideas/{idea.reference}/tracker/pack/handover_plan"

    page = client.get(address).text
    sent = client.post(address, data={"text": "We begin in March."})
    shown = client.get(f"/ideas/{idea.reference}/deliverables/handover_plan").text

    assert "Chief education specialist" in page
    assert sent.status_code == 302
    assert "Mean of the marks that are confirmed: 3.0, over 9 of 9 criteria." in shown
    assert "R3 000 000 000" in shown
    assert "See what is planned" in shown
