"""Walls hold on the funders' side too, and an introduction is to the person who agreed to it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db
from innovation.dossiers import making
from innovation.events import list_events
from innovation.funders import commands, queries
from innovation.funders.commands import talks
from innovation.ideas import commands as ideas
from innovation.ideas.models import Contributor, Idea, Wall
from innovation.notifications import telling
from innovation.notifications.models import Notice
from tests import make
from tests.funders.funded import committed, examined
from tests.funders.watching import fund, listed, page


def wall(idea: Idea, person_id: int) -> None:
    db.session.add(Wall(idea_id=idea.id, person_id=person_id, why="affiliation:1"))
    db.session.commit()


def test_a_funders_person_behind_a_wall_hears_nothing_more_of_the_idea(client: FlaskClient) -> None:
    idea, csi = listed(title="A title behind a wall"), fund()
    interest = csi.interested(idea)
    for person in (csi.member, csi.admin):
        make.account(person)
    wall(idea, csi.admin.id)

    commands.accept_interest(make.actor(idea.owner), interest)
    telling.tell_accepted_interest(list_events(f"idea:{idea.id}", kinds=["interest_accepted"])[0])

    told = {notice.person_id for notice in db.session.query(Notice)}
    assert told == {csi.member.id}
    assert queries.waiting_for(make.actor(csi.admin)) == []
    assert [w.kind for w in queries.waiting_for(make.actor(csi.member))] == ["answered"]
    assert idea.title not in page(client, csi.admin, "/funders/interests")[1]
    assert idea.title not in page(client, csi.admin, "/funders/interests?export=csv")[1]
    assert idea.title in page(client, csi.member, "/funders/interests")[1]


def test_a_later_owner_who_accepted_nothing_is_not_given_away(app: Flask, client: FlaskClient) -> None:
    idea, csi = listed(), fund()
    commands.accept_interest(make.actor(idea.owner), csi.interested(idea))
    heir = make.person("Later Owner", email="later.owner@gatehouse.example")
    make.contributor(idea, heir)
    contributor = make.first(Contributor, idea_id=idea.id)
    ideas.hand_over_idea(make.actor(idea.owner), idea, contributor_id=contributor.id)
    ideas.give_consent(make.actor(heir), idea, purpose="share_with_funders")

    pack = queries.read_pack(make.actor(csi.member), csi.funder, idea)
    text = page(client, csi.member, f"/funders/ideas/{idea.reference}")[1]

    assert pack.contact is None
    assert "later.owner@gatehouse.example" not in text
    assert "The idea has another owner now" in text


def test_staff_list_the_interests_only_of_ideas_that_they_look_after(client: FlaskClient) -> None:
    idea, csi = listed(title="Seen from a seat"), fund()
    csi.interested(idea)
    elsewhere = make.staff("coordinator", region_id=make.region("GP").id, programme_id=idea.programme_id)
    make.contributor(idea, elsewhere)
    db.session.commit()

    assert idea.title not in page(client, elsewhere, "/funders/interests")[1]
    assert idea.title in page(client, make.staff("coordinator"), "/funders/interests")[1]


@pytest.mark.parametrize("part", ["owner", "contributor"])
def test_who_takes_part_in_an_idea_does_not_read_what_their_fund_finds_out_about_it(
    client: FlaskClient, part: str
) -> None:
    idea, csi = listed(), fund()
    talk = examined(idea, csi, leave="accounts")
    talks.settle_check(make.actor(csi.member), talk, item="accounts", verdict="asks", note="Canary of the fund")
    both = make.funder_person(csi.funder)
    if part == "owner":
        idea.owner_id = both.id
    else:
        make.contributor(idea, both)
    db.session.commit()
    address = f"/funders/ideas/{idea.reference}"

    told = [page(client, who, f"{address}/talks")[1] for who in (csi.member, both)]
    answer = make.sign_in(client, both).post(f"{address}/checks/accounts", data={"accounts-verdict": "fine"})

    assert ["Canary of the fund" in text for text in told] == [True, False]
    assert answer.status_code == 403


@pytest.mark.parametrize("role", ["manager", "coordinator"])
def test_staff_who_work_for_one_fund_do_not_read_what_another_does_with_an_idea(client: FlaskClient, role: str) -> None:
    idea, other, own = listed(), fund("Another fund"), fund("One fund")
    committed(idea, other, 200_000_00)
    staff = make.staff(role)
    paths = [f"/ideas/{idea.reference}{rest}" for rest in ("", "/interests", "/funding", "/dossier")]
    before = [page(client, staff, path)[1] for path in paths]
    make.grant(staff, "funder_member", funder_id=own.funder.id)
    db.session.commit()

    after = [page(client, staff, path)[1] for path in paths]

    assert ["Another fund" in text for text in before] == [True, True, True, False]
    assert ["Another fund" in text for text in after] == [False] * 4
    assert making.make(make.actor(staff), idea.reference).chain is None


def test_a_funders_person_behind_a_wall_cannot_try_out_whether_interest_is_shown(client: FlaskClient) -> None:
    idea, csi = listed(), fund()
    interest = csi.interested(idea)
    wall(idea, csi.admin.id)
    address = f"/funders/ideas/{idea.reference}/interest/withdrawal"

    answer = make.sign_in(client, csi.admin).post(address)

    assert (answer.status_code, interest.state) == (404, "shown")
