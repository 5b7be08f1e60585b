"""The plumbing of the web holds against addresses that were made up to harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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
