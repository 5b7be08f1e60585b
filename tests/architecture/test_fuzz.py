"""Every form and every other address that takes something in, as everybody who reaches it, with nonsense in it.

A campaign: ``GATEHOUSE_TEST_FUZZ=100`` tries so many bodies at each address.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from innovation import permission
from innovation.asked import Asked, Sent
from innovation.db import db
from tests import make
from tests.architecture.map import AREAS
from tests.architecture.nonsense import Sending, sendings
from tests.architecture.sights import PERSONAS, Case, Page
from tests.architecture.stage import Stage
from tests.architecture.walk import crawl, endpoint_of, is_page, read
from tests.stories.filling import answers

TRIES = int(os.environ.get("GATEHOUSE_TEST_FUZZ", "6"))
PERSONAS_A_DOOR = 2 if TRIES < 50 else 4
PUT_BACKS_A_DOOR = 3 if TRIES < 50 else 30
WALKERS = ("owner", "coordinator", "administrator", "chair", "seat_accepted", "funder_admin")
TAKEN_ON = {"gates.change_decision", "gates.give_back_reconsideration", "gates.reconsideration"}
UNKNOWN = {"ideas.import_step", "funders.import_step", *TAKEN_ON}  # nobody has begun an import, or taken a request on
Whole = dict[str, list[dict[str, list[Any]]]]


class Noted(Sent):
    """What was sent, noting which names the application looks for."""

    names: set[str] = set()

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)

    def __getitem__(self, key: str) -> Any:
        self.names.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:
        self.names.add(key)
        return super().get(key, default, type)

    def getlist(self, key: str, type: Any = None) -> list[Any]:
        self.names.add(key)
        return super().getlist(key, type)


class Listening(Asked):
    parameter_storage_class = Noted


@dataclass
class Door:
    """An address, who gets through, and the names that it looks for."""

    rule: Rule
    address: str
    personas: list[str]
    names: set[str] = field(default_factory=set)


pytestmark = pytest.mark.skipif(
    "GATEHOUSE_TEST_FUZZ" not in os.environ, reason="LEFT OUT: a campaign, run with GATEHOUSE_TEST_FUZZ=100"
)


@pytest.fixture(scope="module")
def whole(built: Stage) -> Whole:
    """For each endpoint, forms as the pages show them, filled in well."""
    found: Whole = defaultdict(list)
    for persona in WALKERS:
        client = built.client(persona)
        for _source, address, response in list(crawl(built.app, client, of_each=1, limit=45)):
            _note_forms(built, found, address, response)
    built.clients.clear()
    return found


def _note_forms(stage: Stage, found: Whole, address: str, response: TestResponse) -> None:
    for form in read(address, response).forms if is_page(response) else []:
        target = endpoint_of(stage.app, form.action.partition("#")[0], "POST")
        if target and form.method == "post" and len(found[target[0]]) < 6:
            found[target[0]].append(_filled(form))


def _filled(form: Any) -> dict[str, list[Any]]:
    chosen = {name: [value] for name, value in answers(form).items() if value is not None}
    return {**form.values, **chosen, **{name: [value] for name, value in form.buttons if name}}


@pytest.fixture
def listening(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(stage.app, "request_class", Listening)
    return stage


def _doors(stage: Stage, area: str, method: str) -> Iterator[Door]:
    """The addresses of an area that are open to somebody, with the names that each looks for."""
    for endpoint, page in AREAS[area].items():
        for rule in stage.app.url_map.iter_rules(endpoint):
            for case in page.cases(stage.world) if method in (rule.methods or ()) else ():
                personas = _let_through(stage, page, case, method)
                if personas:
                    yield _listen(stage, rule, case, personas, method)
                    break


def _let_through(stage: Stage, page: Page, case: Case, method: str) -> list[str]:
    """Some of those who reach the thing and may do what is done there, as the policies say."""
    if page.public:
        return ["phone", "stranger"] if page.by_token else ["stranger", "owner"]
    name = page.writes if method == "POST" else page.sees
    with stage.app.app_context():
        thing = case.thing()
        found = [
            persona
            for persona in PERSONAS
            if persona in case.seen_by
            and (not name or permission.policies[name].allows(make.actor(stage.world.person(persona)), thing))
        ]
        db.session.remove()
    return found[:: max(1, len(found) // PERSONAS_A_DOOR)][:PERSONAS_A_DOOR]


def _listen(stage: Stage, rule: Rule, case: Case, personas: list[str], method: str) -> Door:
    with stage.app.test_request_context():
        door = Door(rule, stage.app.url_for(rule.endpoint, **case.arguments), personas)
    Noted.names = door.names
    stage.client(personas[0]).open(door.address, method=method)
    _put_back(stage)
    Noted.names = set()
    return door


def _put_back(stage: Stage) -> None:
    stage.put_back()
    stage.clients.clear()


def _fault_of(door: Door, whole: list[dict[str, Any]], send: Callable[[Sending], int]) -> list[str]:
    """The body that ended in an error of ours, made as small as it goes."""
    faults: list[str] = []

    @settings(
        max_examples=TRIES,
        derandomize=TRIES < 50,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(sendings(sorted(door.names), whole))
    def no_error(sending: Sending) -> None:
        status = send(sending)
        assert status < 500, f"{door.rule.endpoint} {door.address}: {status} for {sending}"

    try:
        no_error()
    except AssertionError as error:
        faults.append(str(error).splitlines()[0])
    return faults


@pytest.mark.slow
@pytest.mark.parametrize("area", sorted(AREAS))
def test_no_address_that_takes_something_in_minds_nonsense(listening: Stage, whole: Whole, area: str) -> None:
    doors = list(_doors(listening, area, "POST"))

    assert _faults_behind(listening, whole, doors) == []
    assert sorted(_that_take(listening, area) - {door.rule.endpoint for door in doors}) == []


@pytest.mark.slow
def test_no_answer_to_a_request_that_is_taken_on_minds_nonsense(
    listening: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = listening.world.things["reconsideration"]["asked"]
    page = f"/reconsiderations/{number}"
    assert listening.client("manager").post(f"{page}/taking").status_code == 302
    _close(listening)
    listening.store.copy(listening.folder, tmp_path)
    monkeypatch.setattr(listening, "kept", tmp_path)
    shown: Whole = defaultdict(list)
    _note_forms(listening, shown, page, listening.get("manager", page))

    doors = [door for door in _doors(listening, "gates", "POST") if door.rule.endpoint in TAKEN_ON]

    assert _faults_behind(listening, shown, doors) == []
    assert {door.rule.endpoint for door in doors} == TAKEN_ON


def _close(stage: Stage) -> None:
    with stage.app.app_context():
        db.session.remove()
        db.engine.dispose()


def _faults_behind(stage: Stage, whole: Whole, doors: list[Door]) -> list[str]:
    """What broke when nonsense was sent to these addresses, by some of those who get through."""
    faults = []
    for door in doors:
        for persona in door.personas:
            left = [PUT_BACKS_A_DOOR]

            def send(sending: Sending, door: Door = door, persona: str = persona, left: list[int] = left) -> int:
                body, kind = sending.body()
                response = stage.client(persona).post(door.address, data=body, content_type=kind)
                if response.status_code < 400 and left[0]:
                    left[0] -= 1
                    _put_back(stage)
                return response.status_code

            faults += [f"as {persona}: {fault}" for fault in _fault_of(door, whole[door.rule.endpoint], send)]
            _put_back(stage)
    return faults


def _that_take(stage: Stage, area: str) -> set[str]:
    """Every endpoint of an area that takes something in; what nobody has in the world of the tests is left out."""
    there = {rule.endpoint for rule in stage.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    return there & {name for name, page in AREAS[area].items() if not page.absent and name not in UNKNOWN}


@pytest.mark.slow
@pytest.mark.parametrize("area", sorted(AREAS))
def test_no_address_minds_nonsense_behind_its_question_mark(listening: Stage, area: str) -> None:
    stage, faults = listening, []

    for door in _doors(stage, area, "GET"):

        def send(sending: Sending, door: Door = door) -> int:
            body, _kind = Sending(sending.pairs, "urlencoded").body()
            return stage.client(door.personas[-1]).get(f"{door.address}?{body.decode()[:6000]}").status_code

        faults += _fault_of(door, [], send) if door.names else []

    assert faults == []
