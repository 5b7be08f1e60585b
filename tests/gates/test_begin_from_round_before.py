"""A later round: a member begins with their own marks of the round before, and only what changed stands out."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from innovation.gates import commands, queries
from innovation.gates.models import Review
from innovation.ideas import commands as idea_commands
from innovation.ideas.moves import count
from tests import make
from tests.gates.deciding import decide
from tests.gates.visiting import scorecard_data
from workflows import State

pytestmark = pytest.mark.usefixtures("app")


def second_round(mark: int = 4) -> Review:
    """The same panel again, after a recycle and a new revision."""
    first = make.review()
    for seat in first.seats:
        make.score(seat, mark, note="Only for the first round.", feedback="Say more of the schools.")
    decide(first, "recycle")
    idea = first.idea
    answers = {**make.ANSWERS, "summary": "Readers meet before school."}
    idea_commands.hand_in_canvas(make.actor(idea.owner), idea, answers=answers, based_on=1)
    before = idea.state
    idea.place, idea.standing = "at_screening", "active"
    count(idea, {before: -1, State("at_screening", "active"): +1})
    coordinator = make.actor(make.staff("coordinator"))
    return commands.convene_panel(coordinator, idea, panel_id=first.panel_id)


def checked(page: str) -> list[str]:
    return re.findall(r'name="(s\d_mark)" value="(\w+)"[^>]* checked', page)  # type: ignore[return-value]


def test_a_member_begins_with_their_own_marks_of_the_round_before(client: FlaskClient) -> None:
    review = second_round()
    seat = make.declare(review.seats[1])
    make.sign_in(client, seat.person)

    page = client.get(f"/reviews/{review.id}/scorecard").text

    assert [mark for _name, mark in checked(page)] == ["4"] * len(review.gate.should)
    assert page.count("As before: 4") == len(review.gate.should)
    assert "You begin with your marks of round 1." in page
    assert "Readers meet" in page
    assert "Only for the first round." not in page


def test_only_what_was_changed_is_marked_as_changed(client: FlaskClient) -> None:
    review = second_round()
    seat = make.declare(review.seats[1])
    make.sign_in(client, seat.person)
    client.post(f"/reviews/{review.id}/scorecard/draft", data=scorecard_data(review, "4", s0_mark="9"))

    page = client.get(f"/reviews/{review.id}/scorecard").text

    shown = re.findall(r"data-differs( hidden)?>Changed", page)
    assert shown.count("") == 1
    assert shown.count(" hidden") == len(shown) - 1


def test_somebody_else_begins_with_an_empty_card() -> None:
    review = second_round()
    other = review.seats[2]
    other.person_id = make.person().id

    found = [queries.earlier_card(review, seat) is not None for seat in (review.seats[1], other)]

    assert found == [True, False]
