"""A form waits for its turn to write when its command begins, and not while it is read and checked."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation import writers
from innovation.db import db, engine_options, prepare_engine
from innovation.ideas.models import Idea
from tests import make

TOLD = {"title": "Reading clubs", "problem": "Children do not read.", "summary": "They read.", "owner_name": "Owner"}


@pytest.fixture
def page(app: Flask, client: FlaskClient) -> str:
    """Where somebody who is signed in captures ideas; whoever has to wait is told so at once."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("Writers take turns on SQLite only.")
    clinic = make.clinic()
    who = make.grant(make.person("Facilitator"), "facilitator", programme_id=clinic.programme_id, clinic_id=clinic.id)
    make.sign_in(client, who)
    return f"/ideas/new?clinic={clinic.code}"


@contextmanager
def somebody_writes() -> Iterator[None]:
    """Another connection has its turn, and does not come to an end."""
    url = db.engine.url.render_as_string(hide_password=False)
    engine = sa.create_engine(url, **engine_options(url))
    prepare_engine(engine)
    db.session.commit()
    with engine.connect() as connection, connection.begin() as transaction:
        yield
        transaction.rollback()
    engine.dispose()


def test_a_form_with_an_error_is_answered_while_somebody_writes(
    client: FlaskClient, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "PATIENCE", 0.05)

    with somebody_writes():
        answer = client.post(page, data=TOLD | {"title": "", "form_key": str(uuid.uuid4())})

    assert answer.status_code == 422
    assert "They read." in answer.text


def test_a_form_that_writes_waits_for_its_turn_and_keeps_what_was_typed(
    client: FlaskClient, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "PATIENCE", 0.05)
    typed = TOLD | {"form_key": str(uuid.uuid4())}

    with somebody_writes():
        refused = client.post(page, data=typed)
    accepted = client.post(page, data=typed)

    assert refused.status_code == 503
    assert "They read." in refused.text
    assert accepted.status_code == 302
    assert db.session.scalar(sa.select(sa.func.count(Idea.id))) == 1
