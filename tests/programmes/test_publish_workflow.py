"""A published definition stays what it is; programmes choose which one is in force."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError

from innovation.db import db
from innovation.permission import SYSTEM
from innovation.programmes import commands
from innovation.programmes.models import WorkflowVersion
from tests import make
from workflows import library_text


def test_the_same_definition_is_published_once(app: Flask) -> None:
    first = commands.publish_workflow(SYSTEM, library_text("education"))

    again = commands.publish_workflow(SYSTEM, "# a comment changes nothing\n" + library_text("education"))

    assert again.id == first.id


def test_a_changed_definition_gets_the_next_number(app: Flask) -> None:
    commands.publish_workflow(SYSTEM, library_text("education"))

    changed = commands.publish_workflow(SYSTEM, library_text("education").replace("quorum = 3", "quorum = 2", 1))

    assert changed.number == 2


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
