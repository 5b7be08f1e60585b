"""Stop thresholds: a pilot that crosses one asks, people are told once, and somebody answers with a reason."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.db import db
from innovation.events import list_events
from innovation.gates.models import Review
from innovation.notifications.models import Notice
from innovation.permission import Forbidden
from innovation.pilots import commands, queries
from innovation.pilots.plan_models import Pilot
from innovation.pilots.queries import what_happened
from innovation.pilots.reading_models import StopWarning
from innovation.pilots.terms import ROW_PARTS
from innovation.pilots.writing import Measured
from innovation.places.models import School
from innovation.worker import deliver_owed
from tests import make
from tests.pilots.planned import rows_of
from tests.pilots.typed import cell, held, typed
from workflows import Refused


def warnings() -> list[tuple[bool, float, bool, str]]:
    """About the mean or not, the value, whether it was taken back, and the answer."""
    found = db.session.scalars(sa.select(StopWarning).order_by(StopWarning.id))
    return [(each.site_id is None, each.value, each.taken_back_at is not None, each.answer) for each in found]


def crossing(pilot: Pilot, *values: float, term: str = "2026-3") -> None:
    typed(pilot, {cell(pilot, at, term=term): Measured(value) for at, value in enumerate(values)})


def answered(pilot: Pilot, answer: str = "go_on", reason: str = "The tool was new.") -> None:
    coordinator = make.actor(make.staff("coordinator"))
    for each in queries.list_open(pilot):
        commands.answer_stop_warning(coordinator, each.warning, answer=answer, reason=reason)


def test_a_mean_and_a_single_site_on_the_wrong_side_each_raise_a_warning(app: Flask) -> None:
    pilot = held()

    crossing(pilot, 2, 12, 11)

    assert warnings() == [(True, 25 / 3, False, ""), (False, 2.0, False, "")]
    assert pilot.state == "asking"


def test_people_are_told_once_of_an_indicator_in_a_term(app: Flask) -> None:
    pilot = held()

    crossing(pilot, 2, 3)
    crossing(pilot, 2, 3, 4)

    told = [
        event.data["warning_ids"] for event in list_events(f"idea:{pilot.idea_id}", kinds=["stop_threshold_crossed"])
    ]
    assert [len(ids) for ids in told] == [1]
    assert len(warnings()) == 4


def test_the_mean_waits_for_half_of_the_sites_and_the_threshold_itself_is_not_crossed(app: Flask) -> None:
    pilot = held(sites=4)

    crossing(pilot, 9)
    crossing(pilot, 9, 10)

    assert warnings() == [(False, 9.0, False, ""), (True, 9.5, False, "")]


def test_a_mean_of_values_that_all_are_the_threshold_does_not_cross_it(app: Flask) -> None:
    pilot = held()
    pilot.indicators[0].stop_at = pilot.indicators[0].target = 0.7
    crossing(pilot, 0.7, 0.7, 0.7, term="baseline")

    crossing(pilot, 0.7, 0.7, 0.7)

    [effect] = queries.read_results(pilot).effects
    assert effect.pilot.after < 0.7  # which only adding them up makes of it
    assert (warnings(), effect.is_stopping, effect.on_target) == ([], False, True)


def test_where_less_is_better_the_wrong_side_is_above(app: Flask) -> None:
    pilot = held()
    pilot.indicators[0].more_is_better = False

    crossing(pilot, 9, 11, 9)

    assert warnings() == [(False, 11.0, False, "")]


def test_what_is_measured_where_nothing_is_done_or_before_warns_of_nothing(app: Flask) -> None:
    pilot = held()
    pilot.sites[0].is_comparison = True

    crossing(pilot, 2)
    crossing(pilot, 2, 2, 2, term="baseline")

    assert (warnings(), pilot.state) == ([], "running")


def test_a_correction_leaves_the_warning_and_says_that_it_took_the_value_back(app: Flask) -> None:
    pilot = held()
    crossing(pilot, 2, 12, 11)

    crossing(pilot, 22)
    back = warnings()
    crossing(pilot, 3)

    assert back == [(True, 25 / 3, True, ""), (False, 2.0, True, "")]
    assert [taken_back for _mean, _value, taken_back, _answer in warnings()] == [False, False]
    assert pilot.state == "asking"


def test_the_pilot_runs_again_when_all_is_answered(app: Flask) -> None:
    pilot = held(indicators=2)
    crossing(pilot, 2, 3, 4)
    first, second = queries.list_open(pilot)
    coordinator = make.actor(make.staff("coordinator"))

    commands.answer_stop_warning(coordinator, first.warning, answer="go_on", reason="The tool was new.")
    between = pilot.state
    commands.answer_stop_warning(coordinator, second.warning, answer="change", reason="More time for each group.")

    assert (first.number, second.number) == (1, 3)
    assert (between, pilot.state) == ("asking", "running")
    assert [(each.warning.answer, each.number) for each in queries.list_answered(pilot)] == [
        ("change", 3),
        ("go_on", 1),
    ]
    with pytest.raises(Refused):
        commands.answer_stop_warning(coordinator, first.warning, answer="go_on", reason="Again.")


def test_an_answer_covers_its_term_until_the_value_was_taken_back(app: Flask) -> None:
    pilot = held()
    crossing(pilot, 2)
    answered(pilot)

    crossing(pilot, 1)
    covered = len(warnings())
    crossing(pilot, 22)
    crossing(pilot, 1)

    assert (covered, len(warnings()), pilot.state) == (1, 2, "asking")


def test_while_a_pilot_is_paused_a_warning_waits(app: Flask) -> None:
    pilot = held(state="paused")

    crossing(pilot, 2)
    waiting = queries.facts_of(pilot).warnings
    answered(pilot)

    assert (waiting, pilot.state, queries.facts_of(pilot).warnings) == (1, "paused", 0)


def test_nobody_answers_without_a_reason_or_for_an_idea_of_their_own(app: Flask) -> None:
    pilot = held()
    crossing(pilot, 2)
    warning = queries.list_open(pilot)[0].warning

    with pytest.raises(Refused):
        commands.answer_stop_warning(make.actor(make.staff("coordinator")), warning, answer="go_on", reason="")
    with pytest.raises(Forbidden):
        commands.answer_stop_warning(make.actor(pilot.idea.owner), warning, answer="go_on", reason="All is well.")

    assert pilot.state == "asking"


def told() -> set[str]:
    """Who has had a letter about a stop threshold."""
    query = sa.select(Person.name).join(Notice, Notice.person_id == Person.id)
    return set(db.session.scalars(query.where(Notice.subject.contains("stop threshold"))))


def test_owner_coordinator_and_the_panel_of_the_pilot_gate_are_told_and_nobody_recused(app: Flask) -> None:
    review = make.review("pilot", of=make.idea(place="at_pilot"))
    recused, *others = review.seats
    recused.stance = "recused"
    for seat in others:
        seat.stance = "none"
    db.session.execute(sa.update(Review).values(state="decided"))
    pilot = held(idea=review.idea)
    helper = make.contributor(review.idea)
    make.account(make.first(Person, name="Coordinator"))

    given = {cell(pilot): Measured(2)}
    commands.type_readings(make.actor(helper), pilot, given=given, seen={})
    deliver_owed()

    assert told() == {review.idea.owner.name, "Coordinator", *(seat.person.name for seat in others)}


def test_who_must_answer_finds_it_in_their_work_and_among_what_is_due(client: FlaskClient) -> None:
    pilot = held()
    crossing(pilot, 2)
    coordinator = make.sign_in(client, make.staff("coordinator"))

    work, due = (coordinator.get(at).text for at in ("/work", "/due?kind=stop_warning"))

    assert ["Say whether a pilot goes on" in work, "A pilot asks whether it goes on" in due] == [True, True]
    answered(pilot)
    assert "Say whether a pilot goes on" not in coordinator.get("/work").text


def amended(pilot: Pilot, **moved: object) -> None:
    """The only measure with another threshold, and why."""
    [(number, kept)] = rows_of(pilot, "measures", *ROW_PARTS["measures"].columns)
    owner = make.actor(pilot.idea.owner)
    commands.change_rows(owner, pilot, part="measures", rows=[(number, kept | moved)], reason="Experts said so.")


def test_a_threshold_that_is_amended_judges_what_was_measured_before(app: Flask) -> None:
    pilot = held()
    crossing(pilot, 12, 30, 30)

    amended(pilot, stop_at=15.0)

    assert warnings() == [(False, 12.0, False, "")]
    assert pilot.state == "asking"
    assert len(list_events(f"idea:{pilot.idea_id}", kinds=["stop_threshold_crossed"])) == 1


def test_a_threshold_that_is_lowered_takes_open_warnings_back_and_they_are_still_answered(app: Flask) -> None:
    pilot = held()
    crossing(pilot, 8, 30, 30)

    amended(pilot, stop_at=5.0)

    assert (warnings(), pilot.state) == ([(False, 8.0, True, "")], "asking")


def test_what_was_answered_or_has_left_asks_for_no_second_decision(app: Flask) -> None:
    pilot = held()
    crossing(pilot, 8, 12, 30)
    answered(pilot)
    pilot.sites[1].left_on = dt.date(2026, 9, 1)

    amended(pilot, stop_at=15.0)

    assert (warnings(), pilot.state) == ([(False, 8.0, False, "go_on")], "running")


def test_an_amendment_of_anything_else_judges_nothing(app: Flask) -> None:
    pilot = held()
    crossing(pilot, 12, 30, 30)
    pilot.indicators[0].stop_at = 15.0  # as if it had been so from the beginning
    db.session.commit()

    amended(pilot, target=60.0)

    assert (warnings(), pilot.state) == ([], "running")


def test_a_mean_is_told_more_widely_without_the_sites_of_too_few_learners(client: FlaskClient) -> None:
    pilot = held()
    typed(pilot, {cell(pilot, at): Measured(*said) for at, said in enumerate([(6, 40), (8, 40), (1, 4)])})
    overview = f"/ideas/{pilot.idea.reference}/pilot/readings/overview"

    manager, owner = make.staff("manager"), pilot.idea.owner
    shown = [make.sign_in(client, each).get(overview).text for each in (manager, owner)]
    part = what_happened.warnings(pilot)

    assert ["the mean of the sites was 7.0;" in shown[0], "the mean of the sites was 5.0;" in shown[1]] == [True, True]
    assert "the mean of the sites was 5.0;" not in shown[0]
    assert part is not None
    assert part.rows[0][2] == "the mean was 7.0, the threshold 10.0"


def test_where_only_few_learners_bring_a_mean_beyond_its_threshold_no_value_is_told(client: FlaskClient) -> None:
    pilot = held()
    typed(pilot, {cell(pilot, at): Measured(*said) for at, said in enumerate([(12, 40), (12, 40), (1, 4)])})

    page = make.sign_in(client, make.staff("manager")).get(f"/ideas/{pilot.idea.reference}/pilot/readings/overview")
    part = what_happened.warnings(pilot)

    assert warnings()[0][:2] == (True, 25 / 3)
    assert "the mean of the sites is on the wrong side of 10.0. There are too few learners to tell it." in page.text
    assert part is not None
    assert part.rows[0][2] == "the mean was beyond 10.0; too few learners to tell it"


def test_where_the_pilot_stays_paused_nobody_is_told_that_it_goes_on(client: FlaskClient) -> None:
    pilot = held(state="paused")
    crossing(pilot, 2)
    warning = queries.list_open(pilot)[0].warning
    sent = {f"w{warning.id}-answer": "go_on", f"w{warning.id}-reason": "The tool was new."}

    coordinator = make.sign_in(client, make.staff("coordinator"))
    address = f"/ideas/{pilot.idea.reference}/pilot/warnings/{warning.id}/answer"
    page = coordinator.post(address, data=sent, follow_redirects=True)

    assert ["The warning is answered." in page.text, "the pilot goes on." in page.text] == [True, False]


def test_a_few_of_the_sites_beyond_a_threshold_are_named(app: Flask) -> None:
    pilot = held(sites=7, indicators=2)
    typed(pilot, {cell(pilot, at, indicator=n): Measured(2 + at) for at in range(7) for n in range(2)})

    beside = [[(some.place, some.value) for some in each.some] for each in queries.list_open(pilot)]

    schools = [f"{db.session.get_one(School, each.emis).name} ({each.emis})" for each in pilot.sites]
    named = [(name, 2.0 + at) for at, name in enumerate(schools)]
    assert beside == [[], [], named[:5], named[:5]]


def test_wherever_sites_are_named_two_schools_of_one_name_are_told_apart(app: Flask) -> None:
    pilot = held()
    make.school("930320003").name = "Hill School"
    crossing(pilot, 2, 3, 4)

    lists = {
        "beyond": {some.place for each in queries.list_open(pilot) for some in each.some},
        "not visited": set(queries.read_coverage(pilot).not_visited),
        "not read": set(queries.list_missing(pilot, pilot.indicators[0], "2026-4")),
    }

    twins = {f"Demo Primary School (93032000{number})" for number in (1, 2)}
    assert lists == {name: {*twins, "Hill School"} for name in lists}
