"""Every form, sent a second time as it was: one effect, and the answer of the first time."""

from __future__ import annotations

import sqlalchemy as sa
from werkzeug.test import TestResponse

from innovation.db import Base, db
from tests.architecture.filled import Filled
from tests.architecture.stage import Stage

UNCOUNTED = {"receipt", "attempt", "listing_change"}  # a line for each time that something is written
SECRETS = {"ideas.secret"}  # told once: whoever has not seen it needs a new one
AT_ONCE = {  # what a phone repeats, and one of each other kind: all of them take minutes
    *("accounts.begin_app", "accounts.invite", "clinics.attendance", "funders.interest", "gates.declaration"),
    *("gates.evidence", "gates.reminder", "gates.scorecard", "gates.waiver", "ideas.add_attachment"),
    *("ideas.add_contributor", "ideas.capture", "ideas.give_consent", "ideas.hand_in_canvas", "ideas.import_page"),
    *("funders.release", "ideas.owner", "programmes.entries"),
}
TAKEN_EACH_TIME = {  # changes nothing; that it was taken is on the record
    *("clinics.print_slips", "dossiers.take_dossier", "dossiers.take_pack", "dossiers.take_meeting"),
}
REFUSED = {  # by these forms as they can be filled in here; tests of their areas send them twice
    "accounts.prove",
    *("funders.import_awards", "funders.plan", "pilots.import_spend", "pilots.readings", "pilots.report_incident"),
    *("pilots.sites", "places.terms"),
    "replication.rollout_site",
    "gates.abstention",
    "gates.convene",
    "gates.correction",
    "gates.decision",
    "gates.due_date",
    "gates.merge",
    "gates.settlement",
    "ideas.relate",
    "ideas.status",
    *("programmes.import_version", "programmes.look_at_texts"),
    *("meetings.decision", "meetings.leave", "meetings.postponement", "meetings.signature"),
}


def test_every_form_that_is_sent_twice_has_one_effect(stage: Stage, filled: list[Filled]) -> None:
    done, faults = set(), []

    for form in filled:
        first = None if form.endpoint in done | TAKEN_EACH_TIME else _send(stage, form)
        if first is not None:
            done.add(form.endpoint)
            before = _count(stage)
            again = form.send(stage)
            faults += _faults(form, first, again, before, _count(stage))

    assert faults == []
    assert sorted({form.endpoint for form in filled} - done - TAKEN_EACH_TIME) == sorted(REFUSED)


def test_a_form_that_is_sent_twice_at_the_same_moment_has_one_effect(stage: Stage, filled: list[Filled]) -> None:
    done, faults = set(), []

    for form in filled:
        if form.endpoint in AT_ONCE - done and form.send(stage).status_code < 400:
            done.add(form.endpoint)
            hoped = _count(stage)
            _put_back(stage)
            answers = form.send_at_once(stage, 2)
            found = {name: count for name, count in _count(stage).items() if count != hoped[name]}
            faults += [f"{form.endpoint}: {found}, not {hoped}"] if found else []
            faults += [f"{form.endpoint} answers {answer}" for answer in answers if answer >= 400]
            _put_back(stage)

    assert faults == []
    assert done == AT_ONCE


def _send(stage: Stage, form: Filled) -> TestResponse | None:
    """The answer, if the form was taken: as the world is, or as it was in the beginning."""
    for put_back in (lambda: None, lambda: _put_back(stage)):
        put_back()
        answer = form.send(stage)
        if answer.status_code < 400:
            return answer
    return None


def _put_back(stage: Stage) -> None:
    stage.put_back()
    stage.clients.clear()


def _count(stage: Stage) -> dict[str, int]:
    """How many rows each table has."""
    with stage.app.app_context():
        tables = [table for table in Base.metadata.sorted_tables if table.name not in UNCOUNTED]
        counts = [sa.select(sa.func.count()).select_from(table).scalar_subquery() for table in tables]
        found = db.session.execute(sa.select(*counts)).one()
        db.session.remove()
    return dict(zip((table.name for table in tables), found, strict=True))


def _faults(
    form: Filled, first: TestResponse, again: TestResponse, before: dict[str, int], after: dict[str, int]
) -> list[str]:
    changed = [name for name in after if after[name] != before[name] and form.endpoint not in SECRETS]
    same = (again.status_code, again.location) == (first.status_code, first.location)
    found = [f"adds to {name}" for name in changed]
    found += [] if same else [f"answers {again.status_code} {again.location}, and {first.location} before"]
    return [f"{form.endpoint} {form.address} as {form.persona} {fault}" for fault in found]
