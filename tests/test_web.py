"""The plumbing of the web holds against addresses that were made up to harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from innovation.app import create_app
from innovation.web import safe_next
from tests.conftest import FAST


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "/\t/elsewhere.example",
        "\t//elsewhere.example",
        "/\n/elsewhere.example",
        " //elsewhere.example",
        "https:elsewhere.example",
        "javascript:alert(1)",
        "/a\\b",
        "///elsewhere.example",
        "\u2215\u2215elsewhere.example",
        "/inbox\r\nSet-Cookie: a=b",
        "inbox",
        "",
        None,
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(target: str | None) -> None:
    assert safe_next(target) is None


def test_a_page_of_this_site_is_gone_on_to() -> None:
    assert safe_next("/ideas/LP26-0001?history=all") == "/ideas/LP26-0001?history=all"


@pytest.mark.parametrize(("host", "status"), [("gatehouse.example", 200), ("elsewhere.example", 400)])
def test_a_name_that_is_not_ours_is_answered_in_plain_words(
    database: dict[str, Any], tmp_path: Path, host: str, status: int
) -> None:
    app = create_app(**database, **FAST, trusted_hosts=["gatehouse.example"])

    answer = app.test_client().get("/sign-in", headers={"Host": host})

    assert answer.status_code == status
    assert ("not known under that address" in answer.text) == (status == 400)


@pytest.mark.parametrize(
    ("base", "host", "status"),
    [
        ("https://gatehouse.example", "gatehouse.example", 200),
        ("https://gatehouse.example", "Gatehouse.Example:8443", 200),
        ("https://gatehouse.example", "localhost:5000", 200),
        ("https://gatehouse.example", "127.0.0.1:5131", 200),
        ("https://gatehouse.example", "[::1]:5000", 200),
        ("http://[fd00::7]:5000", "[fd00::7]:5000", 200),
        ("https://gatehouse.example", "gatehouse.example.", 200),
        ("https://gatehouse.example", "gatehouse.example.:443", 200),
        ("https://gatehouse.example.", "gatehouse.example", 200),
        ("https://gatehouse.example", "localhost.", 200),
        ("https://gatehouse.example", "gatehouse.example..", 400),
        ("https://gatehouse.example", ".", 400),
        ("https://gatehouse.example", "evil.example", 400),
        ("https://gatehouse.example", "10.0.0.7", 400),
        ("https://gatehouse.example", "gatehouse.example.evil.example", 400),
        ("https://gatehouse.example", "sub.gatehouse.example", 400),
        ("https://gatehouse.example", "gatehouse.example@evil.example", 400),
        ("https://gatehouse.example", "", 400),
    ],
)
def test_without_a_list_the_site_answers_under_its_own_address_and_on_its_machine(
    database: dict[str, Any], base: str, host: str, status: int
) -> None:
    app = create_app(**database, **FAST, base_url=base)

    assert app.test_client().get("/sign-in", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    ("named", "host", "status"),
    [
        (".gatehouse.example", "a.gatehouse.example", 200),
        (".gatehouse.example", "gatehouse.example", 200),
        (".gatehouse.example", "evilgatehouse.example", 400),
        (".bücher.example", "a.xn--bcher-kva.example", 200),
        (".bücher.example", "xn--bcher-kva.example", 200),
        (".bücher.example", "xn--bcher-kva.example.evil.example", 400),
        ("bücher.example", "xn--bcher-kva.example", 200),
        ("gatehouse.example.", "gatehouse.example", 200),
        ("[fd00::7]", "[fd00::7]:5000", 200),
        ("gatehouse.example", "localhost", 400),
    ],
)
def test_a_list_is_all_that_is_answered(database: dict[str, Any], named: str, host: str, status: int) -> None:
    app = create_app(**database, **FAST, trusted_hosts=[named])

    assert app.test_client().get("/sign-in", headers={"Host": host}).status_code == status


def test_a_refused_name_is_not_said_again_and_what_to_set_is(client: FlaskClient) -> None:
    answer = client.get("/sign-in", headers={"Host": "evil.example"})

    assert (answer.status_code, answer.mimetype, "evil" in answer.text) == (400, "text/plain", False)
    assert "GATEHOUSE_BASE_URL" in answer.text
    assert "GATEHOUSE_TRUSTED_HOSTS" in answer.text
