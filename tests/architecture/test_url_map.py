"""Every address as every kind of person: what opens, and what does not, is what the policies say."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from werkzeug.routing import Rule

from innovation import errors, permission
from innovation.accounts.views import second_factor
from innovation.db import db
from tests.architecture.map import AREAS, MAP
from tests.architecture.sights import PERSONAS, STRANGERS, Case, Page
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
    "funders.open_funders",
    "ideas.begin_claim",
    "ideas.claim",
    "ideas.open_lesson",
    "ideas.open_lessons",
    "ideas.status",
    "pilots.pilot_along",
    "pilots.receive_visit",
    "pilots.take_pilot_along",
    "pilots.visit_manifest",
    "pilots.visit_page",
    "pilots.visit_worker",
    "pipeline.calendar",
    "pipeline.pipeline",
    "replication.how_to",
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


@pytest.fixture
def errors_untold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals are known by their status here; drawing their pages thousands of times would cost half of all time."""
    monkeypatch.setattr(errors, "render_template", lambda _names, *, status, **_context: str(status))


@pytest.fixture
def time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever signed in when the walk began is not asked for the password again, however slow the machine is."""
    monkeypatch.setattr(second_factor, "PROVED_MINUTES", 24 * 60)


@pytest.mark.parametrize("area", sorted(AREAS))
@pytest.mark.usefixtures("errors_untold", "time_enough")
def test_everybody_reaches_what_the_table_allows_and_nothing_else(stage: Stage, area: str) -> None:
    wrong = [
        fault
        for endpoint, page in AREAS[area].items()
        for rule in stage.app.url_map.iter_rules(endpoint)
        for case in page.cases(stage.world)
        for fault in _walk(stage, rule, page, case)
    ]

    assert wrong == []


@pytest.mark.parametrize("persona", PERSONAS)
def test_everybody_is_shown_a_page_for_what_is_not_there(stage: Stage, persona: str) -> None:
    response = stage.get(persona, "/nowhere")

    assert response.status_code == GONE
    assert "</html>" in response.text


def _walk(stage: Stage, rule: Rule, page: Page, case: Case) -> list[str]:
    """What differs from the table for one address, method by method and persona by persona."""
    with stage.app.test_request_context():
        address = stage.app.url_for(rule.endpoint, **case.arguments)
    faults = []
    for method, hoped in _expectations(stage, rule, page, case).items():
        for persona in _who_tries(stage, rule, page, case, method):
            response = stage.client(persona).open(address, method=method)
            fault = _fault(response.status_code, response.headers.get("Location", ""), page, hoped[persona])
            if fault:
                faults.append(f"{method} {address} ({rule.endpoint}, {case.name}) as {persona}: {fault}")
            if method == "POST" and response.status_code < 400:
                stage.put_back()
                del stage.clients[persona]  # whoever signed out has no session any more
    return faults


def _methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) & {"GET", "POST"})


def _who_tries(stage: Stage, rule: Rule, page: Page, case: Case, method: str) -> list[str]:
    """Everybody, but that whoever has stood outside once is not asked again for the same.

    They stand outside of every thing alike, so all of them try the first one only. A view looks up its thing in one
    way for its GET and its POST, so to whom the GET was closed sends nothing, but for strangers and the likeliest ones.
    """
    first = case.name == page.cases(stage.world)[0].name
    if first and (method == "GET" or "GET" not in _methods(rule)):
        return list(PERSONAS)
    return sorted(case.seen_by | OUTSIDE | (STRANGERS if first else set()))


def _expectations(stage: Stage, rule: Rule, page: Page, case: Case) -> dict[str, dict[str, str]]:
    """For each method and persona: sign in, gone, closed or open."""
    with stage.app.app_context():
        thing = case.thing() if case.seen_by else None
        hoped = {
            method: {persona: _hoped(stage, page, case, method, persona, thing) for persona in PERSONAS}
            for method in _methods(rule)
        }
        db.session.remove()
    return hoped


def _hoped(stage: Stage, page: Page, case: Case, method: str, persona: str, thing: Any) -> str:
    name = page.sees if method == "GET" else page.writes
    if page.public:
        return "open"
    if persona in STRANGERS:
        return "sign in"
    if persona not in case.seen_by:
        return "gone" if case.secret else "closed"
    return "open" if not name or permission.policies[name].allows(stage.actor(persona), thing) else "closed"


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
