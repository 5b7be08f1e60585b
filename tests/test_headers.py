"""The headers of every answer and the flags of the cookie."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from innovation.app import create_app
from tests import make
from tests.conftest import FAST

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; worker-src 'self'; "
    "manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@pytest.mark.parametrize("path", ["/sign-in", "/account", "/nowhere", "/static/x/gatehouse.css"])
def test_every_answer_carries_the_policy_and_the_headers(client: FlaskClient, path: str) -> None:
    make.sign_in(client, make.person())

    headers = client.get(path).headers

    assert headers["Content-Security-Policy"] == POLICY
    assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY")
    assert (headers["Referrer-Policy"], headers["Cross-Origin-Opener-Policy"]) == ("same-origin", "same-origin")


def test_pages_of_somebody_who_signed_in_are_kept_by_no_cache(client: FlaskClient) -> None:
    make.sign_in(client, make.person())

    assert client.get("/account").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("behind_tls", [False, True])
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(database: dict[str, Any], behind_tls: bool) -> None:
    app = create_app(**database, **FAST, secure_cookies=behind_tls)

    answer = app.test_client().get("/sign-in")

    flags = {flag.strip() for flag in answer.headers["Set-Cookie"].split(";")[1:]}
    assert {"HttpOnly", "SameSite=Lax"} <= flags
    assert ("Secure" in flags) == behind_tls
    assert ("Strict-Transport-Security" in answer.headers) == behind_tls
