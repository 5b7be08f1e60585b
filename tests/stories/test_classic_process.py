"""A programme that is no school's: an idea goes through all gates of the general process over HTTP."""

from __future__ import annotations

import pytest
from flask import Flask

from innovation.db import db
from innovation.gates.models import Panel, PanelMember
from tests import make
from tests.stories import people
from tests.stories.conftest import ROLES, Cast, Post, member, visitor, with_password
from workflows import library_definition

CLASSIC = library_definition("classic")


@pytest.fixture
def cast(site: Flask, post: Post) -> Cast:
    with site.app_context():
        programme = make.programme(workflow_key="classic")
        region, clinic = make.region(), make.clinic()
        make.school()
        facilitator = member("facilitator", "Facilitator", clinic_id=clinic.id)
        coordinator = member("coordinator", "Coordinator")
        sitting = [make.person(f"Panel {role} {n}") for n, role in enumerate(ROLES)]
        addresses = [with_password(person) for person in sitting]
        for gate in CLASSIC.gates:
            panel = make.add(
                Panel(programme_id=programme.id, region_id=region.id, gate_key=gate.key, name=f"{gate.name} panel")
            )
            for person, role in zip(sitting, ROLES, strict=True):
                make.add(PanelMember(panel_id=panel.id, person_id=person.id, role=role))
        code = clinic.code
        db.session.commit()
    cast = Cast(site, post, visitor(site, facilitator), visitor(site, coordinator), code)
    cast.panel = [visitor(site, address) for address in addresses]
    return cast


@pytest.mark.slow
def test_an_idea_passes_all_gates_of_a_process_that_knows_nothing_of_schools(cast: Cast) -> None:
    reference, owner = cast.capture("A lamp that charges itself", "owner@gatehouse.example")
    seen = []

    people.complete_canvas(owner, reference)
    for gate in CLASSIC.gates:
        if gate.ask_required:
            people.ask_funders(owner, reference)
        people.hand_in_all(owner, cast.coordinator, reference, gate.key, CLASSIC)
        people.present(owner, reference)
        cast.decide(reference, "go", 5)
        seen.append(cast.state(reference))

    assert seen == [(stage.key, "active") for stage in CLASSIC.stages[1:]]
