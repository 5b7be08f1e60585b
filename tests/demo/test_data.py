"""The demonstration's data beside its ideas agrees with itself and with what may ship."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.demo.reading import (
    ACCOUNTS,
    CLINICS,
    DATA,
    DISTRICTS,
    EDUCATION,
    EVIDENCE,
    FUNDERS,
    IDEAS,
    INSTRUMENTS,
    PHASES,
    PROGRAMME,
    every_funder,
    keys_of,
    rows,
    toml,
)


@pytest.mark.parametrize("code", ["D-MEAS", "D-BUDG", "D-RISK"])
def test_tables_have_the_columns_of_the_definition(code: str) -> None:
    deliverable = next(each for each in EDUCATION.deliverables if each.code == code)
    columns = {column.key for column in deliverable.columns}
    tables = [idea["deliverables"][code] for idea in IDEAS if "deliverables" in idea]

    keys = {frozenset(row) for table in tables for row in table}

    assert len(tables) >= 10
    assert keys == {frozenset(columns)}


def test_the_generic_answers_cover_every_deliverable_but_the_canvas() -> None:
    generic = toml("deliverables.toml")

    codes = {deliverable.code for deliverable in EDUCATION.deliverables}

    assert set(generic) == codes - {"D-CANVAS"}
    assert sum(row["share"] for row in generic["D-BUDG"]["rows"]) == 100
    for deliverable in EDUCATION.deliverables:
        answers = generic.get(deliverable.code, {}).get("answers", {})
        assert set(answers) <= {question.key for question in deliverable.questions}


def test_generic_answers_use_only_known_marks() -> None:
    text = (DATA / "deliverables.toml").read_text("utf-8")
    body = "\n".join(line for line in text.splitlines() if not line.startswith("#"))

    marks = set(re.findall(r"\{(\w+)\}", body))

    assert marks <= {"title", "district", "schools", "learners", "cost", "amount"}


def test_a_few_hundred_schools_ship_and_many_cannot_be_mapped() -> None:
    schools = rows("schools.csv")

    hard = Counter(
        row["province"]
        for row in schools
        if row["education_district"] in (".", "VHEMBE", "CAPRICORN", "MOPANI", "SEKHUKHUNE")
    )

    assert 290 <= len(schools) <= 350
    assert len({row["emis"] for row in schools}) == len(schools)
    assert {row["province"] for row in schools} == {"EC", "FS", "GT", "KZ", "LP", "MP", "NC", "NW", "WC"}
    assert min(hard["LP"], hard["MP"]) >= 15


def test_clinics_show_every_state_in_coded_form() -> None:
    states = {clinic["state"] for clinic in CLINICS.values()}

    assert states == {"planned", "open", "voting", "closed", "reported"}
    for clinic in CLINICS.values():
        province = clinic["province"].removeprefix("ZA-")
        assert clinic["code"] == f"CL-{province}-{clinic['date']:%Y-%m}"
        assert (clinic["province"], clinic["district"]) in DISTRICTS
        assert clinic["theme"] in keys_of("themes")
        assert clinic["topic"] in keys_of("topics")
        assert clinic["challenge"].startswith("How might we ")


@pytest.mark.parametrize("panel", PROGRAMME["panels"], ids=lambda panel: panel["key"])
def test_a_panel_has_enough_of_the_right_people(panel: dict[str, Any]) -> None:
    gate = EDUCATION.gate(panel["gate"])
    roles = Counter(seat["role"] for seat in panel["seats"])
    scoring = sum(roles[role] for role in ("chair", "cochair", "deputy", "member", "government", "practitioner"))

    unknown = [seat["account"] for seat in panel["seats"] if seat["account"] not in ACCOUNTS]

    assert unknown == []
    assert roles["chair"] == 1
    assert scoring >= gate.quorum
    assert panel.get("region", "LP") in keys_of("regions")
    if panel["gate"] in ("replication", "institutionalisation"):
        assert min(roles["government"], roles["practitioner"]) == 1


def test_accounts_are_roles_at_one_address_and_their_scopes_exist() -> None:
    funders = {funder["key"] for funder in FUNDERS}
    ideas = {idea["key"] for idea in IDEAS}
    for key, account in ACCOUNTS.items():
        named = {*account.get("owns", []), *account.get("contributes_to", [])}

        assert account["email"] == f"{key}@gatehouse.example"
        assert named <= ideas
        for grant in account["grants"]:
            assert grant.get("region", "LP") in keys_of("regions")
            assert grant.get("funder", "demo-csi-fund") in funders


@every_funder
def test_a_funder_of_the_demonstration_is_named_by_kind_and_has_a_sound_mandate(funder: dict[str, Any]) -> None:
    assert funder["name"].startswith("Demo ")
    assert funder.get("website", "") == ""
    for mandate in (funder["mandate"], *(each["mandate"] for each in funder.get("more", []))):
        _check_mandate(mandate)


def _check_mandate(mandate: dict[str, Any]) -> None:
    names = {name for _, name in DISTRICTS}
    assert set(mandate["themes"]) <= keys_of("themes")
    assert set(mandate["phases"]) <= PHASES
    assert set(mandate["exclusions"]) <= keys_of("topics")
    assert set(mandate["districts"]) <= names
    assert mandate["national"] == (mandate["provinces"] == [])
    assert set(mandate["appetite"]) <= {"ready", "piloting", "replicating", "institutionalised"}
    assert set(mandate["appetite"].values()) <= {"preferred", "accepted"}
    assert mandate["ticket_min"] < mandate["ticket_typical"] < mandate["ticket_max"]
    assert set(mandate["instruments"]) <= INSTRUMENTS
    assert mandate["min_evidence"] in EVIDENCE
    assert sum(key in mandate for key in ("open", "window_from", "windows")) == 1


def test_every_should_criterion_has_comments_for_each_level() -> None:
    said = toml("comments.toml")
    kinds = said["criterion_kinds"]
    criteria = {criterion.key for gate in EDUCATION.gates for criterion in gate.should}

    assert {key for keys in kinds.values() for key in keys} == criteria
    assert set(kinds) == set(said["comments"])
    assert {frozenset(levels) for levels in said["comments"].values()} == {frozenset({"low", "middle", "high"})}
    assert sum(len(texts) for levels in said["comments"].values() for texts in levels.values()) == 60
    assert len(said["feedback"]["sentences"]) == 20
    assert len(said["stop_lessons"]["sentences"]) == 12
    assert len(said["interests"]["sentences"]) == 10


def test_awards_belong_to_the_real_funders_that_ship() -> None:
    funders = [json.loads(line) for line in (DATA / "real_funders.jsonl").read_text("utf-8").splitlines()]
    awards = [json.loads(line) for line in (DATA / "awards.jsonl").read_text("utf-8").splitlines()]

    without = {award["funder"] for award in awards} - {funder["funder"] for funder in funders}

    assert without == set()
    assert {funder["pool"] for funder in funders} == {"us_intl"}
    assert len({award["id"] for award in awards}) == len(awards) == 300


def sentences() -> Iterator[tuple[str, str]]:
    for path in sorted(DATA.iterdir()):
        yield path.name, path.read_text("utf-8")


@pytest.mark.parametrize(("name", "text"), list(sentences()), ids=lambda value: value if len(value) < 40 else "")
def test_no_file_holds_a_stray_address_or_filler_text(name: str, text: str) -> None:
    stray = [
        address
        for address in re.findall(r"[\w.+-]+@[\w-]+\.[\w.-]+", text)
        if not address.endswith("@gatehouse.example")
    ]

    assert stray == []
    assert re.findall(r"lorem|ipsum|foo bar|TODO|TBD", text) == []


def test_sources_name_every_file_that_ships() -> None:
    told = (DATA / "SOURCES.md").read_text("utf-8")

    silent = [path.name for path in DATA.iterdir() if path.name != "SOURCES.md" and f"`{path.name}`" not in told]

    assert silent == []
