"""A published definition stays what it is; programmes choose which one is in force."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError

from innovation.db import db
from innovation.ideas.queries.one import measured
from innovation.permission import SYSTEM
from innovation.programmes import commands
from innovation.programmes.definitions import MEASURED
from innovation.programmes.models import WorkflowVersion
from tests import make
from workflows import DefinitionFault, State, journey_of, library_text, reopen_definition


def test_the_same_definition_is_published_once(app: Flask) -> None:
    first = commands.publish_workflow(SYSTEM, library_text("education"))

    again = commands.publish_workflow(SYSTEM, "# a comment changes nothing\n" + library_text("education"))

    assert again.id == first.id


def test_a_changed_definition_gets_the_next_number(app: Flask) -> None:
    commands.publish_workflow(SYSTEM, library_text("education"))

    changed = commands.publish_workflow(SYSTEM, library_text("education").replace("quorum = 3", "quorum = 2", 1))

    assert changed.number == 2


def test_a_limit_that_nobody_can_measure_is_refused(app: Flask) -> None:
    text = library_text("education").replace('key = "ask_rand"', 'key = "ask_dollars"')

    with pytest.raises(DefinitionFault) as refused:
        commands.publish_workflow(SYSTEM, text)

    assert [fault.place for fault in refused.value.faults] == ["tracks[1].limits[0].key"]


def test_what_can_be_limited_is_what_an_idea_can_be_measured_by(app: Flask) -> None:
    idea = make.idea()
    make.ask(idea, amount_cents=40_000_00, schools=2, learners=60)

    values = measured(idea, idea.definition.track("light"))

    assert {key: values[key] for key in MEASURED} == {"ask_rand": 40_000, "sites": 2, "reached": 60}


def test_the_database_itself_refuses_to_change_a_published_definition(app: Flask) -> None:
    version = commands.publish_workflow(SYSTEM, library_text("classic"))

    with pytest.raises(DatabaseError, match="part of the record"):
        db.session.execute(sa.update(WorkflowVersion).where(WorkflowVersion.id == version.id).values(text="other"))


def test_ideas_under_way_stay_with_the_version_they_began_with(app: Flask) -> None:
    idea = make.idea()
    newer = commands.publish_workflow(SYSTEM, library_text("education").replace("quorum = 3", "quorum = 2", 1))

    commands.choose_workflow(SYSTEM, make.programme(), workflow_version_id=newer.id)

    assert make.programme().workflow_version_id == newer.id
    assert idea.workflow_version_id != newer.id


def test_what_was_published_stays_readable_when_more_is_asked_of_new_ones(app: Flask) -> None:
    text = library_text("education").replace("at_most = 50000", "at_most = 50000\nsince_dropped = true")
    text = text.replace("quorum = 3", "quorum = 30", 1)
    with pytest.raises(DefinitionFault):
        commands.publish_workflow(SYSTEM, text)
    checksum = reopen_definition(text).checksum
    version = make.add(WorkflowVersion(key="education", number=1, name="Old", checksum=checksum, text=text))

    definition = version.definition

    assert (definition.checksum, definition.gates[0].quorum) == (checksum, 30)
    assert journey_of(definition).triggers(State("captured", "active"))
