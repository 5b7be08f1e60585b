"""The directory, and a funder's profile, mandate and people."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.models import RoleGrant, Token
from innovation.db import db
from innovation.events import list_events
from innovation.funders import commands, queries
from innovation.funders.models import Funder
from innovation.permission import Forbidden, NotThere
from innovation.programmes.models import Topic
from tests import make
from tests.databases import statements
from tests.funders.watching import Fund, fund, listed, page
from workflows import Refused

LOOKS_FOR: dict[str, Any] = {
    "theme_keys": ["t6"],
    "phases": ["fp"],
    "provinces": ["ZA-LP"],
    "appetite_ready": "preferred",
    "appetite_piloting": "accepted",
    "ticket_min": "100 000",
    "ticket_max": "R750 000",
    "co_fund": "y",
    "instruments": ["grant"],
    "min_evidence": "E1",
    "windows-0-opens_on": "2027-02-01",
    "windows-0-closes_on": "2027-03-31",
    "windows-1-opens_on": "2026-11-01",
    "notes": "Visits first.",
}


def own(of: Fund) -> str:
    return f"/funders/{of.funder.key}"


# Directory and profile


def test_a_manager_adds_a_funder_whose_key_is_free_and_no_address_of_ours(app: Flask) -> None:
    manager = make.actor(make.staff("manager"))

    made = [commands.make_funder(manager, None, name=name, kind="TRUST") for name in ("Ideas", "A trust", "A: trust")]

    assert [each.key for each in made] == ["ideas-fund", "a-trust", "a-trust-2"]
    with pytest.raises(Refused):
        commands.make_funder(manager, None, name="a TRUST", kind="TRUST")


def test_who_keeps_no_funder_changes_none(app: Flask) -> None:
    csi, other = fund(), fund("Demo trust")

    for person in (csi.member, other.admin, make.staff("coordinator"), make.person()):
        with pytest.raises(Forbidden):
            commands.change_funder(make.actor(person), csi.funder, name="Mine", kind="TRUST")
        with pytest.raises(Forbidden):
            commands.change_mandate(make.actor(person), csi.funder, theme_keys=["t1"])
        with pytest.raises(Forbidden):
            commands.invite_to_funder(make.actor(person), csi.funder, name="A", email="a@gatehouse.example")


def test_a_stale_profile_is_told_so_and_keeps_what_was_typed(client: FlaskClient) -> None:
    csi = fund()
    sent = {"name": "Demo CSI fund", "kind": "TRUST", "description": "Typed with care.", "version": "1"}
    sent |= {"visibility": "hidden"}
    make.sign_in(client, csi.admin)

    first = client.post(f"/funders/{csi.funder.key}/profile", data=sent)
    second = client.post(f"/funders/{csi.funder.key}/profile", data=sent)

    assert (first.status_code, second.status_code) == (302, 409)
    assert "Typed with care." in second.text


def test_a_funder_is_not_known_by_the_identity_number_of_a_person(client: FlaskClient) -> None:
    csi = fund()
    sent = {"name": "Demo CSI fund", "kind": "INDIVIDUAL", "version": "1", "visibility": "hidden"}
    make.sign_in(client, csi.admin)

    kept = client.post(f"/funders/{csi.funder.key}/profile", data=sent | {"org_id": "8001015009087"})

    assert (kept.status_code, csi.funder.org_id) == (422, "")


def test_staff_list_funders_and_funders_people_do_not(client: FlaskClient) -> None:
    csi = fund()
    make.add(Funder(key="past", name="Foundation of the past", history={"n_dev": 12, "currency": "USD"}))
    db.session.commit()

    status, text = page(client, make.staff("coordinator"), "/funders")

    assert status == 200
    assert "Demo CSI fund" in text
    assert "Past awards only" in text
    only = page(client, make.staff("manager"), "/funders?mandate=no")[1]
    assert "Foundation of the past" in only
    assert "Demo CSI fund" not in only
    assert "Foundation of the past" in page(client, make.staff("manager"), "/funders?export=csv")[1]
    assert page(client, csi.member, "/funders")[0] == 404
    assert page(client, make.person(), "/funders")[0] == 404


def test_the_directory_asks_as_often_for_one_funder_as_for_thirty(client: FlaskClient) -> None:
    fund()
    manager = make.staff("manager")
    page(client, manager, "/funders")  # what is asked once in a process
    with statements() as few:
        page(client, manager, "/funders")
    for n in range(30):
        make.funder(f"Demo trust {n}")
    db.session.commit()

    with statements() as many:
        page(client, manager, "/funders")

    assert len(many) == len(few)


# The mandate


def test_each_change_of_the_mandate_is_a_version(client: FlaskClient) -> None:
    csi = fund()
    make.province()
    make.sign_in(client, csi.admin)

    sent = client.post(f"/funders/{csi.funder.key}/mandate", data=LOOKS_FOR | {"version": "1"})

    mandate = queries.givings_of(csi.funder)[0].mandate
    assert sent.status_code == 302
    assert mandate is not None
    assert (mandate.number, mandate.made_by_id) == (2, csi.admin.id)
    assert mandate.appetite == {"ready": "preferred", "piloting": "accepted"}
    assert (mandate.ticket_min_cents, mandate.ticket_max_cents) == (100_000_00, 750_000_00)
    assert (mandate.national, mandate.co_fund, mandate.provinces) == (False, True, ["ZA-LP"])
    assert mandate.windows == [["2026-11-01", None], ["2027-02-01", "2027-03-31"]]
    event = list_events(f"funder:{csi.funder.id}")[0]
    assert (event.kind, event.data["number"]) == ("mandate_changed", 2)


def test_a_fund_that_counts_what_it_gives_for_b_bbee_asks_for_the_certificate(client: FlaskClient) -> None:
    csi, idea = fund(), listed()
    make.province()
    make.sign_in(client, csi.admin)

    client.post(f"/funders/{csi.funder.key}/mandate", data=LOOKS_FOR | {"version": "1", "requires": ["b-bbee"]})

    mandate = queries.givings_of(csi.funder)[0].mandate
    assert mandate is not None
    assert mandate.requires == ["b-bbee"]
    assert "B-BBEE: certificate or affidavit of its level" in page(client, csi.admin, f"/funders/{csi.funder.key}")[1]
    assert 'value="b-bbee"' in page(client, idea.owner, f"/ideas/{idea.reference}/ask")[1]


def test_topics_goals_and_purposes_by_code_are_read_by_owners(client: FlaskClient) -> None:
    csi, idea = fund(), listed()
    make.add(Topic(programme_id=make.programme().id, key="numeracy", name="Numeracy"))
    make.province()
    db.session.commit()
    named = {"topic_keys": ["numeracy"], "goals": ["4.1", "4.c"], "purposes": ["11130"]}
    make.sign_in(client, csi.admin)

    sent = client.post(f"/funders/{csi.funder.key}/mandate", data=LOOKS_FOR | named | {"version": "1"})

    assert sent.status_code == 302
    text = page(client, idea.owner, f"/ideas/{idea.reference}/interests")[1] + page(client, csi.member, own(csi))[1]
    for words in ("Numeracy", "4.1 Primary and secondary education, 4.c Teachers", "11130 Teacher training"):
        assert words in text


def test_a_topic_is_not_both_looked_for_and_not_funded(client: FlaskClient) -> None:
    csi = fund()
    make.add(Topic(programme_id=make.programme().id, key="numeracy", name="Numeracy"))
    make.province()
    make.sign_in(client, csi.admin)

    both = {"topic_keys": ["numeracy"], "exclusions": ["numeracy"]}
    sent = client.post(f"/funders/{csi.funder.key}/mandate", data=LOOKS_FOR | both)

    assert sent.status_code == 422
    assert "A topic is ticked here and among those that you do not fund." in sent.text


def test_two_who_change_the_mandate_at_once_do_not_overwrite_each_other(client: FlaskClient) -> None:
    csi = fund()
    make.province()
    make.sign_in(client, csi.admin)
    address = f"/funders/{csi.funder.key}/mandate"

    first = client.post(address, data=LOOKS_FOR | {"version": "1"})
    second = client.post(address, data=LOOKS_FOR | {"version": "1", "notes": "Typed with care."})

    assert (first.status_code, second.status_code) == (302, 409)
    assert "Typed with care." in second.text


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"ticket_max": "50 000"}, "The most is less than the least amount."),
        ({"ticket_min": "plenty"}, "Write an amount in rand, such as 480 000."),
        ({"windows-0-closes_on": "2026-10-01"}, "This is before the first day."),
        ({"provinces": []}, "Tick the whole country, or at least one place."),
        ({"appetite_ready": "adored"}, "Not a valid choice."),
    ],
)
def test_a_mandate_that_makes_no_sense_is_shown_again_with_all_that_was_typed(
    client: FlaskClient, wrong: dict[str, Any], told: str
) -> None:
    csi = fund()
    make.province()
    make.sign_in(client, csi.admin)

    sent = client.post(f"/funders/{csi.funder.key}/mandate", data=LOOKS_FOR | wrong)

    assert sent.status_code == 422
    assert told in sent.text
    assert "Visits first." in sent.text


def test_the_mandate_page_is_for_keepers_and_strangers_find_nothing(client: FlaskClient) -> None:
    csi = fund()
    address = f"/funders/{csi.funder.key}/mandate"

    assert page(client, csi.admin, address)[0] == 200
    assert page(client, make.staff("manager"), address)[0] == 200
    assert page(client, csi.member, address)[0] == 403
    assert page(client, make.person(), address)[0] == 404


# People


def test_an_invited_person_can_act_for_the_fund_and_gets_a_link(app: Flask) -> None:
    csi = fund()

    person = commands.invite_to_funder(
        make.actor(csi.admin), csi.funder, name="Fund adviser", email=" Adviser@Gatehouse.example "
    )

    assert person.email == "adviser@gatehouse.example"
    assert make.actor(person).funder_ids == {csi.funder.id}
    assert make.first(Token, person_id=person.id).kind == "invitation"


def test_a_person_has_one_role_at_a_fund(app: Flask) -> None:
    csi = fund()

    commands.invite_to_funder(
        make.actor(csi.admin), csi.funder, name="As before", email=csi.member.email or "", role="funder_admin"
    )

    assert {grant.role for grant in make.actor(csi.member).grants} == {"funder_admin"}


def test_an_ended_role_opens_nothing_any_more(client: FlaskClient) -> None:
    csi = fund()
    grant = make.first(RoleGrant, person_id=csi.member.id)

    commands.end_funder_role(make.actor(csi.admin), grant)

    assert page(client, csi.member, "/funders/ideas")[0] == 404
    assert page(client, csi.member, f"/funders/{csi.funder.key}")[0] == 404


def test_roles_of_another_fund_are_not_there(client: FlaskClient) -> None:
    csi, other = fund(), fund("Demo trust")
    theirs = make.first(RoleGrant, person_id=other.member.id)
    make.sign_in(client, csi.admin)

    assert client.post(f"/funders/{csi.funder.key}/people/{theirs.id}/end").status_code == 404
    with pytest.raises(NotThere):
        queries.find_funder(make.actor(csi.admin), other.funder.key)
    with pytest.raises(Forbidden):
        commands.end_funder_role(make.actor(csi.admin), theirs)


def test_the_people_page_invites_and_says_what_is_wrong(client: FlaskClient) -> None:
    csi = fund()
    address = f"/funders/{csi.funder.key}/people"
    make.sign_in(client, csi.admin)

    wrong = client.post(address, data={"name": "Adviser", "email": "nowhere", "role": "funder_member"})
    right = client.post(address, data={"name": "Adviser", "email": "a@gatehouse.example", "role": "funder_member"})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert "Write an e-mail address" in wrong.text
    assert "a@gatehouse.example" in page(client, csi.member, address)[1]
    assert page(client, make.staff("coordinator"), address)[0] == 404
