"""Spend: entered against the lines of the budget, corrected by entries against it, and set beside the plan."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db
from innovation.permission import Forbidden
from innovation.pilots import commands, queries
from innovation.pilots.costing import time_gone
from innovation.pilots.plan_models import Pilot
from innovation.pilots.plan_part_models import PilotBudgetLine
from innovation.pilots.spend_models import SpendEntry
from tests import make
from tests.pilots.held import pilot as held_pilot
from tests.stories.filling import PDF
from workflows import Refused

DAY = dt.date(2026, 7, 30)


def budgeted() -> Pilot:
    """A pilot at three schools of a hundred learners each, with R1 000 for printing, and rooms given free."""
    pilot = held_pilot()
    make.add(PilotBudgetLine(pilot_id=pilot.id, position=1, item="Printing", amount_cents=100_000))
    make.add(PilotBudgetLine(pilot_id=pilot.id, position=2, item="Rooms", amount_cents=50_000, in_kind=True))
    db.session.commit()
    return pilot


def entered(pilot: Pilot, line: int | None = 0, cents: int = 60_000, **more: Any) -> SpendEntry:
    """An entry against the line in this place of the budget, or against none."""
    line_id = None if line is None else queries.list_rows(pilot, "budget")[line].id
    said = {"spent_on": DAY, "amount_cents": cents, "what": "Booklets", **more}
    return commands.enter_spend(make.actor(pilot.idea.owner), pilot, line_id=line_id, **said)


def test_each_line_says_what_was_planned_spent_and_is_left(app: Flask) -> None:
    pilot = budgeted()
    entered(pilot)
    entered(pilot, cents=20_000, in_kind=True)
    entered(pilot, 1, 50_000, in_kind=True)

    found = queries.read_spend(pilot, DAY)

    assert [(line.name, line.planned, line.spent, line.left, line.is_over) for line in found.lines] == [
        ("Printing", 100_000, 80_000, 20_000, False),
        ("Rooms", 50_000, 50_000, 0, False),
    ]
    assert (found.actual.money, found.actual.in_kind) == (60_000, 70_000)


def test_the_cost_for_each_comes_from_all_inputs_and_stands_beside_the_planned_one(app: Flask) -> None:
    pilot = budgeted()
    entered(pilot)
    entered(pilot, 1, 30_000, in_kind=True)

    found = queries.read_spend(pilot, DAY)

    assert (found.actual.for_each, found.planned.for_each) == (300, 500)


def test_an_over_spent_line_and_what_is_in_no_line_are_flagged(app: Flask) -> None:
    pilot = budgeted()
    entered(pilot, cents=100_001)
    entered(pilot, None, 5_000)

    found = queries.read_spend(pilot, DAY)

    assert [(line.name, line.left) for line in found.over] == [("Printing", -1), ("", None)]


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (dt.date(2025, 12, 1), 0.0),
        (dt.date(2026, 1, 14), 0.0),
        (dt.date(2026, 7, 3), 170 / 330),
        (DAY.replace(2027), 1.0),
    ],
)
def test_the_time_that_is_gone_runs_from_the_first_day_to_the_last(day: dt.date, share: float) -> None:
    assert time_gone(dt.date(2026, 1, 14), dt.date(2026, 12, 9), day) == pytest.approx(share)


def test_a_wrong_entry_is_taken_back_by_one_against_it_once(app: Flask) -> None:
    pilot = budgeted()
    wrong = entered(pilot, cents=99_000)
    owner = make.actor(pilot.idea.owner)

    against = commands.correct_spend(owner, wrong, reason="Typed twice.")

    assert (against.amount_cents, against.corrects_id, against.line_id) == (-99_000, wrong.id, wrong.line_id)
    assert queries.read_spend(pilot, DAY).actual.total == 0
    for entry in (wrong, against):
        with pytest.raises(Refused):
            commands.correct_spend(owner, entry, reason="Again.")


def test_a_line_on_which_something_was_spent_stays_in_the_budget(app: Flask) -> None:
    pilot = budgeted()
    entered(pilot)
    _printing, rooms = queries.list_rows(pilot, "budget")
    kept = [(rooms.id, {"item": "Rooms", "in_kind": True})]

    with pytest.raises(Refused) as refused:
        commands.change_rows(make.actor(pilot.idea.owner), pilot, part="budget", rows=kept, reason="Cheaper.")

    assert refused.value.reasons == ("Something was spent already: a line with entries stays in the budget.",)


@pytest.mark.parametrize("wrong", [{"cents": 0}, {"cents": -5}, {"spent_on": dt.date(2099, 1, 1)}])
def test_what_cannot_be_right_is_refused(app: Flask, wrong: dict[str, Any]) -> None:
    pilot = budgeted()

    with pytest.raises(Refused):
        entered(pilot, **wrong)


def test_a_line_of_another_budget_is_none(app: Flask) -> None:
    pilot, other = budgeted(), held_pilot(make.idea(place="piloting"), sites=0)

    line = queries.list_rows(pilot, "budget")[0].id
    said: dict[str, Any] = {"spent_on": DAY, "amount_cents": 5, "what": "Booklets"}

    with pytest.raises(Refused):
        commands.enter_spend(make.actor(other.idea.owner), other, line_id=line, **said)


def test_only_the_team_and_its_coordinator_enter(app: Flask) -> None:
    pilot = budgeted()

    for person in (make.person(), make.staff("manager")):
        with pytest.raises(Forbidden):
            commands.enter_spend(make.actor(person), pilot, line_id=None, spent_on=DAY, amount_cents=5, what="Booklets")


def sent(pilot: Pilot, **more: str) -> dict[str, str]:
    line = str(queries.list_rows(pilot, "budget")[0].id)
    return {
        "line_id": line,
        "spent_on": "2026-07-30",
        "amount_cents": "1 200",
        "in_kind": "money",
        "what": "Ink",
    } | more


def test_an_entry_with_its_proof_is_typed_on_the_page_and_taken_along(client: FlaskClient) -> None:
    pilot = budgeted()
    at = f"/ideas/{pilot.idea.reference}/pilot/spend"
    owner = make.sign_in(client, pilot.idea.owner)

    typed = owner.post(at, data={**sent(pilot), "file": (io.BytesIO(PDF), "Invoice.pdf")})
    page = owner.get(at).text
    proof = owner.get(f"{at}/{make.first(SpendEntry).id}/proof")
    export = owner.get(f"{at}?export=csv").text

    assert typed.status_code == 302
    assert ["over by R200" in page, "One line is over-spent: Printing." in page, "Invoice.pdf" in page] == [True] * 3
    assert (proof.status_code, proof.data) == (200, PDF)
    assert "2026-07-30,Printing,1200" in export


def test_an_error_loses_nothing_that_was_typed(client: FlaskClient) -> None:
    pilot = budgeted()
    owner = make.sign_in(client, pilot.idea.owner)

    answer = owner.post(f"/ideas/{pilot.idea.reference}/pilot/spend", data=sent(pilot, amount_cents="a lot"))

    assert answer.status_code == 422
    assert ['value="a lot"' in answer.text, 'value="Ink"' in answer.text] == [True, True]


def test_a_year_that_was_typed_wrongly_is_no_day_on_which_was_spent(app: Flask) -> None:
    pilot = budgeted()
    entered(pilot, spent_on=dt.date(2025, 6, 1))

    with pytest.raises(Refused, match="long before the pilot began"):
        entered(pilot, spent_on=dt.date(206, 7, 30))

    assert queries.list_spend(pilot).counted == 1
