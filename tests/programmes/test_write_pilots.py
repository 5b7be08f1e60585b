"""Writing how plans of pilots begin, in a draft of a process."""

from __future__ import annotations

from flask import Flask

from innovation.programmes import drafts, sheets, writing
from tests import make
from workflows import drafting


def begun() -> tuple[object, drafts.WorkflowDraft]:
    manager = make.actor(make.staff("manager"))
    return manager, drafts.copy_version(manager, make.programme(), workflow_version_id=make.workflow().id)


def test_the_page_about_pilots_changes_what_plans_begin_with(app: Flask) -> None:
    manager, draft = begun()

    typed = {"pilot.hypothesis": "If so, then so.", "pilot.risks.owner": ""}
    drafts.change_draft(manager, draft, page="pilot", typed=typed, act="check")
    drafts.change_draft(manager, draft, page="pilot", typed={}, act="add:permissions", name="Ethics clearance")

    pilot = writing.as_it_stands(draft.content).pilot
    assert pilot.hypothesis == "If so, then so."
    assert [what for what, _column in pilot.risks.columns] == ["risk", "likely", "harm", "response"]
    assert (pilot.permissions[-1].key, pilot.permissions[-1].name) == ("ethics_clearance", "Ethics clearance")
    assert writing.faults_of(draft.content) == ()


def test_a_table_that_is_gone_fills_no_plan(app: Flask) -> None:
    _manager, draft = begun()
    content = draft.content
    at = drafting.keys(content, "deliverables").index("budget")

    drafting.remove_deliverable(content, at)

    assert "budget" not in content["pilot"]
    assert writing.faults_of(content) == ()


def test_a_column_that_is_gone_is_a_fault_of_the_page_about_pilots(app: Flask) -> None:
    _manager, draft = begun()
    table = drafting.row_of(draft.content, "deliverables", "budget") or {}
    table["columns"] = [column for column in table["columns"] if column["key"] != "unit"]

    [fault] = writing.faults_of(draft.content)

    assert (fault.place, sheets.page_of(draft.content, fault.place)) == ("pilot.budget.unit", "pilot")
