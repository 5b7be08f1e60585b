"""Visiting the pages of gates: addresses, what is sent, and how often the database is asked."""

from __future__ import annotations

import datetime as dt

from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.gates.models import Review
from tests import make
from tests.databases import statements

SOON = (now().date() + dt.timedelta(days=60)).isoformat()


def scorecard_data(review: Review, mark: str = "7", **more: str) -> dict[str, str]:
    data = {f"m{n}_answer": "yes" for n, _c in enumerate(review.gate.must)}
    return data | {f"s{n}_mark": mark for n, _c in enumerate(review.gate.should)} | more


def sign_in(client: FlaskClient, person: Person) -> FlaskClient:
    with client.session_transaction() as session:
        session.clear()
    return make.sign_in(client, person)


def pages(review: Review) -> list[str]:
    return [
        f"/reviews/{review.id}",
        f"/reviews/{review.id}/declaration",
        f"/reviews/{review.id}/scorecard",
        f"/reviews/{review.id}/decision",
        f"/reviews/{review.id}/outcome",
        f"/reviews/{review.id}/seats",
        f"/ideas/{review.idea.reference}/gate",
        f"/ideas/{review.idea.reference}/conditions",
    ]


def count_queries(client: FlaskClient, path: str) -> int:
    db.session.remove()
    with statements() as asked:
        assert client.get(path).status_code == 200
    return len(asked)
