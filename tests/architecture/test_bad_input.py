"""Whatever is sent, the answer is a page that says what to do: never an error of ours, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from innovation.accounts.models import UserSession
from innovation.app import create_app
from innovation.db import db, now
from innovation.ideas.models import Idea
from tests import make
from tests.architecture.filled import Filled, one_of_each
from tests.architecture.stage import Stage
from tests.architecture.walk import read
from tests.conftest import FAST, Alone
from tests.stories.filling import PDF

TYPED = "Nobody shall lose this sentence."
NONSENSE = (
    "'; DROP TABLE idea; --",
    '" OR 1=1 --',
    "water-tank AND (",
    "NEAR(a b, 5)",
    "*",
    '"""',
    "%",
    "_",
    "\\",
    "{{ 7 * 7 }}",
    "<script>alert(1)</script>",
    "\x00",
    "a\x00b",
    "\ud83d",
    "🙂" * 300,
    "-1",
    "0",
    "99999999999999999999",
    "1e999",
    "NaN",
    "31 Feb",
    "2026-02-31",
    "٣",
    "²",
)
FILTERS = ("state", "gate", "region", "theme", "district", "clinic", "waiting")
PARAMETERS = ("q", "page", "sort", "export")


@pytest.fixture
def guarded(database: dict[str, Any]) -> Iterator[Flask]:
    """The application as it runs: it asks for the token of a form."""
    app = create_app(**database, **FAST)
    app.config.update(TESTING=True)
    app.test_client_class = Alone
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def facilitator(guarded: Flask) -> FlaskClient:
    clinic = make.clinic(code="CL-LP-2026-77")
    return make.sign_in(guarded.test_client(), make.staff("facilitator", clinic_id=clinic.id))


CAPTURE = "/ideas/new?clinic=CL-LP-2026-77"


@pytest.mark.parametrize("token", [None, "", "nonsense"])
def test_a_form_without_its_token_is_handed_back_with_what_was_typed(
    facilitator: FlaskClient, token: str | None
) -> None:
    sent = {"title": "Reading clubs", "problem": TYPED} | ({"csrf_token": token} if token is not None else {})

    response = facilitator.post(CAPTURE, data=sent)

    assert response.status_code == 400
    assert TYPED in response.text
    assert CAPTURE in [form.action for form in read(CAPTURE, response).forms]
    assert db.session.query(Idea).count() == 0


def test_the_token_of_another_browser_is_not_good_enough(guarded: Flask, facilitator: FlaskClient) -> None:
    stranger = guarded.test_client()
    token = read("/sign-in", stranger.get("/sign-in")).forms[0].values["csrf_token"][0]

    response = facilitator.post(CAPTURE, data={"csrf_token": token, "problem": TYPED})

    assert response.status_code == 400
    assert TYPED in response.text


def end_every_session() -> None:
    db.session.query(UserSession).update({"ended_at": now()})
    db.session.commit()


def test_a_form_sent_after_the_sign_in_has_ended_is_handed_back(guarded: Flask, facilitator: FlaskClient) -> None:
    token = read(CAPTURE, facilitator.get(CAPTURE)).forms[-1].values["csrf_token"][0]
    end_every_session()

    response = facilitator.post(CAPTURE, data={"csrf_token": token, "title": "Reading clubs", "problem": TYPED})

    page = read(CAPTURE, response)
    again = next(form for form in page.forms if form.action == CAPTURE)
    assert response.status_code == 401
    assert (again.values["problem"], "csrf_token" in again.names) == ([TYPED], True)
    assert any(link.startswith("/sign-in") for link in page.inside())


def test_a_stranger_without_anything_typed_is_sent_to_sign_in(guarded: Flask, facilitator: FlaskClient) -> None:
    token = read(CAPTURE, facilitator.get(CAPTURE)).forms[-1].values["csrf_token"][0]
    end_every_session()

    response = facilitator.post("/account/other-sessions", data={"csrf_token": token})

    assert (response.status_code, response.location.partition("?")[0]) == (302, "/sign-in")


def test_what_was_typed_beside_a_file_that_is_too_large_is_handed_back(
    guarded: Flask, facilitator: FlaskClient
) -> None:
    limit = guarded.config["MAX_CONTENT_LENGTH"]
    head = b'--x\r\nContent-Disposition: form-data; name="problem"\r\n\r\n' + TYPED.encode()
    file = b'\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="film.pdf"\r\n\r\n' + b"x" * limit
    body = head + file + b"\r\n--x--\r\n"

    response = facilitator.post(CAPTURE, data=body, content_type="multipart/form-data; boundary=x")

    assert response.status_code == 413
    assert TYPED in response.text


def test_a_password_is_never_handed_back(guarded: Flask) -> None:
    sent = {"email": "somebody@gatehouse.example", "password": "a very secret word"}

    response = guarded.test_client().post("/sign-in", data=sent)

    assert response.status_code == 400
    assert "a very secret word" not in response.text


def test_what_is_too_large_is_refused_before_it_is_read(guarded: Flask, facilitator: FlaskClient) -> None:
    limit = guarded.config["MAX_CONTENT_LENGTH"]

    response = facilitator.post(CAPTURE, data=b"x" * (limit + 1), content_type="application/octet-stream")

    assert response.status_code == 413
    assert "<h1" in response.text


def test_a_flood_of_fields_is_not_handed_back_as_a_larger_one(guarded: Flask) -> None:
    flood = "&".join(f"a{number}=b" for number in range(20_000))

    response = guarded.test_client().post("/sign-in", data=flood, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 400
    assert len(response.data) < 10_000


def test_a_text_that_is_too_large_is_refused(client: FlaskClient, app: Flask) -> None:
    make.clinic(code="CL-LP-2026-77")
    make.sign_in(client, make.staff("coordinator"))

    body = b'--x\r\nContent-Disposition: form-data; name="problem"\r\n\r\n' + b"x" * 2_500_000 + b"\r\n--x--\r\n"

    response = client.post(CAPTURE, data=body, content_type="multipart/form-data; boundary=x")

    assert response.status_code == 413


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"--x\r\nContent-Disposition: form-da", "multipart/form-data; boundary=x"),
        (b"garbage", "multipart/form-data"),
        (b"garbage", "multipart/form-data; boundary="),
        (b"\xff\xfe\xfa", "application/x-www-form-urlencoded"),
        (b"title=%FF%FE&problem=%C3%28", "application/x-www-form-urlencoded"),
        (b'{"title": "x"}', "application/json"),
        (b"{", "application/json"),
        (b"<xml/>", "text/xml"),
        (b"", ""),
    ],
)
def test_a_body_that_is_no_form_is_a_form_with_nothing_in_it(
    app: Flask, client: FlaskClient, body: bytes, kind: str
) -> None:
    clinic = make.clinic(code="CL-LP-2026-77")
    make.sign_in(client, make.staff("facilitator", clinic_id=clinic.id))

    response = client.post(CAPTURE, data=body, content_type=kind)

    assert response.status_code in (400, 415, 422)
    assert db.session.query(Idea).count() == 0


def test_a_stale_form_says_so_and_keeps_what_was_typed(app: Flask, client: FlaskClient) -> None:
    owner = make.person()
    idea = make.idea(owner)
    make.sign_in(client, owner)
    fresh = {"based_on": "1", "title": idea.title, "problem": "First", "summary": "First"}
    client.post(f"/ideas/{idea.reference}/canvas", data=fresh)

    response = client.post(f"/ideas/{idea.reference}/canvas", data={**fresh, "problem": TYPED})

    assert response.status_code == 409
    assert TYPED in response.text


def test_settings_that_are_stale_are_refused_with_what_was_typed(app: Flask, client: FlaskClient) -> None:
    make.sign_in(client, make.staff("manager"))
    programme = make.programme()
    address = f"/programmes/{programme.key}"

    response = client.post(address, data={"version": "0", "name": TYPED, "notice": TYPED})

    assert response.status_code == 409
    assert TYPED in response.text


@pytest.mark.parametrize("text", NONSENSE)
def test_no_list_minds_nonsense_in_its_address(stage: Stage, text: str) -> None:
    lists = ("/", "/search", "/people", "/schools", "/clinics", "/panels", "/reviews", "/funders", "/inbox", "/work")
    asked = quote(text, errors="surrogatepass")
    filtered = "&".join(f"{name}={asked}" for name in FILTERS)
    addresses = [f"{address}?{name}={asked}" for address in lists for name in PARAMETERS]
    addresses += [f"{address}?{filtered}" for address in lists] + [f"/?{name}={asked}" for name in FILTERS]

    errors = [address for address in addresses if stage.get("manager", address).status_code >= 500]

    assert errors == []


@pytest.mark.parametrize("number", ["0", "2147483648", "9" * 30])
def test_numbers_that_no_table_can_hold_are_not_found(stage: Stage, number: str) -> None:
    addresses = {
        rule.rule.replace("<int:" + name + ">", number)
        for rule in stage.app.url_map.iter_rules()
        if len(rule.arguments) == 1 and "<int:" in rule.rule and "GET" in (rule.methods or ())
        for name in rule.arguments
    }

    answers = {address: stage.get("administrator", address).status_code for address in addresses}

    assert len(addresses) >= 8
    assert set(answers.values()) <= {404}


@pytest.mark.parametrize("text", ["%00", "%FF", "%ED%A0%BD", "..%2F..%2Fetc%2Fpasswd", "%22%27", "a" * 3000])
def test_names_that_nothing_has_are_not_found(stage: Stage, text: str) -> None:
    areas = ("ideas", "clinics", "programmes", "funders", "static/0", "claim", "nowhere")
    addresses = [f"/{area}/{{}}" for area in areas]

    answers = {address: stage.get("manager", address.format(text)).status_code for address in addresses}

    assert set(answers.values()) <= {400, 404}


def _send(stage: Stage, address: str, text: str) -> TestResponse:
    """Every field of every form of a page filled with the same nonsense."""
    client = stage.client("owner")
    answers = [client.get(address)]
    for form in read(address, answers[0]).forms:
        if form.method == "post" and not form.action.startswith("/sign-out"):
            kept = {name: values[0] for name, values in form.values.items() if form.kinds.get(name) == "hidden"}
            data = kept | {name: text for name, kind in form.kinds.items() if kind not in ("hidden", "file")}
            answers.append(client.post(form.action, data=data))
    return max(answers, key=lambda answer: answer.status_code)


@pytest.mark.parametrize("text", NONSENSE)
def test_no_form_minds_nonsense_in_its_fields(stage: Stage, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    captured = stage.world.things["idea"]["captured"]
    addresses = ["/account", "/ideas/new", "/status"]
    addresses += [f"/ideas/{captured}/{part}" for part in ("canvas", "ask", "people", "owner", "deliverables")]
    addresses += [f"/ideas/{captured}/deliverables/{key}" for key in ("budget", "privacy", "permissions", "risks")]

    errors = {address: status for address in addresses if (status := _send(stage, address, text).status_code) >= 500}

    assert errors == {}


@pytest.mark.parametrize(
    ("persona", "address", "sent"),
    [
        ("manager", "/programmes/{programme}", {"name": "Only a name", "version": "1"}),
        ("manager", "/schools/unmapped", {"district_id": "no number"}),
        ("owner", "/ideas/{idea}/files", {"file": "a text and no file"}),
    ],
)
def test_fields_that_are_missing_or_of_another_kind_are_no_error_of_ours(
    stage: Stage, persona: str, address: str, sent: dict[str, str]
) -> None:
    things = stage.world.things
    address = address.format(programme=things["programme"]["home"], idea=things["idea"]["captured"])

    assert stage.client(persona).post(address, data=sent).status_code in (302, 409, 422)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_answered_and_change_nothing(stage: Stage, method: str) -> None:
    plain = sorted(rule.rule for rule in stage.app.url_map.iter_rules() if not rule.arguments)

    answers = {
        address: stage.client("administrator").open(address, method=method).status_code
        for address in plain
        if not address.startswith("/sign-out")
    }

    assert [address for address, status in answers.items() if status >= 500] == []


def test_no_form_minds_a_file_where_it_asks_for_a_text(stage: Stage, filled: list[Filled]) -> None:
    errors = {}

    for form in one_of_each(form for form in filled if form.texts):
        response = form.send(stage, **dict.fromkeys(form.texts, ("paper.pdf", PDF)))
        if response.status_code >= 500:
            errors[form.endpoint] = response.status_code
        if response.status_code < 400:
            stage.put_back()
            stage.clients.clear()

    assert errors == {}
