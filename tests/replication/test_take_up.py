"""Taking an idea up: asked for, agreed upon, prepared, running; and what its adopter may fill in."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from innovation.accounts.models import Token
from innovation.db import db
from innovation.events import Delivery, Event
from innovation.insights.queries import Narrowed, find_reach
from innovation.notifications.models import Notice
from innovation.permission import SYSTEM, Actor, Forbidden, NotThere
from innovation.pilots.queries.evidence import work_out_evidence
from innovation.reactions import named
from innovation.replication import commands, queries
from innovation.replication.models import Rollout
from tests import make
from tests.pilots import held, planned
from tests.replication import taken_up
from tests.replication.taken_up import FIDELITY
from workflows import Refused

DAY = dt.date(2026, 3, 2)
ADOPTER = {"organisation": "A district", "kind": "district", "contact_role": "Subject adviser"}


@pytest.fixture
def world(app: Any) -> Rollout:
    """A rollout that runs, with a contact who signs in."""
    playbook = taken_up.playbook()
    contact = make.person("Contact")
    make.account(contact)
    return taken_up.rollout(playbook, contact_id=contact.id)


def owner_of(rollout: Rollout) -> Actor:
    return make.actor(rollout.idea.owner)


def adopter_of(rollout: Rollout) -> Actor:
    assert rollout.contact is not None
    return make.actor(rollout.contact)


def test_the_team_agrees_on_a_version_and_the_contact_is_let_in(app: Any) -> None:
    playbook = taken_up.playbook()
    actor = make.actor(playbook.idea.owner)
    rollout = commands.enter_rollout(actor, playbook.idea, name="New", email="new@gatehouse.example", **ADOPTER)
    version = queries.list_versions(playbook.idea)[0]

    commands.agree_rollout(actor, rollout, agreed_on=DAY, terms="Eight rooms.", playbook_version_id=version.id)

    assert (rollout.state, rollout.agreed_on, rollout.playbook_version_id) == ("agreed", DAY, version.id)
    assert make.first(Token, person_id=rollout.contact_id).kind == "invitation"


def test_nothing_was_agreed_on_a_day_that_is_still_to_come(app: Any) -> None:
    playbook = taken_up.playbook()
    rollout = taken_up.rollout(playbook, state="asked")
    version = queries.list_versions(playbook.idea)[0]
    told = {"agreed_on": dt.date(2099, 1, 1), "terms": "Eight rooms.", "playbook_version_id": version.id}

    with pytest.raises(Refused, match="still to come"):
        commands.agree_rollout(make.actor(playbook.idea.owner), rollout, **told)


def test_nobody_agrees_on_a_draft(app: Any) -> None:
    playbook = taken_up.playbook()
    draft = taken_up.version(playbook, 2, published_at=None)
    rollout = taken_up.rollout(playbook, state="asked")

    with pytest.raises(Refused) as refused:
        commands.agree_rollout(owner_of(rollout), rollout, agreed_on=DAY, terms="Terms.", playbook_version_id=draft.id)

    assert refused.value.reasons == ("Agree on one of the published versions.",)


def test_it_is_stopped_with_a_reason_only(world: Rollout) -> None:
    with pytest.raises(Refused) as refused:
        commands.move_rollout(owner_of(world), world, step="stop")

    assert refused.value.reasons == ("Say why it is stopped: others learn from it.",)
    assert world.state == "running"


def test_a_place_of_the_register_is_kept_by_its_number_and_only_once(world: Rollout) -> None:
    school = make.school("930320007")

    site = commands.add_rollout_site(owner_of(world), world, emis=school.emis, learners=31, teachers=2)

    assert (site.place, site.emis) == (school.emis, school.emis)
    db.session.expire(world, ["sites"])
    with pytest.raises(Refused) as refused:
        commands.add_rollout_site(owner_of(world), world, place=school.emis)
    assert refused.value.reasons == ("This place is in the rollout already.",)


def test_nobody_learned_it_from_those_whom_they_taught(world: Rollout) -> None:
    second = taken_up.rollout(queries.playbook_of(world.idea), 2, learned_from_id=world.id)  # type: ignore[arg-type]

    with pytest.raises(Refused) as refused:
        commands.name_people(owner_of(world), world, contact_role="Principal", learned_from_id=second.id)

    assert refused.value.reasons == ("They cannot have learned it from those who learned it from them.",)


def test_a_mentor_is_of_the_team_or_of_another_adopter(world: Rollout) -> None:
    teacher = make.person("Teacher of another place")
    taken_up.rollout(queries.playbook_of(world.idea), 2, contact_id=teacher.id)  # type: ignore[arg-type]

    named_ = commands.name_people(owner_of(world), world, contact_role="Principal", mentor_id=teacher.id)

    assert named_.mentor_id == teacher.id
    with pytest.raises(Refused):
        commands.name_people(owner_of(world), world, contact_role="Principal", mentor_id=make.person().id)


def test_the_adopter_fills_in_their_own_rollout(world: Rollout) -> None:
    actor = adopter_of(world)

    training = commands.record_training(actor, world, held_on=DAY, role="Teacher", people=3, hours=4)
    check = commands.check_fidelity(actor, world, checked_on=DAY, **FIDELITY)
    adaptation = commands.begin_adaptation(actor, world, part=1, plan="In the afternoon.", begun_on=DAY)
    settled = commands.settle_adaptation(actor, adaptation, done="For a term.", found="Fewer came.", act="drop")
    result = commands.record_result(actor, world, indicator="Words", measured_on=DAY, before=None, after=41)

    assert (training.people, check.quality, result.after) == (3, 90, 41.0)
    assert (settled.was_core, settled.act) == (True, "drop")


@pytest.mark.parametrize("what", ["site", "step", "people"])
def test_the_adopter_does_nothing_else(world: Rollout, what: str) -> None:
    actor = adopter_of(world)
    doing = {
        "site": lambda: commands.add_rollout_site(actor, world, place="Elsewhere"),
        "step": lambda: commands.move_rollout(actor, world, step="end"),
        "people": lambda: commands.name_people(actor, world, contact_role="Head"),
    }

    with pytest.raises(Forbidden):
        doing[what]()


def test_the_adopter_sees_their_own_rollout_and_no_other(world: Rollout) -> None:
    taken_up.rollout(queries.playbook_of(world.idea), 2)  # type: ignore[arg-type]

    assert queries.find_rollout(adopter_of(world), world.idea.reference, 1) == world
    with pytest.raises(NotThere):
        queries.find_rollout(adopter_of(world), world.idea.reference, 2)
    with pytest.raises(NotThere):
        queries.find_spreading(adopter_of(world), world.idea.reference)


def test_an_adaptation_is_settled_with_what_was_found(world: Rollout) -> None:
    adaptation = commands.begin_adaptation(adopter_of(world), world, part=2, plan="Other books.", begun_on=DAY)

    with pytest.raises(Refused) as refused:
        commands.settle_adaptation(adopter_of(world), adaptation, done="", found="", act="keep")

    assert refused.value.reasons == ("Say what was found: others learn from it.",)


def test_nothing_is_filled_in_before_it_is_agreed(world: Rollout) -> None:
    asked = taken_up.rollout(queries.playbook_of(world.idea), 2, state="asked")  # type: ignore[arg-type]

    with pytest.raises(Refused):
        commands.record_training(owner_of(asked), asked, held_on=DAY, role="Teacher", people=1, hours=1)


def test_the_owner_is_told_of_a_request_and_the_adopter_of_the_answer(app: Any) -> None:
    playbook = taken_up.playbook(public=True)
    asker = make.person("Asker")
    make.account(asker)
    details = ADOPTER | {"name": "Asker", "email": "", "wish": "Twelve places."}
    rollout = commands.ask_rollout(make.actor(asker), playbook, **details)
    commands.decline_rollout(owner_of(rollout), rollout, reason="The team is full until spring.")

    for delivery, event in db.session.query(Delivery, Event).join(Event, Event.id == Delivery.event_id):
        named(delivery.reaction)(event)

    told = {notice.person_id: notice.text for notice in db.session.query(Notice)}
    assert set(told) == {playbook.idea.owner_id, asker.id}
    assert "The team is full until spring." in told[asker.id]


def test_the_adopter_fills_in_a_form_on_their_page(client: FlaskClient, world: Rollout) -> None:
    assert world.contact is not None
    address = f"/ideas/{world.idea.reference}/rollouts/1"
    make.sign_in(client, world.contact)

    page = client.get(address)
    sent = client.post(
        f"{address}/records/adaptation",
        data={"adaptation-part": "1", "adaptation-begun_on": "2026-03-02", "adaptation-plan": "In the afternoon."},
        follow_redirects=True,
    )

    assert page.status_code == 200
    assert "Stop it" not in page.text
    assert "It touches a core part" in sent.text
    assert client.get(f"/ideas/{world.idea.reference}/rollouts").status_code == 404


def test_the_team_sees_the_tree_the_spread_and_what_worked(client: FlaskClient, world: Rollout) -> None:
    playbook = queries.playbook_of(world.idea)
    assert playbook is not None
    taken_up.rollout(playbook, 2, learned_from_id=world.id)
    commands.begin_adaptation(owner_of(world), world, part=2, plan="Other books.", begun_on=DAY)
    planned.terms()
    make.sign_in(client, world.idea.owner)

    page = client.get(f"/ideas/{world.idea.reference}/rollouts").text

    assert page.count('<circle class="running"') == 2
    assert "Tried 1 · kept 0" in page
    assert '<th scope="row">Term 3 of 2026</th>' in page
    assert "<td>1. Adopter 1</td>" in page.replace(' data-label="Learned from"', "")


def test_places_of_a_rollout_that_is_only_agreed_are_no_spread(app: Any, world: Rollout) -> None:
    planned.terms()
    playbook = queries.playbook_of(world.idea)
    assert playbook is not None
    for number, state in enumerate(("agreed", "preparing", "ended", "stopped"), 2):
        taken_up.rollout(playbook, number, state)

    spread = queries.spread_of(queries.list_rollouts(world.idea), dt.date(2026, 10, 1))

    assert {each.sites for each in spread} == {3}


def test_a_draft_is_written_row_by_row_and_published(client: FlaskClient) -> None:
    idea = make.idea(place="piloting")
    db.session.commit()
    make.sign_in(client, idea.owner)
    client.post(f"/ideas/{idea.reference}/playbook", data={"language": "en", "based_on": ""})
    address = f"/ideas/{idea.reference}/playbook/1"
    form = {
        "title": "A corner",
        "who_for": "All",
        "parts-0-name": "Reading",
        "parts-0-core": "core",
        "licence": "CC0 1.0",
    }

    more = client.post(address, data=form | {"more": "steps"})
    missing = client.post(address, data=form | {"answer": "publish"})
    done = client.post(address, data=form | {"steps-0-do": "Read.", "answer": "publish"})

    assert more.text.count('name="steps-3-do"') == 1
    assert (missing.status_code, "It has no steps." in missing.text) == (422, True)
    assert done.status_code == 302
    assert "never changes" in client.get(f"/ideas/{idea.reference}/playbook").text


def test_a_draft_that_is_sent_empty_says_what_is_missing(client: FlaskClient) -> None:
    idea = make.idea(place="piloting")
    taken_up.version(taken_up.playbook(idea), 2, published_at=None)
    db.session.commit()
    make.sign_in(client, idea.owner)

    page = client.get(f"/ideas/{idea.reference}/playbook/2").text

    assert client.post(f"/ideas/{idea.reference}/playbook/2").status_code == 422
    assert 'value="40"' in page


def test_places_of_adopters_count_towards_the_level_of_evidence_and_in_reach(app: Any) -> None:
    idea = make.idea(place="replicating")
    pilot = held.pilot(idea, sites=1, state="ended")
    book = taken_up.playbook(idea)
    for number, state in enumerate(("running", "ended", "asked"), 1):
        taken_up.rollout(book, number, state)

    figures = {rung.level.key: dict(rung.figures) for rung in work_out_evidence(pilot).rungs}
    reached = find_reach(SYSTEM, Narrowed())

    assert figures["E5"]["n"] == 2
    assert {stage: (cell.places, cell.learners) for stage, cell in reached.stages.items()} == {
        "pilot": (1, 100),
        "rollout": (2, 80),
    }


def test_nonsense_is_refused_in_plain_words_beside_its_field(client: FlaskClient, world: Rollout) -> None:
    make.sign_in(client, world.idea.owner)
    sent = {"training-held_on": "soon", "training-role": "Teacher", "training-people": "0", "training-hours": "6"}
    address = f"/ideas/{world.idea.reference}/rollouts/{world.number}/records"

    page = client.post(f"{address}/training", data=sent)

    told = ("Write a day, such as 2026-11-26.", "Write a number from 1 to 100000.", 'value="soon"')
    assert (page.status_code, [text in page.text for text in told]) == (422, [True] * 3)


def test_what_is_filled_in_on_screen_stays_off_paper(client: FlaskClient, world: Rollout) -> None:
    make.sign_in(client, world.idea.owner)

    pages = [client.get(f"/ideas/{world.idea.reference}/rollouts{page}").text for page in ("", "/1")]

    on_paper = [
        re.sub(r'<(section|details) class="[^"]*no-print".*?</\1>', "", page, flags=re.DOTALL) for page in pages
    ]
    assert ['class="form"' in page for page in pages] == [True, True]
    assert ['class="form"' in page for page in on_paper] == [False, False]
