"""Grants in the shape of 360Giving: exact, valid, the same as JSON and flat, and silent about persons."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innovation.funders import giving, giving_codes
from innovation.funders.giving import Granted, Organisation
from innovation.tables import chunks_of
from tests.funders.held import faults_of, read_exactly, unflattened

AT = dt.datetime(2026, 11, 26, 12, 30, tzinfo=dt.UTC)


def granted(**other: Any) -> Granted:
    values: dict[str, Any] = {
        "key": "0a1b2c3d4e5f",
        "prefix": "360G-demo",
        "title": "Reading clubs",
        "summary": "Clubs that read after school.",
        "instrument": "grant",
        "instrument_name": "Grant",
        "in_kind": False,
        "currency": "ZAR",
        "awarded": 480_000_05,
        "disbursed": 120_000_00,
        "awarded_on": dt.date(2026, 10, 12),
        "modified_at": AT,
        "funder": Organisation("Demo trust", "ZA-NPO-123-456", "TRUST"),
        "recipient": Organisation("Readers of Limpopo", "ZA-CIP-2015-123456-08"),
        "programme": ("demo", "Demo programme"),
        "theme": ("t1", "Professionalising the teaching service"),
        "phases": ("fp", "ip"),
        "provinces": (("ZA-LP", "Limpopo"), ("ZA-GP", "Gauteng")),
        "districts": ("Vhembe East",),
        "country": "ZA",
        "place": "piloting",
        "standing": "active",
        "starts_on": "2026-09-01",
        "ends_on": "2027-03-31",
        "source": "https://gatehouse.example/",
    }
    return Granted(**(values | other))


def package(*grants: Granted) -> Any:
    about = {"title": "Commitments", "publisher": {"name": "Demo"}, "accessURL": "https://gatehouse.example/"}
    return read_exactly(giving.package_of(grants, issued=AT, **about))


def test_a_package_holds_against_the_published_schema() -> None:
    odd = granted(key="1", title="", recipient=None, in_kind=True, instrument="pro_bono", theme=("", ""), phases=())
    bare = granted(key="2", provinces=(), districts=(), starts_on="", ends_on="", place="elsewhere")

    found = package(granted(), odd, bare)

    assert faults_of(found) == []
    assert (found["version"], found["license"]) == ("1.4", "https://creativecommons.org/licenses/by/4.0/")


@pytest.mark.parametrize(
    ("damage", "where"),
    [
        ({"awardDate": "12 Oct 2026"}, "$.grants[0].awardDate"),
        ({"currency": "Rand"}, "$.grants[0].currency"),
        ({"fundingOrganization": []}, "$.grants[0].fundingOrganization"),
        ({"recipientIndividual": {"id": "x", "name": "y"}}, "$.grants[0]"),
    ],
)
def test_what_is_wrong_with_a_package_is_found(damage: dict[str, Any], where: str) -> None:
    found = package(granted())
    found["grants"][0] |= damage

    assert [fault.partition(": ")[0] for fault in faults_of(found)] == [where]


@given(st.integers(min_value=1, max_value=10**15))
def test_an_amount_is_written_digit_by_digit(minor: int) -> None:
    text = giving.written(giving.decimal_of(minor))

    assert text == f"{minor // 100}.{minor % 100:02}"


def test_a_flat_file_says_the_same_as_json_under_the_standards_titles() -> None:
    grants = [granted(), granted(key="1", recipient=None), granted(key="2", provinces=(), districts=())]
    columns, rows = giving.flat(grants)

    content = b"".join(chunks_of(columns, rows, "csv"))

    assert unflattened(content) == package(*grants)["grants"]


def test_a_title_that_a_spreadsheet_would_run_is_made_harmless() -> None:
    columns, rows = giving.flat([granted(title="=HYPERLINK(1)")])

    content = b"".join(chunks_of(columns, rows, "csv")).decode()

    assert "'=HYPERLINK(1)" in content


def test_an_individual_is_never_named_and_nothing_leads_to_them() -> None:
    found = package(granted(title="Clubs of one teacher", summary="She reads.", recipient=None))["grants"][0]

    assert found["recipientIndividual"] == {"id": "360G-demo-IND-0a1b2c3d4e5f", "name": "Individual Recipient"}
    assert found["title"] == "Funding for an idea of the programme Demo programme"
    assert found["description"].startswith("Funding for an idea of the programme Demo programme.")
    assert [place["name"] for place in found["beneficiaryLocation"]] == ["Limpopo", "Gauteng"]


def test_an_organisation_whose_name_is_not_known_is_told_by_its_number_or_not_at_all() -> None:
    grants = [granted(recipient=Organisation("", number)) for number in ("ZA-NPO-181-465", "")]

    found = [package(each)["grants"][0]["recipientOrganization"] for each in grants]

    assert found == [
        [{"id": "ZA-NPO-181-465", "name": "Registered organisation ZA-NPO-181-465"}],
        [{"id": "360G-demo-ORG-0a1b2c3d4e5f", "name": "Registered organisation"}],
    ]


def test_a_funder_who_is_a_person_is_not_named_either() -> None:
    found = package(granted(funder=Organisation("Somebody", "", "INDIVIDUAL")))["grants"][0]

    assert found["fundingOrganization"] == [{"id": "360G-demo-DONOR-0a1b2c3d4e5f", "name": "Individual funder"}]


def test_an_identifier_that_is_doubtful_or_names_a_person_is_not_passed_on() -> None:
    wrong = ("123", "ZA-NPO-12", "ZA-COA-8001015009087")

    found = [package(granted(recipient=Organisation("Readers", each)))["grants"][0] for each in wrong]

    assert {each["recipientOrganization"][0]["id"] for each in found} == {"360G-demo-ORG-Readers"}


def test_codes_are_those_of_the_lists() -> None:
    found = package(granted())["grants"][0]

    said = {each["vocabulary"]: each["code"] for each in found["classifications"]}
    assert found["fundingType"] == [{"vocabulary": "IATI FinanceType", "code": "110", "title": "Standard grant"}]
    assert said["IATI ActivityStatus"] == "2"
    assert said["IATI OrganisationType (funder)"] == "60"
    assert giving_codes.purposes_of(["ECD", "fp", "ip", "pset"], "t1") == ["11130", "11220", "11240", "11330", "11420"]
    assert giving_codes.purposes_of(["special"], "other") == []


def test_every_code_has_its_title() -> None:
    purposes = {code for codes in giving_codes.OF_PHASE.values() for code in codes} | set(
        giving_codes.OF_THEME.values()
    )
    states = set(giving_codes.OF_PLACE.values()) | set(giving_codes.OF_STANDING.values())

    assert purposes <= set(giving_codes.PURPOSES)
    assert states <= set(giving_codes.ACTIVITY)


def test_what_is_given_in_kind_says_so() -> None:
    kind = dataclasses.replace(granted(), instrument="access", instrument_name="Access", in_kind=True)

    found = package(kind)["grants"][0]

    assert found["fundingType"] == [{"vocabulary": "Gatehouse instrument", "code": "access", "title": "Access"}]
    assert found["description"].endswith("In kind: the amount is the value that the funder states.")
