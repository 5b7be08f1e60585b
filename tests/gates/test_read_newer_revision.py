"""A newer revision while a panel sits: who puts it before the panel, and what becomes of the marks that are in."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from innovation.db import db
from innovation.gates import commands, queries
from innovation.gates.models import Review
from innovation.ideas import commands as idea_commands
from innovation.permission import Forbidden
from tests import make
from tests.gates.deciding import decide
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")


def revise(review: Review, summary: str = "Readers meet before school.") -> Review:
    idea = review.idea
    answers = {**make.ANSWERS, "summary": summary}
    idea_commands.hand_in_canvas(make.actor(idea.owner), idea, answers=answers, based_on=idea.revision_number)
    return review


def take(review: Review) -> Review:
    return commands.take_revision(make.actor(make.staff("coordinator")), revise(review))


def test_a_newer_revision_waits_until_it_is_put_before_the_panel() -> None:
    review = make.scored_review()
    before = review.revision.number

    revise(review)

    assert (before, review.revision.number, review.idea.revision_number) == (1, 1, 2)
    assert queries.panel_view(make.actor(review.seats[0].person), review).older == 0


def test_marks_stay_tied_to_the_revision_that_was_read() -> None:
    review = take(make.scored_review())

    view = queries.panel_view(make.actor(review.seats[0].person), review)

    assert (review.revision.number, view.older, view.is_behind) == (2, 4, True)
    assert [member.is_older for member in view.members] == [True] * 4
    assert {seat.submitted.revision_id for seat in review.seats if seat.submitted} != {review.revision_id}


def test_a_member_sees_what_changed_and_confirms() -> None:
    review = take(make.scored_review())
    seat = review.seats[1]
    card = seat.submitted
    assert card is not None
    since = queries.what_changed(review, card)

    confirmed = commands.confirm_scorecard(make.actor(seat.person), seat, revision_id=review.revision_id)

    assert [change.field.key for change in since.changes] == ["summary"]
    assert (confirmed.number, confirmed.revision_id, confirmed.confirms) == (2, review.revision_id, True)
    marks = [{score.criterion: score.mark for score in each.scores} for each in seat.cards]
    assert marks[0] == marks[1]
    assert queries.panel_view(make.actor(seat.person), review).older == 3


def test_scoring_anew_for_a_newer_revision_needs_no_other_reason() -> None:
    review = take(make.scored_review())

    card = make.score(review.seats[1], 4)

    assert (card.number, card.revision_id, card.change_reason) == (2, review.revision_id, "")


def test_nobody_marks_a_text_that_they_were_not_shown() -> None:
    review = make.review()
    seat, shown = make.declare(review.seats[1]), review.revision_id
    take(review)

    with pytest.raises(Refused) as refused:
        commands.submit_scorecard(make.actor(seat.person), seat, entries=make.entries(review.gate), revision_id=shown)

    assert refused.value.reasons == (
        "A newer revision came before the panel while you were scoring. See what changed, then submit.",
    )


def test_only_chair_and_coordinator_put_a_revision_before_the_panel() -> None:
    review = revise(make.scored_review())
    people = [review.seats[1].person, review.idea.owner, make.staff("facilitator")]

    for person in people:
        with pytest.raises(Forbidden):
            commands.take_revision(make.actor(person), review)
    commands.take_revision(make.actor(review.seats[0].person), review)

    assert review.revision.number == 2


def test_a_decision_names_the_revision_the_process_and_each_card() -> None:
    review = take(make.scored_review())
    seat = review.seats[1]
    commands.confirm_scorecard(make.actor(seat.person), seat)

    decision = decide(review)

    basis = queries.find_basis(decision)
    assert basis is not None
    assert (basis.revision_id, basis.workflow_version_id) == (review.revision_id, review.idea.workflow_version_id)
    assert [card.number for card in queries.cards_behind(decision)] == [1, 1, 1, 2]
    assert {card.id for card in queries.cards_behind(decision)} == {
        each.submitted.id for each in review.seats if each.submitted
    }


def test_the_member_and_the_chair_are_told_on_their_pages(client: FlaskClient) -> None:
    review = revise(make.scored_review())
    make.sign_in(client, review.seats[0].person)
    client.post(f"/reviews/{review.id}/revision")

    page = client.get(f"/reviews/{review.id}").text
    deciding = client.get(f"/reviews/{review.id}/decision").text
    client.post(f"/reviews/{review.id}/scorecard/confirmation", data={"revision_id": str(review.revision_id)})

    assert "Your marks are for revision 1. The panel reads revision 2 now." in page
    assert "4 scorecards are for an older revision." in deciding
    assert "3 scorecards are for an older revision." in client.get(f"/reviews/{review.id}/decision").text


def test_versions_stand_side_by_side_for_their_member_and_for_the_chair(client: FlaskClient) -> None:
    review = make.scored_review()
    seat = review.seats[1]
    make.score(seat, 3, change_reason="The chair explained the budget.")

    seen = {}
    for reader in (seat, review.seats[0], review.seats[2]):
        make.sign_in(client, reader.person)
        seen[reader.role] = client.get(f"/reviews/{review.id}").text

    assert "Your versions side by side" in seen["government"]
    assert "Panel government has changed a scorecard" in seen["chair"]
    assert "A member has changed a scorecard" in seen["practitioner"]
    assert all("The chair explained the budget." in page for page in seen.values())


def test_a_signature_that_was_given_for_an_older_text_is_over() -> None:
    review = make.scored_review()
    review.seats[1].role = "cochair"
    db.session.flush()
    decide(review)
    waiting = review.proposal

    take(review)

    assert (waiting is not None, review.proposal) == (True, None)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Review)) == 1
