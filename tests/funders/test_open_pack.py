"""The standard pack: what domain and definition let funders read, and no word more."""

from __future__ import annotations

from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.funders import commands
from innovation.gates.models import Decision, Review
from innovation.ideas.models import Idea, Revision
from tests import make
from tests.funders.watching import fund, listed, page

SECRETS = {
    "risks": "CANARY-RISKS",
    "theory_of_change": "CANARY-THEORY",
    "owner_contact": "CANARY-CONTACT",
    "owner": "CANARY-OWNER",
}


def told(title: str = "Reading clubs") -> Idea:
    school = make.school()
    return listed(
        title=title,
        school_emis=school.emis,
        district_id=make.district().id,
        owner=make.person("Owner with a name", email="owner@school.example", phone="082 000 0000"),
        answers={
            "problem": "Few read for meaning.",
            "summary": "Clubs after school.",
            "how_it_works": "In three steps.",
            **SECRETS,
        },
    )


def test_the_pack_shows_what_funders_may_read_and_nothing_else(client: FlaskClient) -> None:
    idea, csi = told(), fund()

    status, text = page(client, csi.member, f"/funders/ideas/{idea.reference}")

    assert status == 200
    for word in (
        "Few read for meaning.",
        "Clubs after school.",
        "In three steps.",
        "Vhembe East",
        "R250 000 to R1 300 000",
    ):
        assert word in text
    for word in (*SECRETS.values(), "Demo Primary School", "Owner with a name", "owner@school.example", "082 000"):
        assert word not in text


def decision(idea: Idea, outcome: str, gate: str, on: Person) -> Decision:
    revision = make.first(Revision, idea_id=idea.id)
    review = make.add(
        Review(idea_id=idea.id, gate_key=gate, round=1, revision_id=revision.id, quorum=1, state="decided")
    )
    return make.add(
        Decision(
            review_id=review.id,
            idea_id=idea.id,
            outcome=outcome,
            rationale="CANARY-RATIONALE",
            total=6600,
            decided_by_id=on.id,
            decided_at=now(),
        )
    )


def test_the_last_decision_is_named_without_its_reasons_or_marks(client: FlaskClient) -> None:
    idea, csi = told(), fund()
    chair = make.person("Chair of the panel")
    decision(idea, "conditional", "pilot", chair)
    db.session.commit()

    text = page(client, csi.member, f"/funders/ideas/{idea.reference}")[1]

    assert idea.definition.outcome("conditional").label in text
    for word in ("CANARY-RATIONALE", "6600", "66.0", "Chair of the panel"):
        assert word not in text


def test_a_decision_to_rework_is_not_told(client: FlaskClient) -> None:
    idea, csi = told(), fund()
    decision(idea, "recycle", "replication", make.person())
    db.session.commit()

    assert "Last decision" not in page(client, csi.member, f"/funders/ideas/{idea.reference}")[1]


def test_contacts_and_school_appear_after_the_owner_accepted_and_for_this_fund_only(client: FlaskClient) -> None:
    idea, csi, other = told(), fund(), fund("Demo trust")
    interest = csi.interested(idea)
    before = page(client, csi.member, f"/funders/ideas/{idea.reference}")[1]

    commands.accept_interest(make.actor(idea.owner), interest)

    after = page(client, csi.member, f"/funders/ideas/{idea.reference}")[1]
    for word in ("Owner with a name", "owner@school.example", "082 000 0000", "Demo Primary School"):
        assert word not in before
        assert word in after
        assert word not in page(client, other.member, f"/funders/ideas/{idea.reference}")[1]


def test_a_funders_people_open_no_page_of_the_pipeline(client: FlaskClient) -> None:
    idea, csi = told(), fund()
    commands.accept_interest(make.actor(idea.owner), csi.interested(idea))

    for address in ("", "/interests", "/canvas", "/ask"):
        assert page(client, csi.member, f"/ideas/{idea.reference}{address}")[0] == 404


def test_an_idea_that_does_not_fit_says_why(client: FlaskClient) -> None:
    idea, csi = told(), fund(appetite={"replicating": "preferred"})

    text = page(client, csi.member, f"/funders/ideas/{idea.reference}")[1]

    assert "You do not fund ideas at this stage." in text
