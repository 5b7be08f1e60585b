"""An import remembers columns, has its rows mended in place, and is undone within the hour."""

from __future__ import annotations

import datetime as dt
import html
import io
import re

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from innovation.accounts.models import Token
from innovation.db import db, now
from innovation.events import Event
from innovation.ideas import claims, commands, import_undo, importing, status
from innovation.ideas.import_columns import match_columns
from innovation.ideas.import_models import IdeaImport, WaitingImport
from innovation.ideas.models import Idea
from innovation.jobs import running
from innovation.languages import LANGUAGES, gettext, told_in
from innovation.permission import SYSTEM
from innovation.tables import read_table
from tests import make

HEADINGS = "Nr;Naam van idee;Problem statement;Solution;Owner;Email"
GOOD = "{n};Reading clubs {n};Children cannot read;Leavers read with them;Demo owner;a{n}@gatehouse.example"
BAD = "2;;Children cannot read;Leavers read with them;Demo owner;nowhere"
KEYS = ("id", "title", "problem", "summary", "owner_name", "owner_email")
MATCHED = {f"column_{at}": key for at, key in enumerate(KEYS)}


@pytest.fixture
def coordinator(client: FlaskClient) -> FlaskClient:
    make.region()
    return make.sign_in(client, make.staff("coordinator"))


def send(client: FlaskClient, *rows: str) -> str:
    """Send a table; the address of the next step."""
    content = "\n".join([HEADINGS, *rows]).encode()
    data = {"place": f"region:{make.region().id}", "file": (io.BytesIO(content), "ideas.csv")}
    return str(client.post("/ideas/import", data=data, content_type="multipart/form-data").headers["Location"])


def imported(client: FlaskClient, *rows: str, **more: str) -> str:
    """Import a table; the address of the page of what came of it."""
    return str(client.post(send(client, *rows), data={**MATCHED, "step": "import", **more}).headers["Location"])


def test_how_many_rows_are_taken_is_said_before_a_file_is_chosen(coordinator: FlaskClient) -> None:
    page = coordinator.get("/ideas/import").text

    assert f"At most {importing.MOST_ON_PAGE:,} rows.".replace(",", " ") in page


def test_a_file_keeps_its_name_without_a_sign_that_no_database_keeps(coordinator: FlaskClient) -> None:
    data = {"place": f"region:{make.region().id}", "file": (io.BytesIO(f"{HEADINGS}\n{BAD}".encode()), "ide\0as.csv")}

    sent = coordinator.post("/ideas/import", data=data, content_type="multipart/form-data")

    assert (sent.status_code, db.session.scalar(sa.select(WaitingImport.name))) == (302, "ideas.csv")


def goods(n: int) -> list[str]:
    return [GOOD.format(n=at) for at in range(1, n + 1)]


def chosen_for(page: str) -> list[str]:
    """What each column goes to on a page."""
    selects = re.findall(r"<select.*?</select>", page)
    return ["".join(re.findall(r'value="(\w*)" selected', each)) for each in selects]


def standings() -> list[str]:
    return list(db.session.scalars(sa.select(Idea.standing).order_by(Idea.id)))


def test_columns_are_matched_as_they_were_last_time(coordinator: FlaskClient) -> None:
    columns = HEADINGS.split(";")
    before = match_columns(make.programme(), columns)

    imported(coordinator, *goods(1))

    assert "Naam van idee" not in before
    assert match_columns(make.programme(), columns) == dict(zip(columns, KEYS, strict=True))


def test_a_column_that_was_left_out_stays_left_out(coordinator: FlaskClient) -> None:
    imported(coordinator, *goods(1), column_5="")

    assert "Email" not in match_columns(make.programme(), HEADINGS.split(";"))


def test_a_faulty_row_is_mended_on_the_page_and_imported(coordinator: FlaskClient) -> None:
    step = send(coordinator, *goods(1), BAD)

    looked = coordinator.post(step, data={**MATCHED, "step": "preview"}, follow_redirects=True)
    texts = {"cell_3_1": "Chess", "cell_3_5": "c@chess.example"}
    mended = coordinator.post(step, data={**MATCHED, "step": "preview", **texts}, follow_redirects=True)
    coordinator.post(step, data={**MATCHED, "step": "import"})

    assert 'name="cell_3_1"' in looked.text
    assert "rows to mend" not in mended.text
    assert list(db.session.scalars(sa.select(Idea.title).order_by(Idea.id))) == ["Reading clubs 1", "Chess"]


def test_a_preview_is_a_page_that_is_opened_again_without_sending_anything_again(coordinator: FlaskClient) -> None:
    step = send(coordinator, *goods(1), BAD)
    chosen = {**MATCHED, "column_0": "", "all_agree": "y", "whole": "y", "cell_3_1": "Chess"}

    answer = coordinator.post(step, data={**chosen, "step": "preview"})
    again = coordinator.get(answer.headers["Location"])

    assert answer.status_code == 302
    assert again.text.count("checked") == 2
    assert chosen_for(again.text) == [chosen[f"column_{at}"] for at in range(6)]


def test_a_preview_that_left_all_columns_out_says_so_when_it_is_opened_again(coordinator: FlaskClient) -> None:
    step = send(coordinator, *goods(1))

    page = coordinator.post(step, data={"step": "preview"}, follow_redirects=True)

    assert chosen_for(page.text) == [""] * 6
    assert "Match the columns first" in page.text


def test_a_cell_that_is_not_in_the_table_mends_nothing(coordinator: FlaskClient) -> None:
    step = send(coordinator, BAD)

    nonsense = {"cell_9_1": "x", "cell_2_99": "x", "cell_2": "x", "cell_x_y": "x"}
    answer = coordinator.post(step, data={**MATCHED, **nonsense}, follow_redirects=True)

    assert answer.status_code == 200
    assert "1 row to mend" in answer.text


def test_the_rows_to_mend_are_downloaded_and_sent_again_as_they_are(coordinator: FlaskClient) -> None:
    step = send(coordinator, *goods(1), BAD)

    answer = coordinator.post(step, data={**MATCHED, "step": "faults"})

    table = read_table(answer.data, "rows.xlsx")
    assert table.columns == (*HEADINGS.split(";"), "Row in the file", "What is wrong")
    assert [row.values["Row in the file"] for row in table.rows] == ["3"]
    told = "Naam van idee: This is empty. Email: “nowhere” is not an e-mail address."
    assert table.rows[0].values["What is wrong"] == told


def test_an_import_is_undone_and_the_mended_file_sent_again(coordinator: FlaskClient) -> None:
    page = imported(coordinator, *goods(2), all_agree="y")
    there = coordinator.get(page)

    coordinator.post(f"{page}/undoing")

    assert "Undo this import" in there.text
    assert standings() == ["withdrawn", "withdrawn"]
    assert db.session.scalars(sa.select(Token.used_at)).all().count(None) == 0
    imported(coordinator, *goods(2))
    assert standings() == ["withdrawn", "withdrawn", "active", "active"]


def slip_of_an_undone_import(coordinator: FlaskClient) -> dict[str, str]:
    """What the holder of the slip of an idea types in, whose import has been taken back since."""
    page = imported(coordinator, *goods(1))
    idea = db.session.scalars(sa.select(Idea)).one()
    slip = {"reference": idea.reference, "secret": claims.renew_secret(SYSTEM, idea)}
    db.session.commit()
    coordinator.post(f"{page}/undoing")
    return slip


def test_who_holds_the_slip_of_an_import_that_was_undone_is_told_so(coordinator: FlaskClient) -> None:
    slip = slip_of_an_undone_import(coordinator)

    found = {each: coordinator.post(f"/status?language={each}", data=slip).text for each in LANGUAGES}

    told = {each: told_in(each, lambda: gettext(status.ENDINGS["taken_back"])) for each in LANGUAGES}
    assert [each for each in LANGUAGES if told[each] not in found[each]] == []
    assert len(set(told.values())) == len(LANGUAGES)
    assert status.ENDINGS["withdrawn"] not in found["en"]


def test_what_was_taken_back_cannot_be_claimed_and_its_slip_says_why(coordinator: FlaskClient) -> None:
    slip = slip_of_an_undone_import(coordinator)

    found = {each: coordinator.post(f"/status?language={each}", data=slip).text for each in LANGUAGES}
    asked = coordinator.post("/status/claim?language=en", data={**slip, "email": "owner@gatehouse.example"})

    told = {each: told_in(each, lambda: gettext(claims.TAKEN_BACK)) for each in LANGUAGES}
    assert [each for each in LANGUAGES if told[each] not in html.unescape(found[each])] == []
    assert len(set(told.values())) == len(LANGUAGES)
    assert [text for text in found.values() if 'action="/status/claim' in text] == []
    assert (asked.status_code, claims.TAKEN_BACK in asked.text) == (422, True)
    assert db.session.scalars(sa.select(Token).where(Token.used_at.is_(None))).all() == []


def test_an_idea_that_somebody_has_worked_with_stays(coordinator: FlaskClient) -> None:
    page = imported(coordinator, *goods(2))
    idea = db.session.scalars(sa.select(Idea).order_by(Idea.id)).first()
    assert idea is not None
    commands.add_contributor(make.actor(make.staff("coordinator")), idea, name="Helper", email="h@gatehouse.example")
    db.session.commit()

    answer = coordinator.post(f"{page}/undoing", follow_redirects=True)

    assert standings() == ["active", "withdrawn"]
    assert "Somebody has worked with the others since" in answer.text
    assert "Undo this import" not in answer.text
    assert "Somebody has worked with what is left of this import, so it stays." in answer.text
    assert "Imported within the hour" not in coordinator.get("/ideas/import").text


def test_after_an_hour_an_import_stays(coordinator: FlaskClient) -> None:
    page = imported(coordinator, *goods(1))

    with time_machine.travel(now() + dt.timedelta(minutes=61)):
        there, answer = coordinator.get(page), coordinator.post(f"{page}/undoing")

    assert "Undo this import" not in there.text
    assert (answer.status_code, standings()) == (422, ["active"])
    assert import_undo.TOO_LATE in answer.text
    assert "Everything you typed" not in answer.text


def test_the_address_of_an_undo_that_was_refused_can_be_opened_anew(coordinator: FlaskClient) -> None:
    page = imported(coordinator, *goods(1))

    answer = coordinator.get(f"{page}/undoing")

    assert (answer.status_code, answer.headers["Location"]) == (302, page)


def test_nobody_else_sees_or_undoes_an_import(coordinator: FlaskClient) -> None:
    page = imported(coordinator, *goods(1))
    make.sign_in(coordinator, make.staff("manager"))

    assert coordinator.get(page).status_code == 404
    assert coordinator.post(f"{page}/undoing").status_code == 404


def test_a_long_import_is_undone_by_the_worker(coordinator: FlaskClient) -> None:
    imported(coordinator, *goods(30))
    running.run_owed()
    made = db.session.scalars(sa.select(IdeaImport)).one()

    answer = coordinator.post(f"/ideas/imports/{made.id}/undoing")
    running.run_owed()

    assert answer.headers["Location"].startswith("/jobs/")
    assert import_undo.count_ideas(made) == (30, 30)
    kinds = sa.select(sa.func.count()).select_from(Event).where(Event.kind == "idea_taken_back")
    assert db.session.scalar(kinds) == 30


def test_an_undo_that_was_stopped_is_gone_on_with(coordinator: FlaskClient) -> None:
    imported(coordinator, *goods(30))
    running.run_owed()
    made = db.session.scalars(sa.select(IdeaImport)).one()
    page = f"/ideas/imports/{made.id}"
    first = coordinator.post(f"{page}/undoing").headers["Location"]
    again = coordinator.post(f"{page}/undoing").headers["Location"]
    coordinator.post(f"{first}/stop")

    offered = coordinator.get("/ideas/import").text
    second = coordinator.post(f"{page}/undoing").headers["Location"]
    running.run_owed()

    assert again == first
    assert "can still be undone" in offered
    assert second != first
    assert import_undo.count_ideas(made) == (30, 30)
