"""Ideas come in from a table: matched, checked row by row, once each."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from innovation.cli.imports import imports
from innovation.db import db, now
from innovation.events import Event
from innovation.ideas import import_files, importing
from innovation.ideas.imported_rows import guess_columns
from innovation.ideas.importing import Destination
from innovation.ideas.models import Consent, Idea, Revision
from innovation.permission import Forbidden, NotThere
from innovation.tables import read_table
from tests import make
from workflows import Refused

HEADINGS = "Idea No;Idea title;Problem statement;Solution;Owner;Email;School phase;Theme;District"
GOOD = (
    "1;Reading clubs;Children cannot read;Leavers read with them;Demo owner;a@gatehouse.example;"
    "FP, Intermediate Phase;;Vhembe East"
)


def table(*rows: str) -> Any:
    return read_table("\n".join([HEADINGS, *rows]).encode(), "ideas.csv")


def destination() -> Destination:
    make.district()
    return Destination(make.programme().id, make.region().id)


def imported(*rows: str, **more: Any) -> importing.Report:
    there = destination()
    told = table(*rows)
    actor = make.actor(make.staff("coordinator"))
    return importing.import_ideas(
        actor, there, table=told, mapping=guess_columns(make.programme(), told.columns), **more
    )


def test_headings_are_matched_by_their_words(app: Any) -> None:
    assert guess_columns(make.programme(), HEADINGS.split(";")) == {
        "Idea No": "id",
        "Idea title": "title",
        "Problem statement": "problem",
        "Solution": "summary",
        "Owner": "owner_name",
        "Email": "owner_email",
        "School phase": "phases",
        "Theme": "theme",
        "District": "district",
    }


def test_a_row_becomes_an_idea_with_its_answers_and_place(app: Any) -> None:
    report = imported(GOOD)

    idea = db.session.scalars(sa.select(Idea)).one()
    revision = db.session.scalars(sa.select(Revision)).one()
    assert (report.made, report.faults) == (1, [])
    assert (idea.title, idea.phases, idea.district_id) == ("Reading clubs", ["fp", "ip"], make.district().id)
    assert revision.answers["phases"] == ["fp", "ip"]


def test_contact_details_are_left_out_unless_the_owners_agreed(app: Any) -> None:
    report = imported(GOOD)
    assert db.session.scalars(sa.select(Idea)).one().owner.email is None
    assert len(report.notes) == 1

    imported(GOOD.replace("1;Reading", "2;Counting"), all_agree=True)

    idea = db.session.scalars(sa.select(Idea).order_by(Idea.id.desc())).first()
    assert idea is not None
    assert idea.owner.email == "a@gatehouse.example"
    assert db.session.scalars(sa.select(Consent.purpose).filter_by(idea_id=idea.id)).all() == ["contact"]


def test_a_second_run_changes_nothing(app: Any) -> None:
    imported(GOOD)

    again = imported(GOOD.replace("Children cannot read", "Something else"))

    assert (again.made, again.known) == (0, 1)
    assert db.session.scalars(sa.select(Revision)).one().answers["problem"] == "Children cannot read"


def test_an_empty_answer_is_named_once_by_its_column(app: Any) -> None:
    report = imported("1;Reading clubs;;Leavers read with them;Demo owner;;;;")

    assert [(f.row, f.column, f.message) for f in report.faults] == [(2, "Problem statement", "This is empty.")]


def test_faults_name_row_and_column_and_the_other_rows_go_in(app: Any) -> None:
    bad = "2;;;Short;Demo owner;nonsense;Grade 99;Dragons;Atlantis"

    report = imported(GOOD, bad, GOOD)

    assert {(f.row, f.column) for f in report.faults} == {
        (3, "Idea title"),
        (3, "Problem statement"),
        (3, "Email"),
        (3, "School phase"),
        (3, "Theme"),
        (3, "District"),
        (4, ""),
    }
    assert (report.rows, report.made, report.faulty_rows) == (3, 1, 2)


def test_a_cell_beyond_the_headings_is_a_fault_and_not_dropped(app: Any) -> None:
    report = imported(f"{GOOD};the rest of a sentence")

    assert (report.made, report.faults[0].row) == (0, 2)
    assert report.faults[0].message == "“the rest of a sentence” stands beyond the last heading. Is a comma too many?"


def test_nought_is_an_answer_and_a_province_is_checked_also_without_a_district(app: Any) -> None:
    there = destination()
    told = read_table(
        b"Title,Problem,Summary,Owner,Cost for each learner in a year,Province\n"
        b"Free clubs,No books,Read aloud,Demo owner,0,LP\n"
        b"Other clubs,No books,Read aloud,Demo owner,0,Atlantis\n",
        "ideas.csv",
    )
    mapping = guess_columns(make.programme(), told.columns)

    report = importing.import_ideas(make.actor(make.staff("coordinator")), there, table=told, mapping=mapping)

    assert [(f.row, f.column, f.message) for f in report.faults] == [(3, "Province", "“Atlantis” is not a province.")]
    assert db.session.scalars(sa.select(Revision)).one().answers["cost_per_learner"] == 0


def test_with_whole_one_fault_keeps_everything_out(app: Any) -> None:
    with pytest.raises(Refused):
        imported(GOOD, "2;;;;;;;;", "3;T;P;S;;;;;", whole=True)

    assert db.session.scalars(sa.select(Idea)).all() == []


def test_a_preview_writes_nothing(app: Any) -> None:
    there, told = destination(), table(GOOD)

    report = importing.preview_ideas(
        make.actor(make.staff("coordinator")),
        there,
        table=told,
        mapping=guess_columns(make.programme(), told.columns),
    )

    assert report.made == 1
    assert db.session.scalars(sa.select(Idea)).all() == []
    assert db.session.scalars(sa.select(Event)).all() == []


def test_columns_that_are_needed_are_asked_for(app: Any) -> None:
    there = destination()

    with pytest.raises(Refused) as refused:
        importing.preview_ideas(
            make.actor(make.staff("coordinator")), there, table=table(GOOD), mapping={"Idea title": "title"}
        )

    assert "Match a column with Problem." in refused.value.reasons


def test_nobody_imports_where_they_may_not(app: Any) -> None:
    there = destination()
    elsewhere = make.actor(make.staff("coordinator", region_id=make.region("GP").id))

    with pytest.raises(Forbidden):
        importing.import_ideas(elsewhere, there, table=table(GOOD), mapping={})


# The page


def upload(client: FlaskClient, place: str, content: bytes = ("\n".join([HEADINGS, GOOD])).encode()) -> Any:
    data = {"place": place, "file": (io.BytesIO(content), "ideas.csv")}
    return client.post("/ideas/import", data=data, content_type="multipart/form-data")


def columns() -> dict[str, str]:
    keys = ["id", "title", "problem", "summary", "owner_name", "owner_email", "phases", "theme", "district"]
    return {f"column_{at}": key for at, key in enumerate(keys)}


def test_a_file_is_sent_matched_looked_at_and_imported(client: FlaskClient) -> None:
    make.district()
    clinic = make.clinic()
    make.sign_in(client, make.staff("facilitator", clinic_id=clinic.id))

    sent = upload(client, f"clinic:{clinic.code}")
    looked = client.get(sent.headers["Location"])
    done = client.post(sent.headers["Location"], data={**columns(), "step": "import"})

    assert "Import 1 idea" in looked.text
    assert done.headers["Location"] == "/ideas/imports/1"
    assert db.session.scalars(sa.select(Idea)).one().clinic_id == clinic.id
    assert client.get(sent.headers["Location"]).status_code == 404


def test_a_file_waits_for_its_sender_only(client: FlaskClient) -> None:
    region = make.region()
    make.sign_in(client, make.staff("coordinator"))
    sent = upload(client, f"region:{region.id}")

    make.sign_in(client, make.staff("coordinator"))

    assert client.get(sent.headers["Location"]).status_code == 404
    assert client.get("/ideas/import/..%2Fsecret_key").status_code == 404


def test_a_file_that_is_no_table_comes_back_with_the_reason(client: FlaskClient) -> None:
    region = make.region()
    make.sign_in(client, make.staff("coordinator"))

    nothing = upload(client, f"region:{region.id}", b"")
    binary = upload(client, f"region:{region.id}", b"\x00\x01\x02")
    many = upload(client, f"region:{region.id}", b"Title\n" + b"x\n" * 10_001)

    assert (nothing.status_code, binary.status_code, many.status_code) == (422, 422, 422)
    assert "gatehouse import ideas" in many.text


def test_those_without_a_place_to_import_to_have_no_page(client: FlaskClient) -> None:
    make.programme()
    make.sign_in(client, make.person())

    assert client.get("/ideas/import").status_code == 403


def test_files_are_forgotten_after_a_day(app: Flask) -> None:
    sender, region = make.staff("coordinator"), make.region()
    where = Destination(region.programme_id, region.id)
    key = import_files.keep(make.actor(sender), where, content=b"Title", name="ideas.csv")

    kept = import_files.sweep()
    with time_machine.travel(now() + dt.timedelta(hours=25)):
        swept = import_files.sweep()

    assert (kept, swept) == (0, 1)
    with pytest.raises(NotThere):
        import_files.find(make.actor(sender), key)


# The command


def test_the_command_tries_then_imports_then_finds_everything_there(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.district()
    make.region()
    person = make.staff("coordinator")
    make.account(person)
    email = person.email
    db.session.commit()
    db.session.remove()
    monkeypatch.setenv("GATEHOUSE_INSTANCE", str(app.config["SETTINGS"].instance))
    file = tmp_path / "ideas.csv"
    file.write_text("\n".join([HEADINGS, GOOD, "2;;;;Nobody;;;;"]), "utf-8")
    asked = ["ideas", str(file), "--region", "lp", "--as", str(email)]

    def run(*more: str) -> Any:
        return CliRunner().invoke(imports, [*asked, *more])

    tried, done, again = run("--dry-run"), run(), run()

    assert "2 rows: 1 would be imported, 0 there already, 1 faulty." in tried.output
    assert "2 rows: 1 imported, 0 there already, 1 faulty." in done.output
    assert "2 rows: 0 imported, 1 there already, 1 faulty." in again.output
    assert "Row 3, column Idea title: This is empty." in done.output
    assert done.exit_code == 1
