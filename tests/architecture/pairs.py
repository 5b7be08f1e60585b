"""All that is shown and sent to one person with two parts, so that it can be compared between two worlds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.routing import Rule

from innovation.db import db
from innovation.dossiers import making, meeting_dossier
from innovation.notifications.models import Message, Notice
from innovation.permission import NotThere
from tests import make
from tests.architecture.map import MAP
from tests.architecture.stage import Stage
from tests.architecture.test_leaks import text_of
from tests.architecture.world import World

BOTH = "both"
ANEW = re.compile(r'name="(csrf_token|once|form_key|tab|key)" value="[^"]*"|nonce-[\w-]+|nonce="[^"]*"')
QUERIES = ("export=csv&standing=any&scores=yes", "q=idea&standing=any&sort=total")
Told = dict[str, tuple[int, str]]


@dataclass(frozen=True)
class Scene:
    """How a world is built for a person with a wide and a narrow part, and for which things pages are opened there.

    ``ideas``, ``reviews`` and ``meetings`` are names; of ideas, by each area of the site that is looked at.
    """

    build: Callable[..., None]
    ideas: dict[str, tuple[str, ...]]
    reviews: tuple[str, ...] = ()
    meetings: tuple[str, ...] = ()


def told(stage: Stage, scene: Scene, wide: str, narrow: str, *, otherwise: bool) -> Told:
    """Status and text of every answer, and of every letter, in one of the two worlds."""
    stage.put_back()
    stage.clients.clear()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("people", "tokens", "things"):  # other tests know nobody with two parts
            patch.setattr(stage.world, name, deepcopy(getattr(stage.world, name)))
        with stage.app.app_context():
            scene.build(stage.world, wide, narrow, otherwise=otherwise)
            db.session.remove()
        return {address: (status, ANEW.sub("", text)) for address, status, text in _everything(stage, scene)}


def _everything(stage: Stage, scene: Scene) -> Iterator[tuple[str, int, str]]:
    client = stage.client(BOTH)
    for address, is_whole in addresses(stage, scene):
        response = client.get(address)
        yield address, response.status_code, f"{response.headers.get('ETag')} {text_of(response)}"
        if is_whole and response.status_code == 200:
            for query in QUERIES:
                export = client.get(f"{address}?{query}")
                if query is QUERIES[0] and export.mimetype != "text/csv":
                    break
                yield f"{address}?{query}", export.status_code, text_of(export)
    with stage.app.app_context():
        yield from _dossiers(stage.world, scene)
        yield from _letters(stage.world)
        db.session.remove()


def _dossiers(world: World, scene: Scene) -> Iterator[tuple[str, int, str]]:
    """As they are made, since taking one is an event itself."""
    me = make.actor(world.person(BOTH))
    for name in scene.ideas["dossiers"]:
        yield _made(f"the dossier of {name}", making.make, me, world.things["idea"][name])
    for name in scene.meetings:
        yield _made(f"the dossier of the meeting {name}", meeting_dossier.make, me, world.things["meeting"][name])


def _made(what: str, of: Callable[..., making.Dossier], *about: Any) -> tuple[str, int, str]:
    try:
        made = of(*about)
    except NotThere:
        return what, 404, ""
    chain = [each.facts for each in made.chain.events] if made.chain else ()
    return what, 200, f"{made.records} {chain}"


def _letters(world: World) -> Iterator[tuple[str, int, str]]:
    for what, model in (("the notices", Notice), ("the mails", Message)):
        mine = db.session.query(model).filter_by(person_id=world.people[BOTH])
        yield what, 200, "\n".join(sorted(f"{each.subject}: {each.text}" for each in mine))


def addresses(stage: Stage, scene: Scene) -> list[tuple[str, bool]]:
    """Every page of these areas for each thing that matters, and whether it is of no one thing."""
    found: dict[str, bool] = {}
    with stage.app.test_request_context():
        for rule in stage.app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.endpoint.partition(".")[0] in scene.ideas:
                for arguments in _arguments(stage.world, scene, rule):
                    found.setdefault(stage.app.url_for(rule.endpoint, **arguments), not rule.arguments)
    return list(found.items())


def _arguments(world: World, scene: Scene, rule: Rule) -> Iterator[dict[str, Any]]:
    things, area = world.things, rule.endpoint.partition(".")[0]
    usual = MAP[rule.endpoint].cases(world)[0].arguments
    if "reference" in rule.arguments:
        yield from (usual | {"reference": things["idea"][name]} for name in scene.ideas[area])
    elif "review_id" in rule.arguments:
        yield from (usual | {"review_id": things["review"][name]} for name in scene.reviews)
    elif "meeting_id" in rule.arguments:
        yield from (usual | {"meeting_id": things["meeting"][name]} for name in scene.meetings)
    elif area != "ideas":
        yield usual
