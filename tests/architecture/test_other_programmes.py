"""A programme that is not about education shows no word of education on any page, in any form, export or mail."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.app import create_app
from innovation.clinics.models import Clinic
from innovation.db import db, now
from innovation.gates import commands as gates
from innovation.gates.models import Panel, PanelMember
from innovation.programmes.models import Programme, Region, Theme, Topic
from tests import make
from tests.architecture.test_leaks import text_of
from tests.architecture.walk import crawl
from tests.conftest import FAST
from tests.databases import Store
from workflows import library_definition

OF_EDUCATION = re.compile(
    r"[^\n<>]{0,40}(?:school|learner|teacher|pupil|educat|classroom|curricul|\bEMIS\b|quintile|principals)[^\n<>]{0,40}",
    re.IGNORECASE,
)
CLASSIC = library_definition("classic")
WHO = (
    *("stranger", "administrator", "manager", "coordinator", "facilitator"),
    *("owner", "chair", "member", "funder"),
)
BESIDE_LINKS = (
    *("/ideas/import", "/?export=csv&standing=any", "/clinics?export=csv", "/funders/ideas?export=csv"),
    *("/funders?export=csv", "/reviews?export=csv", "/log", "/people?export=csv"),
)


@pytest.fixture(scope="module")
def elsewhere(store: Store, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, FlaskClient]:
    """A programme for water that runs by the classic process, with a browser for everybody in it."""
    folder = tmp_path_factory.mktemp("water")
    store.copy(migrated, folder)
    app = create_app(instance=folder, **FAST)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        people = _people_of_water(app)
        db.session.remove()
    return people


def _people_of_water(app: Flask) -> dict[str, FlaskClient]:
    home = make.add(Programme(key="water", name="Water", workflow_version_id=make.workflow("classic").id))
    theme = make.add(Theme(programme_id=home.id, key="t1", name="Leaks", position=1))
    make.add(Topic(programme_id=home.id, key="pipes", name="Pipes", position=1))
    region = make.add(Region(programme_id=home.id, prefix="NW", name="North wards"))
    more = {"programme_id": home.id, "region_id": region.id, "challenge": "How might we lose less water?"}
    more |= {"starts_on": now().date(), "ends_on": now().date()}
    clinic = make.add(Clinic(state="open", code="CL-NW-2026-01", title="Water clinic", **more))
    past = {"state": "closed", "title": "Old clinic", "attendance": {"residents": 12}}
    make.add(Clinic(code="CL-NW-2026-02", **past, **more))
    scope = {"programme_id": home.id}
    roles = {role: make.grant(make.person(role.title()), role, **scope) for role in ("manager", "coordinator")}
    roles |= {"administrator": make.staff("administrator"), "owner": make.person("Owner")}
    roles |= {"facilitator": make.grant(make.person("Facilitator"), "facilitator", clinic_id=clinic.id, **scope)}
    fund = make.funder(theme_keys=["t1"], phases=[], appetite={"development": "preferred"}, min_evidence="E1")
    roles |= {"funder": make.funder_person(fund, "funder_admin")}
    idea = {"programme": home, "theme_id": theme.id, "phases": [], "clinic_id": clinic.id, "owner": roles["owner"]}
    idea["summary"] = "Listening rods find leaks."
    answers = {"problem": "Pipes leak.", "summary": "Listening rods find leaks.", "cost_per_user": 1200}
    first = make.idea(place=CLASSIC.stages[0].key, answers=answers, **idea)
    asking = make.idea(place="development", listed_at=now(), pilot_ready_at=now(), answers=answers, **idea)
    make.ask(asking, phases=[], share_q1_3=None)
    make.consent(asking)
    waiting = make.idea(place="at_first_screen", answers=answers, **idea)
    panel = make.add(Panel(programme_id=home.id, gate_key="first_screen", name="First screen panel"))
    for role in ("chair", "member", "practitioner"):
        roles[role] = make.person(role.title())
        make.add(PanelMember(panel_id=panel.id, person_id=roles[role].id, role=role))
    review = gates.convene_panel(make.actor(roles["coordinator"]), waiting, panel_id=panel.id, scoring="now")
    make.declare(next(seat for seat in review.seats if seat.role == "chair"))
    assert first.definition.key == "classic"
    return {"stranger": app.test_client()} | {
        name: make.sign_in(app.test_client(), person) for name, person in roles.items()
    }


@pytest.mark.parametrize("who", WHO)
def test_no_page_says_a_word_of_education(elsewhere: dict[str, FlaskClient], who: str) -> None:
    client = elsewhere[who]

    pages = {address: answer for _from, address, answer in crawl(client.application, client, of_each=1)}
    pages |= {address: client.get(address) for address in BESIDE_LINKS}

    said = {address: sorted(set(OF_EDUCATION.findall(_seen(text_of(page))))) for address, page in pages.items()}
    assert [address for address, page in pages.items() if page.status_code >= 500] == []
    assert {address: words for address, words in said.items() if words} == {}


def test_the_pages_that_are_read_are_many(elsewhere: dict[str, FlaskClient]) -> None:
    client = elsewhere["coordinator"]

    pages = [answer.status_code for _from, _address, answer in crawl(client.application, client, of_each=1)]

    assert pages.count(200) > 25


def _seen(text: str) -> str:
    """What people read: addresses and names in the markup are none of it."""
    return re.sub(
        r"""\b(?:href|src|action|formaction|id|for|name|class|value|data-[\w-]+|hx-[\w-]+|aria-\w+by)="[^"]*\"""",
        "",
        text,
    )


def test_no_mail_and_no_sentence_of_a_command_says_one_either(elsewhere: dict[str, FlaskClient]) -> None:
    mails = Path("templates/messages").glob("*.*")

    said = {mail.name: OF_EDUCATION.findall(mail.read_text("utf-8")) for mail in mails}

    assert {name: words for name, words in said.items() if words} == {}
    assert OF_EDUCATION.findall(CLASSIC.text) == []
