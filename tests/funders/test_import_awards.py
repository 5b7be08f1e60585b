"""Past awards from files: how columns are read, which funder is meant, what is doubtful, and the pages for it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db
from innovation.funders import award_import
from innovation.funders.award_files import reading_in
from innovation.funders.award_rows import Reading, check, columns_of, flat, guess
from innovation.funders.models import Award, Funder, WaitingAwards
from innovation.funders.org_ids import doubt_of, names_person
from innovation.funders.row_files import read_rows
from innovation.jobs import running
from innovation.jobs.models import Job, JobLine
from innovation.permission import SYSTEM
from tests import make
from tests.reading import turns_while_reading

GRANT = {
    "id": "360G-demo-1",
    "title": "Reading clubs",
    "description": "Clubs in twelve schools",
    "currency": "ZAR",
    "amountAwarded": 480000,
    "awardDate": "2025-03-01",
    "fundingOrganization": [{"id": "ZA-NPO-181-465", "name": "Demo past foundation"}],
    "recipientOrganization": [{"id": "ZA-CIP-1994-010680-08", "name": "Demo readers"}],
    "beneficiaryLocation": [{"name": "Vhembe East", "geoCode": "X1"}],
}
TABLE = (
    "Ref,Giver,What for,How much,Award Date\n"
    "a1,Demo past foundation,Reading clubs,480000,2025-03-01\n"
    "a2,Demo past foundation,Book boxes,lots,2025-03-01\n"
)
OWN = {"identifier": "Ref", "funder": "Giver", "title": "What for", "amount": "How much", "date": "Award Date"}


def rows(*grants: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    return read_rows("\n".join(map(json.dumps, grants)).encode(), "awards.jsonl")


@pytest.mark.parametrize(
    "column",
    [
        "Funding Org:0:Name",
        "fundingOrganization/0/name",
        "fundingOrganization:0:name",
        "FUNDER",
        "Funding Organisation",
    ],
)
def test_a_column_is_known_by_any_of_its_names(column: str) -> None:
    assert guess([column]) == {"funder": column}


def test_what_is_nested_in_json_is_read() -> None:
    row = flat(GRANT)

    checked = check(1, row, Reading(guess(columns_of([(1, row)]))))

    assert (checked.faults, checked.doubts) == ([], [])
    assert checked.values["funder_org_id"] == "ZA-NPO-181-465"
    assert (checked.values["region"], checked.values["recipient"]) == ("Vhembe East", "Demo readers")


def test_all_places_of_an_award_are_read_each_once_and_as_many_as_fit() -> None:
    several = GRANT | {
        "beneficiaryLocation": [{"name": name} for name in ("Limpopo", "Gauteng", "Limpopo", "Vhembe East")]
    }
    table = {
        "Beneficiary Location:0:Name": "Limpopo",
        "Beneficiary Location:1:Name": "",
        "Beneficiary Location:2:Name": "Gauteng",
    }
    many = GRANT | {"beneficiaryLocation": [{"name": f"A district with a long name {at}"} for at in range(20)]}
    own = {"Where": "Limpopo; Gauteng"}

    nested, in_table, cut = (
        check(1, row, Reading(guess(columns_of([(1, row)])))).values["region"]
        for row in (flat(several), flat(table), flat(many))
    )

    assert (nested, in_table) == ("Limpopo; Gauteng; Vhembe East", "Limpopo; Gauteng")
    assert cut == "; ".join(f"A district with a long name {at}" for at in range(6))
    assert check(1, own, Reading({"region": "Where"})).values["region"] == "Limpopo; Gauteng"


@pytest.mark.parametrize(
    ("identifier", "begins"),
    [
        ("ZA-NPO-181-465", ""),
        ("GB-CHC-1164883", ""),
        ("US-EIN-13-1684331", ""),
        ("NL-KVK-anything", ""),
        ("181-465", "This identifier does not begin"),
        ("ZA-NPO-12345678", "This does not look like"),
        ("ZA-PBO-930048078", "The list ZA-PBO is no longer used"),
    ],
)
def test_an_identifier_is_doubted_by_its_list(identifier: str, begins: str) -> None:
    doubt = doubt_of(identifier)

    assert doubt.startswith(begins)
    assert bool(doubt) == bool(begins)


def test_the_number_of_a_person_is_never_kept() -> None:
    number = "8001015009087"
    grant = flat(GRANT | {"recipientOrganization": [{"id": f"ZA-{number}", "name": "Somebody"}]})

    checked = check(1, grant, Reading(guess(grant)))

    assert names_person(number)
    assert names_person("800101 5009 087")
    assert (checked.values["recipient"], checked.values["recipient_org_id"]) == ("", "")
    assert len(checked.doubts) == 1


def test_nor_that_of_a_person_who_funds() -> None:
    grant = flat(GRANT | {"fundingOrganization": [{"id": "8001015009087", "name": "Demo person"}]})

    checked = check(1, grant, Reading(guess(grant)))

    assert (checked.values["funder"], checked.values["funder_org_id"]) == ("Demo person", "")
    assert [doubt.column for doubt in checked.doubts] == ["funder_org_id"]


def test_a_funder_is_known_by_its_identifier_under_another_name(app: Flask) -> None:
    award_import.import_awards(SYSTEM, award_import.plan_awards(rows(GRANT)))
    renamed = GRANT | {"id": "2", "fundingOrganization": [{"id": "ZA-NPO-181-465", "name": "DPF"}]}

    plan = award_import.import_awards(SYSTEM, award_import.plan_awards(rows(GRANT, renamed)))

    assert (len(plan.new), plan.unchanged, plan.funders) == (1, 1, {})
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Funder)) == 1


def test_an_identifier_and_a_name_of_two_funders_are_a_fault(app: Flask) -> None:
    make.funder("Demo other fund")
    award_import.import_awards(SYSTEM, award_import.plan_awards(rows(GRANT)))
    mixed = GRANT | {"id": "2", "fundingOrganization": [{"id": "ZA-NPO-181-465", "name": "Demo other fund"}]}

    plan = award_import.plan_awards(rows(mixed))

    assert [(fault.column, fault.message[:27]) for fault in plan.faults] == [
        ("funder_org_id", "This identifier belongs to ")
    ]


def test_a_manager_imports_with_columns_of_their_own(client: FlaskClient) -> None:
    manager = make.staff("manager")
    make.sign_in(client, manager)
    sent = {"file": (io.BytesIO(TABLE.encode()), "awards.csv"), "source": "A register", "currency": "zar"}

    step = client.post("/funders/awards/import", data=sent).headers["Location"]
    lacking = client.post(step, data={"step": "import"})
    chosen = {f"column_{target}": column for target, column in OWN.items()}
    looked = client.post(step, data=chosen | {"step": "preview"})
    asked = client.post(step, data=chosen | {"step": "import", "key": "k"})
    running.run_owed()

    assert (lacking.status_code, looked.status_code, asked.status_code) == (422, 200, 302)
    assert "Write the amount as a number" in looked.get_data(as_text=True)
    award = make.first(Award)
    assert (award.identifier, award.amount_minor, award.currency, award.source) == (
        "a1",
        480_000_00,
        "ZAR",
        "A register",
    )
    job = make.first(Job)
    assert (job.done, job.failed) == (1, 1)
    assert make.first(JobLine).reasons == ["Amount: Write the amount as a number, not below 0, such as 480000."]


def test_a_file_is_read_as_it_was_chosen_until_its_job_has_ended(client: FlaskClient) -> None:
    """Its rows are in the order of their funders: read otherwise, a job that goes on would leave some out."""
    make.sign_in(client, make.staff("manager"))
    sent = {"file": (io.BytesIO(TABLE.encode()), "awards.csv")}
    step = client.post("/funders/awards/import", data=sent).headers["Location"]
    chosen = {f"column_{target}": column for target, column in OWN.items()} | {"currency": "ZAR"}

    asked = [client.post(step, data=chosen | {"step": "import", "key": "k"}) for _n in range(2)]
    otherwise = client.post(step, data=chosen | {"column_funder": "What for", "step": "preview"})
    running.run_owed()
    afterwards = client.post(step, data=chosen | {"column_funder": "What for", "step": "preview"})

    assert [answer.status_code for answer in (*asked, otherwise, afterwards)] == [302, 302, 409, 200]
    assert asked[0].location == asked[1].location
    assert make.first(Funder).name == "Demo past foundation"


def test_a_file_is_read_before_its_turn_to_write(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    make.sign_in(client, make.staff("manager"))
    turns = turns_while_reading(monkeypatch)

    sent = client.post("/funders/awards/import", data={"file": (io.BytesIO(TABLE.encode()), "awards.csv")})

    assert (sent.status_code, turns) == (302, [False])


def test_the_first_value_of_a_column_is_that_of_the_first_row(client: FlaskClient) -> None:
    make.sign_in(client, make.staff("manager"))
    lacking = TABLE + "a3,,No giver,1000,2025-03-01\n"

    step = client.post("/funders/awards/import", data={"file": (io.BytesIO(lacking.encode()), "past.csv")}).location
    columns = {"column_identifier": "Ref", "column_funder": "Giver", "column_title": "What for"}

    text = client.post(step, data=columns | {"column_amount": "How much", "step": "preview"}).text

    assert [words in text for words in (">a1<", ">Reading clubs<", "No giver")] == [True, True, False]


def test_rows_with_faults_are_taken_along_mended_and_sent_again(client: FlaskClient) -> None:
    make.programme()
    make.sign_in(client, make.staff("manager"))
    several = TABLE + "a3,Demo past foundation,Maths games,90000,never\n"
    step = client.post(
        "/funders/awards/import", data={"file": (io.BytesIO(several.encode()), "past.csv"), "currency": "ZAR"}
    ).location

    client.post(step, data={f"column_{target}": column for target, column in OWN.items()})
    faulty = client.get(f"{step}?faulty=csv").get_data(as_text=True).removeprefix("\ufeff")
    mended = faulty.replace(",lots,", ",65000,").replace(",never,", ",2025-04-01,")
    again = read_rows(mended.encode(), "rows-with-faults.csv")

    lines = faulty.splitlines()
    assert lines[0] == "Ref,Giver,What for,How much,Award Date,Row,What is wrong"
    assert [line.split(",")[0] for line in lines[1:]] == ["a2", "a3"]
    assert "How much: Write the amount as a number" in lines[1]
    plan = award_import.plan_awards(again, reading=Reading(OWN, "", "ZAR"))
    assert (len(plan.new), plan.faults) == (2, [])


def test_a_currency_that_the_file_lacks_is_given_beside_its_columns(client: FlaskClient) -> None:
    make.programme()
    make.sign_in(client, make.staff("manager"))
    step = client.post("/funders/awards/import", data={"file": (io.BytesIO(TABLE.encode()), "past.csv")}).location
    chosen = {f"column_{target}": column for target, column in OWN.items()}

    looked = client.post(step, data=chosen | {"currency": "zar", "step": "preview"}).text

    assert 'name="currency" value="zar"' in looked
    assert "Write the currency" not in looked
    assert reading_in(make.first(WaitingAwards)) == Reading(OWN, "", "zar")


def test_mended_rows_are_read_as_their_file_was(client: FlaskClient) -> None:
    make.programme()
    make.sign_in(client, make.staff("manager"))
    first = {"file": (io.BytesIO(TABLE.encode()), "past.csv"), "currency": "ZAR", "source": "A register"}
    step = client.post("/funders/awards/import", data=first).location
    client.post(step, data={f"column_{target}": column for target, column in OWN.items()})
    mended = "Row,Ref,Giver,What for,How much,Award Date\n3,a2,Demo past foundation,Book boxes,65000,2025-03-01\n"

    again = client.post("/funders/awards/import", data={"file": (io.BytesIO(mended.encode()), "mended.csv")}).location
    other = client.post("/funders/awards/import", data={"file": (io.BytesIO(b"Ref,Who\na1,B"), "other.csv")}).location

    read = {step: reading_in(db.session.get_one(WaitingAwards, step.rsplit("/", 1)[1])) for step in (again, other)}
    assert read[again] == Reading(OWN, "A register", "ZAR")
    assert read[other] == Reading({}, "", "")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("deep.json", "[" * 100_000, "nested too deep"),
        ("empty.json", "{}", "There is no award in this file."),
        ("numbers.json", '[1, 2, "x", null]', "There is no award in this file."),
        ("long.csv", "Ref,Title\na1," + "A" * 200_000 + "\n", "A cell is longer than"),
    ],
)
def test_what_holds_no_awards_is_refused_in_words(client: FlaskClient, name: str, content: str, said: str) -> None:
    make.programme()
    make.sign_in(client, make.staff("manager"))

    answer = client.post("/funders/awards/import", data={"file": (io.BytesIO(content.encode()), name)})

    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


def test_the_file_is_nobody_elses(client: FlaskClient) -> None:
    waiting = WaitingAwards(
        key="a" * 32, person_id=make.staff("manager").id, name="a.csv", content=TABLE.encode(), options={}
    )
    make.add(waiting)
    make.sign_in(client, make.staff("manager", "Another"))

    assert client.get(f"/funders/awards/import/{waiting.key}").status_code == 404


def test_who_may_not_import_is_told_so(client: FlaskClient) -> None:
    make.sign_in(client, make.staff("coordinator"))

    assert client.get("/funders/awards/import").status_code == 403
