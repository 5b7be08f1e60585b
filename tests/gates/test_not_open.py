"""A recommendation that cannot be followed says so, and what is open instead."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from innovation.db import db
from innovation.gates.models import Review
from tests import make
from tests.gates.deciding import decide
from tests.gates.visiting import sign_in


def sent_back_twice() -> Review:
    """A third sitting whose marks recommend to send the idea back once more."""
    idea = make.idea(place="at_screening")
    for _round in range(2):
        decide(make.scored_review(of=idea, mark=4), "recycle")
        idea.state = idea.state._replace(place="at_screening")
        db.session.commit()
    return make.scored_review(of=idea, mark=4)


@pytest.mark.parametrize("page", ["", "/decision"])
def test_the_page_says_what_is_recommended_why_it_is_not_open_and_what_is(page: str, client: FlaskClient) -> None:
    review = sent_back_twice()
    sign_in(client, review.leading[0].person)

    text = " ".join(client.get(f"/reviews/{review.id}{page}").text.split())

    assert "The scores recommend: <b>Recycle</b>" in text
    assert (
        "<b>Recycle is not open.</b> This idea has been sent back from this gate as often as is allowed. "
        "Choose another outcome. Open are: Go, Conditional go, Hold, Stop, Merge, Refer." in text
    )


def test_the_card_of_the_outcome_does_not_recommend_what_cannot_be_chosen(client: FlaskClient) -> None:
    review = sent_back_twice()
    sign_in(client, review.leading[0].person)

    page = client.get(f"/reviews/{review.id}/decision").text

    assert page.count(">Recommended, but not open<") == 1
    assert page.count(">Recommended<") == 0


def test_a_recommendation_that_is_open_says_nothing_of_it(client: FlaskClient) -> None:
    review = make.scored_review(mark=4)
    sign_in(client, review.leading[0].person)

    page = client.get(f"/reviews/{review.id}/decision").text

    assert page.count(">Recommended<") == 1
    assert "not open" not in page


def test_the_recycle_that_is_being_corrected_may_be_made_again(client: FlaskClient) -> None:
    idea = make.idea(place="at_screening")
    decide(make.scored_review(of=idea, mark=4), "recycle")
    idea.state = idea.state._replace(place="at_screening")
    db.session.commit()
    second = make.scored_review(of=idea, mark=4)
    decide(second, "recycle")
    sign_in(client, make.staff("manager"))

    page = client.get(f"/reviews/{second.id}/correction").text

    assert page.count(">Recommended<") == 1
