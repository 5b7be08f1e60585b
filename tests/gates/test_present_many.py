"""From the desk, an idea is presented on the way that was prepared for it."""

from __future__ import annotations

from flask.testing import FlaskClient

from innovation.ideas.models import Handin, Idea
from tests import make
from tests.gates.visiting import sign_in


def prepared(*gates: str, **more: object) -> Idea:
    """An idea with everything that the gates ask for, small enough for the light way."""
    definition = make.workflow().definition
    answers = {field.key: "Yes." for gate in gates for field in definition.fields_required_at(gate)}
    idea = make.idea(district_id=make.district().id, answers=answers, **more)
    make.ask(idea, amount_cents=40_000_00, schools=2)
    asked = {each.deliverable.key for gate in gates for each in definition.gate(gate).asks if each.required}
    for key in sorted(asked):
        content = {"answers": {"collects": "none"}} if key == "privacy" else {}
        make.add(Handin(idea_id=idea.id, deliverable=key, number=1, content=content, state="accepted"))
    return idea


def present(client: FlaskClient, idea: Idea) -> str:
    sign_in(client, make.staff("coordinator"))
    return client.post("/reviews/desk", data={"act": "present", "idea": [idea.reference]}).text


def test_an_idea_that_is_ready_for_two_ways_waits_until_somebody_chooses(client: FlaskClient) -> None:
    idea = prepared("screening", "light")

    page = present(client, idea)

    assert "This idea is ready for several ways: Full way, Light way. Choose one on its page." in page
    assert idea.place == "captured"


def test_an_idea_that_came_by_the_light_way_is_presented_on_it_again(client: FlaskClient) -> None:
    idea = prepared("screening", "light", track="light")

    present(client, idea)

    assert (idea.place, idea.track) == ("at_light", "light")


def test_an_idea_that_is_ready_for_the_whole_way_alone_takes_it(client: FlaskClient) -> None:
    idea = prepared("screening")

    present(client, idea)

    assert (idea.place, idea.track) == ("at_screening", "full")


def test_an_idea_that_is_ready_for_no_way_is_told_what_the_whole_way_asks(client: FlaskClient) -> None:
    idea = make.idea()

    page = present(client, idea)

    assert "Hand in: Evidence of the problem." in page
    assert idea.place == "captured"


def test_the_page_of_its_gate_opens_at_the_way_that_the_idea_came_by(client: FlaskClient) -> None:
    idea = prepared("light", track="light")
    sign_in(client, make.staff("coordinator"))

    page = client.get(f"/ideas/{idea.reference}/gate").text

    assert "May this small and safe test go ahead?" in page
