"""Browsing: a funder's people see what fits and may be seen, and nothing else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db, now
from innovation.funders import queries
from innovation.funders.models import Exposure
from innovation.funders.queries import Browsing, Filters
from innovation.ideas import commands as ideas
from innovation.ideas.models import Idea, Wall
from innovation.permission import NotThere
from innovation.web import today
from tests import make
from tests.databases import statements
from tests.funders.watching import Fund, fund, listed, page

BROWSE = "/funders/ideas"


def found(of: Fund, filters: Filters | None = None, order: str = "match") -> queries.Found:
    mandates = queries.mandates_for(of.funder, today())
    return Browsing(make.actor(of.member), of.funder, mandates, today()).find(filters or Filters(), order)


def ids(of: Fund, filters: Filters | None = None, order: str = "match") -> list[int]:
    return [match.idea_id for match in found(of, filters, order).matches]


def test_only_listed_active_ideas_at_a_place_for_funders_are_found(app: Flask) -> None:
    idea = listed()
    make.idea(place="concept")
    make.idea(place="ready")
    early = make.listed_idea()
    early.listed_at = None
    db.session.commit()

    assert ids(fund()) == [idea.id]


def test_an_idea_is_gone_as_soon_as_its_owner_withdraws_the_consent(client: FlaskClient) -> None:
    idea, csi = listed(), fund()
    before = ids(csi)

    ideas.withdraw_consent(make.actor(idea.owner), idea, purpose="share_with_funders")

    assert before == [idea.id]
    assert ids(csi) == []
    assert page(client, csi.member, f"{BROWSE}/{idea.reference}")[0] == 404


def test_an_idea_on_hold_is_gone(client: FlaskClient) -> None:
    idea, csi = listed(), fund()
    db.session.execute(sa.update(Idea).where(Idea.id == idea.id).values({"standing": "held"}))
    db.session.commit()

    assert ids(csi) == []
    assert page(client, csi.member, f"{BROWSE}/{idea.reference}")[0] == 404


def test_an_idea_before_the_funders_place_is_never_found_even_if_marked(client: FlaskClient) -> None:
    idea = make.idea(place="concept", listed_at=now())
    make.ask(idea)
    csi = fund(appetite={})

    assert ids(csi) == []
    assert page(client, csi.member, f"{BROWSE}/{idea.reference}")[0] == 404


def test_who_declared_a_conflict_sees_nothing_of_the_idea(client: FlaskClient) -> None:
    idea, csi = listed(), fund()
    make.add(Wall(idea_id=idea.id, person_id=csi.member.id, why="seat:1"))

    assert ids(csi) == []
    assert page(client, csi.member, f"{BROWSE}/{idea.reference}")[0] == 404


def test_what_does_not_fit_is_counted_with_the_reason(client: FlaskClient) -> None:
    listed()
    small, late, far = listed(), listed(place="piloting"), listed()
    make.ask(small, number=2, amount_cents=50_000_00)
    make.ask(far, number=2, provinces=["ZA-WC"])
    make.ask(late, number=2)
    csi = fund(national=False, provinces=["ZA-LP"])

    result = found(csi)

    assert dict(result.blocked) == {"ticket": 1, "stage": 1, "place": 1}
    assert (len(result.matches), result.without) == (1, 3)
    text = page(client, csi.member, BROWSE)[1]
    assert "3 ideas do not fit: 1 outside the places where you fund, 1 at stages that you do not fund" in text


@pytest.mark.parametrize(
    "filters",
    [
        Filters(theme=("t6",)),
        Filters(province=("ZA-WC",)),
        Filters(phase=("fet",)),
        Filters(evidence=("E3",)),
        Filters(ask=("b2",)),
        Filters(stage=("piloting",)),
    ],
)
def test_each_filter_narrows_to_the_idea_that_has_it(app: Flask, filters: Filters) -> None:
    listed()
    wanted = listed(
        place="piloting", theme_id=make.first(make.Theme, key="t6").id, evidence_level="E3", evidence_accepted_by_id=1
    )
    make.ask(wanted, number=2, provinces=["ZA-WC"], phases=["fet"], amount_cents=240_000_00)
    csi = fund(appetite={}, theme_keys=[])

    assert ids(csi, filters) == [wanted.id]


def test_the_order_is_by_fit_then_by_choice(app: Flask) -> None:
    half, best = listed(), listed()
    make.ask(half, number=2, amount_cents=200_000_00, phases=["fet"])
    newest = listed(theme_id=make.first(make.Theme, key="t6").id)
    csi = fund()

    assert ids(csi) == [best.id, half.id, newest.id]
    assert ids(csi, order="newest") == [newest.id, best.id, half.id]
    assert ids(csi, order="smallest")[0] == half.id


def test_the_card_says_how_well_it_fits_and_why(client: FlaskClient) -> None:
    listed(title="Reading clubs run by matric leavers")
    csi = fund()

    status, text = page(client, csi.member, BROWSE)

    assert status == 200
    assert "Reading clubs run by matric leavers" in text
    assert "The idea's main theme is in your mandate." in text
    assert "Largest gap: Place." in text


def test_nobody_but_a_funders_people_may_browse(client: FlaskClient) -> None:
    idea = listed()

    for person in (make.staff("manager"), make.staff("coordinator"), idea.owner, make.staff("administrator")):
        assert page(client, person, BROWSE)[0] == 404
        assert page(client, person, f"{BROWSE}/{idea.reference}")[0] == 404


def test_nobody_acts_for_a_fund_that_is_not_theirs(client: FlaskClient) -> None:
    csi, other = fund(), fund("Demo trust")

    assert page(client, csi.member, f"{BROWSE}?fund={other.funder.key}")[0] == 404


def test_the_list_asks_the_database_as_often_for_one_idea_as_for_thirty(client: FlaskClient) -> None:
    csi = fund()
    listed()
    page(client, csi.member, BROWSE)
    db.session.execute(sa.delete(Exposure))
    listed()  # what is ranked is ranked anew
    with statements() as few:
        page(client, csi.member, BROWSE)
    for _i in range(30):
        make.listed_idea()
    db.session.execute(sa.delete(Exposure))
    db.session.commit()

    with statements() as many:
        page(client, csi.member, BROWSE)

    assert selects(many) == selects(few)


def selects(asked: list[str]) -> int:
    return sum(text.lstrip().upper().startswith("SELECT") for text in asked)


def test_the_export_holds_exactly_what_the_list_shows_and_no_contacts(client: FlaskClient) -> None:
    shown, blocked = listed(), listed(title="Too small for this fund")
    make.ask(blocked, number=2, amount_cents=10_000_00)
    shown.owner.phone = "082 000 0000"
    csi, email = fund(), shown.owner.email or ""
    csi.interested(shown)

    text = page(client, csi.member, f"{BROWSE}?export=csv")[1]

    assert [line.split(",")[0].lstrip("\ufeff") for line in text.splitlines()] == ["Reference", shown.reference]
    assert email not in text
    assert "082 000 0000" not in text


def test_nonsense_in_the_address_is_left_out(client: FlaskClient) -> None:
    idea, csi = listed(), fund()

    status, text = page(client, csi.member, f"{BROWSE}?theme=nothing&province=XX&ask=lots&show=best&within=all&page=9")

    assert status == 200
    assert idea.title in text


def test_two_funds_of_one_person_are_kept_apart(app: Flask) -> None:
    csi, other = fund(), fund("Demo trust")
    make.grant(csi.member, "funder_member", funder_id=other.funder.id)

    acting = queries.acting_funder(make.actor(csi.member), other.funder.key)

    assert acting.id == other.funder.id
    with pytest.raises(NotThere):
        queries.acting_funder(make.actor(other.member), csi.funder.key)
