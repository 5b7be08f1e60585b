"""Whoever goes back and saves once more is asked whether that is a second idea, and loses nothing typed."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from innovation.db import db, now
from innovation.ideas.models import Idea, Wall
from tests import make
from tests.architecture.walk import read
from tests.ideas.test_capture import ANSWERS, facilitator, sent


def captured_once(client: FlaskClient) -> str:
    """The address of the form by which the facilitator of a clinic has just captured an idea."""
    clinic = make.clinic()
    make.sign_in(client, facilitator(clinic))
    address = f"/ideas/new?clinic={clinic.code}"
    client.post(address, data=sent())
    return address


def typed_again(address: str, answer: Any) -> dict[str, str]:
    """What the form on a page would send when nothing is changed."""
    form = next(each for each in read(address, answer).forms if "form_key" in each.names)
    return {name: values[0] for name, values in form.values.items() if values}


@pytest.mark.parametrize(
    "change", [{"title": "Another idea"}, {"problem": "Another problem"}, {"owner_name": "Another"}]
)
def test_another_idea_typed_over_the_last_form_is_not_lost(client: FlaskClient, change: dict[str, str]) -> None:
    clinic = make.clinic()
    make.sign_in(client, facilitator(clinic))
    address, form = f"/ideas/new?clinic={clinic.code}", sent()
    client.post(address, data=form)

    refused = client.post(address, data=form | change)
    again = typed_again(address, refused)
    saved = client.post(address, data=again)

    assert (refused.status_code, saved.status_code) == (422, 302)
    assert "This form was sent before" in refused.text
    assert again == again | change
    assert db.session.query(Idea).count() == 2


def test_going_back_and_saving_again_asks_whether_it_is_a_second_idea(client: FlaskClient) -> None:
    address = captured_once(client)
    first = db.session.scalars(sa.select(Idea.reference)).one()

    asked = client.post(address, data=sent(title=" reading clubs run by MATRIC leavers", where_district=""))
    kept = db.session.query(Idea).count()
    saved = client.post(address, data=typed_again(address, asked))

    assert (asked.status_code, kept, saved.status_code) == (422, 1, 302)
    text = read(address, asked).text
    assert f"You have already captured this: {first}. Save it again as a second idea?" in text
    assert f"Save as a second idea Open {first}" in text
    assert ANSWERS["problem"] in asked.text
    assert db.session.query(Idea).count() == 2


def test_the_answer_of_one_time_is_none_for_the_next(client: FlaskClient) -> None:
    address = captured_once(client)
    again = typed_again(address, client.post(address, data=sent()))
    client.post(address, data=again)

    third = client.post(address, data=again | {"form_key": str(uuid.uuid4())})

    assert third.status_code == 422
    assert db.session.query(Idea).count() == 2


@pytest.mark.parametrize("change", [{"title": "Another idea"}, {"owner_name": "Another"}])
def test_another_idea_or_another_owner_is_not_asked_about(client: FlaskClient, change: dict[str, str]) -> None:
    address = captured_once(client)

    saved = client.post(address, data=sent(**change))

    assert saved.status_code == 302
    assert db.session.query(Idea).count() == 2


def test_the_same_words_by_somebody_else_at_another_clinic_or_long_after_are_another_idea(client: FlaskClient) -> None:
    clinic, other = make.clinic(), make.clinic()
    writer = facilitator(clinic)
    make.grant(writer, "facilitator", programme_id=other.programme_id, clinic_id=other.id)
    make.sign_in(client, writer)
    client.post(f"/ideas/new?clinic={clinic.code}", data=sent())
    elsewhere = client.post(f"/ideas/new?clinic={other.code}", data=sent())
    db.session.execute(sa.update(Idea).values(captured_at=now() - dt.timedelta(hours=2)))
    db.session.commit()

    later = client.post(f"/ideas/new?clinic={clinic.code}", data=sent())
    make.sign_in(client, facilitator(clinic))
    by_another = client.post(f"/ideas/new?clinic={clinic.code}", data=sent())

    assert [answer.status_code for answer in (elsewhere, later, by_another)] == [302, 302, 302]


def test_ones_own_idea_saved_again_is_asked_about_too(client: FlaskClient) -> None:
    region = make.region()
    make.sign_in(client, make.person("Teacher"))
    own = {**ANSWERS, "region_id": str(region.id)}
    client.post("/ideas/new", data={**own, "form_key": str(uuid.uuid4())})

    asked = client.post("/ideas/new", data={**own, "form_key": str(uuid.uuid4())})

    assert asked.status_code == 422
    assert "Save as a second idea" in asked.text


def test_what_was_captured_is_not_shown_again_once_it_is_closed_to_who_did_it(client: FlaskClient) -> None:
    address = captured_once(client)
    idea = db.session.scalars(sa.select(Idea)).one()
    before = client.get(f"{address}&done={idea.reference}").text
    make.add(Wall(idea_id=idea.id, person_id=idea.captured_by_id, why="seat:1"))
    db.session.commit()

    after = client.get(f"{address}&done={idea.reference}").text

    assert [idea.title in page for page in (before, after)] == [True, False]
