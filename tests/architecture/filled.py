"""Every form that the pages of the world show, filled in as somebody would who may send it."""

from __future__ import annotations

import io
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from innovation import permission
from innovation.db import db
from innovation.pilots.incidents import BODIES
from tests import make
from tests.architecture.map import MAP
from tests.architecture.sights import Case, Page
from tests.architecture.stage import Stage
from tests.architecture.walk import Sent, endpoint_of, is_page, read
from tests.stories.filling import answers

OF_EACH = 2
KNOWN = "nobody@gatehouse.example"  # has a sign-in
SAID: dict[str, Any] = {
    "org_id": "",
    "photo": "",
    "is_child": None,
    "topic_keys": None,  # all of them are ticked among those that are not funded
    "merge_into": "",
    "key": "one-more",
    "ticket_min": "",
    "ticket_typical": "400",
    "ticket_max": "",
    "money_cents": "400",
    "spent_cents": "400",
    **dict.fromkeys((f"told_{body}" for body in BODIES), "2026-08-04"),  # it is over, as all that was told
    **dict.fromkeys((f"t-told_{body}" for body in BODIES), "2026-08-04"),
}
Fields = dict[str, list[Any]]


@dataclass(frozen=True)
class Filled:
    """A form of a page: where it goes, who sends it, and what is in it."""

    endpoint: str
    persona: str
    address: str
    fields: tuple[tuple[str, tuple[Any, ...]], ...]
    texts: frozenset[str]

    @property
    def typed(self) -> dict[str, list[Any]]:
        """What is in the fields for text."""
        return {name: list(values) for name, values in self.fields if name in self.texts}

    def send(self, stage: Stage, **other: Any) -> TestResponse:
        """Post it; ``other`` fields take the place of its own."""
        return stage.client(self.persona).post(self.address, data=self.data(**other))

    def data(self, **other: Any) -> Fields:
        fields = {name: list(values) for name, values in self.fields} | {k: [v] for k, v in other.items()}
        return {name: [_as_file(value) for value in values] for name, values in fields.items()}

    def send_at_once(self, stage: Stage, times: int) -> list[int]:
        """Post it from several browsers of one person at the same moment; the status of each answer."""
        ready, found = threading.Barrier(times), []

        def send() -> None:
            client, data = stage.world.client(stage.app, self.persona), self.data()
            ready.wait(10)
            found.append(client.post(self.address, data=data).status_code)

        threads = [threading.Thread(target=send) for _n in range(times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        return found


def _as_file(value: Any) -> Any:
    return (io.BytesIO(value[1]), value[0]) if isinstance(value, tuple) else value


def fill_in(stage: Stage) -> list[Filled]:
    """Forms on the pages of every thing of the world, as people who may do what the page is for."""
    found: dict[tuple[str, str], list[Filled]] = {}
    for endpoint, page in MAP.items():
        for rule in stage.app.url_map.iter_rules(endpoint):
            for case in page.cases(stage.world) if "GET" in (rule.methods or ()) else ():
                with stage.app.test_request_context():
                    address = stage.app.url_for(endpoint, **case.arguments)
                for persona in _who_may(stage, page, case):
                    for form in _forms_at(stage, persona, address):
                        alike = found.setdefault((form.endpoint, form.address), [])
                        if Counter(other.fields[-1][0] for other in alike)[form.fields[-1][0]] < OF_EACH:
                            alike.append(form)
    stage.clients.clear()
    return [form for alike in found.values() for form in alike]


def one_of_each(forms: Iterable[Filled]) -> list[Filled]:
    """The first of those that go to one endpoint, ask for the same and have the same button: the thing differs."""
    found: dict[tuple[Any, ...], Filled] = {}
    for form in forms:
        asked = tuple(name for name, _values in form.fields)
        found.setdefault((form.endpoint, form.texts, asked), form)
    return list(found.values())


def _who_may(stage: Stage, page: Page, case: Case) -> list[str]:
    """Two of those who see the thing and may do what is done there."""
    with stage.app.app_context():
        thing = case.thing() if case.seen_by else None
        able = [
            persona
            for persona in sorted(case.seen_by)
            for policy in (page.writes or page.sees,)
            if not policy or permission.policies[policy].allows(make.actor(stage.world.person(persona)), thing)
        ]
        db.session.remove()
    return able[:1] + able[-1:] if len(able) > 1 else able


def _forms_at(stage: Stage, persona: str, address: str) -> Iterator[Filled]:
    response = stage.client(persona).get(address)
    for form in read(address, response).forms if is_page(response) and response.status_code == 200 else []:
        yield from _filled(stage.app, persona, form)


def _filled(app: Flask, persona: str, form: Sent) -> Iterator[Filled]:
    """The form, once for each button that says something by itself, and once without."""
    target = endpoint_of(app, form.action.partition("#")[0], "POST")
    if form.method != "post" or target is None:
        return
    chosen = {name: [value] for name, value in _answers(target[0], form).items() if value is not None}
    for name, value in [*form.buttons, ("", "")]:
        fields: Fields = {**form.values, **chosen, **({name: [value]} if name else {})}
        frozen = tuple((key, tuple(values)) for key, values in fields.items())
        yield Filled(target[0], persona, form.action, frozen, frozenset(form.texts))


def _answers(endpoint: str, form: Sent) -> dict[str, Any]:
    said = answers(form)
    for name in said:
        if endpoint.startswith(("gates.", "meetings.")) and "email" in name:
            said[name] = KNOWN
    return said | {name: value for name, value in SAID.items() if name in said}
