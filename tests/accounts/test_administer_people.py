"""People and roles: who sees whom, what administrators and managers may do, and the last administrator."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts import commands, queries
from innovation.accounts.models import Affiliation, Person, RoleGrant
from innovation.accounts.scopes import SITE
from innovation.db import db, now
from innovation.permission import SYSTEM, Forbidden
from tests import make
from tests.databases import statements
from workflows import Refused


def administrator(name: str = "Administrator") -> Person:
    person = make.staff("administrator", name)
    make.account(person)
    return person


def names(actor_of: Person, **by: str) -> list[str]:
    return [person.name for person in queries.list_people(make.actor(actor_of), **by).page.items]  # type: ignore[arg-type]


def test_a_manager_lists_who_has_a_role_in_the_programme(app: Flask) -> None:
    manager = make.staff("manager", "The manager")
    make.staff("coordinator", "Ours")
    make.staff("coordinator", "Theirs", programme_id=make.programme("other").id)
    make.funder_person(make.funder())
    make.person("Nobody's")

    assert names(manager) == ["Ours", "The manager"]


def test_a_manager_of_a_region_lists_the_region(app: Flask) -> None:
    manager = make.staff("manager", "The manager", region_id=make.region().id)
    make.staff("coordinator", "Of the region", region_id=make.region().id)
    make.staff("coordinator", "Of another", region_id=make.region("NW").id)

    assert names(manager) == ["Of the region", "The manager"]


def test_a_manager_finds_others_by_their_whole_email_only(app: Flask) -> None:
    manager = make.staff("manager", "The manager")
    other = make.person("Somebody else", email="else@gatehouse.example")

    whole = queries.list_people(make.actor(manager), q="Else@gatehouse.example")

    assert [person.name for person in whole.page.items] == ["Somebody else"]
    assert other.id not in whole.open_to
    assert names(manager, q="else") == []
    assert names(manager, q="Somebody") == []


def test_a_persons_page_outside_the_programme_is_not_there(client: FlaskClient) -> None:
    other = make.person()
    make.sign_in(client, make.staff("manager"))

    assert client.get(f"/people/{other.id}").status_code == 404
    assert client.post(f"/people/{other.id}/roles", data={}).status_code == 404


def test_the_list_is_filtered_sorted_and_exported_as_shown(client: FlaskClient) -> None:
    make.sign_in(client, make.staff("administrator", "Zandile Administrator"))
    make.staff("coordinator", "Bongi Coordinator")
    make.staff("coordinator", "Anna Coordinator")
    make.staff("facilitator", "Carl Facilitator")

    answer = client.get("/people?role=coordinator&sort=-name&export=csv")

    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["Name", "Bongi Coordinator", "Anna Coordinator"]
    assert "Gate coordinator: Innovation clinics programme" in lines[1]


def test_a_search_for_nobody_says_what_to_do(client: FlaskClient) -> None:
    make.sign_in(client, make.staff("administrator"))

    assert "Nobody fits" in client.get("/people?q=zzz&page=7&sort=nonsense").text


def test_people_are_found_by_the_beginnings_of_their_words(app: Flask) -> None:
    admin = administrator()
    make.person("Thabo Mokoena", email="Thabo.M@gatehouse.example")
    make.person("Mosa Thabethe", email=None)
    make.person("Renée Botha", email="rb@gatehouse.example")

    assert names(admin, q="tha mo") == ["Mosa Thabethe", "Thabo Mokoena"]
    assert names(admin, q="THABO@") == ["Thabo Mokoena"]
    assert names(admin, q="thabo.m@gatehouse.example") == ["Thabo Mokoena"]
    assert names(admin, q="rb@gate") == names(admin, q="renee") == names(admin, q="RENÉE") == ["Renée Botha"]
    assert names(admin, q="oena") == names(admin, q="tha zz") == []


@pytest.mark.parametrize(
    "address", [f"{'a' * 41}@gatehouse.example", f"{'a' * 41}.B@gatehouse.example", "x@y.z", "Bo@schü.example"]
)
def test_a_whole_address_is_found_however_long_its_words_are(app: Flask, address: str) -> None:
    person = make.person("Somebody", email=address)
    as_typed = address.upper() if address.isascii() else address

    invited = commands.invite_person(
        make.actor(administrator()), name="Somebody", email=as_typed, role="administrator", where="site"
    )

    assert names(administrator(), q=as_typed) == ["Somebody"]
    assert invited.id == person.id


def test_who_was_called_otherwise_is_found_by_the_new_name(app: Flask) -> None:
    admin = administrator()
    person = make.person("Lerato Before", email="before@gatehouse.example")
    db.session.flush()

    person.name, person.email = "Lerato After", "after@gatehouse.example"
    db.session.flush()

    assert names(admin, q="after@") == names(admin, q="lerato aft") == ["Lerato After"]
    assert names(admin, q="before") == names(admin, q="before@gatehouse.example") == []


def test_a_search_is_narrowed_by_role_and_sign_in_and_to_whom_a_manager_looks_after(app: Flask) -> None:
    manager = make.staff("manager", "Zodwa Manager")
    make.account(manager)
    make.staff("coordinator", "Zola Coordinator")
    make.staff("coordinator", "Zanele Elsewhere", programme_id=make.programme("other").id)

    assert names(administrator(), q="z") == ["Zanele Elsewhere", "Zodwa Manager", "Zola Coordinator"]
    assert names(manager, q="z") == ["Zodwa Manager", "Zola Coordinator"]
    assert names(manager, q="z", role="coordinator") == ["Zola Coordinator"]
    assert names(manager, q="z", state="signs_in") == ["Zodwa Manager"]


def test_of_many_who_have_the_words_the_newest_are_found(app: Flask) -> None:
    admin = make.actor(administrator())
    for number in range(4):
        make.person(f"Thabo {number}")

    query = queries.people_query(admin, q="thabo", most=2)

    assert [person.name for person in db.session.scalars(query)] == ["Thabo 2", "Thabo 3"]


def test_signs_of_a_pattern_are_searched_as_they_are(app: Flask) -> None:
    admin = administrator()

    assert names(admin, q="%") == []


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_thirty(app: Flask) -> None:
    admin = make.actor(administrator())
    with statements() as for_one:
        queries.list_people(admin, size=30)
    for _i in range(30):
        make.staff("facilitator")
    db.session.flush()

    with statements() as for_thirty:
        queries.list_people(admin, size=30)

    assert len(for_thirty) == len(for_one)


@pytest.mark.parametrize("role", ["coordinator", "facilitator", "funder_admin", "funder_member"])
def test_nobody_else_lists_people(client: FlaskClient, role: str) -> None:
    make.sign_in(client, make.staff(role))

    assert client.get("/people").status_code == 403


def test_a_stranger_is_sent_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/people").location == "/sign-in?next=/people"
    assert client.get("/people/1").location == "/sign-in?next=/people/1"


def test_a_role_given_twice_is_held_once(app: Flask) -> None:
    person, where = make.person(), f"programme:{make.programme().id}"

    first = commands.grant_role(SYSTEM, person, role="coordinator", where=where)
    second = commands.grant_role(SYSTEM, person, role="coordinator", where=where)

    assert first.id == second.id


def test_a_manager_gives_and_ends_roles_of_the_programme(app: Flask) -> None:
    manager, person = make.actor(make.staff("manager")), make.staff("coordinator")
    clinic = make.clinic()

    grant = commands.grant_role(manager, person, role="facilitator", where=f"clinic:{clinic.id}")
    commands.end_role(manager, grant)

    assert grant.clinic_id == clinic.id
    assert grant.ended_at is not None


def test_a_manager_ends_no_role_of_the_site_of_a_funder_or_of_another_manager(app: Flask) -> None:
    manager, person = make.actor(make.staff("manager")), make.staff("manager")
    make.grant(person, "administrator")
    make.grant(person, "funder_admin", funder_id=make.funder().id)
    db.session.commit()

    for grant in db.session.scalars(sa.select(RoleGrant).where(RoleGrant.person_id == person.id)).all():
        with pytest.raises(Forbidden):
            commands.end_role(manager, grant)


def test_the_last_administrator_stays(app: Flask) -> None:
    admin = administrator()
    grant = db.session.scalars(sa.select(RoleGrant)).one()
    without_sign_in = make.staff("administrator", "Has no sign-in")
    db.session.commit()

    with pytest.raises(Refused):
        commands.end_role(make.actor(admin), grant)
    with pytest.raises(Refused):
        commands.close_sign_in(make.actor(admin), admin)

    make.account(without_sign_in)
    commands.end_role(make.actor(admin), grant)
    assert grant.ended_at is not None


def test_closing_a_sign_in_ends_its_sessions_until_it_is_opened_again(client: FlaskClient) -> None:
    person = make.staff("coordinator")
    make.sign_in(client, person)
    with client.session_transaction() as session:
        token = session["_user_id"]

    commands.close_sign_in(SYSTEM, person)
    closed = queries.find_actor(token)
    commands.reopen_sign_in(SYSTEM, person)

    assert closed is None
    assert queries.find_actor(token) is None
    assert make.account(person).disabled_at is None


def test_a_manager_closes_nobodys_sign_in(client: FlaskClient) -> None:
    person = make.staff("coordinator")
    make.account(person)
    make.sign_in(client, make.staff("manager"))

    answer = client.post(f"/people/{person.id}/sign-in/closure")

    assert answer.status_code == 403
    assert "Close the sign-in" not in client.get(f"/people/{person.id}").text


def test_the_page_tells_why_the_last_administrator_stays(client: FlaskClient) -> None:
    admin = administrator()
    grant = db.session.scalars(sa.select(RoleGrant)).one()
    make.sign_in(client, admin)

    answer = client.post(f"/people/{admin.id}/roles/{grant.id}")

    assert answer.status_code == 409
    assert "last administrator" in answer.text


def test_a_role_of_another_person_is_not_there(client: FlaskClient) -> None:
    person, other = make.staff("coordinator"), make.staff("coordinator")
    grant = db.session.scalars(sa.select(RoleGrant).where(RoleGrant.person_id == other.id)).one()
    make.sign_in(client, make.staff("administrator"))

    assert client.post(f"/people/{person.id}/roles/{grant.id}").status_code == 404


def test_a_sign_in_follows_a_corrected_email(app: Flask) -> None:
    person = make.person(email="old@gatehouse.example")
    make.account(person)

    commands.correct_person(
        SYSTEM, person, name="Right name", email="New@gatehouse.example", position="Principal", phone=""
    )

    assert make.account(person).email == "new@gatehouse.example"


def test_two_people_cannot_sign_in_with_one_email(app: Flask) -> None:
    person, other = make.person(), make.person(email="taken@gatehouse.example")
    make.account(other)

    with pytest.raises(Refused):
        commands.correct_person(SYSTEM, person, name="Name", email="taken@gatehouse.example", position="", phone="")


def test_an_affiliation_names_a_real_school_or_an_organisation(client: FlaskClient) -> None:
    school, person = make.school(), make.staff("coordinator")
    make.sign_in(client, make.staff("administrator"))
    page = f"/people/{person.id}/affiliations"

    statuses = [
        client.post(page, data={"kind": "employer", "organisation": "", "school_emis": emis}).status_code
        for emis in (school.emis, "000000000", "")
    ]

    assert statuses == [302, 422, 422]
    assert school.name in client.get(f"/people/{person.id}").text


def test_an_affiliation_ends_and_stays_on_record(app: Flask) -> None:
    person = make.staff("coordinator")
    affiliation = make.add(Affiliation(person_id=person.id, organisation="Demo NGO"))

    commands.end_affiliation(SYSTEM, person, affiliation=affiliation)

    assert affiliation.ended_on == now().date()


def test_everything_is_on_the_persons_own_chain(app: Flask) -> None:
    from innovation.events import list_events

    person = make.person()
    grant = commands.add_role(SYSTEM, person, "administrator", SITE)
    make.account(administrator())
    commands.end_role(SYSTEM, grant)

    assert [event.kind for event in list_events(f"person:{person.id}")] == ["role_ended", "role_granted"]


def test_of_two_who_correct_a_person_at_once_the_second_is_told(client: FlaskClient) -> None:
    person = make.person("Name", email="p@gatehouse.example")
    make.sign_in(client, make.staff("administrator"))
    version = client.get(f"/people/{person.id}").text.split('name="version" value="')[1].split('"')[0]
    sent = {"email": "p@gatehouse.example", "position": "", "version": version}
    first = client.post(f"/people/{person.id}/details", data={**sent, "name": "By the first", "phone": ""})

    second = client.post(f"/people/{person.id}/details", data={**sent, "name": "By the second", "phone": "082"})

    assert (first.status_code, second.status_code) == (302, 409)
    assert db.session.get_one(Person, person.id).name == "By the first"
    assert ("Somebody else has just changed this" in second.text, "By the second" in second.text) == (True, True)
