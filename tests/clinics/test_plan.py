"""Clinics are planned where one may, changed until they close, and listed for those who work at them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from innovation.clinics import commands, queries
from innovation.clinics.models import Clinic
from innovation.db import db
from innovation.permission import Forbidden, NotThere
from tests import make
from tests.databases import statements
from workflows import Refused

DAY = dt.date(2026, 3, 12)
TYPED = {"title": "Thohoyandou clinic", "challenge": "How might we read more?", "starts_on": "2026-03-12"}


def test_a_clinic_gets_the_next_code_of_its_region_and_year_and_a_run_sheet(app: Any) -> None:
    planner = make.actor(make.staff("facilitator"))
    region = make.region()

    made = [commands.plan_clinic(planner, region, title=f"Clinic {n}", starts_on=DAY) for n in range(2)]

    assert [clinic.code for clinic in made] == ["CL-LP-2026-01", "CL-LP-2026-02"]
    assert made[0].state == "planned"
    assert made[0].agenda.splitlines()[0] == "15 min  Welcome, and the notice on personal information"
    assert made[0].ends_on == DAY


def test_a_code_that_is_taken_is_passed_over(app: Any) -> None:
    make.clinic(code="CL-LP-2026-01")

    made = commands.plan_clinic(make.actor(make.staff("manager")), make.region(), title="Clinic", starts_on=DAY)

    assert made.code == "CL-LP-2026-02"


def test_a_facilitator_runs_what_they_plan_with_those_they_name(app: Any) -> None:
    planner, other = make.staff("facilitator"), make.staff("facilitator")

    made = commands.plan_clinic(
        make.actor(planner), make.region(), title="Clinic", starts_on=DAY, facilitator_ids=[other.id]
    )

    assert [f.person_id for f in queries.list_facilitators(made)] == [planner.id, other.id]


def test_nobody_plans_outside_their_region(app: Any) -> None:
    elsewhere = make.region("GP")
    coordinator = make.actor(make.staff("coordinator", region_id=elsewhere.id))

    with pytest.raises(Forbidden):
        commands.plan_clinic(coordinator, make.region(), title="Clinic", starts_on=DAY)


def test_a_facilitator_of_one_clinic_plans_none(app: Any) -> None:
    clinic = make.clinic()
    only = make.actor(make.staff("facilitator", clinic_id=clinic.id))

    with pytest.raises(Forbidden):
        commands.plan_clinic(only, make.region(), title="Clinic", starts_on=DAY)


def test_the_last_day_cannot_be_before_the_first(app: Any) -> None:
    with pytest.raises(Refused):
        commands.plan_clinic(
            make.actor(make.staff("manager")),
            make.region(),
            title="Clinic",
            starts_on=DAY,
            ends_on=DAY - dt.timedelta(days=1),
        )


def test_a_plan_is_changed_until_the_clinic_closes(app: Any) -> None:
    actor = make.actor(make.staff("coordinator"))
    clinic, closed = make.clinic("planned"), make.clinic("closed")

    commands.change_clinic(actor, clinic, title="New title", agenda_text="One line")

    assert (clinic.title, clinic.agenda) == ("New title", "One line")
    with pytest.raises(Refused):
        commands.change_clinic(actor, closed, title="New title")


# Pages


def test_the_page_plans_a_clinic(client: FlaskClient) -> None:
    region = make.region()
    make.sign_in(client, make.staff("facilitator"))

    page = client.get("/clinics/new")
    answer = client.post("/clinics/new", data={**TYPED, "region_id": region.id, "agenda_text": "Welcome"})

    clinic = db.session.scalars(sa.select(Clinic)).one()
    assert "Welcome, and the notice" in page.text
    assert answer.headers["Location"] == f"/clinics/{clinic.code}"
    assert (clinic.title, clinic.agenda, clinic.region_id) == ("Thohoyandou clinic", "Welcome", region.id)


def test_a_faulty_plan_comes_back_with_what_was_typed(client: FlaskClient) -> None:
    region = make.region()
    make.sign_in(client, make.staff("facilitator"))

    answer = client.post("/clinics/new", data={**TYPED, "region_id": region.id, "ends_on": "2026-03-01"})

    assert answer.status_code == 422
    assert "Thohoyandou clinic" in answer.text
    assert db.session.scalars(sa.select(Clinic)).all() == []


def test_a_box_without_a_value_names_nobody_and_one_that_was_never_offered_is_refused(client: FlaskClient) -> None:
    region = make.region()
    make.sign_in(client, make.staff("facilitator"))
    typed = {**TYPED, "region_id": region.id}

    odd = client.post("/clinics/new", data={**typed, "facilitator_ids": ["", "nobody"]})
    empty = client.post("/clinics/new", data={**typed, "facilitator_ids": ""})

    assert (odd.status_code, empty.status_code) == (422, 302)


def test_a_plan_typed_against_an_older_version_is_refused_and_kept(client: FlaskClient) -> None:
    clinic = make.clinic("planned")
    make.sign_in(client, make.staff("coordinator"))

    answer = client.post(f"/clinics/{clinic.code}/plan", data={**TYPED, "version": "99"})

    assert answer.status_code == 409
    assert "Thohoyandou clinic" in answer.text


def test_only_those_who_plan_see_the_plan_page(client: FlaskClient) -> None:
    clinic = make.clinic()
    make.sign_in(client, make.staff("facilitator", clinic_id=clinic.id))

    assert client.get("/clinics/new").status_code == 403


# The list


def test_everybody_sees_the_clinics_of_their_scope(app: Any) -> None:
    mine, other = make.clinic(), make.clinic(region_id=make.region("GP").id)

    def seen(role: str, **scope: Any) -> set[str]:
        page = queries.list_clinics(make.actor(make.staff(role, **scope)))
        return {item.clinic.code for item in page.items}

    assert seen("facilitator", clinic_id=mine.id) == {mine.code}
    assert seen("coordinator", region_id=mine.region_id) == {mine.code}
    assert seen("manager") == {mine.code, other.code}


def test_filters_narrow_and_sorts_turn_the_list(app: Any) -> None:
    manager = make.actor(make.staff("manager"))
    old = make.clinic("reported", title="Older", starts_on=dt.date(2025, 5, 1), ends_on=dt.date(2025, 5, 1))
    new = make.clinic("open", title="Newer")

    def codes(sort: str = "date", descending: bool = True, **by: str) -> list[str]:
        page = queries.list_clinics(manager, queries.Filters(**by), sort=sort, descending=descending)
        return [item.clinic.code for item in page.items]

    assert codes() == [new.code, old.code]
    assert codes(descending=False) == [old.code, new.code]
    assert codes(state="open") == [new.code]
    assert codes(year="2025") == [old.code]
    assert codes(q="old lit") == []
    assert codes(q="older") == [old.code]
    assert codes(year="banana", region="x") == [new.code, old.code]


def test_the_list_asks_as_often_for_thirty_clinics_as_for_one(app: Any) -> None:
    manager = make.actor(make.staff("manager"))

    def count() -> int:
        db.session.expire_all()
        with statements() as asked:
            queries.list_clinics(manager, size=50)
        return len(asked)

    make.clinic()
    one = count()
    for _n in range(29):
        make.clinic()

    thirty = count()

    assert one == thirty


def test_somebody_without_a_role_has_no_clinics(client: FlaskClient) -> None:
    clinic = make.clinic()
    make.sign_in(client, make.person())

    assert client.get("/clinics").status_code == 404
    assert client.get(f"/clinics/{clinic.code}").status_code == 404
    assert client.post(f"/clinics/{clinic.code}/state", data={"step": "close"}).status_code == 404
    with pytest.raises(NotThere):
        queries.list_clinics(make.actor(make.person()))


def test_the_export_holds_what_is_shown(client: FlaskClient) -> None:
    make.clinic("open", title="Open one")
    make.clinic("closed", title="Closed one")
    make.sign_in(client, make.staff("manager"))

    answer = client.get("/clinics?state=open&export=csv")

    lines = answer.text.splitlines()
    assert len(lines) == 2
    assert "Open one" in lines[1]


def test_an_empty_list_says_what_to_do(client: FlaskClient) -> None:
    make.sign_in(client, make.staff("manager"))

    assert "Plan the first one" in client.get("/clinics").text
