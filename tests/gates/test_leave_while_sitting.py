"""Who leaves while a panel sits: the deputy takes over, and who is still in the middle of it finishes."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from innovation import worker
from innovation.accounts import commands as accounts
from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.events import list_events
from innovation.gates import commands, queries
from innovation.gates.models import PanelMember, Review
from innovation.notifications.models import Notice
from innovation.permission import SYSTEM, Forbidden
from tests import make
from tests.gates.deciding import DETAILS
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")


def led(*, deputy: bool = True) -> tuple[Review, Person]:
    """A review that everybody has scored, and its chair, who signs in."""
    review = make.review(size=3)
    if deputy:
        review.seats[1].role = "deputy"
        make.account(review.seats[1].person)
    for seat in review.seats:
        make.score(seat)
    chair = review.leading[0].person
    make.account(chair)
    db.session.commit()
    return review, chair


def close(person: Person) -> None:
    accounts.close_sign_in(SYSTEM, person)
    worker.deliver_owed()
    worker.deliver_owed()  # what follows from what followed


def told(person: Person) -> list[str]:
    return list(db.session.scalars(sa.select(Notice.subject).where(Notice.person_id == person.id)))


def go(person: Person, review: Review) -> object:
    return commands.record_decision(make.actor(person), review, outcome="go", rationale="Yes.", **DETAILS["go"])


def test_the_deputy_decides_once_the_sign_in_of_the_chair_is_closed_and_the_card_counts() -> None:
    review, chair = led()
    deputy = review.seats[1].person

    close(chair)

    assert [seat.person_id for seat in review.leading] == [deputy.id]
    assert queries.review_facts(review).scorecards == 3
    assert go(deputy, review).decided_by_id == deputy.id
    assert f"You chair a review now: “{review.idea.title}”" in told(deputy)


def test_the_chair_leads_again_once_the_sign_in_is_open_again() -> None:
    review, chair = led()
    close(chair)
    accounts.reopen_sign_in(SYSTEM, chair)

    worker.deliver_owed()

    kinds = [
        event.kind for event in list_events(f"idea:{review.idea_id}", kinds=("powers_passed_on", "powers_returned"))
    ]
    assert [seat.person_id for seat in review.leading] == [chair.id]
    assert kinds == ["powers_returned", "powers_passed_on"]


def test_where_there_is_no_deputy_the_coordinator_is_told_that_nobody_chairs() -> None:
    review, chair = led(deputy=False)
    coordinator = make.staff("coordinator")
    make.account(coordinator)

    close(chair)

    assert review.leading == []
    assert f"Nobody chairs a review: “{review.idea.title}”" in told(coordinator)


def test_it_is_noted_once_and_by_nobody_but_the_system() -> None:
    review, chair = led()
    close(chair)

    again = commands.note_absence(SYSTEM, chair)

    assert again == []
    with pytest.raises(Forbidden):
        commands.note_absence(make.actor(make.staff("manager")), chair)
    with pytest.raises((Forbidden, Refused)):
        go(chair, review)


def test_whoever_sits_when_their_term_ends_finishes_what_they_have_begun(client: FlaskClient) -> None:
    review = make.review(size=4)
    member = review.seats[2]
    membership = db.session.scalars(sa.select(PanelMember).filter_by(person_id=member.person_id)).one()
    membership.term_until = now().date() - dt.timedelta(days=1)
    db.session.commit()

    page = make.sign_in(client, make.staff("coordinator")).get("/panels/vacancies").text
    make.score(member)

    assert "finishes what they have begun" in page
    assert queries.review_facts(review).scorecards == 1


@pytest.mark.parametrize("helps", [False, True])
def test_a_coordinator_is_not_shown_who_left_the_panel_for_their_own_idea(client: FlaskClient, *, helps: bool) -> None:
    review = make.review(size=4)
    leaver = review.seats[2].person
    make.account(leaver)
    coordinator = make.staff("coordinator")
    accounts.close_sign_in(SYSTEM, leaver)
    make.sign_in(client, coordinator)
    before = client.get("/panels/vacancies").text

    if helps:
        make.contributor(review.idea, coordinator)
    else:
        review.idea.owner_id = coordinator.id
    db.session.commit()

    pages = [client.get(path).text for path in ("/panels/vacancies", "/work")]
    assert [leaver.name in page for page in (before, *pages)] == [True, False, False]
