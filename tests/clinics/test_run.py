"""A clinic goes its way step by step, with head counts, facilitators and a report."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from innovation.accounts.models import Person, Token
from innovation.clinics import commands, next_steps, queries
from innovation.clinics.models import Clinic
from innovation.db import db
from innovation.events import Event
from innovation.permission import Forbidden
from tests import make
from tests.databases import statements
from workflows import Refused


def running(clinic: Clinic) -> Any:
    return make.actor(make.staff("facilitator", clinic_id=clinic.id))


def test_a_clinic_opens_votes_closes_and_is_reported(app: Any) -> None:
    clinic = make.clinic("planned")
    actor = running(clinic)
    idea = make.idea(clinic_id=clinic.id)
    next_steps.record_next_steps(actor, clinic, steps={idea.id: ("Ask two schools", None)})

    commands.open_clinic(actor, clinic)
    commands.open_voting(actor, clinic)
    commands.close_clinic(actor, clinic)
    commands.record_attendance(actor, clinic, counts={"teachers": 12})
    commands.report_clinic(actor, clinic)

    kinds = db.session.scalars(sa.select(Event.kind).filter_by(subject=f"clinic:{clinic.id}").order_by(Event.seq)).all()
    assert clinic.state == "reported"
    assert list(kinds) == [
        "next_steps_recorded",
        "clinic_opened",
        "clinic_voting_opened",
        "clinic_closed",
        "attendance_recorded",
        "clinic_reported",
    ]


def test_a_step_out_of_turn_is_refused_in_words(app: Any) -> None:
    clinic = make.clinic("planned")

    with pytest.raises(Refused) as refused:
        commands.close_clinic(running(clinic), clinic)

    assert refused.value.reasons == ("This cannot be done now: the clinic is planned.",)


def test_a_report_says_what_is_missing(app: Any) -> None:
    clinic = make.clinic("closed")

    with pytest.raises(Refused) as refused:
        commands.report_clinic(running(clinic), clinic)

    assert len(refused.value.reasons) == 2
    assert clinic.state == "closed"


def test_a_facilitator_of_another_clinic_runs_nothing_here(app: Any) -> None:
    clinic, other = make.clinic("planned"), make.clinic("planned")

    with pytest.raises(Forbidden):
        commands.open_clinic(running(other), clinic)


def test_attendance_counts_heads_by_known_roles_only(app: Any) -> None:
    clinic = make.clinic()

    commands.record_attendance(running(clinic), clinic, counts={"teachers": 12, "parents": 0, "dragons": 3})

    assert clinic.attendance == {"teachers": 12}


def test_attendance_waits_for_the_day(app: Any) -> None:
    clinic = make.clinic("planned")

    with pytest.raises(Refused):
        commands.record_attendance(running(clinic), clinic, counts={"teachers": 12})


def test_somebody_new_is_invited_and_somebody_known_is_not(app: Any) -> None:
    clinic = make.clinic()
    known = make.person("Known")
    make.account(known)

    new = commands.add_facilitator(running(clinic), clinic, name="New", email="new@gatehouse.example")
    same = commands.add_facilitator(running(clinic), clinic, name="", email=known.email)

    invited = db.session.scalars(sa.select(Token.person_id).filter_by(kind="invitation")).all()
    assert list(invited) == [new.id]
    assert same.id == known.id
    assert make.actor(known).clinic_ids == {clinic.id}


def test_an_unknown_address_needs_a_name(app: Any) -> None:
    clinic = make.clinic()

    with pytest.raises(Refused):
        commands.add_facilitator(running(clinic), clinic, name="", email="new@gatehouse.example")

    assert db.session.scalars(sa.select(Person).filter_by(email="new@gatehouse.example")).all() == []


def test_a_facilitator_is_ended_by_those_above_and_never_the_last(app: Any) -> None:
    clinic = make.clinic()
    first, second = running(clinic), running(clinic)
    coordinator = make.actor(make.staff("coordinator"))
    db.session.commit()

    with pytest.raises(Forbidden):
        commands.end_facilitator(first, clinic, person_id=second.person_id)
    commands.end_facilitator(coordinator, clinic, person_id=second.person_id)
    with pytest.raises(Refused):
        commands.end_facilitator(coordinator, clinic, person_id=first.person_id)

    assert [f.person_id for f in queries.list_facilitators(clinic)] == [first.person_id]


# Pages


def test_the_page_shows_the_ideas_and_what_comes_next(client: FlaskClient) -> None:
    clinic = make.clinic("open")
    idea = make.idea(clinic_id=clinic.id)
    make.sign_in(client, make.staff("facilitator", clinic_id=clinic.id))

    page = client.get(f"/clinics/{clinic.code}")

    assert "1 idea captured" in page.text
    assert idea.reference in page.text
    assert f"/ideas/new?clinic={clinic.code}" in page.text


@pytest.mark.parametrize("state", ["planned", "open", "voting", "closed", "reported"])
def test_every_state_has_its_page_and_report(client: FlaskClient, state: str) -> None:
    clinic = make.clinic(state, attendance={"teachers": 5}, agenda="Welcome")
    make.sign_in(client, make.staff("facilitator", clinic_id=clinic.id))

    assert client.get(f"/clinics/{clinic.code}").status_code == 200
    assert client.get(f"/clinics/{clinic.code}/report").status_code == 200
    assert client.get("/clinics").status_code == 200


def test_the_buttons_take_the_clinic_on(client: FlaskClient) -> None:
    clinic = make.clinic("planned")
    make.sign_in(client, make.staff("facilitator", clinic_id=clinic.id))

    opened = client.post(f"/clinics/{clinic.code}/state", data={"step": "open"})
    again = client.post(f"/clinics/{clinic.code}/state", data={"step": "open"})

    db.session.expire_all()
    assert (opened.status_code, again.status_code) == (302, 409)
    assert clinic.state == "open"


def test_a_count_that_is_none_comes_back_with_an_error(client: FlaskClient) -> None:
    clinic = make.clinic("open")
    make.sign_in(client, make.staff("facilitator", clinic_id=clinic.id))

    answer = client.post(f"/clinics/{clinic.code}/attendance", data={"teachers": "-4"})

    assert answer.status_code == 422
    assert "from 0 to 5 000" in answer.text


def test_the_page_asks_as_often_for_many_ideas_as_for_one(client: FlaskClient) -> None:
    clinic = make.clinic("open")
    make.sign_in(client, make.staff("facilitator", clinic_id=clinic.id))
    address = f"/clinics/{clinic.code}"

    def count() -> int:
        db.session.commit()
        with statements() as asked:
            client.get(address)
        return len(asked)

    make.idea(clinic_id=clinic.id)
    client.get(address)
    one = count()
    for _n in range(19):
        make.idea(clinic_id=clinic.id)

    many = count()

    assert one == many


@pytest.mark.parametrize("digits", [11, 400, 5000])
def test_a_number_that_is_too_long_is_none(client: FlaskClient, digits: int) -> None:
    clinic = make.clinic("open")
    make.sign_in(client, make.staff("facilitator", clinic_id=clinic.id))

    refused = client.post(f"/clinics/{clinic.code}/attendance", data={"teachers": "9" * digits})

    assert (refused.status_code, "Write a number from 0 to 5" in refused.text) == (422, True)
