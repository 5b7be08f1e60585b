"""A browser that signs in by the provider, and accounts that are linked to it."""

from __future__ import annotations

import html
import re
from typing import Any

import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from innovation.accounts.models import Account, Identity
from innovation.config import Secret
from innovation.db import db
from tests import make
from tests.accounts.local_provider import CLIENT, SECRET, Provider
from tests.accounts.two_steps import EMAIL

BACK = "http://127.0.0.1:5000"


def name(app: Flask, provider: Provider, **more: Any) -> None:
    named = {
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": Secret(SECRET),
        "oidc_name": "Demo directory",
        "oidc_timeout": 1.0,
    }
    app.config["SETTINGS"] = app.config["SETTINGS"].changed(**named | more)
    app.extensions.pop("provider", None)


def linked(account: Account, provider: Provider) -> Identity:
    made = make.add(Identity(account_id=account.id, issuer=provider.issuer, subject="person-1", email=EMAIL))
    db.session.commit()
    return made


def address_in(page: TestResponse) -> str:
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.text)
    assert found, page.text
    return html.unescape(found[1])


def way_back(client: FlaskClient, start: str = "/sign-in/provider") -> str:
    """Go to the provider as a browser does; the address on our site to which it sends us back."""
    there = requests.get(address_in(client.post(start)), allow_redirects=False, timeout=5).headers["Location"]
    assert there.startswith(f"{BACK}/sign-in/provider/return?")
    return there.removeprefix(BACK)


def go(client: FlaskClient, start: str = "/sign-in/provider") -> TestResponse:
    return client.get(way_back(client, start))
