"""A chain cannot forget, so nothing that people type gets into it."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.db import db
from innovation.events import Event
from tests.architecture.stage import Stage
from tests.architecture.walk import Sent, crawl, endpoint_of, is_page, read
from tests.architecture.world import CANARY
from tests.stories.filling import answers

TYPISTS = (
    *("owner", "facilitator", "coordinator", "manager", "administrator", "chair", "seat_accepted", "funder_admin"),
    "seat_undeclared",
)
# These would end the walk of whoever sends them.
FAREWELLS = {"accounts.sign_out", "accounts.end_session", "accounts.end_other_sessions", "accounts.close_sign_in"}
TYPED = f"{CANARY} was typed here"


def _typed(form: Sent) -> dict[str, object]:
    """The form with the canary in every text, and something that fits in all other fields."""
    kept = {name: values for name, values in form.values.items() if name not in form.texts}
    filled = {name: value for name, value in answers(form, TYPED).items() if value is not None}
    data: dict[str, object] = {**kept, **{name: TYPED for name in form.texts if "email" not in name}, **filled}
    return {name: value for name, value in data.items() if not isinstance(value, tuple)}


def test_what_is_typed_into_any_form_is_in_no_event(stage: Stage) -> None:
    sent: set[str] = set()

    for persona in TYPISTS:
        client = stage.client(persona)
        for _source, address, response in list(crawl(stage.app, client, of_each=2, limit=90)):
            for form in read(address, response).forms if is_page(response) else []:
                target = form.action.partition("#")[0]
                found = endpoint_of(stage.app, target, "POST") if form.method == "post" else None
                if found and found[0] not in FAREWELLS and f"{persona} {target}" not in sent:
                    sent.add(f"{persona} {target}")
                    client.post(target, data=_typed(form))
    with stage.app.app_context():
        kinds = set(db.session.scalars(sa.select(Event.kind)))
        telling = list(db.session.scalars(sa.select(Event.facts).where(Event.facts.contains(CANARY))))

    assert telling == []
    assert len(sent) > 50
    assert len(kinds) > 15
