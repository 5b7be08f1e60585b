"""Spend from a table: every row, or none, and the same table once."""

from __future__ import annotations

import datetime as dt
import html
import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation import tables
from innovation.permission import Forbidden
from innovation.pilots import commands, queries
from innovation.pilots.plan_models import Pilot
from innovation.tables import UNREADABLE, read_table
from tests import make
from tests.pilots.test_enter_spend import budgeted, entered
from tests.reading import turns_while_reading
from workflows import Refused

HEADING = "Day,Line of the budget,Amount in rand,How,What for"
GOOD = (
    "2026-07-30,Printing,600,in money,Booklets",
    "2026-07-31,rooms,R1 200.50,in kind,The hall",
    "2026-08-03,,75,,Tea",
)


def table(*rows: str, heading: str = HEADING) -> bytes:
    return "\n".join([heading, *rows]).encode()


def imported(pilot: Pilot, content: bytes) -> tuple[int, int]:
    return tuple(commands.import_spend(make.actor(pilot.idea.owner), pilot, table=read_table(content, "spend.csv")))


def test_each_row_is_an_entry_on_its_line(app: Flask) -> None:
    pilot = budgeted()

    done = imported(pilot, table(*GOOD))

    entries = [(each.line, each.entry.amount_cents, each.entry.in_kind) for each in queries.list_spend(pilot).items]
    assert done == (3, 0)
    assert entries == [("", 7_500, False), ("Rooms", 120_050, True), ("Printing", 60_000, False)]


def test_the_same_table_again_enters_nothing_and_a_longer_one_what_is_new(app: Flask) -> None:
    pilot = budgeted()
    imported(pilot, table(*GOOD))

    again = imported(pilot, table(*GOOD))
    longer = imported(pilot, table(*GOOD, GOOD[0], "2026-08-04,Printing,10,,Pens"))

    assert (again, longer) == ((0, 3), (2, 3))


def test_what_was_taken_back_is_not_entered_anew(app: Flask) -> None:
    pilot = budgeted()
    entry = entered(pilot, spent_on=dt.date(2026, 7, 30))
    commands.correct_spend(make.actor(pilot.idea.owner), entry, reason="Typed twice.")

    assert imported(pilot, table(GOOD[0])) == (0, 1)


def test_where_rows_have_faults_nothing_is_entered_and_each_is_told(app: Flask) -> None:
    pilot = budgeted()
    bad = ("30/07/2026,Printing,600,,Booklets", "0206-07-30,Paint,-5,perhaps,")

    with pytest.raises(Refused) as refused:
        imported(pilot, table(GOOD[0], *bad))

    assert list(refused.value.reasons) == [
        "Row 3, Day: Write the day as 2026-07-30.",
        "Row 4, Line of the budget: No line of the budget is called so. Leave it empty for what is not in the plan.",
        "Row 4, Day: This day is long before the pilot began.",
        "Row 4, Amount in rand: Write an amount in rand above nought, such as 480 000.",
        "Row 4, What for: Say what it was for, in at most 200 characters.",
        "Row 4, How: Write: in money, or in kind.",
    ]
    assert queries.list_spend(pilot).counted == 0


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (table("2026-07-30,600", heading="Day,Amount"), "These columns are missing: Line of the budget, What for."),
        (table(), "The table has a heading and no rows."),
        (table(*[GOOD[0]] * 1001), "This table has more than 1 000 rows. Split it."),
    ],
)
def test_what_is_no_table_of_spend_is_refused_with_the_reason(app: Flask, content: bytes, why: str) -> None:
    with pytest.raises(Refused) as refused:
        imported(budgeted(), content)

    assert list(refused.value.reasons) == [why]


def sent_at(step: str, client: FlaskClient, pilot: Pilot, content: bytes) -> Any:
    sent = {"file": (io.BytesIO(content), "spend.csv"), "step": step}
    return client.post(f"/ideas/{pilot.idea.reference}/pilot/spend/import", data=sent)


def looked_at(client: FlaskClient, pilot: Pilot, content: bytes) -> Any:
    return sent_at("look", client, pilot, content)


def refusals_in(page: str) -> list[str]:
    """What the page says on top that is wrong."""
    summary = re.search(r'<div class="[^"]*error-summary".*?</div>', page, re.DOTALL).group(0)
    return [html.unescape(each) for each in re.findall(r"<li>(.*?)</li>", summary)]


def text_in(page: str) -> str:
    """What the page sends back when the rows are to be entered."""
    return html.unescape(re.search(r'name="text" value="([^"]*)"', page).group(1))


def test_the_owner_sees_how_a_table_is_read_before_anything_is_entered(client: FlaskClient) -> None:
    pilot = budgeted()
    address = f"/ideas/{pilot.idea.reference}/pilot/spend"
    owner = make.sign_in(client, pilot.idea.owner)
    linked = f"{address}/import" in owner.get(address).text
    entered(pilot, spent_on=dt.date(2026, 7, 30))

    page = looked_at(owner, pilot, table(*GOOD))
    before = queries.list_spend(pilot).counted
    answer = owner.post(f"{address}/import", data={"step": "import", "text": text_in(page.text)}, follow_redirects=True)

    said = " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
    assert (linked, page.status_code, before) == (True, 200, 1)
    assert "3 The hall 31 Jul 2026 Rooms R1 200.50 in kind New" in said
    assert "2 Booklets 30 Jul 2026 Printing R600 There already" in said
    assert ["2 entries are new." in answer.text, "1 entry was there already." in answer.text] == [True, True]
    assert queries.list_spend(pilot).counted == 3


def test_a_table_is_read_before_its_turn_to_write(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    pilot = budgeted()
    owner, turns = make.sign_in(client, pilot.idea.owner), turns_while_reading(monkeypatch)
    sent = {"file": (io.BytesIO(table(*GOOD)), "spend.csv"), "step": "import"}

    answer = owner.post(f"/ideas/{pilot.idea.reference}/pilot/spend/import", data=sent)

    assert (answer.status_code, turns, queries.list_spend(pilot).counted) == (302, [False], 3)


def test_a_file_with_faults_is_read_once_and_shown(client: FlaskClient) -> None:
    pilot = budgeted()
    owner = make.sign_in(client, pilot.idea.owner)
    sent = {"file": (io.BytesIO(table("30/07/2026,Printing,10,,Pens")), "spend.csv"), "step": "import"}

    answer = owner.post(f"/ideas/{pilot.idea.reference}/pilot/spend/import", data=sent)

    assert (answer.status_code, "Row 2, Day: Write the day as 2026-07-30." in answer.text) == (422, True)
    assert "One row has a fault, so nothing can be imported yet" in answer.text


def test_a_table_with_faults_is_mended_on_the_page(client: FlaskClient) -> None:
    pilot = budgeted()
    address = f"/ideas/{pilot.idea.reference}/pilot/spend/import"
    owner = make.sign_in(client, pilot.idea.owner)

    wrong = looked_at(owner, pilot, table(GOOD[0], "", "30/07/2026,Printing,10,,Pens"))
    text = text_in(wrong.text)
    forced = owner.post(address, data={"step": "import", "text": text})
    mended = owner.post(address, data={"step": "look", "text": text.replace("30/07/2026", "2026-07-30")})

    assert [answer.status_code for answer in (wrong, forced, mended)] == [422, 422, 200]
    assert "One row has a fault, so nothing can be imported yet" in wrong.text
    assert "Row 4, Day: Write the day as 2026-07-30." in forced.text
    assert "Enter 2 rows" in mended.text
    assert queries.list_spend(pilot).counted == 0


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04nonsense"])
def test_a_file_that_is_no_table_is_refused_on_the_page(client: FlaskClient, content: bytes) -> None:
    pilot = budgeted()
    owner = make.sign_in(client, pilot.idea.owner)

    answer = looked_at(owner, pilot, content)

    assert (answer.status_code, "Look at the table" in answer.text) == (422, True)


UNREAD = [
    (table(GOOD[0], heading="Day,Day,Amount,How,What for"), "Two columns have the same name: Day."),
    (b"\x00\x01\x02", "This is not a table. Send a CSV file or a spreadsheet (.xlsx or .ods)."),
    (b"PK\x03\x04nonsense", UNREADABLE),
    (b"", "The file is empty."),
]


@pytest.mark.parametrize("step", ["look", "import"])
@pytest.mark.parametrize(("content", "why"), UNREAD)
def test_why_a_table_cannot_be_read_is_told_at_both_steps(
    client: FlaskClient, content: bytes, why: str, step: str
) -> None:
    pilot = budgeted()

    answer = sent_at(step, make.sign_in(client, pilot.idea.owner), pilot, content)

    assert (answer.status_code, refusals_in(answer.text)) == (422, [why])


@pytest.mark.parametrize("step", ["look", "import"])
def test_who_comes_while_another_spreadsheet_is_read_is_told_to_wait(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    pilot = budgeted()
    owner, at_once = make.sign_in(client, pilot.idea.owner), tables.turn
    monkeypatch.setattr(tables, "turn", lambda lock, _seconds: at_once(lock, 0))

    with tables._one_at_a_time:
        answer = sent_at(step, owner, pilot, b"PK\x03\x04")

    assert (answer.status_code, refusals_in(answer.text)) == (422, [tables.WAIT])


def test_a_page_without_a_table_asks_for_one(client: FlaskClient) -> None:
    pilot = budgeted()
    owner = make.sign_in(client, pilot.idea.owner)

    answers = [
        owner.post(f"/ideas/{pilot.idea.reference}/pilot/spend/import", data={"step": step})
        for step in ("look", "import")
    ]

    assert [(each.status_code, "Choose a table." in each.text) for each in answers] == [(422, True)] * 2


def test_who_may_not_enter_spend_imports_none(app: Flask) -> None:
    pilot = budgeted()

    with pytest.raises(Forbidden):
        commands.import_spend(make.actor(make.staff("manager")), pilot, table=read_table(table(*GOOD), "spend.csv"))
