"""Reading the panel: what moves the recommendation, and how harsh members have been, for those who may see it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.db import db
from innovation.gates import commands, policy, queries
from innovation.gates.models import Panel, Review, Seat
from innovation.gates.queries import Judge
from innovation.ideas.models import Wall
from tests import make
from tests.gates.deciding import decide
from tests.gates.visiting import sign_in
from workflows.judging import FEWEST


@pytest.fixture
def coordinator(app: object) -> Person:
    return make.staff("coordinator", "Coordinator beside")


def sit(who: Person, panel: Panel) -> Review:
    return commands.convene_panel(make.actor(who), make.idea(place="at_screening"), panel_id=panel.id)


def past(who: Person, panel: Panel, count: int) -> list[Review]:
    """Decided reviews in which the second member gives three marks less than the others, who agree."""
    reviews = [sit(who, panel) for _n in range(count)]
    for number, review in enumerate(reviews):
        for seat in review.seats:
            make.score(seat, mark_of(seat, number))
        decide(review)
    return reviews


def mark_of(seat: Seat, number: int) -> int:
    return 4 if seat.role == "government" else 7 + number % 2


def told(reader: Person, review: Review) -> dict[str, Judge]:
    return {judge.role: judge for judge in queries.list_judges(make.actor(reader), review)}


def test_who_gives_less_than_the_panel_is_harsh(coordinator: Person) -> None:
    panel = make.panel()
    past(coordinator, panel, FEWEST)
    now_open = sit(coordinator, panel)

    judges = told(coordinator, now_open)

    # of four members one gives 30 or 40 points less: their mean is 22.5 or 30 points above that member
    harsh = judges["government"].lean
    assert harsh is not None
    assert (harsh.cards, harsh.points, harsh.side) == (FEWEST, round(-(3 * 22.5 + 2 * 30) / 5, 6), "harsh")
    assert judges["chair"].lean is not None
    assert judges["chair"].lean.side == "lenient"


def test_a_few_cards_are_counted_and_say_nothing(coordinator: Person) -> None:
    panel = make.panel()
    past(coordinator, panel, FEWEST - 1)

    judges = told(coordinator, sit(coordinator, panel))

    assert {(judge.cards, judge.lean) for judge in judges.values()} == {(FEWEST - 1, None)}


def test_a_review_that_is_open_does_not_count(coordinator: Person) -> None:
    panel = make.panel()
    still = sit(coordinator, panel)
    for seat in still.seats:
        make.score(seat)

    judges = told(coordinator, sit(coordinator, panel))

    assert {judge.cards for judge in judges.values()} == {0}


def test_a_review_that_is_closed_to_the_reader_does_not_count(coordinator: Person) -> None:
    panel = make.panel()
    walled, other = past(coordinator, panel, 2)
    make.add(Wall(idea_id=walled.idea_id, person_id=coordinator.id, why="affiliation:1"))
    other.idea.owner_id = coordinator.id
    db.session.flush()
    db.session.expire_all()

    judges = told(coordinator, sit(coordinator, panel))

    assert {judge.cards for judge in judges.values()} == {0}


def test_a_chair_goes_by_the_reviews_at_which_they_have_scored_themselves(coordinator: Person) -> None:
    panel = make.panel()
    reviews = past(coordinator, panel, 1)
    absent = sit(coordinator, panel)
    commands.excuse_seat(make.actor(coordinator), absent.seats[0])
    now_open = sit(coordinator, panel)
    chair = now_open.seats[0].person
    make.declare(now_open.seats[0])

    judges = told(chair, now_open)

    assert len(reviews) == 1
    assert {judge.cards for judge in judges.values()} == {1}


def test_only_who_chairs_and_who_coordinates_reads_it(coordinator: Person) -> None:
    review = make.scored_review()
    chair, member = review.seats[0].person, review.seats[1].person

    may = {
        person: policy.may_read_severity.allows(make.actor(person), review) for person in (chair, coordinator, member)
    }

    assert may == {chair: True, coordinator: True, member: False}


def test_the_page_says_it_in_words_and_numbers(client: FlaskClient, coordinator: Person) -> None:
    panel = make.panel()
    past(coordinator, panel, FEWEST)
    review = sit(coordinator, panel)
    sign_in(client, coordinator)

    page = client.get(f"/reviews/{review.id}/severity").text

    assert 'aria-label="Panel government: -25.5, between -30.6 and -20.4"' in page


def test_a_review_whose_total_is_near_a_threshold_says_what_would_turn_it(client: FlaskClient) -> None:
    review = make.review()
    for seat in review.seats:
        make.score(seat, 6, G1_S1=4)  # 25 x 4 + 75 x 6 = 55 of 100, the threshold for go
    sign_in(client, review.seats[0].person)

    page = client.get(f"/reviews/{review.id}").text

    assert "A tenth more or less of one weight would change what the scores recommend." in page
    assert "leads to Conditional go." in page


def test_what_would_turn_it_is_sealed_with_the_marks(client: FlaskClient) -> None:
    review = make.review()
    for seat in review.seats[:3]:
        make.score(seat, 6, G1_S1=4)
    make.declare(review.seats[3])
    sign_in(client, review.seats[3].person)

    page = client.get(f"/reviews/{review.id}").text

    assert "of any one weight" not in page
    assert "of one weight" not in page
