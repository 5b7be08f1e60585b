"""Two funders fund one ask, as their browsers meet it: papers handed in once, a tranche released by a milestone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from innovation import worker
from innovation.accounts.models import Person
from innovation.db import db
from innovation.funders.codes import DILIGENCE_NAMES
from innovation.funders.commitment_models import Commitment, Talk
from innovation.ideas.models import Idea
from innovation.notifications.models import Notice
from innovation.pilots.models import Milestone
from tests import make
from tests.funders.watching import Fund, fund, listed

WORDS = "Two years of statements, without a remark."


@dataclass
class Browser:
    """Somebody who is signed in; each form must lead on."""

    client: FlaskClient

    def send(self, address: str, **fields: Any) -> None:
        answer = self.client.post(address, data=fields)
        assert answer.status_code == 302, answer.text

    def sees(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200
        return answer.text


def browser(app: Flask, who: Person) -> Browser:
    return Browser(make.sign_in(app.test_client(), who))


def talk_and_check(app: Flask, idea: Idea, by: Fund) -> Browser:
    """From an accepted introduction to the end of due diligence."""
    funds = browser(app, by.member)
    at = f"/funders/ideas/{idea.reference}"
    funds.send(f"{at}/talks")
    funds.send(f"{at}/diligence")
    for item in DILIGENCE_NAMES:
        funds.send(f"{at}/checks/{item}", **{f"{item}-verdict": "fine"})
    return funds


def introduce(owner: Browser, funds: Browser, idea: Idea) -> int:
    funds.send(f"/funders/ideas/{idea.reference}/interest", message="We would like to help you start.")
    interest = idea_interests(idea)[-1]
    owner.send(f"/ideas/{idea.reference}/interests/{interest}/answer", **{f"i{interest}-answer": "accept"})
    return interest


def idea_interests(idea: Idea) -> list[int]:
    from innovation.funders.queries import interests_of

    return sorted(each.id for each in interests_of(idea))


def newest(model: type[Any]) -> Any:
    db.session.expire_all()
    return db.session.query(model).order_by(model.id.desc()).first()


def test_two_funders_carry_one_ask_and_a_milestone_releases_a_tranche(app: Flask) -> None:
    idea, csi, trust = listed(), fund(), fund("Demo trust")
    coordinator = browser(app, make.staff("coordinator"))
    owner, at = browser(app, idea.owner), f"/ideas/{idea.reference}"
    interests = [introduce(owner, browser(app, by.member), idea) for by in (csi, trust)]

    # The accounts are handed in once, and opened to both; sums are shown to the second alone.
    owner.send(f"{at}/diligence/accounts", **{"accounts-text": WORDS})
    owner.send(f"{at}/disclosures/{interests[0]}", fields_shown=["paper:accounts"])
    owner.send(f"{at}/disclosures/{interests[1]}", fields_shown=["paper:accounts", "totals"])
    funds = [talk_and_check(app, idea, by) for by in (csi, trust)]
    read = [WORDS in each.sees(f"/funders/ideas/{idea.reference}/disclosed") for each in funds]

    # Each offers a part, and the owner accepts both.
    for each, amount in zip(funds, ("300 000", "180 000"), strict=True):
        offer = {"instrument": "grant", "currency": "ZAR", "amount": amount, "purpose": "The first year."}
        each.send(f"/funders/ideas/{idea.reference}/commitments", **offer)
        number = newest(Commitment).id
        owner.send(f"{at}/commitments/{number}/answer", **{f"c{number}-answer": "accept"})
    first = db.session.query(Commitment).order_by(Commitment.id).first()
    assert first is not None

    # A tranche hangs on a milestone, which the team shows and the coordinator accepts.
    owner.send(f"{at}/milestones", title="Eight clubs", due_on="2027-03-01")
    milestone, money = newest(Milestone).id, f"/funders/commitments/{first.id}"
    funds[0].send(f"{money}/tranches", amount="100 000", due_on="2027-03-01", milestone=str(milestone))
    funds[0].send(f"{money}/tranches", amount="200 000", due_on="2027-09-01")
    funds[0].send(f"{money}/agreement", agreed_on="2026-01-15", agreement="Agreement 1")
    tranche = newest(Commitment) and db.session.get_one(Commitment, first.id).tranches[0].id
    release = {f"t{tranche}-released_on": "2026-01-20"}
    too_soon = funds[0].client.post(f"{money}/tranches/{tranche}/release", data=release)
    owner.send(f"{at}/milestones/{milestone}/evidence", **{f"m{milestone}-evidence": "Eight lists of clubs."})
    coordinator.send(f"{at}/milestones/{milestone}/verdict", **{f"m{milestone}-answer": "accept"})
    funds[0].send(f"{money}/tranches/{tranche}/release", **release)
    worker.deliver_owed()

    # Everybody sees what is theirs to see.
    ours, theirs = (each.sees(f"/funders/ideas/{idea.reference}/talks") for each in funds)
    page, readings = owner.sees(f"{at}/funding"), owner.sees(f"{at}/disclosures/{interests[1]}")
    told = {notice.subject for notice in db.session.query(Notice).filter_by(person_id=idea.owner_id)}
    assert read == [True, True]
    assert (too_soon.status_code, "Its milestone is not accepted yet." in too_soon.text) == (422, True)
    assert [first.released_minor, newest(Talk).state] == [100_000_00, "committed"]
    assert [text in page for text in ("R480\u00a0000", "R100\u00a0000", csi.funder.name, "Demo trust")] == [True] * 4
    assert ["All funders together" in text for text in (ours, theirs)] == [False, True]
    assert ["Demo trust" in ours, csi.funder.name in theirs, "180" in ours, "300\u00a0000" in theirs] == [False] * 4
    assert trust.member.name in readings
    assert f"{csi.funder.name} and “{idea.title}”" in told
