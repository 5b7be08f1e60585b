"""The canvas: drafts that are never refused, revisions that never change, and two people at once."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.command import Stale
from innovation.db import db
from innovation.events import Event
from innovation.ideas import canvas, commands, queries
from innovation.ideas.models import Idea, Revision
from innovation.permission import Forbidden
from tests import make
from workflows import Refused, library_definition

CHANGED = {"title": "Reading clubs", "problem": "Most children do not read for meaning.", "summary": "Clubs."}


def hand_in(idea: Idea, **more: Any) -> Revision:
    return commands.hand_in_canvas(make.actor(idea.owner), idea, answers=CHANGED | more, based_on=idea.revision_number)


def test_a_canvas_handed_in_makes_the_next_revision(app: Flask) -> None:
    idea = make.idea()

    revision = hand_in(idea, phases=["fp", "ip"])

    assert (revision.number, revision.title, idea.revision_number) == (2, "Reading clubs", 2)
    assert (idea.title, idea.summary, idea.phases) == ("Reading clubs", "Clubs.", ["fp", "ip"])
    assert queries.find_revision(idea, 1).answers["problem"] == "Children do not read for meaning."


def test_fields_that_a_form_does_not_name_stay_as_they_were(app: Flask) -> None:
    idea = make.idea(answers={"problem": "Old", "summary": "S", "risks": "Transport"})

    revision = hand_in(idea)

    assert revision.answers["risks"] == "Transport"


def test_the_search_text_holds_no_personal_answer(app: Flask) -> None:
    definition = library_definition("education")

    text = canvas.search_text(definition, {"problem": "P", "owner_contact": "082 555 0101", "phases": ["fp"]})

    assert text == "P\nFoundation Phase (Grade R to 3)"


def test_a_revision_is_refused_when_another_came_in_between(app: Flask) -> None:
    idea = make.idea()
    hand_in(idea)

    with pytest.raises(Stale):
        commands.hand_in_canvas(make.actor(idea.owner), idea, answers={"problem": "Mine"}, based_on=1)

    assert idea.revision_number == 2


def test_a_revision_without_a_change_is_refused(app: Flask) -> None:
    idea = make.idea()
    hand_in(idea)

    with pytest.raises(Refused, match="Nothing has changed since revision 2"):
        hand_in(idea)


def test_a_revision_can_never_be_altered(app: Flask) -> None:
    idea = make.idea()
    db.session.commit()

    with pytest.raises(sa.exc.DBAPIError, match="never changes"):
        db.session.execute(sa.text("UPDATE revision SET title = 'x' WHERE idea_id = :id"), {"id": idea.id})


def test_the_fact_names_numbers_only(app: Flask) -> None:
    idea = make.idea()

    hand_in(idea, problem="CANARY")

    facts = db.session.scalars(sa.select(Event.facts)).all()
    assert facts == [f'{{"idea_id":{idea.id},"revision":2}}']


def test_a_reader_on_the_panel_may_not_edit(app: Flask) -> None:
    idea = make.idea()

    with pytest.raises(Forbidden):
        commands.hand_in_canvas(make.actor(make.person()), idea, answers=CHANGED, based_on=1)


def test_a_stopped_idea_takes_no_revision(app: Flask) -> None:
    idea = make.idea(standing="stopped")

    with pytest.raises(Refused, match="has been stopped"):
        hand_in(idea)


def test_a_facilitator_of_its_clinic_edits_in_the_first_stage_only(app: Flask) -> None:
    clinic = make.clinic()
    facilitator = make.staff("facilitator", clinic_id=clinic.id)
    early, late = make.idea(clinic_id=clinic.id), make.idea(clinic_id=clinic.id, place="concept")

    commands.hand_in_canvas(make.actor(facilitator), early, answers=CHANGED, based_on=1)

    with pytest.raises(Forbidden):
        commands.hand_in_canvas(make.actor(facilitator), late, answers=CHANGED, based_on=1)


def test_fields_that_earlier_steps_needed_stay_required() -> None:
    definition = library_definition("education")

    assert canvas.required_now(definition, "captured") == {"title", "problem", "summary", "owner", "consent"}
    assert "expected_change" in canvas.required_now(definition, "concept")
    assert "risks" not in canvas.required_now(definition, "at_pilot")
    assert "risks" in canvas.required_now(definition, "ready")


def test_readers_see_no_personal_field_and_funders_only_what_is_meant_for_them() -> None:
    definition = library_definition("education")

    readers = {field.key for field in canvas.shown_fields(definition)}
    funders = {field.key for field in canvas.shown_fields(definition, ("funders",))}

    assert {"owner", "owner_contact", "consent", "contributors"} & readers == set()
    assert {"risks", "theory_of_change", "partners"} & funders == set()
    assert {"problem", "summary", "cost_per_learner"} <= funders < readers


def test_a_difference_is_told_word_by_word() -> None:
    assert canvas.diff("Read two books", "Read three good books") == [
        ("same", "Read "),
        ("removed", "two "),
        ("added", "three good "),
        ("same", "books"),
    ]


# Pages


def form_of(idea: Idea, **more: Any) -> dict[str, Any]:
    return {"title": idea.title, "problem": "Many", "summary": "Clubs", "based_on": idea.revision_number} | more


def test_the_page_hands_a_canvas_in(app: Flask, client: FlaskClient) -> None:
    idea = make.idea()
    make.sign_in(client, idea.owner)
    assert client.get(f"/ideas/{idea.reference}/canvas").status_code == 200

    answer = client.post(
        f"/ideas/{idea.reference}/canvas", data=form_of(idea, cost_per_learner="R1 412.50", phases=["fp"])
    )

    assert (answer.status_code, answer.location) == (302, f"/ideas/{idea.reference}")
    answers = queries.latest_revision(db.session.get_one(Idea, idea.id)).answers
    assert (answers["cost_per_learner"], answers["phases"]) == (141250, ["fp"])


def test_a_faulty_canvas_is_shown_again_with_all_that_was_typed_and_kept_as_a_draft(
    app: Flask, client: FlaskClient
) -> None:
    idea = make.idea()
    make.sign_in(client, idea.owner)

    answer = client.post(
        f"/ideas/{idea.reference}/canvas", data=form_of(idea, problem="", cost_per_learner="four", risks="My risks")
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Please fill this in." in page
    assert "My risks" in page
    assert 'value="four"' in page
    assert "My risks" in client.get(f"/ideas/{idea.reference}/canvas").get_data(as_text=True)


def test_two_at_once_see_both_texts_and_lose_nothing(app: Flask, client: FlaskClient) -> None:
    idea = make.idea()
    make.sign_in(client, make.contributor(idea))
    hand_in(idea, problem="Their problem")

    answer = client.post(f"/ideas/{idea.reference}/canvas", data=form_of(idea, problem="My problem", based_on=1))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Revision 2 came in while you were typing" in page
    assert "<del>Their </del><ins>My </ins>problem" in page
    again = client.post(f"/ideas/{idea.reference}/canvas", data=form_of(idea, problem="My problem", based_on=2))
    assert again.status_code == 302


def test_a_draft_is_kept_whatever_it_says_and_only_for_its_writer(app: Flask, client: FlaskClient) -> None:
    idea = make.idea()
    colleague = make.contributor(idea)
    make.sign_in(client, idea.owner)
    address = f"/ideas/{idea.reference}/canvas/draft"

    answer = client.post(
        address,
        data={"title": "", "cost_per_learner": "no idea", "phases": ["fp", "nonsense"], "based_on": "x"},
        headers={"X-Autosave": "1"},
    )

    assert answer.status_code == 200
    assert set(answer.get_json()) == {"saved_at"}
    draft = queries.find_draft(make.actor(idea.owner), idea)
    assert draft is not None
    assert draft.answers == {"title": [""], "cost_per_learner": ["no idea"], "phases": ["fp", "nonsense"]}
    assert queries.find_draft(make.actor(colleague), idea) is None
    assert client.post(f"{address}/removal").status_code == 302
    assert queries.find_draft(make.actor(idea.owner), idea) is None


def test_handing_in_ends_the_draft(app: Flask) -> None:
    idea = make.idea()
    owner = make.actor(idea.owner)
    commands.save_draft(owner, idea, typed={"title": ["Half"]}, based_on=1)

    hand_in(idea)

    assert queries.find_draft(owner, idea) is None


def test_a_stranger_finds_no_canvas(app: Flask, client: FlaskClient) -> None:
    idea = make.idea()
    make.sign_in(client, make.person())

    for path in ("canvas", "revisions", "revisions/1", "deliverables", "people", "ask", "consents", "pilot", "owner"):
        assert client.get(f"/ideas/{idea.reference}/{path}").status_code == 404


def test_the_revisions_page_shows_what_changed_in_words(app: Flask, client: FlaskClient) -> None:
    idea = make.idea()
    hand_in(idea)
    make.sign_in(client, idea.owner)

    page = client.get(f"/ideas/{idea.reference}/revisions?from=1&to=2").get_data(as_text=True)

    assert "<del>Children </del><ins>Most children </ins>do not read for meaning." in page
    assert client.get(f"/ideas/{idea.reference}/revisions?from=zz&to=999999").status_code == 200
    assert client.get(f"/ideas/{idea.reference}/revisions/7").status_code == 404
