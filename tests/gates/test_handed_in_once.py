"""What hands in a card or records a decision is one transaction, which keeps where its answer leads."""

from __future__ import annotations

from flask.testing import FlaskClient

from innovation.db import db
from innovation.once import Receipt
from tests import make
from tests.databases import statements
from tests.gates.visiting import scorecard_data, sign_in


def test_a_receipt_is_written_with_its_answer_in_one_statement(client: FlaskClient) -> None:
    review = make.review()
    for seat in review.seats:
        make.declare(seat)
    seat = review.seats[3]
    path, fields = f"/reviews/{review.id}", scorecard_data(review, once="a key")
    db.session.commit()
    sign_in(client, seat.person)

    with statements() as sent:
        answer = client.post(f"{path}/scorecard", data=fields)

    assert (answer.status_code, answer.location) == (302, path)
    assert [receipt.answer for receipt in db.session.query(Receipt)] == [path]
    assert len([text for text in sent if "receipt" in text]) == 1
