"""Readings typed for a term: what is corrected keeps what stood, and nothing is written over unseen."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from innovation.db import db
from innovation.events import list_events
from innovation.permission import Forbidden
from innovation.pilots import commands, queries
from innovation.pilots.plan_models import Pilot
from innovation.pilots.reading_models import Reading
from innovation.pilots.writing import Cell, CellsMoved, Measured
from tests import make
from tests.pilots.typed import cell, held, typed
from workflows import Refused


def stood(pilot: Pilot) -> list[tuple[float, bool]]:
    found = db.session.scalars(sa.select(Reading).order_by(Reading.id))
    return [(each.value, each.replaced_at is None) for each in found]


def test_what_is_typed_stands_and_the_same_again_adds_nothing(app: Flask) -> None:
    pilot = held()

    first = typed(pilot, {cell(pilot): Measured(31.5, 90, 4.2), cell(pilot, 1): Measured(28)})
    again = typed(pilot, {cell(pilot): Measured(31.5, 90, 4.2)})

    assert (first.new, again.known, again.changed) == (2, 1, 0)
    assert stood(pilot) == [(31.5, True), (28.0, True)]
    assert [event.kind for event in list_events(f"idea:{pilot.idea_id}")] == ["readings_written"]


def test_a_corrected_reading_keeps_the_old_one_with_who_and_when(app: Flask) -> None:
    pilot = held()
    typed(pilot, {cell(pilot): Measured(31)})

    typed(pilot, {cell(pilot): Measured(13)})
    typed(pilot, {cell(pilot): None})

    owner = pilot.idea.owner
    history = queries.find_history(make.actor(owner), pilot, *cell(pilot)[:2])
    assert [(r.value, history.names[r.replaced_by_id or 0]) for r in history.readings] == [
        (13.0, owner.name),
        (31.0, owner.name),
    ]
    assert queries.list_summaries(pilot) == []


def test_what_somebody_else_has_changed_meanwhile_is_not_written_over(app: Flask) -> None:
    pilot = held()
    typed(pilot, {cell(pilot): Measured(31)})
    there = {cell(pilot): Measured(30), cell(pilot, 1): Measured(30)}

    with pytest.raises(CellsMoved) as refused:
        commands.type_readings(make.actor(pilot.idea.owner), pilot, given=there, seen={})

    assert refused.value.cells == [cell(pilot)]
    assert stood(pilot) == [(31.0, True)]


def test_what_is_not_of_the_pilot_is_refused(app: Flask) -> None:
    pilot = held()
    elsewhere = Cell(pilot.indicators[0].id, 999_999, "2026-3")

    for wrong in (elsewhere, Cell(*cell(pilot)[:2], "2031-1")):
        with pytest.raises(Refused):
            typed(pilot, {wrong: Measured(30)})

    with pytest.raises(Forbidden):
        commands.type_readings(make.actor(make.person()), pilot, given={}, seen={})
    assert stood(pilot) == []


def test_a_reading_that_a_phone_sends_twice_is_written_once(app: Flask) -> None:
    pilot, sent = held(), {"measured": Measured(31), "client_id": "5f0c"}

    first = commands.record_reading(make.actor(pilot.idea.owner), pilot, cell=cell(pilot), **sent)
    again = commands.record_reading(make.actor(pilot.idea.owner), pilot, cell=cell(pilot), **sent)

    assert first.id == again.id
    assert stood(pilot) == [(31.0, True)]


def test_values_of_few_learners_are_left_out_wherever_more_people_look(app: Flask) -> None:
    pilot = held()
    typed(pilot, {cell(pilot): Measured(31, 9), cell(pilot, 1): Measured(28, 10), cell(pilot, 2): Measured(20)})

    shown = [[row.value for row in queries.list_values(pilot.indicators[0], **few)] for few in ({}, {"fewest": 0})]

    assert shown == [[28.0, 20.0], [31.0, 28.0, 20.0]]
