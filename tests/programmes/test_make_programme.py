"""An administrator makes a programme on a page, with its regions."""

from __future__ import annotations

from flask.testing import FlaskClient

from innovation.programmes.models import Programme
from tests import make

SENT = {"name": "Teachers' ideas", "key": "teachers", "provinces": "y"}


def test_a_programme_is_made_with_the_provinces_as_its_regions(client: FlaskClient) -> None:
    version = make.workflow()
    make.sign_in(client, make.staff("administrator"))

    answer = client.post("/programmes", data=SENT | {"workflow_version_id": version.id})

    made = make.first(Programme, key="teachers")
    assert answer.status_code == 302
    assert sorted(region.prefix for region in made.regions) == ["EC", "FS", "GP", "KZN", "LP", "MP", "NC", "NW", "WC"]


def test_provinces_that_are_missing_are_added_for_it(client: FlaskClient) -> None:
    version, _one = make.workflow(), make.province()
    make.sign_in(client, make.staff("administrator"))

    answer = client.post("/programmes", data=SENT | {"workflow_version_id": version.id})

    assert answer.status_code == 302
    assert len(make.first(Programme, key="teachers").regions) == 9


def test_a_key_that_is_taken_is_refused_and_what_was_typed_stays(client: FlaskClient) -> None:
    taken = make.programme("teachers")
    make.sign_in(client, make.staff("administrator"))

    answer = client.post("/programmes", data=SENT | {"workflow_version_id": taken.workflow_version_id})

    assert answer.status_code == 422
    assert "Teachers&#39; ideas" in answer.text


def test_a_manager_makes_none(client: FlaskClient) -> None:
    home = make.programme()
    make.sign_in(client, make.staff("manager"))

    answer = client.post("/programmes", data=SENT | {"workflow_version_id": home.workflow_version_id})

    assert answer.status_code == 403
    assert make.first(Programme, key="teachers") is None
