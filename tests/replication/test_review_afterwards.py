"""Reviews some time after: planned by themselves, filled in from what is known, decided, and listed."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.events import Delivery, Event
from innovation.gates import commands as gates
from innovation.ideas.models import Idea
from innovation.notifications.models import Notice
from innovation.permission import SYSTEM, Actor, Forbidden, NotThere
from innovation.pilots.queries import work_out_evidence
from innovation.programmes.workdays import is_working_day
from innovation.reactions import named
from innovation.replication import commands, queries, reviewing
from innovation.replication.models import FidelityCheck, RolloutSite
from innovation.replication.reviewing import months_after
from innovation.replication.system_models import PostReview
from innovation.system_reminders import plan_post_reviews, remind_post_reviews
from innovation.web import day
from tests import make
from tests.pilots import held
from tests.replication import in_system, taken_up
from tests.replication.in_system import DAY, FIGURES
from workflows import Refused

WHY = "The district pays for it, and nobody of the first team is there any more."


def owner_of(idea: Idea) -> Actor:
    return make.actor(idea.owner)


def coordinator() -> Actor:
    return make.actor(make.staff("coordinator"))


def planned(idea: Idea) -> list[PostReview]:
    return [each for each in queries.list_post_reviews(idea) if each.state == "planned"]


def react() -> None:
    for delivery, event in db.session.query(Delivery, Event).join(Event, Event.id == Delivery.event_id):
        named(delivery.reaction)(event)


# Planned by itself


def test_a_year_after_the_last_gate_a_review_is_planned_on_a_working_day(app: Any) -> None:
    idea = make.idea(place="institutionalised", place_since=dt.datetime(2026, 9, 19, 9, tzinfo=dt.UTC))

    review = commands.plan_post_review(SYSTEM, idea)

    assert review is not None
    assert months_after(dt.date(2026, 9, 19), 12) == dt.date(2027, 9, 19)  # a Sunday
    assert review.due_on == dt.date(2027, 9, 20)
    assert is_working_day(review.due_on, idea.programme.country)


def test_however_often_it_is_asked_there_is_one_review(app: Any) -> None:
    idea = make.idea(place="institutionalised")
    first = commands.plan_post_review(SYSTEM, idea)

    again = commands.plan_post_review(SYSTEM, idea)
    plan_post_reviews()

    assert again == first
    assert len(queries.list_post_reviews(idea)) == 1


def test_the_clock_plans_reviews_for_ideas_that_were_there_before(app: Any) -> None:
    idea, other = make.idea(place="institutionalised"), make.idea(place="replicating")
    db.session.commit()

    plan_post_reviews()

    assert (len(planned(idea)), len(planned(other))) == (1, 0)


def test_a_decision_that_is_superseded_calls_the_review_off(app: Any) -> None:
    review = make.scored_review("institutionalisation", 7, mark=4)
    idea = review.idea
    chair = make.actor(next(seat.person for seat in review.seats if seat.role == "chair"))
    gates.record_decision(chair, review, outcome="go", rationale="Yes.", **GIVEN)
    react()
    before = planned(idea)
    gates.supersede_decision(
        chair,
        review,
        reason="The circular was withdrawn.",
        outcome="hold",
        rationale="No.",
        against_reason="It was.",
        hold_reason="The circular",
        review_date=now().date() + dt.timedelta(days=30),
    )

    react()

    assert len(before) == 1
    assert [each.state for each in queries.list_post_reviews(idea)] == ["cancelled"]


GIVEN = {
    "plan": "The district runs it.",
    "next_date": dt.date(2027, 3, 1),
    "resources": "The budget line.",
}


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
        (dt.date(2026, 8, 31), 6, dt.date(2027, 2, 28)),
        (dt.date(2026, 12, 5), 1, dt.date(2027, 1, 5)),
    ],
)
def test_months_end_with_their_last_day(day: dt.date, months: int, then: dt.date) -> None:
    assert months_after(day, months) == then


# Figures


def test_a_place_in_two_rollouts_counts_once_with_the_larger_numbers(app: Any) -> None:
    book = taken_up.playbook(make.idea(place="institutionalised"))
    first, second = taken_up.rollout(book, 1), taken_up.rollout(book, 2, "ended")
    taken_up.rollout(book, 3, "stopped")
    make.add(RolloutSite(rollout=second, place="PLACE 1", learners=55, teachers=3))
    make.add(RolloutSite(rollout=second, place="Place that left", learners=99, ends_on=dt.date(2026, 6, 1)))
    make.add(RolloutSite(rollout=second, place="Small place", learners=4))
    for rollout, share in ((first, 60), (first, 80), (second, 90)):
        make.add(FidelityCheck(rollout=rollout, checked_on=DAY, **dict.fromkeys(taken_up.FIDELITY, share)))

    found = queries.known_of(book.idea)

    assert (found.sites, found.learners, found.teachers) == (3, 95, 3)
    assert (found.fidelity, found.fidelity_sites) == (85, 2)
    assert found.cost_each_cents == 24_00


def test_nothing_is_made_up_where_nothing_is_known(app: Any) -> None:
    found = queries.known_of(make.idea(place="institutionalised"))

    assert found == reviewing.Figures()


def test_the_form_begins_with_what_is_known_and_keeps_what_was_handed_in(client: FlaskClient) -> None:
    review = in_system.review()
    taken_up.rollout(taken_up.playbook(review.idea))
    make.sign_in(client, review.idea.owner)
    address = f"/ideas/{review.idea.reference}/post-reviews/1"

    first = client.get(address).text
    client.post(address, data={"running": "yes", "sites": "14", "learners": "810", "spent_cents": "120 000"})
    then = client.get(address).text

    assert 'name="learners" value="40"' in first.replace('id="learners" ', "")
    assert "R120 000" in then.replace("\N{NO-BREAK SPACE}", " ")
    assert 'name="sites" value="14"' in then.replace('id="sites" ', "")


def test_a_number_that_could_point_at_somebody_is_not_told(client: FlaskClient) -> None:
    review = in_system.review(state="handed_in", figures=FIGURES | {"learners": 7})
    make.sign_in(client, make.staff("manager"))

    page = client.get(f"/ideas/{review.idea.reference}/post-reviews/1").text

    assert "fewer than 10" in page
    assert "<dd>7</dd>" not in page


def test_whoever_speaks_for_the_post_fills_in_the_review_and_sees_the_home_alone(client: FlaskClient) -> None:
    contact = make.person("Adviser")
    review = in_system.review()
    in_system.home(review.idea, "handed_over", contact_id=contact.id, happened_on=DAY)
    make.sign_in(client, contact)
    address = f"/ideas/{review.idea.reference}"

    page = client.get(f"{address}/post-reviews/1")
    sent = client.post(f"{address}/post-reviews/1", data={"running": "yes", "sites": "9"})

    assert (page.status_code, sent.status_code) == (200, 302)
    assert client.get(address).status_code == 404
    assert client.get(f"{address}/system").status_code == 200
    assert client.get(f"{address}/rollouts").status_code == 404
    assert "Say how it goes since the hand-over" not in client.get("/work").text


def test_a_review_is_nobody_elses_business(app: Any) -> None:
    review = in_system.review()

    with pytest.raises(NotThere):
        queries.find_post_review(make.actor(make.person()), review.idea.reference, 1)


# Decided


def test_the_team_and_whoever_runs_it_decide_nothing(app: Any) -> None:
    contact = make.staff("coordinator")
    review = in_system.review(state="handed_in")
    in_system.home(review.idea, contact_id=contact.id)
    db.session.commit()

    for actor in (owner_of(review.idea), make.actor(contact)):
        with pytest.raises(Forbidden):
            commands.decide_post_review(actor, review, outcome="sustained", reasons=WHY)


@pytest.mark.parametrize(("outcome", "months"), [("sustained", 12), ("at_risk", 6), ("lapsed", None)])
def test_the_next_review_follows_from_the_outcome(app: Any, outcome: str, months: int | None) -> None:
    review = in_system.review(state="handed_in")

    with time_machine.travel(dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)):
        commands.decide_post_review(coordinator(), review, outcome=outcome, reasons=WHY)
        plan_post_reviews()

    days = [each.due_on for each in planned(review.idea)]
    assert days == ([months_after(dt.date(2027, 3, 1), months)] if months else [])


@pytest.mark.parametrize(("outcome", "then"), [("sustained", True), ("at_risk", True), ("lapsed", False)])
def test_a_decided_review_says_on_which_day_it_was_decided_and_when_the_next_is_held(
    client: FlaskClient, outcome: str, then: bool
) -> None:
    review = in_system.review(state="handed_in", due_on=dt.date(2027, 2, 15))
    with time_machine.travel(dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)):
        commands.decide_post_review(coordinator(), review, outcome=outcome, reasons=WHY)
    db.session.execute(sa.update(PostReview).where(PostReview.id == review.id).values(decided_by_id=None))
    db.session.commit()
    ahead = [day(each.due_on) for each in planned(review.idea)]
    make.sign_in(client, manager())

    page, listed = (client.get(f"/ideas/{review.idea.reference}/post-reviews{which}").text for which in ("/1", ""))

    assert re.findall(r"Next review: <a [^>]+>([^<]+)</a>", page) == ahead
    assert bool(ahead) == then
    assert ["1 Mar 2027" in text for text in (page, listed)] == [True, True]


@pytest.mark.parametrize("outcome", ["sustained", "at_risk"])
def test_what_does_not_run_has_lapsed_and_is_nothing_else(app: Any, outcome: str) -> None:
    review = in_system.review(state="handed_in", figures=FIGURES | {"running": False})

    with pytest.raises(Refused):
        commands.decide_post_review(coordinator(), review, outcome=outcome, reasons=WHY)

    assert commands.decide_post_review(coordinator(), review, outcome="lapsed", reasons=WHY).outcome == "lapsed"


@pytest.mark.parametrize(
    ("state", "sites", "outcome", "level"),
    [
        ("handed_over", 12, "sustained", "E5"),
        ("handed_over", 2, "sustained", "E0"),
        ("agreed", 12, "sustained", "E0"),
        ("handed_over", 12, "at_risk", "E0"),
    ],
)
def test_what_others_run_in_enough_places_has_shown_the_strongest_evidence(
    app: Any, state: str, sites: int, outcome: str, level: str
) -> None:
    review = in_system.review(state="handed_in", figures=FIGURES | {"sites": sites})
    in_system.home(review.idea, state)

    commands.decide_post_review(coordinator(), review, outcome=outcome, reasons=WHY)

    assert review.idea.evidence_level == level


def test_places_of_a_sustained_idea_count_once_beside_those_of_rollouts(app: Any) -> None:
    review = in_system.review(state="decided", outcome="sustained", decided_at=now())
    in_system.home(review.idea, "handed_over")
    pilot = held.pilot(review.idea, sites=1, state="ended")
    taken_up.rollout(taken_up.playbook(review.idea))

    figures = {rung.level.key: dict(rung.figures) for rung in work_out_evidence(pilot).rungs}

    assert figures["E5"]["n"] == 12


def test_figures_are_returned_with_what_is_missing(app: Any) -> None:
    review = in_system.review(state="handed_in")

    commands.return_figures(coordinator(), review, reasons="How many schools still do it?")

    assert (review.state, review.returned_because) == ("planned", "How many schools still do it?")
    assert review.figures == FIGURES


# Told


def people_told(of: str) -> set[int]:
    return {notice.person_id for notice in db.session.query(Notice) if notice.why.startswith(of)}


@pytest.mark.parametrize(("days", "told"), [(-61, False), (-60, True), (-30, True), (-7, True), (30, True), (60, True)])
def test_who_fills_it_in_is_reminded_before_and_after_the_day(app: Any, days: int, told: bool) -> None:
    runs, contact = make.staff("coordinator"), make.person("Adviser")
    for each in (runs, contact):
        make.account(each)
    due = dt.date(2027, 6, 11)
    review = in_system.review(due_on=due, planned_at=dt.datetime(2026, 6, 9, tzinfo=dt.UTC))
    in_system.home(review.idea, contact_id=contact.id)
    db.session.commit()
    day = due + dt.timedelta(days=days)

    with time_machine.travel(dt.datetime.combine(day, dt.time(12), dt.UTC)):
        remind_post_reviews()

    expected = {review.idea.owner_id, contact.id, runs.id}
    assert people_told("post-review") == (expected if told else set())


def test_everybody_hears_of_the_outcome(app: Any) -> None:
    runs = make.staff("coordinator")
    make.account(runs)
    review = in_system.review(state="handed_in")
    decider = make.staff("manager")
    commands.decide_post_review(make.actor(decider), review, outcome="lapsed", reasons=WHY)

    react()

    texts = {notice.person_id: notice.text for notice in db.session.query(Notice)}
    assert "has lapsed" in texts[review.idea.owner_id]
    assert runs.id in texts


# All of a programme


def manager() -> Person:
    return make.staff("manager", "Manager")


def test_the_list_has_the_next_review_on_top_with_mean_and_outcome(client: FlaskClient) -> None:
    late = in_system.review(make.idea(place="institutionalised", title="Late idea"), due_on=dt.date(2020, 1, 6))
    in_system.review(make.idea(place="institutionalised", title="Early idea"), due_on=dt.date(2099, 1, 5))
    make.idea(place="replicating", title="Not there yet")
    in_system.review(late.idea, "decided", 2, outcome="at_risk", decided_at=now())
    in_system.home(late.idea, "handed_over", happened_on=DAY)
    in_system.mark(late.idea, value=3)
    make.sign_in(client, manager())

    page = client.get("/after-hand-over").text
    table = client.get("/after-hand-over?export=csv").text.splitlines()

    assert page.index("Late idea") < page.index("Early idea")
    assert "Not there yet" not in page
    assert "3.0, over 1 of 9" in page
    assert "At risk" in table[1]
    assert len(table) == 3


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ("outcome=at_risk", {"One"}),
        ("outcome=none", {"Two"}),
        ("due=overdue", {"One"}),
        ("due=later", {"Two"}),
        ("handover=done", {"One"}),
        ("handover=open", {"Two"}),
        ("q=specialist", {"One"}),
        ("outcome=nonsense", {"One", "Two"}),
    ],
)
def test_the_list_is_narrowed_by_its_address(client: FlaskClient, narrowed: str, found: set[str]) -> None:
    one = in_system.review(make.idea(place="institutionalised", title="One"), due_on=dt.date(2020, 1, 6)).idea
    in_system.review(make.idea(place="institutionalised", title="Two"), due_on=dt.date(2099, 1, 5))
    in_system.review(one, "decided", 2, outcome="at_risk", decided_at=now())
    in_system.home(one, "handed_over", happened_on=DAY)
    make.sign_in(client, manager())

    page = client.get(f"/after-hand-over?{narrowed}").text

    assert {title for title in ("One", "Two") if f">{title}<" in page} == found


def test_the_list_is_for_those_who_steer(client: FlaskClient) -> None:
    make.sign_in(client, make.idea(place="institutionalised").owner)

    assert client.get("/after-hand-over").status_code == 403
