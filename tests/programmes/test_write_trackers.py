"""Writing which gate the tracker follows, in a draft of a process."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from innovation.programmes import drafts, sheets, writing
from tests import make
from tests.programmes.test_write_pilots import begun


def test_the_tracker_follows_another_gate_and_looks_again_sooner(app: Flask) -> None:
    manager, draft = begun()
    gate = draft.content["gates"][-1]["key"]

    drafts.change_draft(
        manager, draft, page="line", typed={"tracker.gate": gate, "tracker.sooner_months": "3"}, act="check"
    )

    tracker = writing.as_it_stands(draft.content).tracker
    assert tracker is not None
    assert (tracker.gate, tracker.sooner_months) == (gate, 3)


def test_a_process_without_a_gate_to_follow_has_no_tracker(app: Flask) -> None:
    manager, draft = begun()
    before = draft.content["tracker"]

    drafts.change_draft(manager, draft, page="line", typed={"tracker.gate": ""}, act="check")
    without = dict(draft.content)
    drafts.change_draft(manager, draft, page="line", typed={"tracker.gate": before["gate"]}, act="check")

    assert ("tracker" in without, draft.content["tracker"]["gate"]) == (False, before["gate"])


def test_a_number_of_months_that_makes_no_sense_is_a_fault_of_its_page(client: FlaskClient) -> None:
    manager, draft = begun()

    drafts.change_draft(manager, draft, page="line", typed={"tracker.sooner_months": "soon"}, act="check")

    faults = [fault.place for fault in writing.faults_of(draft.content)]
    assert faults == ["tracker.sooner_months"]
    assert [sheets.page_of(draft.content, place) for place in ("tracker.gate", *faults)] == ["line", "line"]


def test_the_page_shows_what_stands_there(client: FlaskClient) -> None:
    _manager, draft = begun()
    make.sign_in(client, make.staff("manager"))

    page = client.get(f"/workflow-drafts/{draft.id}/pages/line").text

    assert 'name="tracker.gate"' in page
