"""Every address as every kind of person: what opens, and what does not, is what the policies say."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from werkzeug.routing import Rule

from innovation import permission
from innovation.db import db
from tests import make
from tests.architecture.map import AREAS, MAP
from tests.architecture.sights import PERSONAS, SIGNED_IN, STRANGERS, Case, Page
from tests.architecture.stage import Stage

PUBLIC = {
    "accounts.forgotten",
    "accounts.invitation",
    "accounts.new_password",
    "accounts.accept_by_provider",
    "accounts.provider_return",
    "accounts.second_step",
    "accounts.sign_in_by_provider",
    "accounts.sign_in_by_passkey",
    "accounts.sign_in_options",
    "accounts.sign_in",
    "accounts.sign_out",
    "clinics.card",
    "clinics.capture_clinic",
    "clinics.capture_manifest",
    "clinics.capture_page",
    "clinics.capture_worker",
    "clinics.dots_now",
    "clinics.join",
    "clinics.join_device",
    "clinics.join_form",
    "clinics.join_phone",
    "clinics.join_room",
    "clinics.place_dots",
    "clinics.receive_idea",
    "clinics.room_wall",
    "clinics.room_wall_now",
    "funders.alert_off",
    "ideas.begin_claim",
    "ideas.claim",
    "ideas.status",
    "pipeline.calendar",
    "pipeline.pipeline",
    "static",
}
OUTSIDE = {"walled", "seat_recused", "other_region", "foreign_manager"}
GONE, CLOSED = 404, (403, 404)


def test_the_table_names_every_endpoint_and_no_other(stage: Stage) -> None:
    there = {rule.endpoint for rule in stage.app.url_map.iter_rules()}

    assert sorted(there - set(MAP)) == []
    assert sorted(set(MAP) - there) == []


def test_these_endpoints_and_no_others_answer_without_a_sign_in(stage: Stage) -> None:
    marked = {name for name, view in stage.app.view_functions.items() if getattr(view, "is_public", False)}

    assert marked == PUBLIC
    assert {name for name, page in MAP.items() if page.public} == PUBLIC


def test_every_policy_that_the_table_names_exists(stage: Stage) -> None:
    named = {name for page in MAP.values() for name in (page.sees, page.writes) if name}

    assert sorted(named - set(permission.policies)) == []


@pytest.mark.parametrize("area", sorted(AREAS))
def test_everybody_reaches_what_the_table_allows_and_nothing_else(stage: Stage, area: str) -> None:
    wrong = [
        fault
        for endpoint, page in AREAS[area].items()
        for rule in stage.app.url_map.iter_rules(endpoint)
        for case in page.cases(stage.world)
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
        for fault in _walk(stage, rule, page, case, method)
    ]

    assert wrong == []


def _walk(stage: Stage, rule: Rule, page: Page, case: Case, method: str) -> list[str]:
    """What differs from the table for one address and method, persona by persona."""
    with stage.app.test_request_context():
        address = stage.app.url_for(rule.endpoint, **case.arguments)
    hoped = _expectations(stage, page, case, method)
    faults = []
    # Whoever stands outside stands outside of every thing alike: all of them try the first one only.
    everybody = case.name == page.cases(stage.world)[0].name
    for persona in PERSONAS if everybody else sorted(case.seen_by | OUTSIDE):
        response = stage.client(persona).open(address, method=method)
        fault = _fault(response.status_code, response.headers.get("Location", ""), page, hoped[persona])
        if fault:
            faults.append(f"{method} {address} ({rule.endpoint}, {case.name}) as {persona}: {fault}")
        if method == "POST" and response.status_code < 400:
            stage.put_back()
            del stage.clients[persona]  # whoever signed out has no session any more
    return faults


def _expectations(stage: Stage, page: Page, case: Case, method: str) -> dict[str, str]:
    """For each persona: sign in, gone, closed or open."""
    name = page.sees if method == "GET" else page.writes
    hoped = dict.fromkeys(STRANGERS, "open" if page.public else "sign in")
    with stage.app.app_context():
        thing = case.thing() if case.seen_by else None
        for persona in SIGNED_IN:
            actor = make.actor(stage.world.person(persona))
            if page.public:
                hoped[persona] = "open"
            elif persona not in case.seen_by:
                hoped[persona] = "gone" if case.secret else "closed"
            elif name and not permission.policies[name].allows(actor, thing):
                hoped[persona] = "closed"
            else:
                hoped[persona] = "open"
        db.session.remove()
    return hoped


def _fault(status: int, location: str, page: Page, hoped: str) -> str:
    """In what way an answer is not the one that was hoped for; empty when it is."""
    to_sign_in = status == 302 and urlsplit(location).path == "/sign-in"
    fine = {
        "sign in": to_sign_in or status == 401,  # 401 hands back what was typed
        "gone": status == GONE,
        "closed": status in CLOSED,
        "open": status < 500 and status not in CLOSED and (not to_sign_in or page.public),
    }[hoped]
    if fine or (hoped == "open" and page.absent and status == GONE):
        return ""
    return f"{status}, but it should be {hoped}"
