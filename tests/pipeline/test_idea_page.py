"""The page of one idea: who sees it, what stands in its way, what can be done, and what happened."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.db import db
from innovation.events import record
from innovation.gates.events import GateDecided, ScorecardSubmitted
from innovation.ideas.events import CanvasHandedIn, ContributorAdded, IdeaCaptured
from innovation.ideas.models import Access, Idea, Wall
from innovation.permission import SYSTEM
from tests import make


def history(html: str) -> list[str]:
    """The sentences of the timeline, newest first, without tags, links and names."""
    lines = re.findall(r"<li><time[^>]*>[^<]*</time><span>(.*?)</span></li>", html, re.DOTALL)
    return [re.sub(r"<[^>]+>", " ", re.sub(r"<a .*?</a>", "", line)).strip() for line in lines]


def actions(html: str) -> list[str]:
    head = html[html.index('class="row actions"') : html.index("<section")]
    return re.findall(r'<a class="(?:button[^"]*|item)" href="[^"]*">([^<]+)</a>', head)


@pytest.fixture
def owner(app: Flask) -> Person:
    return make.person("Innovation owner")


@pytest.fixture
def idea(owner: Person) -> Idea:
    made = make.idea(owner, place="concept", title="Reading clubs")
    db.session.commit()
    return made


def page(client: FlaskClient, who: Person, idea: Idea) -> str:
    answer = make.sign_in(client, who).get(f"/ideas/{idea.reference}")
    assert answer.status_code == 200
    return answer.text


def test_somebody_without_a_tie_to_the_idea_gets_404(client: FlaskClient, idea: Idea) -> None:
    answer = make.sign_in(client, make.person("Passer-by")).get(f"/ideas/{idea.reference}")

    assert answer.status_code == 404


def test_a_coordinator_with_a_conflict_gets_404(client: FlaskClient, idea: Idea) -> None:
    coordinator = make.staff("coordinator")
    make.add(Wall(idea_id=idea.id, person_id=coordinator.id, why="declared"))
    db.session.commit()

    assert make.sign_in(client, coordinator).get(f"/ideas/{idea.reference}").status_code == 404


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient, idea: Idea) -> None:
    assert client.get(f"/ideas/{idea.reference}").location == f"/sign-in?next=/ideas/{idea.reference}"


def test_the_owner_reads_how_many_things_stand_before_the_gate(client: FlaskClient, owner: Person, idea: Idea) -> None:
    html = page(client, owner, idea)

    assert re.search(r"<b>\d+ things stand between this idea and the pilot gate\.</b>", html)


def test_the_line_shows_where_the_idea_is(client: FlaskClient, owner: Person, idea: Idea) -> None:
    html = page(client, owner, idea)

    marks = re.findall(r'<li class="(?:stage|gate) (\w+)"', html)
    assert marks == ["done", "done", "now", *["todo"] * 7]


def test_the_owner_is_offered_what_they_can_do_now(client: FlaskClient, owner: Person, idea: Idea) -> None:
    offered = actions(page(client, owner, idea))

    assert [label for label in offered if label.startswith(("Edit", "Present", "Convene"))] == [
        "Edit canvas",
        "Present at the pilot gate",
    ]


def test_the_coordinator_convenes_once_it_is_at_the_gate(client: FlaskClient, app: Flask) -> None:
    waiting = make.idea(place="at_screening")
    coordinator = make.staff("coordinator")
    db.session.commit()

    offered = actions(page(client, coordinator, waiting))

    assert ("Convene a panel" in offered, "Present at the screening gate" in offered) == (True, False)


def test_nothing_is_offered_on_an_idea_that_has_ended(client: FlaskClient, owner: Person) -> None:
    ended = make.idea(owner, place="at_screening", standing="merged")
    db.session.commit()

    offered = actions(page(client, owner, ended))

    assert [label for label in offered if label.startswith(("Edit", "Present", "Withdraw"))] == []


def test_a_panel_member_reads_the_idea_but_no_contact(client: FlaskClient, owner: Person, idea: Idea) -> None:
    member = make.person("Panel member")
    make.add(Access(idea_id=idea.id, person_id=member.id, why="seat:1"))
    owner.email = "owner@gatehouse.example"
    db.session.commit()

    seen, own = page(client, member, idea), page(client, owner, idea)

    assert ("owner@gatehouse.example" in seen, "owner@gatehouse.example" in own) == (False, True)


def test_the_timeline_tells_what_happened_newest_first(client: FlaskClient, owner: Person, idea: Idea) -> None:
    friend = make.person("Thandi")
    record(SYSTEM, IdeaCaptured(idea.id, None, owner.id))
    record(SYSTEM, ContributorAdded(idea.id, friend.id))
    record(SYSTEM, CanvasHandedIn(idea.id, 2))
    db.session.commit()

    told = history(page(client, owner, idea))

    assert told == ["The canvas was handed in, revision 2.", "Thandi joined the team.", "The idea was captured."]


def test_what_a_panel_does_among_itself_is_not_told_to_the_team(client: FlaskClient, owner: Person, idea: Idea) -> None:
    record(SYSTEM, ScorecardSubmitted(idea.id, 1, 1, False))
    record(SYSTEM, GateDecided(1, idea.id, "screening", "go"))
    db.session.commit()
    coordinator = make.staff("coordinator")
    db.session.commit()

    team, staff = history(page(client, owner, idea)), history(page(client, coordinator, idea))

    assert [line.split("  ")[-1].strip() for line in team] == ["at the screening gate."]
    assert len(staff) == 2


def test_a_coordinator_who_owns_an_idea_reads_no_more_than_its_team(client: FlaskClient, app: Flask) -> None:
    coordinator = make.staff("coordinator")
    own = make.idea(coordinator, place="at_screening")
    record(SYSTEM, ScorecardSubmitted(own.id, 1, 1, False))
    db.session.commit()

    assert history(page(client, coordinator, own)) == []


def test_a_facilitator_reads_the_outcome_but_not_the_team_s_affairs(client: FlaskClient, app: Flask) -> None:
    clinic = make.clinic()
    facilitator = make.grant(make.person("Facilitator"), "facilitator", clinic_id=clinic.id)
    captured = make.idea(place="concept", clinic_id=clinic.id)
    record(SYSTEM, ContributorAdded(captured.id, captured.owner_id))
    record(SYSTEM, GateDecided(1, captured.id, "screening", "go"))
    db.session.commit()

    assert len(history(page(client, facilitator, captured))) == 1


def test_a_long_history_is_cut_and_can_be_shown_whole(client: FlaskClient, owner: Person, idea: Idea) -> None:
    for number in range(2, 32):
        record(SYSTEM, CanvasHandedIn(idea.id, number))
    db.session.commit()

    short = page(client, owner, idea)
    whole = client.get(f"/ideas/{idea.reference}?history=all").text

    assert (len(history(short)), len(history(whole))) == (12, 30)


def test_an_idea_on_hold_says_until_when(client: FlaskClient, owner: Person) -> None:
    held = make.idea(owner, place="at_screening", standing="held", held_until=dt.date(2027, 6, 30))
    db.session.commit()

    assert "This idea waits until 30 Jun 2027. The clock is stopped." in page(client, owner, held)


def test_a_merged_idea_leads_to_the_other_one_only_for_those_who_may_see_it(client: FlaskClient, owner: Person) -> None:
    other = make.idea(title="The other one")
    merged = make.idea(owner, place="at_screening", standing="merged", merged_into_id=other.id)
    db.session.commit()
    coordinator = make.staff("coordinator")
    db.session.commit()

    to_owner, to_staff = page(client, owner, merged), page(client, coordinator, merged)

    link = f'<a href="/ideas/{other.reference}">The other one</a>'
    assert (link in to_owner, link in to_staff) == (False, True)


@pytest.mark.parametrize("standing", ["held", "stopped", "merged", "referred", "withdrawn"])
def test_an_idea_that_stands_still_has_a_page_without_its_decision(
    client: FlaskClient, owner: Person, standing: str
) -> None:
    still = make.idea(owner, place="at_screening", standing=standing)
    db.session.commit()

    assert still.title in page(client, owner, still)
