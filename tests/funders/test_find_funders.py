"""Who finds a funder, and whether the programme has checked that it is who it says."""

from __future__ import annotations

import csv
import io
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db
from innovation.events import list_events
from innovation.funders import commands, importing
from innovation.permission import Forbidden
from tests import make
from tests.funders.watching import Fund, fund, listed, page


def shown_to(of: Fund, visibility: str) -> Fund:
    of.funder.visibility = visibility
    db.session.commit()
    return of


def test_anybody_reads_what_those_funders_look_for_that_chose_so_and_no_other(client: FlaskClient) -> None:
    shown_to(fund("Open fund", notes="For our own people", beyond_money="Mentors"), "public")
    shown_to(fund("Members fund"), "members")
    shown_to(fund("Hidden fund"), "hidden")
    stale = shown_to(fund("Stale fund", beyond_money="Old words"), "public")
    make.first(make.Mandate, funder_id=stale.funder.id).stale_on = make.now().date()
    db.session.commit()

    answer = client.get("/funders/open")

    shown = ("Open fund", "Mentors", "Stale fund", "It looks for nothing at the moment.")
    told = [words in answer.text for words in shown]
    kept = ("Members fund", "Hidden fund", "For our own people", "Old words", "funder_admin")
    assert (answer.status_code, told) == (200, [True] * 4)
    assert [words for words in kept if words in answer.text] == []


def test_a_programme_that_is_not_listed_is_not_read_by_everybody(client: FlaskClient) -> None:
    csi = shown_to(fund("Open fund", beyond_money="Mentors"), "public")
    make.first(make.GrantProgramme, funder_id=csi.funder.id).listed = False
    db.session.commit()

    assert "Mentors" not in client.get("/funders/open").text


@pytest.mark.parametrize(("visibility", "found"), [("public", True), ("members", True), ("hidden", False)])
def test_owners_find_all_but_hidden_funders(client: FlaskClient, visibility: str, found: bool) -> None:
    csi, idea = shown_to(fund("Reading fund"), visibility), listed()

    text = page(client, idea.owner, f"/ideas/{idea.reference}/interests")[1]

    assert (csi.funder.name in text) == found


def test_the_programme_says_that_it_has_checked_a_funder_until_it_changes_who_it_is(client: FlaskClient) -> None:
    csi, manager, idea = fund("Reading fund"), make.staff("manager", "Manager"), listed()
    same = {"name": csi.funder.name, "kind": csi.funder.kind}
    address = f"/funders/{csi.funder.key}"
    before = page(client, csi.member, address)[1]

    make.sign_in(client, manager).post(f"{address}/verification", data={"answer": "yes"})
    seen = [page(client, who, at)[1] for who, at in ((csi.member, address), (manager, address))]
    by_owner = page(client, idea.owner, f"/ideas/{idea.reference}/interests")[1]
    commands.change_funder(make.actor(csi.admin), csi.funder, **same, description="New words")
    kept = csi.funder.verified_at
    commands.change_funder(make.actor(csi.admin), csi.funder, **same, org_id="ZA-NPO-1")

    assert "Not checked by the programme" in before
    assert ["Checked by the programme on" in text for text in (seen[0], by_owner)] == [True, True]
    assert "Checked by Manager on" in seen[1]
    assert (kept is not None, csi.funder.verified_at) == (True, None)
    kinds = [event.kind for event in list_events(f"funder:{csi.funder.id}")]
    assert kinds[::-1] == ["funder_verified", "funder_profile_changed", "funder_verified", "funder_profile_changed"]


def test_a_funder_does_not_check_itself_nor_does_staff_that_works_for_one(app: Flask) -> None:
    csi, both = fund(), make.funder_person(fund("Demo trust").funder)
    make.grant(both, "manager", programme_id=make.programme().id)
    db.session.commit()
    actors = [make.actor(person) for person in (csi.admin, both, make.staff("coordinator"))]

    for actor in actors:
        with pytest.raises(Forbidden):
            commands.verify_funder(actor, csi.funder, answer="yes")


def test_the_directory_and_its_export_say_who_finds_a_funder_and_when_it_was_checked(client: FlaskClient) -> None:
    csi, manager = shown_to(fund(), "public"), make.staff("manager")
    commands.verify_funder(make.actor(manager), csi.funder, answer="yes")
    shown_to(fund("Demo trust"), "hidden")

    rows = list(csv.reader(io.StringIO(page(client, manager, "/funders?export=csv")[1])))

    where = [rows[0].index(name) for name in ("Who may find it", "Checked on")]
    told = [[row[number] for number in where] for row in rows[1:]]
    assert told == [
        ["Anybody, without a sign-in", str(make.now().astimezone(ZoneInfo("Africa/Johannesburg")).date())],
        ["Only its own people and the programme", ""],
    ]


def test_a_file_that_changes_who_a_funder_is_ends_its_check(app: Flask) -> None:
    csi = fund("Reading fund")
    commands.verify_funder(make.actor(make.staff("manager")), csi.funder, answer="yes")
    plan = importing.plan_funders([(1, {"name": "Reading fund", "website": "https://fund.example"})], source="A file")

    importing.import_funders(make.actor(make.staff("administrator")), plan)

    assert (len(plan.changed), csi.funder.website, csi.funder.verified_at) == (1, "https://fund.example", None)
