"""The home in the system and the hand-over: who owns it, what it rests on, and the day on which it really happened."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask.testing import FlaskClient

from innovation.db import db
from innovation.permission import Actor, Forbidden
from innovation.replication import commands, queries
from innovation.replication.codes import LICENCE
from innovation.replication.system_models import SystemHome
from tests import make
from tests.replication import in_system, taken_up
from tests.replication.in_system import DAY
from workflows import Refused

POST = {"unit": "Curriculum", "post": "Chief education specialist"}


@pytest.fixture
def arriving(app: Any) -> SystemHome:
    return in_system.home()


def owner_of(arriving: SystemHome) -> Actor:
    return make.actor(arriving.idea.owner)


def coordinator() -> Actor:
    return make.actor(make.staff("coordinator"))


def test_the_home_begins_with_the_first_thing_that_is_written_of_it(app: Any) -> None:
    idea = make.idea(place="replicating")
    owner = make.actor(idea.owner)
    empty = queries.find_home(owner, idea.reference)

    commands.add_step(owner, empty, what="Train the advisers.", who="The NGO", due_on=DAY)

    found = queries.home_of(idea)
    assert found is not None
    assert [step.what for step in found.steps] == ["Train the advisers."]
    assert (empty.id, found.is_written) == (found.id, True)


def test_an_official_is_named_only_where_they_agreed(arriving: SystemHome) -> None:
    with pytest.raises(Refused):
        commands.keep_post(owner_of(arriving), arriving, **POST, official="N. Official")

    commands.keep_post(owner_of(arriving), arriving, **POST, official="N. Official", official_agreed=True)

    assert (arriving.official, arriving.official_agreed_on is not None) == ("N. Official", True)


def test_only_a_contact_of_an_adopter_who_signs_in_speaks_for_the_post(arriving: SystemHome) -> None:
    contact, stranger = make.person("Adviser"), make.person()
    make.account(contact)
    taken_up.rollout(taken_up.playbook(arriving.idea), contact_id=contact.id)
    db.session.commit()

    with pytest.raises(Refused):
        commands.keep_post(owner_of(arriving), arriving, **POST, contact_id=stranger.id)
    commands.keep_post(owner_of(arriving), arriving, **POST, contact_id=contact.id)

    assert arriving.contact_id == contact.id


def test_the_licence_is_that_of_the_playbook_where_there_is_one(arriving: SystemHome) -> None:
    arriving.licence = "CC0 1.0"
    before = queries.licence_of(arriving)

    taken_up.playbook(arriving.idea)

    assert (before, queries.licence_of(arriving)) == ("CC0 1.0", LICENCE)


def test_both_sides_agree_and_it_is_handed_over_on_the_day_on_which_it_happened(arriving: SystemHome) -> None:
    commands.agree_handover(owner_of(arriving), arriving)

    commands.record_handover(
        coordinator(), arriving, happened_on=DAY + dt.timedelta(days=9), note="In the circuit office."
    )

    assert (arriving.state, arriving.agreed_for, arriving.happened_on) == (
        "handed_over",
        DAY,
        DAY + dt.timedelta(days=9),
    )


def test_the_team_does_not_record_its_own_hand_over(arriving: SystemHome) -> None:
    commands.agree_handover(owner_of(arriving), arriving)

    with pytest.raises(Forbidden):
        commands.record_handover(owner_of(arriving), arriving, happened_on=DAY)


def test_a_step_that_is_still_open_keeps_it_from_being_handed_over(arriving: SystemHome) -> None:
    step = commands.add_step(owner_of(arriving), arriving, what="Move the data.", who="The district", due_on=DAY)
    commands.agree_handover(owner_of(arriving), arriving)

    with pytest.raises(Refused) as refused:
        commands.record_handover(coordinator(), arriving, happened_on=DAY)
    commands.finish_step(owner_of(arriving), step, done_on=DAY)
    commands.record_handover(coordinator(), arriving, happened_on=DAY)

    assert refused.value.reasons == ("Steps of the plan that are still open: 1.",)
    assert arriving.state == "handed_over"


def test_what_is_agreed_changes_only_once_it_is_opened_again_with_a_reason(arriving: SystemHome) -> None:
    commands.agree_handover(owner_of(arriving), arriving)
    sides = {"from_role": "Lead", "to_role": "Director", "agreed_for": DAY + dt.timedelta(days=30)}

    with pytest.raises(Refused):
        commands.keep_sides(owner_of(arriving), arriving, **sides)
    commands.reopen_handover(owner_of(arriving), arriving, reason="The director is on leave.")
    commands.keep_sides(owner_of(arriving), arriving, **sides)

    assert (arriving.state, arriving.agreed_for) == ("planned", DAY + dt.timedelta(days=30))


def test_a_row_that_is_taken_out_counts_no_more_and_stays_on_the_record(arriving: SystemHome) -> None:
    line = arriving.budget_lines[0]

    commands.remove_row(owner_of(arriving), line)
    commands.agree_handover(owner_of(arriving), arriving)

    assert "No budget line is named from which it is paid." in commands_reasons(arriving)
    assert line.removed_at is not None


def commands_reasons(arriving: SystemHome) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        commands.record_handover(coordinator(), arriving, happened_on=DAY)
    return refused.value.reasons


def test_the_page_says_what_is_missing_before_the_button(client: FlaskClient) -> None:
    idea = make.idea(place="replicating")
    make.sign_in(client, idea.owner)
    address = f"/ideas/{idea.reference}/system"

    before = client.get(address).text
    client.post(f"{address}/post", data={"post-unit": "Curriculum", "post-post": "Specialist", "post-contact": ""})
    client.post(f"{address}/step", data={"step-what": "Train.", "step-who": "NGO", "step-due_on": "2026-05-01"})
    client.post(
        f"{address}/sides",
        data={"sides-from_role": "Lead", "sides-to_role": "Director", "sides-agreed_for": "2026-06-01"},
    )
    after = client.get(address).text
    client.post(f"{address}/agreement")
    agreed = client.get(address).text

    assert "The plan has no steps yet" in before
    assert "Both sides agree" not in before
    assert "Both sides agree" in after
    assert "No policy, circular or plan is named on which it rests." in agreed


def test_a_budget_line_names_a_financial_year_and_what_was_typed_stays(
    client: FlaskClient, arriving: SystemHome
) -> None:
    make.sign_in(client, arriving.idea.owner)
    typed = {"budget_line-vote": "Vote 6", "budget_line-amount_cents": "48 000", "budget_line-funded_by": "District"}

    page = client.post(
        f"/ideas/{arriving.idea.reference}/system/budget_line", data=typed | {"budget_line-year": "2026/28"}
    )

    assert page.status_code == 422
    assert "Write a financial year such as 2026/27." in page.text
    assert 'value="48 000"' in page.text


def test_whoever_sends_an_old_page_is_told_so(client: FlaskClient, arriving: SystemHome) -> None:
    make.sign_in(client, arriving.idea.owner)
    address = f"/ideas/{arriving.idea.reference}/system"
    seen = f"SystemHome:{arriving.id}:{arriving.version}"
    client.post(f"{address}/step", data={"step-what": "Train.", "step-who": "NGO", "step-due_on": "2026-05-01"})

    page = client.post(f"{address}/agreement", data={"as_seen": seen})

    db.session.expire_all()
    assert page.status_code == 409
    assert arriving.state == "planned"


@pytest.mark.parametrize(("as_seen", "status"), [("", 422), ("SystemHome:{id}:0", 409)])
def test_a_hand_over_that_is_recorded_is_not_recorded_again_and_the_page_says_so(
    client: FlaskClient, as_seen: str, status: int
) -> None:
    home = in_system.home(make.idea(place="institutionalised"), "handed_over", happened_on=DAY)
    make.sign_in(client, make.staff("coordinator"))
    sent = {"handover-happened_on": "2026-01-20", "handover-note": "Again.", "as_seen": as_seen.format(id=home.id)}

    answer = client.post(f"/ideas/{home.idea.reference}/system/handover", data=sent)

    assert answer.status_code == status
    assert "The hand-over is recorded already, as it stands below. Nothing was done again." in answer.text
    assert (home.state, home.happened_on) == ("handed_over", DAY)
