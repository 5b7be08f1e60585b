"""A register of schools is read as it is written, and nothing in it is guessed or dropped."""

from __future__ import annotations

import pytest
from flask import Flask

from innovation.db import db
from innovation.permission import SYSTEM
from innovation.places import commands, queries
from innovation.places.models import District, School
from innovation.places.names import coordinates, province_code
from innovation.tables import Table, TableFault, read_table

HEADER = (
    "NatEmis,Province,Official_Institution_Name,EIDistrict,EICircuit,Quintile,GIS_Longitude,GIS_Latitude,Learners2024"
)


def register(*rows: str) -> Table:
    return read_table("\n".join((HEADER, *rows)).encode(), "register.csv")


@pytest.fixture(autouse=True)
def districts(app: Flask) -> None:
    commands.load_districts(SYSTEM)


def test_there_are_seventy_five_districts_however_often_they_are_loaded() -> None:
    count = commands.load_districts(SYSTEM)

    assert count == 75


def test_a_school_is_found_under_its_district_of_today_by_the_name_of_then() -> None:
    report = commands.import_schools(SYSTEM, register("200300002,EC,A M BAM JP SCHOOL,MT FRERE,07,3,28.14,-32.33,35"))

    school = db.session.get_one(School, "200300002")
    assert (report.made, report.unmapped) == (1, {})
    assert school.district is not None
    assert (school.district.name, school.old_district, school.learners) == ("Alfred Nzo West", "MT FRERE", 35)


def test_a_school_of_a_district_that_was_split_keeps_its_old_name_and_waits() -> None:
    report = commands.import_schools(
        SYSTEM, register("930350286,LP,GILBERT PRIMARY,VHEMBE,MUTSHINDUDI,3,30.5,-22.8,361")
    )

    school = db.session.get_one(School, "930350286")
    assert report.unmapped == {"ZA-LP": 1}
    assert (school.district_id, school.old_district, school.province_code) == (None, "VHEMBE", "ZA-LP")
    assert [found.emis for found in queries.search_schools("vhembe gil")] == ["930350286"]
    assert [found.emis for found in queries.search_schools("limpopo gil")] == ["930350286"]


def test_the_second_run_of_the_same_register_changes_nothing() -> None:
    rows = register("700400748,GT,EASTSIDE PRIMARY,TSHWANE SOUTH,TS3,NOT APPLICABLE,28.3,-25.8,72")
    commands.import_schools(SYSTEM, rows)

    report = commands.import_schools(SYSTEM, rows)

    assert (report.made, report.changed, report.unchanged) == (0, 0, 1)


def test_faulty_rows_are_named_by_row_and_column_and_the_rest_goes_in() -> None:
    report = commands.import_schools(
        SYSTEM,
        register("12,LP,SHORT,VHEMBE,,3,,,", "930350286,Mars,FAR,VHEMBE,,3,,,", "930350287,LP,GOOD,WATERBERG,,3,,,"),
    )

    assert [(fault.row, fault.column) for fault in report.faults] == [(2, "NatEmis"), (3, "Province")]
    assert report.made == 1


def test_a_file_without_emis_numbers_is_refused_in_words() -> None:
    with pytest.raises(TableFault) as fault:
        commands.import_schools(SYSTEM, read_table(b"School,Province\nA,LP\n", "a.csv"))

    assert fault.value.reasons == ("The file has no column for: EMIS number.",)


def test_a_group_is_mapped_once_and_its_name_is_remembered() -> None:
    commands.import_schools(SYSTEM, register("930350286,LP,GILBERT PRIMARY,VHEMBE,,3,,,"))
    east = db.session.query(District).filter_by(name="Vhembe East").one()

    count = commands.map_schools(SYSTEM, east, province_code="ZA-LP", old_district="VHEMBE")
    report = commands.import_schools(SYSTEM, register("930350299,LP,OTHER PRIMARY,VHEMBE,,3,,,"))

    assert (count, report.unmapped) == (1, {})
    assert db.session.get_one(School, "930350299").district_id == east.id


@pytest.mark.parametrize(
    ("longitude", "latitude", "expected"),
    [
        ("28.1", "-32.3", (28.1, -32.3)),
        ("-32.3", "28.1", (28.1, -32.3)),
        ("2814426", "-3233786", (28.14426, -32.33786)),
        ("0", "0", None),
        ("", "", None),
    ],
)
def test_coordinates_are_mended_only_where_that_puts_them_into_the_country(
    longitude: str, latitude: str, expected: tuple[float, float] | None
) -> None:
    assert coordinates(longitude, latitude) == expected


@pytest.mark.parametrize("written", ["GT", "GP", "Gauteng", "ZA-GP", "gauteng"])
def test_a_province_is_known_by_every_code_that_registers_use(written: str) -> None:
    assert province_code(written) == "ZA-GP"
