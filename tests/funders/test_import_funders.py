"""Funders and awards from files: planned, written once, and told row by row what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from innovation.cli.import_funders import awards, funders
from innovation.db import db
from innovation.funders import award_import, importing, queries
from innovation.funders.models import Award, Funder
from innovation.funders.row_files import read_rows
from innovation.permission import SYSTEM, Forbidden
from innovation.tables import TableFault
from tests import make
from tests.funders.watching import page

DATA = Path(importing.__file__).parent.parent / "demo" / "data"
CSV = (
    "Identifier,Title,Description,Currency,Amount Awarded,Award Date,Funding Org:Identifier,Funding Org:Name\n"
    "360G-1,Books for clubs,Book boxes,ZAR,250000.50,2025-03-01,ZA-1,Demo past foundation\n"
    "360G-2,Readers,Pay for readers,ZAR,lots,2025-03-01,ZA-1,Demo past foundation\n"
    "360G-1,Twice,Twice,ZAR,1,2025-03-01,ZA-1,Demo past foundation\n"
)


def rows(text: str, name: str = "awards.csv") -> list[tuple[int, dict[str, object]]]:
    return read_rows(text.encode(), name)


def test_real_funders_keep_their_figures_and_are_never_matched(client: FlaskClient) -> None:
    content = (DATA / "real_funders.jsonl").read_bytes()

    plan = importing.plan_funders(read_rows(content, "real_funders.jsonl"), source="Published grants")
    importing.import_funders(SYSTEM, plan)

    arnold = make.first(Funder, name="Arnold Ventures")
    assert (len(plan.new), plan.faults) == (21, [])
    assert (arnold.history["n_dev"], arnold.history["currency"], arnold.source) == (280, "USD", "Published grants")
    assert arnold.visibility == "hidden"
    assert queries.givings_of(arnold) == []
    status, text = page(client, make.staff("manager"), f"/funders/{arnold.key}")
    assert status == 200
    assert "USD 336\u00a0002" in text
    assert "Past awards only" in text


def test_a_second_run_changes_nothing(app: Flask) -> None:
    for _i in range(2):
        content = (DATA / "awards.jsonl").read_bytes()
        plan = award_import.plan_awards(read_rows(content, "awards.jsonl"))
        award_import.import_awards(SYSTEM, plan)

    assert (len(plan.new), len(plan.changed), plan.unchanged) == (0, 0, 300)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Award)) == 300


def test_good_rows_of_a_360giving_table_arrive_and_bad_ones_are_named(app: Flask) -> None:
    plan = award_import.plan_awards(rows(CSV), source="A register")
    award_import.import_awards(SYSTEM, plan)

    award = make.first(Award)
    assert [(fault.row, fault.column) for fault in plan.faults] == [(3, "amount"), (4, "identifier")]
    assert (award.identifier, award.amount_minor, award.currency) == ("360G-1", 250_000_50, "ZAR")
    assert (str(award.awarded_on), award.source) == ("2025-03-01", "A register")


def test_an_award_that_was_put_right_is_changed_not_doubled(app: Flask) -> None:
    award_import.import_awards(SYSTEM, award_import.plan_awards(rows(CSV)))

    plan = award_import.plan_awards(rows(CSV.replace("250000.50", "300000")))
    award_import.import_awards(SYSTEM, plan)

    assert len(plan.changed) == 1
    assert [award.amount_minor for award in db.session.scalars(sa.select(Award))] == [300_000_00]


def test_a_funder_that_only_awards_name_has_its_figures_counted(app: Flask) -> None:
    lines = [
        {"id": f"a{n}", "funder": "Demo past foundation", "title": f"Grant {n}", "amount": n * 100, "currency": "ZAR"}
        | {"date": f"20{n:02d}-01-01", "theme": "education" if n % 2 else "arts"}
        for n in range(10, 21)
    ]

    award_import.import_awards(SYSTEM, award_import.plan_awards(rows("\n".join(map(json.dumps, lines)), "a.jsonl")))

    history = make.first(Funder, name="Demo past foundation").history
    assert (history["n_dev"], history["currency"]) == (11, "ZAR")
    assert (history["amount_p10"], history["amount_p50"], history["amount_p90"]) == (1100, 1500, 1900)
    assert (history["first"], history["last"]) == ("2010-01-01", "2020-01-01")
    assert history["themes"] == {"arts": 6, "education": 5}


def test_the_json_of_360giving_is_read(app: Flask) -> None:
    grant = {
        "id": "360G-9",
        "title": "Clubs",
        "currency": "GBP",
        "amountAwarded": 1000,
        "awardDate": "2024-05-06T00:00:00Z",
        "fundingOrganization": [{"id": "GB-1", "name": "A trust abroad"}],
    }

    plan = award_import.plan_awards(rows(json.dumps({"grants": [grant]}), "grants.json"))

    assert plan.faults == []
    assert (plan.new[0]["funder"], plan.new[0]["amount_minor"]) == ("A trust abroad", 100_000)


@pytest.mark.parametrize(
    ("content", "name"), [(b"", "a.jsonl"), (b"{not json\n{", "a.jsonl"), (b"\xff\xfe\x00", "a.json"), (b"", "a.csv")]
)
def test_a_file_that_cannot_be_read_says_so(content: bytes, name: str) -> None:
    with pytest.raises(TableFault):
        read_rows(content, name)


def test_funders_arrive_from_a_table_with_their_figures(app: Flask) -> None:
    table = (
        "Funder,Kind,Currency,N_dev,Amount_p10,Amount_p50,Amount_p90,Education_share,Themes,Top_terms\n"
        'Demo past foundation,FOUNDATION,ZAR,12,1000,2500.5,9000,0.4,literacy: 9; arts: 3,"reading, clubs"\n'
        "Demo second foundation,FOUNDATION,ZAR,many,1000,2500,inf,0.4,literacy,\n"
    )

    plan = importing.plan_funders(rows(table, "funders.csv"))
    importing.import_funders(SYSTEM, plan)
    again = importing.plan_funders(rows(table, "funders.csv"))

    history = make.first(Funder, name="Demo past foundation").history
    assert (history["n_dev"], history["amount_p50"], history["education_share"]) == (12, 2500.5, 0.4)
    assert (history["themes"], history["top_terms"]) == ({"literacy": 9, "arts": 3}, ["reading", "clubs"])
    assert [(f.row, f.column) for f in plan.faults] == [(3, "n_dev"), (3, "amount_p90"), (3, "themes")]
    assert (len(again.new), len(again.changed), again.unchanged) == (0, 0, 1)


AWARD = {"id": "a1", "funder": "Demo past foundation", "title": "Clubs", "currency": "ZAR", "amount": 5}


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"amount": "1e999999999"}, "amount"),
        ({"amount": float("nan")}, "amount"),
        ({"amount": float("inf")}, "amount"),
        ({"amount": "1e20"}, "amount"),
        ({"amount": None}, "amount"),
        ({"amount": [1]}, "amount"),
        ({"funder": None, "fundingOrganization": ["A trust"]}, "funder"),
        ({"date": "31/12/2025"}, "date"),
        ({"currency": "rand"}, "currency"),
    ],
)
def test_a_row_of_nonsense_is_named_and_nothing_breaks(app: Flask, change: dict[str, object], column: str) -> None:
    plan = award_import.plan_awards(rows(json.dumps(AWARD | change), "a.jsonl"))

    assert [(fault.row, fault.column) for fault in plan.faults] == [(1, column)]


def test_a_funder_of_nonsense_is_named_and_nothing_breaks(app: Flask) -> None:
    lines = '[{"name": "A", "kind": ["TRUST"]}, {"name": "B", "n_dev": NaN}, {"name": "C", "themes": [1]}, 7,'
    lines += '{"name": "D", "org_id": "8001015009087"}]'

    plan = importing.plan_funders(rows(lines, "funders.json"))

    columns = ["kind", "n_dev", "themes", "funder", "org_id"]
    assert [(f.row, f.column) for f in plan.faults] == list(enumerate(columns, 1))


def test_characters_that_no_database_keeps_are_left_out(app: Flask) -> None:
    line = json.dumps(AWARD | {"title": "Clu\0bs \ud800 for all"})

    award_import.import_awards(SYSTEM, award_import.plan_awards(rows(line, "a.jsonl")))

    assert make.first(Award).title == "Clubs  for all"


def test_an_award_without_a_currency_has_that_of_its_funders_figures(app: Flask) -> None:
    funders_file = json.dumps({"funder": "Demo past foundation", "currency": "GBP", "n_dev": 3})
    importing.import_funders(SYSTEM, importing.plan_funders(rows(funders_file, "funders.jsonl")))

    plan = award_import.plan_awards(rows(json.dumps(AWARD | {"currency": ""}), "a.jsonl"))

    assert plan.new[0]["currency"] == "GBP"


def test_only_managers_and_administrators_import_awards(app: Flask) -> None:
    award_import.import_awards(make.actor(make.staff("manager")), award_import.AwardPlan())

    with pytest.raises(Forbidden):
        award_import.import_awards(make.actor(make.staff("coordinator")), award_import.AwardPlan())


def test_a_rehearsal_writes_nothing_and_faults_end_in_an_error(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GATEHOUSE_INSTANCE", str(app.config["SETTINGS"].instance))
    file = tmp_path / "awards.csv"
    file.write_text(CSV, encoding="utf-8")

    rehearsed = CliRunner().invoke(awards, [str(file), "--dry-run"])
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Award))
    db.session.rollback()
    written = CliRunner().invoke(awards, [str(file)])
    named = CliRunner().invoke(funders, [str(DATA / "real_funders.jsonl")])

    assert (rehearsed.exit_code, written.exit_code, named.exit_code) == (1, 1, 0)
    assert "There would be 1 new" in rehearsed.output
    assert before == 0
    assert "Row 3, column amount" in written.output
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Award)) == 1
