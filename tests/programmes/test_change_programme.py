"""Settings are changed by managers, and a changed notice is a new version."""

from __future__ import annotations

from flask.testing import FlaskClient

from innovation.db import db
from innovation.programmes.models import Region, Theme
from tests import make


def test_a_changed_notice_is_a_new_version(client: FlaskClient) -> None:
    home = make.programme()
    home.notice = "The first notice."
    make.sign_in(client, make.staff("manager"))

    client.post(
        "/programmes/clinics", data={"name": home.name, "notice": "Another notice.", "responsible_party": "A body"}
    )

    db.session.refresh(home)
    assert (home.notice, home.notice_version) == ("Another notice.", 2)


def test_a_stale_save_keeps_what_was_typed(client: FlaskClient) -> None:
    home = make.programme()
    make.sign_in(client, make.staff("manager"))
    stale = home.version + 5

    answer = client.post(
        "/programmes/clinics", data={"name": "Typed name", "notice": "", "responsible_party": "", "version": stale}
    )

    assert answer.status_code == 409
    assert "Typed name" in answer.text


def test_themes_topics_and_regions_are_added_renamed_moved_and_retired(client: FlaskClient) -> None:
    home = make.programme()
    make.region()
    make.sign_in(client, make.staff("manager"))
    theme = make.first(Theme, key="t6")

    client.post("/programmes/clinics/themes", data={"themes-name": "Safe schools"})
    client.post(f"/programmes/clinics/themes/{theme.id}", data={"change": "up"})
    client.post(f"/programmes/clinics/themes/{theme.id}", data={"change": "retire"})
    client.post(
        "/programmes/clinics/regions",
        data={"regions-name": "Gauteng", "regions-prefix": "gp", "regions-province_code": ""},
    )

    db.session.expire_all()
    assert [item.name for item in home.themes] == [
        "Learner support and wellbeing",
        "Professionalising the teaching service",
        "Safe schools",
    ]
    assert db.session.get_one(Theme, theme.id).retired_at is not None
    assert make.first(Region, prefix="GP").name == "Gauteng"


def test_a_doubled_region_is_refused_in_words(client: FlaskClient) -> None:
    make.region("LP")
    make.sign_in(client, make.staff("manager"))

    answer = client.post(
        "/programmes/clinics/regions",
        data={"regions-name": "Limpopo", "regions-prefix": "LP", "regions-province_code": ""},
    )

    assert answer.status_code == 422
    assert "There is one called LP already." in answer.text


def test_a_coordinator_sees_no_settings_but_reads_the_workflow(client: FlaskClient) -> None:
    make.programme()
    make.sign_in(client, make.staff("coordinator"))

    assert client.get("/programmes/clinics").status_code == 404
    assert client.get("/workflows/education/1").status_code == 200
    assert client.get("/workflows/education/9").status_code == 404


def test_the_settings_page_shows_every_list(client: FlaskClient) -> None:
    make.region()
    make.sign_in(client, make.staff("manager"))

    page = client.get("/programmes/clinics")

    assert page.status_code == 200
    assert "Professionalising the teaching service" in page.text
