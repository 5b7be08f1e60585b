"""Schools are listed, found from three letters, and mapped in groups, by those who may."""

from __future__ import annotations

from flask.testing import FlaskClient

from innovation.db import db
from innovation.places.models import School
from tests import make


def test_three_letters_find_a_school_as_json_and_as_a_list(client: FlaskClient) -> None:
    make.school("930320001", name="Thohoyandou Primary", search_text="thohoyandou primary 930320001")
    make.sign_in(client, make.person())

    as_json = client.get("/schools/options?q=tho", headers={"Accept": "application/json"})
    as_list = client.get("/schools/options?q=tho")

    assert [item["emis"] for item in as_json.get_json()] == ["930320001"]
    assert 'value="930320001"' in as_list.text


def test_a_school_is_found_by_its_district_of_today_and_by_its_old_one(client: FlaskClient) -> None:
    district = make.district("Alfred Nzo West", "ZA-EC")
    make.school("200300002", name="A M Bam", district_id=district.id, search_text="a m bam 200300002 mount frere")
    make.sign_in(client, make.staff("manager"))

    for asked in ("alfred nzo", "Mount Frere", "bam west"):
        found = client.get(f"/schools/options?q={asked}", headers={"Accept": "application/json"}).get_json()
        listed = client.get(f"/schools?q={asked}").text
        assert [item["emis"] for item in found] == ["200300002"]
        assert "200300002" in listed


def test_two_letters_and_nonsense_find_nothing(client: FlaskClient) -> None:
    make.school()
    make.sign_in(client, make.person())

    for asked in ("de", "%%%", "zzzz", "' OR 1=1"):
        assert (
            client.get("/schools/options", query_string={"q": asked}, headers={"Accept": "application/json"}).get_json()
            == []
        )


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    make.programme()

    assert client.get("/schools").status_code == 302


def test_an_owner_has_no_list_of_schools(client: FlaskClient) -> None:
    make.sign_in(client, make.person())

    assert client.get("/schools").status_code == 404
    assert client.get("/schools/unmapped").status_code == 404


def test_a_manager_maps_a_group(client: FlaskClient) -> None:
    district = make.district()
    make.school("930350286", district_id=None, old_district="VHEMBE")
    make.sign_in(client, make.staff("manager"))
    sent = {"province_code": "ZA-LP", "old_district": "VHEMBE", "district_id": district.id}

    page = client.get("/schools/unmapped")
    answer = client.post("/schools/unmapped", data=sent)

    assert "Vhembe" in page.text
    assert answer.status_code == 302
    db.session.expire_all()
    assert db.session.get_one(School, "930350286").district_id == district.id


def test_a_group_without_a_chosen_district_comes_back_with_the_error(client: FlaskClient) -> None:
    make.district()
    make.school("930350286", district_id=None, old_district="VHEMBE")
    make.sign_in(client, make.staff("manager"))

    answer = client.post("/schools/unmapped", data={"province_code": "ZA-LP", "old_district": "VHEMBE"})

    assert answer.status_code == 422
