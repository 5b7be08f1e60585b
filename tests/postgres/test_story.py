"""One idea from the clinic past its first gate over HTTP, with the database on PostgreSQL."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from innovation import chain
from innovation.db import db
from innovation.gates.models import Panel, PanelMember
from innovation.ideas.models import Idea
from tests import make
from tests.stories import people
from tests.stories.conftest import Post, member, post, site, visitor, with_password, work

__all__ = ["post", "site"]  # fixtures
ROLES = ("chair", "government", "practitioner")
OWNER = "owner@gatehouse.example"


def test_an_idea_comes_from_a_clinic_past_the_screening_gate(site: Flask, post: Post) -> None:
    with site.app_context():
        programme, clinic = make.programme(), make.clinic()
        make.school()
        addresses = [member("facilitator", "Facilitator", clinic_id=clinic.id), member("coordinator", "Coordinator")]
        panel = make.add(Panel(programme_id=programme.id, gate_key="screening", name="Screening panel"))
        for role in ROLES:
            person = make.person(f"Panel {role}")
            make.add(PanelMember(panel_id=panel.id, person_id=person.id, role=role))
            addresses.append(with_password(person))
        code = clinic.code
        db.session.commit()
        db.session.remove()
    facilitator, coordinator, *sitting = [visitor(site, address) for address in addresses]

    reference = people.capture(facilitator, code, "Reading clubs", "Demo owner", OWNER)
    work(site)
    owner = people.claim(site, post.link(OWNER, "/claim/"), OWNER)
    people.complete_canvas(owner, reference)
    people.hand_in_all(owner, coordinator, reference, "screening")
    people.present(owner, reference)
    review = people.convene(coordinator, reference, sitting)
    for person in sitting:
        people.score(person, review, 9)
    people.decide(sitting[0], review, "go")
    work(site)

    with site.app_context():
        idea = db.session.scalars(sa.select(Idea).filter_by(reference=reference)).one()
        chain.seal_all()
        assert (idea.place, idea.standing) == ("concept", "active")
        assert chain.verify().faults == []
        assert db.engine.dialect.name == "postgresql"
        db.session.remove()
    assert "Reading clubs" in coordinator.open("/search?q=reading+clu").text
