"""What somebody tries who means harm, at the edges of the site."""

from __future__ import annotations

import re
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from innovation import worker
from innovation.accounts import throttling
from innovation.app import create_app
from innovation.db import db
from innovation.notifications.models import Message
from tests import make
from tests.accounts.test_invite_person import invite, secret
from tests.accounts.two_steps import EMAIL, is_signed_in, password_step, someone, with_app
from tests.conftest import FAST
from tests.meetings.sitting import Sitting

# Phones hold no session that another site could borrow: a code or a token of their own counts, and no cookie.
BY_TOKEN = {
    *("clinics.join_device", "clinics.receive_idea", "funders.alert_off"),
    *("pilots.receive_visit", "pilots.take_pilot_along"),
}
ELSEWHERE = [
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


# Other sites


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_a_form_of_another_site_is_not_offered_to_be_sent_again(
    database: dict[str, Any], headers: dict[str, str]
) -> None:
    app = create_app(**database, **FAST)
    with app.app_context():
        client = make.sign_in(app.test_client(), make.staff("administrator"))

        answer = client.post("/people/1/roles", data={"role": "administrator", "where": "site"}, headers=headers)

    assert answer.status_code == 400
    assert "Send again" not in answer.text
    assert 'name="role"' not in answer.text


def test_a_form_of_another_site_does_not_replace_the_cookie(database: dict[str, Any]) -> None:
    app = create_app(**database, **FAST)

    answer = app.test_client().post("/sign-out", headers={"Origin": "https://elsewhere.example"})

    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


def test_ones_own_form_that_is_out_of_date_can_still_be_sent_again(database: dict[str, Any]) -> None:
    app = create_app(**database, **FAST)
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}

    answer = app.test_client().post("/status", data={"reference": "LP26-0001"}, headers=headers)

    assert "Send again" in answer.text


# Names of hosts


def test_the_name_in_a_request_never_gets_into_a_mail(client: FlaskClient) -> None:
    someone()

    named = {"Host": "localhost:6666", "X-Forwarded-Host": "evil.example"}

    client.post("/forgotten-password", data={"email": EMAIL}, headers=named)
    worker.deliver_owed()

    text = db.session.scalars(sa.select(Message.text)).one()
    assert "http://127.0.0.1:5000/new-password/" in text
    assert ("evil.example" in text, "6666" in text) == (False, False)


def test_addresses_that_leave_the_site_are_those_of_the_settings(app: Flask, client: FlaskClient) -> None:
    app.config["SETTINGS"] = app.config["SETTINGS"].changed(base_url="https://gatehouse.example")
    sitting = Sitting(ideas=1)
    make.sign_in(client, sitting.person("chair"))
    client.post("/account/calendar")

    page = client.get("/account").text
    [calendar] = re.findall(r"https?://[^\s\"<]+/calendar/[^\s\"<]+[.]ics", page)
    feed = client.get(urlsplit(calendar).path, headers={"Host": "localhost:6666"}).text
    invitation = client.get(f"/meetings/{sitting.meeting.id}/invitation.ics", headers={"Host": "localhost:6666"}).text

    assert calendar.startswith("https://gatehouse.example/calendar/")
    assert [set(re.findall(r"https?://[^/\s]+/", text)) for text in (feed, invitation)] == [
        {"https://gatehouse.example/"}
    ] * 2


@pytest.mark.parametrize(
    ("hops", "headers", "status"),
    [
        (0, {"Host": "gatehouse.example", "X-Forwarded-Host": "evil.example"}, 200),
        (1, {"Host": "gatehouse.example", "X-Forwarded-Host": "evil.example"}, 400),
        (1, {"Host": "10.0.0.7:8000", "X-Forwarded-Host": "gatehouse.example"}, 200),
        (1, {"Host": "gatehouse.example", "X-Forwarded-Host": "gatehouse.example, evil.example"}, 400),
        (0, {"Host": "gatehouse.example.evil.example"}, 400),
        (0, {"Host": "gatehouse.example@evil.example"}, 400),
        (0, {"Host": "evil.example#gatehouse.example"}, 400),
    ],
)
def test_a_forwarded_name_counts_from_a_proxy_that_was_named_only(
    database: dict[str, Any], hops: int, headers: dict[str, str], status: int
) -> None:
    app = create_app(**database, **FAST, trusted_hosts=["gatehouse.example"], proxy_hops=hops)

    assert app.test_client().get("/sign-in", headers=headers).status_code == status


def test_an_address_that_somebody_claims_to_come_from_is_not_believed(client: FlaskClient) -> None:
    someone()
    tries = [
        client.post(
            "/sign-in", data={"email": EMAIL, "password": "wrong wrong"}, headers={"X-Forwarded-For": f"10.1.1.{n}"}
        ).status_code
        for n in range(6)
    ]

    assert tries == [422] * 5 + [429]


# Caches


def test_pages_behind_a_secret_are_kept_by_no_cache(client: FlaskClient) -> None:
    invite()
    link = f"/invitations/{secret()}"

    answers = [client.get(link), client.post(link, data={"password": "short"}), client.get("/new-password/unknown")]
    answers += [client.post("/status", data={"reference": "LP26-0001", "secret": "ABCD2345"})]

    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store"] * 4
    assert client.get("/sign-in").headers["Cache-Control"] == "no-cache"


def test_the_page_between_the_two_steps_is_kept_by_no_cache(client: FlaskClient) -> None:
    with_app(someone())
    password_step(client)

    assert client.get("/sign-in/second-step").headers["Cache-Control"] == "no-store"


def test_what_is_told_to_a_token_is_kept_by_no_cache(client: FlaskClient) -> None:
    answer = client.get("/visits/pilot", headers={"Authorization": "Bearer unknown"})

    assert answer.headers["Cache-Control"] == "no-store"


# Cookies


def test_behind_tls_no_sibling_site_can_plant_our_cookie(database: dict[str, Any]) -> None:
    app = create_app(**database, **FAST, secure_cookies=True)

    cookie = app.test_client().get("/sign-in").headers["Set-Cookie"]

    assert cookie.startswith("__Host-gatehouse=")
    assert "Path=/;" in f"{cookie};"
    assert "Domain=" not in cookie


# Guessing, and keeping others out


def test_everybody_behind_one_socket_of_both_kinds_is_not_one_address() -> None:
    assert throttling.network("::ffff:203.0.113.9") == "203.0.113.9"
    assert throttling.network("2001:db8::1") == "2001:db8::/64"


def test_the_owner_gets_in_from_their_network_while_somebody_guesses(client: FlaskClient, app: Flask) -> None:
    someone()
    home, later = {"REMOTE_ADDR": "2001:db8:1:2::aaaa"}, {"REMOTE_ADDR": "2001:db8:1:2::bbbb"}
    right = {"email": EMAIL, "password": make.PASSWORD}
    client.post("/sign-in", data=right, environ_overrides=home)
    for n in range(20):
        wrong = {"email": EMAIL, "password": "wrong wrong"}
        app.test_client().post("/sign-in", data=wrong, environ_overrides={"REMOTE_ADDR": f"203.0.113.{n}"})

    answer = app.test_client().post("/sign-in", data=right, environ_overrides=later)

    assert answer.status_code == 302


def test_asking_for_a_new_password_takes_as_long_for_a_stranger(client: FlaskClient) -> None:
    someone()
    taken = []

    for email in ("nobody@gatehouse.example", EMAIL):
        began = time.monotonic()
        client.post("/forgotten-password", data={"email": email})
        taken.append(time.monotonic() - began)

    assert min(taken) >= 0.15


@pytest.mark.parametrize("email", ["TEACHER@Gatehouse.Example", "  teacher@gatehouse.example "])
def test_case_and_space_do_not_matter_in_an_e_mail(client: FlaskClient, email: str) -> None:
    someone()

    client.post("/sign-in", data={"email": email, "password": make.PASSWORD})

    assert is_signed_in(client)


@pytest.mark.parametrize(
    "email",
    [EMAIL.replace("a", "\u0430"), EMAIL.replace("h", "\uff48"), EMAIL + "\u200b", "\u212aeeper@gatehouse.example"],
)
def test_letters_that_only_look_alike_sign_nobody_in_and_mail_nobody(client: FlaskClient, email: str) -> None:
    someone()
    someone("keeper@gatehouse.example")

    client.post("/sign-in", data={"email": email, "password": make.PASSWORD})
    client.post("/forgotten-password", data={"email": email})
    worker.deliver_owed()

    assert not is_signed_in(client)
    assert db.session.scalars(sa.select(Message)).all() == []


# Sessions


def test_a_session_from_before_opens_nothing_after_signing_in(client: FlaskClient) -> None:
    someone()
    client.get("/sign-in")
    with client.session_transaction() as session:
        session["_user_id"] = session["planted"] = "planted"

    password_step(client)

    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"] != "planted"


def _address(rule: Rule) -> str:
    """The address for the first thing of each kind."""
    values = {name: "themes" if name == "which" else 1 for name in rule.arguments}
    return rule.build(values)[1]  # type: ignore[index]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_no_address_changes_anything_without_the_token_of_a_form(database: dict[str, Any], method: str) -> None:
    app = create_app(**database, **FAST)
    with app.app_context():
        client = make.sign_in(app.test_client(), make.staff("administrator"))
        answers = {
            rule.rule: client.open(
                _address(rule),
                method=method,
                json={"csrf_token": "none"},
                headers={"X-CSRFToken": "none"},
            ).status_code
            for rule in app.url_map.iter_rules()
            if method in (rule.methods or ()) and rule.endpoint not in BY_TOKEN
        }

    assert set(answers.values()) <= {400}
    assert bool(answers) == (method == "POST")
