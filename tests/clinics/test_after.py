"""After a clinic: every idea has a next step, every owner a slip, and the report tells no small cell."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from innovation.accounts.models import Person
from innovation.clinics import commands, next_steps, report_paper, reporting, slip_paper, slip_sheets
from innovation.clinics.models import Clinic
from innovation.clinics.small_cells import cells_of, total_of
from innovation.db import db
from innovation.ideas import capture, store
from innovation.ideas.models import Attachment, Idea, Wall
from tests import make
from tests.databases import statements
from workflows import Refused


def running(clinic: Clinic) -> Any:
    return make.actor(make.staff("facilitator", clinic_id=clinic.id))


def signed_in(client: FlaskClient, actor: Any) -> FlaskClient:
    return make.sign_in(client, db.session.get_one(Person, actor.person_id))


# Next steps


def test_a_clinic_is_not_closed_while_an_idea_has_no_next_step(app: Flask) -> None:
    clinic = make.clinic()
    actor = running(clinic)
    idea = make.idea(clinic_id=clinic.id, title="Reading clubs")
    make.idea(clinic_id=clinic.id, place="at_screening")
    make.idea(clinic_id=clinic.id, standing="withdrawn")
    db.session.commit()

    with pytest.raises(Refused) as refused:
        commands.close_clinic(actor, clinic)
    next_steps.record_next_steps(actor, clinic, steps={idea.id: ("Ask two schools", dt.date(2026, 4, 1))})
    commands.close_clinic(actor, clinic)

    assert refused.value.reasons == (f"{idea.reference} “Reading clubs” has no next step.",)
    assert clinic.state == "closed"


def test_a_report_is_not_signed_off_while_an_idea_that_came_late_has_no_next_step(
    app: Flask, client: FlaskClient
) -> None:
    clinic = make.clinic("closed", attendance={"teachers": 12})
    actor = running(clinic)
    late = make.idea(clinic_id=clinic.id, title="Delivered from a phone that was away")
    signed_in(client, actor)

    page = client.get(f"/clinics/{clinic.code}").text
    with pytest.raises(Refused, match="has no next step"):
        commands.report_clinic(actor, clinic)
    next_steps.record_next_steps(actor, clinic, steps={late.id: ("Talk to the principal", None)})
    commands.report_clinic(actor, clinic)

    assert ("1 idea has no next step yet" in page, "Sign off the report" in page) == (True, False)
    assert clinic.state == "reported"


def test_an_idea_behind_a_wall_is_not_named_in_a_refusal(app: Flask) -> None:
    clinic = make.clinic()
    actor = running(clinic)
    idea = make.idea(clinic_id=clinic.id)
    make.add(Wall(idea_id=idea.id, person_id=actor.person_id, why="test"))

    assert next_steps.reasons_against_closing(actor, clinic) == ()


def test_no_next_step_is_recorded_for_an_idea_of_another_clinic(app: Flask) -> None:
    clinic = make.clinic()
    other = make.idea(clinic_id=make.clinic().id)

    with pytest.raises(Refused):
        next_steps.record_next_steps(running(clinic), clinic, steps={other.id: ("Ask two schools", None)})


def test_the_refusal_has_a_link_to_each_idea_and_one_text_serves_them_all(client: FlaskClient) -> None:
    clinic = make.clinic()
    actor = running(clinic)
    own, another = make.idea(clinic_id=clinic.id), make.idea(clinic_id=clinic.id)
    signed_in(client, actor)

    refused = client.post(f"/clinics/{clinic.code}/state", data={"step": "close"})
    sent = {"for_all": "Complete the canvas", "for_all_by": "2026-04-01", f"text_{own.id}": "Ask two schools"}
    client.post(f"/clinics/{clinic.code}/next-steps", data=sent)
    closed = client.post(f"/clinics/{clinic.code}/state", data={"step": "close"})

    steps = {each.idea.id: each.step.text for each in next_steps.list_pending(actor, clinic) if each.step}
    assert (refused.status_code, closed.status_code) == (409, 302)
    assert f'href="#text_{own.id}"' in refused.text
    assert steps == {own.id: "Ask two schools", another.id: "Complete the canvas"}


# Slips


def captured(clinic: Clinic, actor: Any, title: str = "Reading clubs") -> Idea:
    told = {"title": title, "problem": "Few read.", "summary": "Clubs after school."}
    return capture.capture_idea(
        actor, clinic, answers=told, owner_name=f"Owner of {title}", import_key=f"form:{title}"
    ).idea


def test_slips_are_printed_for_those_who_hold_no_sign_in(app: Flask) -> None:
    clinic = make.clinic()
    actor = running(clinic)
    idea, claimed = captured(clinic, actor), captured(clinic, actor, "Homework hubs")
    claimed.claimed_at = dt.datetime.now(dt.UTC)

    chosen = slip_sheets.print_slips(actor, clinic, references=())
    with app.test_request_context():
        pdf = slip_paper.slips_as_pdf(clinic, chosen * 5)

    assert [slip.idea.id for slip in chosen] == [idea.id]
    assert (pdf[:5], b"/StructTreeRoot" in pdf) == (b"%PDF-", True)


def test_many_slips_ask_the_database_no_more_than_one(app: Flask) -> None:
    clinic = make.clinic()
    actor = running(clinic)
    for title in ("Reading clubs", "Homework hubs", "Library lamps"):
        captured(clinic, actor, title)
    chosen = slip_sheets.print_slips(actor, clinic, references=())

    with app.test_request_context():
        slip_paper.slips_as_pdf(clinic, chosen)
        with statements() as of_one:
            slip_paper.slips_as_pdf(clinic, chosen[:1])
        with statements() as of_all:
            slip_paper.slips_as_pdf(clinic, chosen)

    assert (len(chosen), len(of_all)) == (3, len(of_one))


def test_the_page_hands_out_the_slips_that_are_ticked(client: FlaskClient) -> None:
    clinic = make.clinic()
    actor = running(clinic)
    idea = captured(clinic, actor)
    signed_in(client, actor)

    page = client.get(f"/clinics/{clinic.code}/slips")
    pdf = client.post(f"/clinics/{clinic.code}/slips", data={"idea": idea.reference})
    none = client.post(f"/clinics/{clinic.code}/slips", data={"idea": "ZZ99-0001"})

    assert "Owner of Reading clubs" in page.text
    assert (pdf.mimetype, none.status_code) == ("application/pdf", 302)


# The report


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 12, "b": 7}, {"a": 12, "b": 7}),
        ({"a": 12, "b": 7, "c": 2}, {"a": 12, "b": None, "c": None}),
        ({"a": 12, "b": 1, "c": 1}, {"a": None, "b": None, "c": None}),  # a sum of two would tell each
        ({"a": 12, "b": 3, "c": 4}, {"a": 12, "b": None, "c": None}),
        ({"a": 3}, {"a": None}),
        ({"a": 0, "b": 9}, {"b": 9}),
    ],
)
def test_small_cells_are_held_back(counts: dict[str, int], shown: dict[str, int | None]) -> None:
    assert {cell.name: cell.count for cell in cells_of(counts)} == shown


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12)), st.integers(2, 6))
def test_what_is_shown_leaves_each_small_cell_any_number_under_the_limit(counts: dict[str, int], least: int) -> None:
    cells, total = cells_of(counts, least), total_of(counts, least)

    small = {name for name, count in counts.items() if 0 < count < least}
    hidden = [cell.name for cell in cells if cell.count is None]
    assert small <= set(hidden)
    if hidden and total is not None:
        rest = total - sum(cell.count or 0 for cell in cells)
        others = len(hidden) - 1  # none of them is nought
        possible = {one for one in range(1, rest + 1) if (others <= rest - one if others else one == rest)}
        assert set(range(1, least)) <= possible


@pytest.mark.parametrize(("counts", "total"), [({"a": 1, "b": 1}, None), ({"a": 3}, None), ({"a": 4, "b": 1}, 5)])
def test_a_total_that_gives_small_cells_away_is_held_back(counts: dict[str, int], total: int | None) -> None:
    assert total_of(counts) == total


def photographed(idea: Idea) -> Attachment:
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), "navy").save(out, "JPEG")
    key = store.store().put(out.getvalue())
    more = {"name": "sketch.jpg", "content_type": "image/jpeg", "size": 1, "sha256": "0" * 64}
    return make.add(Attachment(idea_id=idea.id, key=key, **more))


def test_the_report_counts_and_shows_only_photos_that_were_agreed_to(app: Flask) -> None:
    clinic = make.clinic("closed", attendance={"teachers": 12, "principals": 2, "parents": 6})
    actor = running(clinic)
    school = make.school(quintile=1)
    where = {"district_id": school.district_id, "school_emis": school.emis}
    every = [make.idea(clinic_id=clinic.id, **where) for _n in range(6)]
    photographed(every[0])
    agreed = photographed(every[1])
    make.consent(every[1], "photo")

    with app.test_request_context():
        report = reporting.report_of(actor, clinic)
        pdf = report_paper.report_as_pdf(clinic, report)

    shown = [(table.name, [(cell.name, cell.count) for cell in table.cells]) for table in report.tables]
    assert shown[0] == ("Education district", [("Vhembe East", 6)])
    assert shown[2] == ("Quintile", [("Quintile 1", 6)])
    assert [cell.count for cell in report.there.cells] == [12, None, None]
    assert [photo.attachment.id for photo in report.photos] == [agreed.id]
    assert (pdf[:5], b"/StructTreeRoot" in pdf, b"/Image" in pdf) == (b"%PDF-", True, True)


def test_the_report_on_paper_says_that_an_idea_was_withdrawn(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    clinic = make.clinic("closed")
    make.idea(clinic_id=clinic.id, standing="withdrawn")
    make.idea(clinic_id=clinic.id)
    set_as: list[Any] = []

    def keep(*given: Any, **more: Any) -> bytes:
        set_as.append((given, more))
        return b""

    monkeypatch.setattr(report_paper, "set_as_pdf", keep)

    with app.test_request_context():
        report_paper.report_as_pdf(clinic, reporting.report_of(running(clinic), clinic))

    said = str(set_as)
    assert (said.count("Withdrawn · Captured"), said.count("Captured")) == (1, 2)


def test_numbers_of_the_ideas_that_stand_in_the_report_are_told_even_when_they_are_few(app: Flask) -> None:
    clinic = make.clinic("closed", attendance={"teachers": 2})
    actor = running(clinic)
    school = make.school(quintile=1)
    for district in (school.district_id, school.district_id, None):
        make.idea(clinic_id=clinic.id, district_id=district)

    with app.test_request_context():
        report = reporting.report_of(actor, clinic)

    counts = [(cell.name, cell.count) for cell in report.tables[0].cells]
    assert (counts, report.tables[0].total) == ([("Not known", 1), ("Vhembe East", 2)], 3)
    assert [cell.count for cell in report.there.cells] == [None]


def test_the_report_says_that_a_quintile_is_not_known_where_no_idea_names_its_school(app: Flask) -> None:
    clinic = make.clinic("closed")
    actor = running(clinic)
    make.school(quintile=1)
    for _n in range(6):
        make.idea(clinic_id=clinic.id)

    with app.test_request_context():
        report = reporting.report_of(actor, clinic)

    found = {table.name: [(cell.name, cell.count) for cell in table.cells] for table in report.tables}
    assert found["Quintile"] == [("Not known", 6)]


def test_a_photo_of_the_report_is_small_and_no_other_file_comes_out_there(client: FlaskClient) -> None:
    clinic = make.clinic("closed")
    actor = running(clinic)
    kept, agreed = make.idea(clinic_id=clinic.id), make.idea(clinic_id=clinic.id)
    hidden, shown = photographed(kept), photographed(agreed)
    make.consent(agreed, "photo")
    signed_in(client, actor)

    address = f"/clinics/{clinic.code}/report/photos"
    small, gone = client.get(f"{address}/{shown.id}"), client.get(f"{address}/{hidden.id}")

    assert (small.mimetype, len(small.data) < 20_000, gone.status_code) == ("image/jpeg", True, 404)
    assert client.get(f"/clinics/{clinic.code}/report/paper").mimetype == "application/pdf"
