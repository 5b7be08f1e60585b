"""A recused member meets the idea nowhere: every address of the site is opened as them, whatever else they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.routing import Rule

from innovation.accounts.models import RoleGrant
from innovation.db import db
from innovation.events import Event
from innovation.gates.models import Condition, Decision, Review, ScorecardCopy, Seat
from innovation.ideas.commands import add_attachment
from innovation.ideas.models import Contributor, Handin, Idea, Wall
from innovation.notifications.models import Notice
from tests import make
from tests.architecture.map import MAP
from tests.architecture.stage import Stage
from tests.architecture.test_leaks import text_of
from tests.stories.filling import PDF

SECRET = "quagga"
"""In everything that the idea holds, and in nothing else."""
SOUGHT = "impala"
"""A word of the idea that a search for it finds."""
EXPORTS = ("export=csv", "export=xlsx")
OF_LISTS = ("export=xlsx", f"q={SOUGHT}&standing=any", "standing=any&sort=title", "export=csv&standing=any")
MORE = {"gates.desk": ("act=remind", "act=convene"), "pipeline.search": (f"q={SOUGHT}&standing=any",)}
ROLES = ("manager", "coordinator", "facilitator")
# What these show of an idea, anybody may see who has the paper slip: a reference alone opens nothing.
NOT_ABOUT_AN_IDEA = {"static", "accounts.sign_out", "clinics.card"}


@pytest.fixture
def ours(stage: Stage) -> dict[str, Any]:
    """The arguments of every address about the idea that is being scored, which is full of everything."""
    world = stage.world
    with stage.app.app_context():
        idea = db.session.get_one(Idea, world.things["idea_id"]["scoring"])
        idea.title, idea.summary = f"{SECRET} title", f"{SECRET} summary"
        idea.search_text = f"{SOUGHT} {idea.reference.lower()}"
        review = db.session.get_one(Review, world.things["review"]["scoring"])
        seat = next(seat for seat in review.seats if seat.person_id == world.people["seat_recused"])
        other = db.session.get_one(Seat, world.things["seat"]["seat_none"])
        for person_id in (seat.person_id, other.person_id):
            for role in ROLES:
                make.add(RoleGrant(person_id=person_id, role=role, programme_id=idea.programme_id))
            told = {"why": f"event:{person_id}:quagga", "subject": f"{SECRET} moved on.", "idea_id": idea.id}
            make.add(Notice(person_id=person_id, link=f"/ideas/{idea.reference}", **told))
        make.ask(idea, purpose=f"{SECRET} purpose")
        content = {"text": f"{SECRET} theory"}
        make.add(Handin(idea_id=idea.id, deliverable="theory_of_change", number=1, content=content))
        file = add_attachment(make.actor(world.person("owner")), idea, file=make.file(f"{SECRET}.pdf", PDF))
        decision = make.add(Decision(review_id=review.id, idea_id=idea.id, outcome="conditional", rationale=SECRET))
        owed = {"gate_key": "screening", "text": f"{SECRET} condition", "due_on": make.now().date()}
        condition = make.add(Condition(decision_id=decision.id, idea_id=idea.id, **owed))
        card = make.add(ScorecardCopy(seat_id=other.id, tab="one", content={}, saved_at=make.now()))
        joined = db.session.get_one(Idea, world.things["idea_id"]["stopped"])
        joined.merged_into_id = idea.id
        found = {
            "reference": idea.reference,
            "review_id": review.id,
            "seat_id": other.id,
            "attachment_id": file.id,
            "condition_id": condition.id,
            "contributor_id": make.first(Contributor, idea_id=idea.id).id,
            "copy_id": card.id,
            "key": "theory_of_change",
            "number": 1,
            "idea_id": idea.id,
        }
        assert db.session.scalar(sa.select(sa.func.count(Wall.id)).filter_by(idea_id=idea.id, person_id=seat.person_id))
        db.session.commit()
        db.session.remove()
    return found


def addresses(stage: Stage, ours: dict[str, Any]) -> list[tuple[Rule, str, bool]]:
    """An address for every rule of the site, none left out; and whether it is one of the idea."""
    with stage.app.test_request_context():
        return [
            (rule, stage.app.url_for(rule.endpoint, **_arguments(stage, rule, ours)), _is_about(rule))
            for rule in stage.app.url_map.iter_rules()
            if rule.endpoint not in NOT_ABOUT_AN_IDEA
        ]


def _is_about(rule: Rule) -> bool:
    return bool({"reference", "review_id", "condition_id"} & rule.arguments)


def _arguments(stage: Stage, rule: Rule, ours: dict[str, Any]) -> dict[str, Any]:
    cases = MAP[rule.endpoint].cases(stage.world) if rule.endpoint in MAP else []  # the map has a test of its own
    usual = (cases[0].arguments if cases else {}) | (ours if _is_about(rule) else {})
    return {name: usual.get(name, 1) for name in rule.arguments}


def opened(stage: Stage, persona: str, ours: dict[str, Any]) -> Iterator[tuple[str, str, bool, int, str]]:
    """Endpoint, address, whether it is one of the idea, status and text, as lists also in every form they come in."""
    client = stage.client(persona)
    for rule, address, about in addresses(stage, ours):
        if "GET" not in (rule.methods or ()):
            continue
        queries = ["", *MORE.get(rule.endpoint, ())]
        if not about and client.get(f"{address}?export=csv").mimetype == "text/csv":
            queries += ["export=csv", *OF_LISTS]
        for query in queries:
            whole = f"{address}?{query}" if query else address
            response = client.get(whole)
            yield rule.endpoint, whole, about, response.status_code, text_of(response)


def test_every_page_list_file_and_export_is_without_the_idea(stage: Stage, ours: dict[str, Any]) -> None:
    found = list(opened(stage, "seat_recused", ours))

    there = [address for _endpoint, address, about, status, _text in found if about and status not in (403, 404)]
    told = [
        address
        for _endpoint, address, about, _status, text in found
        if SECRET in text or (not about and ours["reference"] in text)
    ]

    assert there == []
    assert told == []
    assert {endpoint for endpoint, *_rest in found} == _readable(stage)


def _readable(stage: Stage) -> set[str]:
    rules = stage.app.url_map.iter_rules()
    return {rule.endpoint for rule in rules if "GET" in (rule.methods or ())} - NOT_ABOUT_AN_IDEA


def test_whatever_they_send_is_refused_and_changes_nothing(stage: Stage, ours: dict[str, Any]) -> None:
    client = stage.client("seat_recused")
    sent = [
        (address, client.post(address).status_code)
        for rule, address, about in addresses(stage, ours)
        if about and "POST" in (rule.methods or ())
    ]

    with stage.app.app_context():
        happened = sa.select(sa.func.count(Event.id)).where(
            Event.subject == f"idea:{ours['idea_id']}", Event.actor_id == stage.world.people["seat_recused"]
        )
        events = db.session.scalar(happened)

    assert [entry for entry in sent if entry[1] not in (403, 404)] == []
    assert (len(sent) > 40, events) == (True, 1)  # what they did themselves: they stepped back


def test_a_cleared_member_with_the_same_roles_meets_it_at_all_these_places(stage: Stage, ours: dict[str, Any]) -> None:
    """The walk above finds nothing when there is nothing to be found."""
    found = list(opened(stage, "seat_none", ours))

    telling = {endpoint for endpoint, _address, _about, _status, text in found if SECRET in text}
    exports = {
        endpoint
        for endpoint, address, _about, _status, text in found
        if address.endswith(EXPORTS) and ours["reference"] in text
    }

    files = [status for endpoint, _address, _about, status, _text in found if endpoint == "ideas.attachment"]

    assert files == [200]
    assert telling >= {
        *("pipeline.pipeline", "pipeline.idea", "pipeline.search", "pipeline.my_work", "clinics.clinic"),
        *("gates.reviews", "gates.review", "gates.conditions", "gates.desk", "ideas.people", "notifications.inbox"),
    }
    assert exports >= {"pipeline.pipeline", "gates.reviews", "clinics.clinic"}
