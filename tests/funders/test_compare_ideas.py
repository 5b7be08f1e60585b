"""Ideas side by side: up to four, those that one may see, in the order asked for."""

from __future__ import annotations

from flask.testing import FlaskClient

from innovation.db import db
from tests import make
from tests.databases import statements
from tests.funders.watching import fund, listed, page

COMPARE = "/funders/compare"


def address(*ideas: object) -> str:
    return COMPARE + "?" + "&".join(f"idea={getattr(each, 'reference', each)}" for each in ideas)


def test_ideas_stand_beside_one_another_criterion_by_criterion(client: FlaskClient) -> None:
    one, other, csi = listed(title="Reading clubs"), listed(title="Radio lessons"), fund()
    make.ask(other, number=2, amount_cents=700_000_00, cost_per_learner_cents=99_00)
    db.session.commit()

    status, text = page(client, csi.member, address(other, one))

    assert status == 200
    assert text.index("Radio lessons") < text.index("Reading clubs")
    for said in ("What is missing", "R700\u00a0000", "R480\u00a0000", "R99", "R412", "Limpopo", "Size of ask"):
        assert said in text


def test_what_does_not_fit_is_compared_with_why(client: FlaskClient) -> None:
    small, csi = listed(), fund()
    make.ask(small, number=2, amount_cents=10_000_00)
    db.session.commit()

    assert "Does not fit your mandate" in page(client, csi.member, address(small))[1]


def test_what_one_may_not_see_is_as_if_it_did_not_exist(client: FlaskClient) -> None:
    shown, early, csi = listed(), make.idea(place="concept", title="Far too early"), fund()
    gone = listed(title="Taken back", standing="withdrawn")

    answers = [page(client, csi.member, address(shown, other)) for other in (early, gone, "LP26-999999")]
    alone = [page(client, csi.member, address(other))[0] for other in (early, gone, "LP26-999999")]

    assert alone == [404, 404, 404]
    said = "1 of these ideas is not there, or not shown to you."
    assert [(status, said in text, "Far too early" in text, "Taken back" in text) for status, text in answers] == [
        (200, True, False, False)
    ] * 3


def test_five_are_one_too_many_and_none_is_told_how_to_begin(client: FlaskClient) -> None:
    ideas, csi = [listed(title=f"Idea number {number}") for number in range(5)], fund()

    five, none = page(client, csi.member, address(*ideas))[1], page(client, csi.member, COMPARE)[1]

    assert [f"Idea number {number}" in five for number in range(5)] == [True, True, True, True, False]
    assert "Nothing to compare yet" in none


def test_four_ask_the_database_as_often_as_one(client: FlaskClient) -> None:
    ideas, csi = [listed() for _number in range(4)], fund()
    one, four = address(ideas[0]), address(*ideas)
    page(client, csi.member, one)
    with statements() as few:
        page(client, csi.member, one)

    with statements() as many:
        page(client, csi.member, four)

    assert len(many) == len(few)
