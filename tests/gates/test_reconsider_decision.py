"""An owner asks once that a decision be looked at again; another chair answers."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from innovation import worker
from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.gates import commands, queries
from innovation.gates.after_models import Reconsideration
from innovation.gates.models import Review
from innovation.ideas import queries as ideas
from innovation.ideas.status import last_outcome, looked_at_again
from innovation.notifications.models import Notice
from innovation.permission import Forbidden, NotThere
from tests import make
from tests.gates.deciding import DETAILS, decide
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")


def stopped() -> Review:
    review = make.scored_review()
    decide(review, "stop")
    return review


def other_chair(gate: str = "screening") -> Person:
    panel = make.panel(gate)
    person = next(member.person for member in panel.members if member.role == "chair")
    make.account(person)
    db.session.commit()
    return person


def ask(review: Review, grounds: str = "The panel read an old budget.") -> Reconsideration:
    return commands.ask_reconsideration(make.actor(review.idea.owner), review, grounds=grounds)


def test_the_chair_of_another_panel_for_the_gate_is_asked_and_never_the_one_who_decided() -> None:
    review, other = stopped(), other_chair()
    make.account(review.leading[0].person)

    asked = ask(review)

    assert [each.person_id for each in asked.answerers] == [other.id]


def test_a_programme_manager_is_asked_where_there_is_no_other_chair() -> None:
    review, manager = stopped(), make.staff("manager")
    make.account(manager)
    db.session.commit()

    asked = ask(review)

    assert [each.person_id for each in asked.answerers] == [manager.id]


def test_it_is_asked_once_within_twenty_working_days_and_by_the_owner_alone() -> None:
    review, late = stopped(), stopped()
    other_chair()
    late.decision.announced_at = now() - dt.timedelta(days=40)
    helper = make.contributor(review.idea)
    db.session.commit()
    ask(review)

    with pytest.raises(Refused) as twice:
        ask(review, "And another thing.")
    with pytest.raises(Refused) as too_late:
        ask(late)
    with pytest.raises(Forbidden):
        commands.ask_reconsideration(make.actor(helper), review, grounds="Me too.")

    assert twice.value.reasons == ("This has been asked once already.",)
    assert too_late.value.reasons[0].startswith("This could be asked until")


def test_the_idea_opens_to_whoever_takes_it_on_and_to_nobody_before() -> None:
    review, other = stopped(), other_chair()
    asked, actor = ask(review), make.actor(other)
    before = queries.answering_view(actor, asked)
    with pytest.raises(NotThere):
        ideas.find_idea(actor, review.idea.reference)

    commands.take_reconsideration(actor, asked)
    view = queries.answering_view(actor, asked)

    assert (before, view is not None and view.result) == (None, None)
    assert ideas.find_idea(actor, review.idea.reference).id == review.idea_id
    assert (view.members if view else None) == ()


def test_whoever_steps_back_sees_nothing_more_and_managers_are_asked_instead() -> None:
    review, other, manager = stopped(), other_chair(), make.staff("manager")
    make.account(manager)
    db.session.commit()
    asked, actor = ask(review), make.actor(other)

    commands.step_back(actor, asked)

    assert [each.person_id for each in asked.answerers] == [manager.id]
    with pytest.raises(NotThere):
        queries.find_reconsideration(actor, asked.id)


def test_a_decision_that_is_upheld_stands_and_the_owner_reads_why() -> None:
    review, other = stopped(), other_chair()
    asked, actor = ask(review), make.actor(other)
    waited = looked_at_again(review.idea)
    commands.take_reconsideration(actor, asked)

    commands.uphold_decision(actor, asked, answer="The budget was the right one.")

    assert (asked.state, review.idea.standing, review.decision.outcome) == ("upheld", "stopped", "stop")
    assert waited == "The owner has asked that this decision be looked at again. Another chair will answer."
    assert looked_at_again(review.idea) == "Another chair has looked at this decision again. It stands."


def test_why_it_is_changed_is_also_why_the_scores_are_not_followed() -> None:
    """Whoever answers is shown no recommendation, and so is asked no second time why they do not follow it."""
    review, other = stopped(), other_chair()
    asked, actor = ask(review), make.actor(other)
    commands.take_reconsideration(actor, asked)

    decision = commands.change_decision(
        actor, asked, reason="An old budget was read.", outcome="hold", rationale="Wait.", **DETAILS["hold"]
    )

    assert (decision.recommended, decision.against_reason) == ("go", "An old budget was read.")


def test_a_change_is_a_new_decision_that_cannot_be_asked_about_again() -> None:
    review, other = stopped(), other_chair()
    asked, actor = ask(review), make.actor(other)
    commands.take_reconsideration(actor, asked)

    decision = commands.change_decision(
        actor, asked, reason="An old budget was read.", outcome="go", rationale="Go on.", **DETAILS["go"]
    )

    assert (decision.supersedes_id, review.idea.place, asked.state) == (asked.decision_id, "concept", "changed")
    assert last_outcome(review.idea).label == "Go"
    with pytest.raises(Refused):
        ask(review, "Once more.")


def test_nobody_replaces_a_decision_while_another_chair_looks_at_it() -> None:
    review, other, manager = stopped(), other_chair(), make.actor(make.staff("manager"))
    asked, words = ask(review), {"reason": "A slip.", "outcome": "hold", "rationale": "Wait.", **DETAILS["hold"]}
    commands.take_reconsideration(make.actor(other), asked)

    with pytest.raises(Refused):
        commands.supersede_decision(manager, review, against_reason="Funds.", **words)
    commands.uphold_decision(make.actor(other), asked, answer="It was read well.")
    commands.supersede_decision(manager, review, against_reason="Funds.", **words)

    assert review.decision.outcome == "hold"


def test_only_whoever_has_taken_it_on_answers() -> None:
    review, first, second = stopped(), other_chair(), other_chair()
    asked = ask(review)
    commands.take_reconsideration(make.actor(first), asked)

    for person in (make.actor(second), make.actor(review.leading[0].person), make.actor(review.idea.owner)):
        with pytest.raises(Forbidden):
            commands.uphold_decision(person, asked, answer="No.")

    commands.give_back_reconsideration(make.actor(first), asked)
    assert commands.take_reconsideration(make.actor(second), asked).taken_by_id == second.id


def test_owner_and_other_chair_do_it_on_their_pages(client: FlaskClient) -> None:
    review, other = stopped(), other_chair()
    owner = make.sign_in(client.application.test_client(), review.idea.owner)
    chair = make.sign_in(client, other)

    offered = owner.get(f"/reviews/{review.id}/outcome").text
    asked = owner.post(f"/reviews/{review.id}/reconsideration", data={"grounds": "An old budget."})
    waiting = chair.get("/work").text
    sealed = chair.get(asked.location).text
    chair.post(f"{asked.location}/taking")
    opened = chair.get(asked.location).text
    form = chair.get(f"{asked.location}/decision")
    done = chair.post(asked.location, data={"answer": "It was the right one."})

    assert "Ask that this be looked at again" in offered
    assert "Look at a decision again" in waiting
    assert ["An old budget." in page for page in (sealed, opened)] == [False, True]
    assert (form.status_code, done.status_code) == (200, 302)
    assert "It was the right one." in owner.get(asked.location).text


def test_managers_find_open_requests_on_the_page_of_announcements(client: FlaskClient) -> None:
    review = stopped()
    other_chair()
    ask(review)
    browser = make.sign_in(client, make.staff("coordinator"))

    page = browser.get("/announcements").text

    assert review.idea.title in page


# What the page says, and where nobody is left to answer


def test_who_may_read_a_decision_may_ask_about_it_before_the_letter_has_come(client: FlaskClient) -> None:
    review = make.scored_review()
    other_chair()
    decide(review, "stop", announce="later")
    commands.move_silently(make.actor(review.leading[0].person), review, reason="The owner is on leave.")
    owner = make.sign_in(client, review.idea.owner)

    offered = owner.get(f"/reviews/{review.id}/outcome").text
    form = owner.get(f"/reviews/{review.id}/reconsideration").text
    asked = owner.post(f"/reviews/{review.id}/reconsideration", data={"grounds": "An old budget."})

    assert "Your days to ask begin when the letter about the decision reaches you." in offered
    assert "The letter about this decision has not been sent yet." in form
    assert asked.status_code == 302


def told() -> list[tuple[str, str]]:
    worker.deliver_owed()
    rows = sa.select(Person.name, Notice.subject).join(Notice, Notice.person_id == Person.id).order_by(Notice.id)
    return [(name, subject) for name, subject in db.session.execute(rows) if "look again" in subject]


def test_where_nobody_can_answer_the_coordinator_names_the_chair_of_another_gate() -> None:
    review, coordinator = stopped(), make.staff("coordinator", "Asked coordinator")
    review.idea.title = "Reading clubs"
    make.account(coordinator)
    asked = ask(review)
    nobody, waiting = list(asked.answerers), queries.to_name(make.actor(coordinator))
    before = told()
    elsewhere = other_chair("pilot")

    commands.name_answerer(make.actor(coordinator), asked, person_id=elsewhere.id)

    assert (nobody, [item.kind for item in waiting]) == ([], ["name"])
    assert ("Asked coordinator", "Nobody can look again at the decision on “Reading clubs”") in before
    assert (elsewhere.name, "Please look again at a decision on “Reading clubs”") in told()
    assert queries.to_name(make.actor(coordinator)) == []
    assert commands.take_reconsideration(make.actor(elsewhere), asked).taken_by_id == elsewhere.id


def test_nobody_who_made_the_decision_or_has_a_part_in_the_idea_is_named() -> None:
    review, coordinator = stopped(), make.staff("coordinator")
    asked, chair = ask(review), review.leading[0].person
    helper = other_chair("pilot")
    make.contributor(review.idea, helper)
    make.account(chair)
    db.session.commit()

    for person in (chair, helper, coordinator, review.idea.owner):
        with pytest.raises(Refused):
            commands.name_answerer(make.actor(coordinator), asked, person_id=person.id)
    with pytest.raises(Forbidden):
        commands.name_answerer(make.actor(review.idea.owner), asked, person_id=helper.id)


def test_what_somebody_has_taken_on_is_theirs_until_they_are_late_or_cannot_sign_in() -> None:
    review, coordinator = stopped(), make.actor(make.staff("coordinator"))
    first, second, third = other_chair(), other_chair("pilot"), other_chair("pilot")
    asked = ask(review)
    commands.take_reconsideration(make.actor(first), asked)
    with pytest.raises(Refused) as still:
        commands.name_answerer(coordinator, asked, person_id=second.id)
    first.account.disabled_at = now()
    db.session.commit()

    commands.name_answerer(coordinator, asked, person_id=second.id)
    commands.take_reconsideration(make.actor(second), asked)
    asked.answer_by = now().date() - dt.timedelta(days=1)
    commands.name_answerer(coordinator, asked, person_id=third.id)

    assert still.value.reasons[0].startswith(f"{first.name} has taken this on")
    assert ([each.person_id for each in asked.answerers], asked.state) == ([third.id], "asked")
    with pytest.raises(NotThere):
        ideas.find_idea(make.actor(second), review.idea.reference)


def test_whoever_steps_back_is_recused_from_the_seat_that_they_hold_for_the_idea_elsewhere() -> None:
    review, other = make.scored_review(), other_chair()
    decide(review, "recycle")
    asked = ask(review)
    review.idea.place = "at_screening"
    second = make.review(of=review.idea)
    seat = commands.seat_person(make.actor(make.staff("coordinator")), second, person_id=other.id, role="member")

    commands.step_back(make.actor(other), asked)

    assert (seat.stance, [said.level for said in seat.declarations]) == ("recused", ["recuse"])


def test_the_coordinator_names_somebody_on_the_page_of_the_request(client: FlaskClient) -> None:
    review = stopped()
    asked, elsewhere = ask(review), other_chair("pilot")
    browser = make.sign_in(client, make.staff("coordinator"))

    page = browser.get(f"/reconsiderations/{asked.id}").text
    nonsense = browser.post(f"/reconsiderations/{asked.id}/answerer", data={"person_id": "x"})
    done = browser.post(f"/reconsiderations/{asked.id}/answerer", data={"person_id": elsewhere.id})

    assert "Nobody is left who could answer." in page
    assert (nonsense.status_code, done.status_code) == (422, 302)
    assert elsewhere.name in browser.get(f"/reconsiderations/{asked.id}").text
