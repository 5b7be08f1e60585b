"""Keeping one's own register of interests: added to, changed and ended, with everything that stood there kept."""

from __future__ import annotations

import datetime as dt

import pytest
from flask.testing import FlaskClient

from innovation.accounts import commands, queries
from innovation.accounts.models import Person, RegisteredInterest
from innovation.db import db
from innovation.permission import Forbidden, NotThere
from tests import make
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")


def register(whose: Person, kind: str = "employer", **more: object) -> RegisteredInterest:
    return commands.register_interest(make.actor(whose), whose, kind=kind, **({"organisation": "Demo trust"} | more))


def test_a_changed_entry_takes_the_place_of_the_earlier_one_which_is_kept() -> None:
    person = make.person()
    first = register(person)

    changed = commands.change_registered_interest(
        make.actor(person), first, kind="employer", organisation="Demo trust", until=dt.date(2026, 3, 1)
    )

    assert [entry.row for entry in queries.list_interests(person)] == [changed]
    assert [entry.row for entry in queries.list_earlier(changed)] == [first]


def test_an_entry_that_was_replaced_cannot_be_changed_again() -> None:
    person = make.person()
    first = register(person)
    commands.change_registered_interest(make.actor(person), first, kind="employer", organisation="Other trust")

    with pytest.raises(NotThere):
        queries.find_interest(make.actor(person), first.id)
    with pytest.raises(Refused, match="Somebody else"):
        commands.change_registered_interest(make.actor(person), first, kind="employer", organisation="Third trust")


def test_nobody_writes_into_the_register_of_somebody_else() -> None:
    person, other = make.person(), make.staff("administrator")
    entry = register(person)

    with pytest.raises(NotThere):
        queries.find_interest(make.actor(other), entry.id)
    with pytest.raises(Forbidden):
        commands.register_interest(make.actor(other), person, kind="employer", organisation="Demo trust")


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ({"kind": "hobby"}, "what kind"),
        ({"organisation": ""}, "Write the name"),
        ({"school_emis": "1"}, "no such number"),
        ({"district_id": 99}, "district of the list"),
        ({"since": dt.date(2026, 2, 1), "until": dt.date(2026, 1, 1)}, "before the first"),
    ],
)
def test_an_entry_that_says_nothing_sensible_is_refused(what: dict[str, object], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        register(make.person(), **what)


def test_the_page_adds_changes_and_shows_what_stood_there(client: FlaskClient) -> None:
    person, district = make.person(), make.district()
    make.sign_in(client, person)

    added = client.post("/account/interests", data={"kind": "district", "district_id": str(district.id)})
    entry = make.first(RegisteredInterest)
    sent = {"kind": "district", "district_id": str(district.id), "until": "2026-01-31"}
    client.post(f"/account/interests/{entry.id}", data=sent)
    db.session.expire_all()
    newest = queries.list_interests(person)[0].row
    page = client.get(f"/account/interests/{newest.id}").text

    assert (added.status_code, newest.until) == (302, dt.date(2026, 1, 31))
    assert ("What has ended" in client.get("/account/interests").text, "What stood there before" in page) == (
        True,
        True,
    )


def test_a_relative_needs_a_name(client: FlaskClient) -> None:
    make.sign_in(client, make.person())

    answer = client.post("/account/interests", data={"kind": "relative", "organisation": "Demo trust"})

    assert (answer.status_code, "Write the name of the relative" in answer.text) == (422, True)
