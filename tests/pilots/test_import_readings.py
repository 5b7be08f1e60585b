"""Tables of readings: good rows go in, faulty ones are named by row and column, and a second run adds nothing."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db
from innovation.jobs.kinds import KINDS
from innovation.jobs.models import Job, JobLine
from innovation.jobs.running import run, run_owed
from innovation.pilots.plan_models import Pilot
from innovation.pilots.reading_import import batches, import_readings
from innovation.pilots.reading_job import CHANGED
from innovation.pilots.reading_rows import Checked, Layout, check, guess, register_of
from innovation.pilots.writing import Measured, Written, standing_in
from innovation.tables import read_table
from tests import make
from tests.pilots.test_sum_up_readings import kept, summed
from tests.pilots.typed import cell, held, typed
from tests.reading import turns_while_reading

LONG = """EMIS,Indicator,Term,Value,Learners,SD
930320001,Words read in a minute 1,2026-2,31.5,90,4.2
930320002,1,2026 term 2,28,,
930320003,Words read in a minute 1,baseline,20,85,
"""
WIDE = """School,Term,Words read in a minute 1,Words read in a minute 2,Words read in a minute 2 learners
930320001,2026-2,31.5,12,90
930320002,2026-2,28,,
"""
FAULTY = """EMIS,Indicator,Term,Value,Learners
930320001,1,2026-2,31.5,90
999999999,1,2026-2,30,
930320002,Sums done,2031-1,many,3.5
930320001,1,2026-2,33,
930320003,1,2026-2,,
"""


def checked(pilot: Pilot, text: str) -> Checked:
    table, register = read_table(text.encode(), "readings.csv"), register_of(pilot)
    return check(table, Layout(guess(table.columns, register)), register)


def brought_in(pilot: Pilot, text: str) -> list[Written]:
    owner = make.actor(pilot.idea.owner)
    return [import_readings(owner, pilot, given=given) for given in batches(checked(pilot, text))]


def test_a_row_for_each_reading_is_read_by_number_name_and_term(app: Flask) -> None:
    pilot = held()

    [written] = brought_in(pilot, LONG)

    cells = [cell(pilot, term="2026-2"), cell(pilot, 1, term="2026-2"), cell(pilot, 2, term="baseline")]
    assert written.new == 3
    assert [standing_in(cells)[of].measured for of in cells] == [
        Measured(31.5, 90, 4.2),
        Measured(28.0),
        Measured(20.0, 85),
    ]
    assert kept() == summed(pilot)


def test_a_column_for_each_indicator_is_read_with_its_learners_beside_it(app: Flask) -> None:
    pilot = held(indicators=2)

    [written] = brought_in(pilot, WIDE)

    of = cell(pilot, 0, 1, "2026-2")
    assert (written.new, standing_in([of])[of].measured) == (3, Measured(12.0, 90))


def test_a_second_run_adds_nothing_and_what_differs_is_corrected(app: Flask) -> None:
    pilot = held()
    brought_in(pilot, LONG)

    [again], [other] = brought_in(pilot, LONG), brought_in(pilot, LONG.replace("31.5", "33"))

    assert [(each.new, each.corrected, each.known) for each in (again, other)] == [(0, 0, 3), (0, 1, 2)]
    assert kept() == {key: pytest.approx(sums) for key, sums in summed(pilot).items()}


def test_every_fault_is_named_by_its_row_and_column(app: Flask) -> None:
    found = checked(held(), FAULTY)

    assert [(fault.row, fault.column) for fault in found.faults] == [
        *((3, "EMIS"), (4, "Term"), (4, "Indicator"), (4, "Value"), (5, "Value"), (6, "")),
    ]
    assert [row for row, _cell, _measured in found.readings] == [2]


def test_the_worker_imports_the_good_rows_and_tells_of_the_others(client: FlaskClient) -> None:
    pilot = held()
    owner, at = make.sign_in(client, pilot.idea.owner), f"/ideas/{pilot.idea.reference}/pilot/readings/import"

    sent = owner.post(at, data={"file": (io.BytesIO(FAULTY.encode()), "t.csv")}, content_type="multipart/form-data")
    seen = owner.get(sent.location)
    columns = {
        f"column_{target}": column
        for target, column in guess(FAULTY.split("\n")[0].split(","), register_of(pilot)).items()
    }
    owner.post(sent.location, data={**columns, "step": "preview"})
    mended = owner.get(f"{sent.location}?faults=csv")
    asked = owner.post(sent.location, data={**columns, "step": "import", "key": "k"})
    run_owed()

    db.session.expire_all()
    job = db.session.scalars(sa.select(Job)).one()
    told = db.session.scalars(sa.select(JobLine.what).order_by(JobLine.id)).all()
    assert (seen.status_code, "No site of the pilot" in seen.text) == (200, True)
    assert (
        mended.headers["Content-Disposition"].endswith('rows-to-mend.xlsx"')
        or "rows-to-mend.xlsx" in mended.headers["Content-Disposition"]
    )
    assert (asked.status_code, job.done, job.failed, list(told)) == (302, 1, 4, ["3", "4", "5", "6"])


def test_no_reading_is_skipped_where_the_pilot_changes_while_its_job_goes_on(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, "import_readings", replace(KINDS["import_readings"], batch=1))
    pilot = held()
    owner, at = make.sign_in(client, pilot.idea.owner), f"/ideas/{pilot.idea.reference}/pilot/readings/import"
    text = "EMIS,Indicator,Term,Value\n" + "".join(f"93032000{n},1,2026-2,{n}1\n" for n in (1, 2, 3))
    sent = owner.post(at, data={"file": (io.BytesIO(text.encode()), "t.csv")})
    columns = {f"column_{key}": name for key, name in guess(text.split("\n")[0].split(","), register_of(pilot)).items()}
    owner.post(sent.location, data={**columns, "step": "import", "key": "k"})
    job = db.session.scalars(sa.select(Job)).one()

    run(job.id, stopping=lambda: True)  # the worker is stopped after the first one
    first = min(pilot.sites, key=lambda site: site.id)
    first.emis, first.place = None, "Another name"
    db.session.commit()
    run_owed()

    db.session.expire_all()
    cells = [cell(pilot, n, term="2026-2") for n in range(3)]
    told = db.session.scalars(sa.select(JobLine.reasons)).one()
    assert (job.state, job.done, job.failed, told) == ("finished", 1, 2, [CHANGED])
    assert len(standing_in(cells)) == 1


def test_a_table_is_read_before_its_turn_to_write(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    pilot = held()
    owner, at = make.sign_in(client, pilot.idea.owner), f"/ideas/{pilot.idea.reference}/pilot/readings/import"
    turns = turns_while_reading(monkeypatch)

    sent = owner.post(at, data={"file": (io.BytesIO(FAULTY.encode()), "t.csv")})

    assert (sent.status_code, turns) == (302, [False])


def test_a_threshold_that_an_import_crosses_makes_the_pilot_ask(app: Flask) -> None:
    pilot = held()
    typed(pilot, {cell(pilot, term="2026-1"): Measured(30)})

    brought_in(pilot, LONG.replace("28", "8"))

    assert pilot.state == "asking"
