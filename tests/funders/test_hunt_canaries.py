"""What funders must not read is on no page, in no list, no export, no search and no message of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db, now
from innovation.gates.models import Condition, Decision, Review
from innovation.ideas import commands as ideas
from innovation.ideas.models import Handin, Idea, Revision
from tests import make
from tests.architecture.test_leaks import text_of
from tests.architecture.walk import crawl
from tests.funders.watching import fund, listed


def canary(what: str) -> str:
    return f"canary-{what}"


def secretive(**more: object) -> Idea:
    """A listed idea with something to hide in every place that funders have no business in."""
    owner = make.person(canary("owner"), email="canary-mail@school.example", phone="canary-phone")
    school, clinic = make.school(), make.clinic("reported", title=canary("clinic"), challenge=canary("challenge"))
    idea = listed(
        title="Open to funders",
        owner=owner,
        school_emis=school.emis,
        clinic_id=clinic.id,
        district_id=make.district().id,
        **more,
    )
    hidden = [field.key for field in idea.definition.canvas if "funders" not in field.audience]
    revision = make.first(Revision, idea_id=idea.id)
    make.add(
        Revision(
            idea_id=idea.id, number=2, title="Open to funders", submitted_by_id=owner.id,
            answers=dict(revision.answers) | {key: canary(f"canvas-{key}") for key in hidden},
        )
    )  # fmt: skip
    idea.revision_number, idea.search_text = 2, canary("search")
    for deliverable in idea.definition.deliverables[:3]:
        words = {"text": canary("paper")}
        make.add(Handin(idea_id=idea.id, deliverable=deliverable.key, number=1, content=words, reason=canary("reason")))
    review = make.add(
        Review(idea_id=idea.id, gate_key="pilot", round=1, revision_id=revision.id, quorum=1, state="decided")
    )
    details = {"plan": canary("plan"), "resources": canary("resources")}
    decision = make.add(
        Decision(
            review_id=review.id, idea_id=idea.id, outcome="conditional", rationale=canary("rationale"),
            against_reason=canary("against"), details=details, decided_by_id=owner.id, decided_at=now(),
        )
    )  # fmt: skip
    make.add(
        Condition(
            idea_id=idea.id, decision_id=decision.id, gate_key="pilot", text=canary("condition"),
            evidence=canary("evidence"), due_on=now().date(), owner_id=owner.id,
        )
    )  # fmt: skip
    db.session.commit()
    return idea


def unseen() -> list[Idea]:
    """Ideas that no funder may come across."""
    early = make.idea(title=canary("early"), place="concept")
    make.ask(early)
    make.consent(early)
    stopped = make.listed_idea(title=canary("stopped"), standing="stopped")
    withdrawn = make.listed_idea(title=canary("withdrawn"))
    other = fund("Demo third fund")
    other.interested(withdrawn, canary("foreign message"))
    ideas.withdraw_consent(make.actor(withdrawn.owner), withdrawn, purpose="share_with_funders")
    db.session.commit()
    return [early, stopped, withdrawn]


def everything(app: Flask, client: FlaskClient, references: list[str]) -> Iterator[tuple[str, str]]:
    """All that somebody can come by, and all addresses that they could have been told."""
    for _source, address, response in crawl(app, client, of_each=3, limit=150):
        yield address, text_of(response)
    for reference in references:
        for rest in ("", "/interests", "/people", "/canvas", "/revisions", "/conditions", "/consents", "/deliverables"):
            yield f"/ideas/{reference}{rest}", text_of(client.get(f"/ideas/{reference}{rest}"))
        for rest in ("", "/interest"):
            yield f"/funders/ideas/{reference}{rest}", text_of(client.get(f"/funders/ideas/{reference}{rest}"))
    for address in ("/funders/ideas", "/funders/interests", "/clinics", "/", "/funders", "/reviews"):
        for query in ("export=csv", "export=xlsx", "sort=score&standing=any", "show=newest&page=9"):
            yield f"{address}?{query}", text_of(client.get(f"{address}?{query}"))
    for query in ("canary", "Open", *references):
        # What was typed stands in the box again; only what is found beside it counts.
        text = text_of(client.get(f"/search?standing=any&q={query}"))
        yield f"/search?q={query}", text.replace(f'value="{query}"', "").replace(f"“{query}”", "")


@pytest.mark.parametrize("who", ["member", "admin", "other"])
def test_no_canary_is_found_by_anybody_of_a_funder(app: Flask, client: FlaskClient, who: str) -> None:
    csi, other = fund(), fund("Demo literacy trust")
    shared, hidden = secretive(), unseen()
    csi.interested(shared, "We would like to help." if who != "other" else canary("message of another fund"))
    db.session.commit()
    person = {"member": csi.member, "admin": csi.admin, "other": other.member}[who]
    references = [idea.reference for idea in (shared, *hidden)]

    read = dict(everything(app, make.sign_in(client, person), references))

    found = {(address, hit) for address, text in read.items() for hit in re.findall(r"canary-[\w ]+", text)}
    assert sorted(found) == []
    assert any("Open to funders" in text for text in read.values())
    assert not any("Demo Primary School" in text for text in read.values())


def test_withdrawing_consent_takes_the_idea_away_even_from_who_has_the_page_already(client: FlaskClient) -> None:
    idea, csi = listed(title="Gone at once"), fund()
    csi.interested(idea)
    db.session.commit()
    address = f"/funders/ideas/{idea.reference}"
    funder = make.sign_in(client, csi.member)
    before = funder.get(address)
    ideas.withdraw_consent(make.actor(idea.owner), idea, purpose="share_with_funders")
    db.session.commit()

    known = {"If-None-Match": before.headers.get("ETag", '"x"'), "If-Modified-Since": "Wed, 25 Nov 2099 10:00:00 GMT"}
    after = funder.get(address, headers=known)

    assert (before.status_code, before.headers["Cache-Control"]) == (200, "no-store")
    assert after.status_code == 404
    for place in ("/funders/ideas", "/funders/ideas?export=csv", "/funders/interests", "/work", "/inbox"):
        assert "Gone at once" not in funder.get(place).text
