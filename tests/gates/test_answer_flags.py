"""A member against whom something was noticed: they explain or declare, the chair answers, and may overrule."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from innovation.accounts.models import Affiliation, RegisteredInterest
from innovation.command import Stale
from innovation.db import db
from innovation.events import list_events
from innovation.gates import commands, queries
from innovation.gates.interests import Flag, from_kept
from innovation.gates.models import Declaration, Review, Seat
from innovation.ideas import queries as ideas_queries
from innovation.ideas.models import Wall
from innovation.permission import Forbidden, NotThere
from tests import make
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")
TRUST = Flag("organisation", "owner", "Demo trust")


def flagged_review(at: int = 1, **more: object) -> tuple[Review, Seat, Seat]:
    """A review with its chair, who has declared, and a member who belongs where the owner does."""
    review = make.review(**more)
    chair, seat = review.seats[0], review.seats[at]
    make.add(Affiliation(person_id=review.idea.owner_id, organisation="Demo trust"))
    make.add(RegisteredInterest(person_id=seat.person_id, kind="employer", organisation="Demo trust"))
    if chair is not seat:
        make.declare(chair)
    return review, chair, seat


def said(seat: Seat) -> list[tuple[str, str]]:
    query = sa.select(Declaration.level, Declaration.text).filter_by(seat_id=seat.id).order_by(Declaration.id)
    return [(level, text) for level, text in db.session.execute(query)]


def opens(seat: Seat) -> bool:
    try:
        return bool(ideas_queries.find_idea(make.actor(seat.person), seat.idea.reference))
    except NotThere:
        return False


def overrule(by: Seat, seat: Seat, answer: str, reason: str = "It is a big trust.") -> Seat:
    return commands.overrule_interest(make.actor(by.person), seat, answer=answer, reason=reason)


def test_no_interest_against_what_was_noticed_has_to_be_explained() -> None:
    _review, _chair, seat = flagged_review()

    with pytest.raises(Refused, match="Say why it is no interest"):
        make.declare(seat, "none", " ")

    assert (seat.stance, said(seat)) == ("undeclared", [])


def test_an_explanation_waits_for_the_chair_and_keeps_what_was_noticed() -> None:
    review, chair, seat = flagged_review()

    make.declare(seat, "none", "Another branch.")
    waiting = (seat.stance, opens(seat))
    commands.settle_interest(make.actor(chair.person), seat, answer="accepted", reason="Agreed.")

    assert (waiting, seat.stance, opens(seat)) == (("declared", False), "accepted", True)
    assert said(seat) == [("none", "Another branch."), ("accepted", "Agreed.")]
    assert [from_kept(row.noticed) for row in db.session.query(Declaration).filter_by(seat_id=seat.id)] == [
        (TRUST,),
        (),
    ]
    levels = [event.data["level"] for event in list_events(f"idea:{review.idea_id}", kinds=["interest_declared"])]
    assert levels == ["explained", "none"]


def test_without_anything_noticed_no_interest_opens_the_idea_at_once() -> None:
    review, _chair, _seat = flagged_review()

    make.declare(review.seats[2])

    assert opens(review.seats[2])


def test_the_chair_removes_a_member_who_said_none_and_their_card_counts_no_more() -> None:
    review = make.review()
    for each in review.seats:
        make.score(each)
    chair, seat = review.seats[0], review.seats[1]

    overrule(chair, seat, "removed", "They share an office.")

    assert (seat.stance, opens(seat), queries.review_facts(review).scorecards) == ("recused", False, 3)
    assert said(seat)[-1] == ("removed", "They share an office.")


def test_the_chair_admits_again_whom_they_had_refused() -> None:
    _review, chair, seat = flagged_review()
    make.declare(seat, "declare", "I work there.")
    commands.settle_interest(make.actor(chair.person), seat, answer="refused")

    overrule(chair, seat, "admitted")

    assert (seat.stance, opens(seat), db.session.query(Wall).count()) == ("accepted", True, 0)
    assert [level for level, _text in said(seat)] == ["declare", "refused", "admitted"]


def test_whoever_stepped_back_is_asked_again_and_not_made_to_take_part() -> None:
    _review, chair, seat = flagged_review()
    make.declare(seat, "recuse")

    overrule(chair, seat, "admitted")

    assert (seat.stance, opens(seat)) == ("undeclared", False)


def test_a_wall_for_another_reason_stays() -> None:
    review, chair, seat = flagged_review()
    make.declare(seat, "recuse")
    review.idea.walls.append(Wall(person_id=seat.person_id, why="affiliation:1"))

    overrule(chair, seat, "admitted")
    db.session.expire_all()

    assert [wall.why for wall in review.idea.walls] == ["affiliation:1"]


@pytest.mark.parametrize(
    ("answer", "reason", "sentence"),
    [
        ("removed", "", "Give the reason"),
        ("admitted", "Yes.", "Only a member who was recused"),
        ("removed", "Yes.", "Only a member who takes part"),
        ("else", "Yes.", "Choose whether"),
    ],
)
def test_a_ruling_needs_a_reason_and_something_to_overrule(answer: str, reason: str, sentence: str) -> None:
    review, chair, _seat = flagged_review()

    with pytest.raises(Refused, match=sentence):
        overrule(chair, review.seats[2], answer, reason)


def test_nobody_overrules_who_does_not_chair_and_no_chair_their_own() -> None:
    review, chair, seat = flagged_review()
    other = review.seats[2]
    make.declare(other)
    db.session.commit()

    for by, about in ((other, seat), (chair, chair)):
        with pytest.raises(Forbidden):
            overrule(by, about, "removed")


def test_what_was_said_never_changes() -> None:
    _review, _chair, seat = flagged_review()
    make.declare(seat, "declare", "I work there.")

    with pytest.raises(sa.exc.DBAPIError, match="never changes"):
        db.session.execute(sa.update(Declaration).values(text="Nothing."))


# Who chairs


def review_with_deputy() -> Review:
    review = make.review()
    review.seats[3].role = "deputy"
    db.session.commit()
    return review


@pytest.mark.parametrize(("level", "text"), [("declare", "My brother wrote it."), ("recuse", "")])
def test_the_interest_of_the_chair_hands_the_powers_to_the_deputy(level: str, text: str) -> None:
    review = review_with_deputy()
    chair, member, deputy = review.seats[0], review.seats[1], review.seats[3]
    make.declare(deputy)

    make.declare(chair, level, text)
    make.declare(member, "declare", "I work there.")
    commands.settle_interest(make.actor(deputy.person), member, answer="accepted")

    assert (review.leading, member.stance) == ([deputy], "accepted")
    assert [claim.now for claim in queries.chairing(review)] == [False, True]


def test_the_chair_leads_again_once_the_interest_is_accepted() -> None:
    review = review_with_deputy()
    chair, deputy = review.seats[0], review.seats[3]
    make.declare(deputy)
    make.declare(chair, "declare", "My brother wrote it.")

    commands.settle_interest(make.actor(deputy.person), chair, answer="accepted")

    assert review.leading == [chair]


def test_the_deputy_decides_where_the_chair_is_recused() -> None:
    review = review_with_deputy()
    make.declare(review.seats[0], "recuse")
    for seat in review.seats[1:]:
        make.score(seat)
    deputy = review.seats[3]

    decision = commands.record_decision(
        make.actor(deputy.person), review, outcome="go", rationale="The team is strong.", **make.go_details()
    )

    assert decision.decided_by_id == deputy.person_id


def test_where_nobody_chairs_the_coordinator_answers() -> None:
    review, chair, _seat = flagged_review(0)
    coordinator = make.staff("coordinator")

    make.declare(chair, "declare", "I work there.")
    leading = list(review.leading)
    commands.settle_interest(make.actor(coordinator), chair, answer="refused")

    assert (leading, chair.stance) == ([], "recused")


# The pages


def test_a_member_sees_what_was_noticed_before_they_declare(client: FlaskClient) -> None:
    review, _chair, seat = flagged_review()
    make.sign_in(client, seat.person)
    address = f"/reviews/{review.id}/declaration"

    page = client.get(address).text
    bare = client.post(address, data={"level": "none"})
    explained = client.post(address, data={"level": "none", "text": "Another branch."})

    assert ("We noticed" in page, "Same organisation as the owner: Demo trust" in page) == (True, True)
    assert (bare.status_code, explained.headers["Location"]) == (422, address)


def test_the_chair_sees_what_was_noticed_answers_it_and_overrules(client: FlaskClient) -> None:
    review, chair, seat = flagged_review()
    make.declare(seat, "none", "Another branch.")
    make.sign_in(client, chair.person)

    shown = [client.get(f"/reviews/{review.id}{rest}").text for rest in ("", "/interests")]
    client.post(f"/reviews/{review.id}/seats/{seat.id}/interest", data={"answer": "refused"})
    ruled = client.post(
        f"/reviews/{review.id}/seats/{seat.id}/ruling", data={"answer": "admitted", "reason": "Why not"}
    )
    db.session.expire_all()

    assert ["Same organisation as the owner: Demo trust" in page for page in shown] == [True, True]
    assert (ruled.status_code, db.session.get_one(Seat, seat.id).stance) == (302, "accepted")


def test_the_coordinator_reads_on_the_review_what_was_noticed(client: FlaskClient) -> None:
    review, _chair, _seat = flagged_review()
    make.sign_in(client, make.staff("coordinator"))

    page = client.get(f"/reviews/{review.id}").text

    assert page.count("Same organisation as the owner: Demo trust") == 1


def test_a_member_is_not_shown_the_interests_of_the_others(client: FlaskClient) -> None:
    review, _chair, _seat = flagged_review()
    other = review.seats[2]
    make.declare(other)
    make.sign_in(client, other.person)

    answers = [client.get(f"/reviews/{review.id}/{page}") for page in ("interests", "chair")]

    assert [answer.status_code for answer in answers] == [403, 200]
    assert "Demo trust" not in answers[1].text + client.get(f"/reviews/{review.id}").text


def test_two_rulings_at_once_are_one(client: FlaskClient) -> None:
    _review, chair, seat = flagged_review()
    make.declare(seat, "recuse")
    overrule(chair, seat, "admitted")

    with pytest.raises((Refused, Stale)):
        overrule(chair, seat, "admitted")
